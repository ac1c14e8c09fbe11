"""Put the endpoint under load: clients that ask named queries, and among them some that try to bring it down.

Every ordinary answer is compared with what the store says itself; one that is turned away or comes too late counts as
endlessly slow. Ends with 1 where a bound is not kept.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from benchmarks.measure import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SLOWEST = 0.25  # seconds, for 95 of 100 ordinary ones
_MEMORY = 2 * 1024**3
_PREFIX = "http://"
_SEED = 20261129
_WAIT = 60.0
#: Cross products, deep paths, huge results, much memory, other servers, endless text comparisons, nonsense.
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { ?a (!rdf:type|^skos:broader)* ?b . ?b (skos:broader|^skos:broader|!skos:note)* ?c }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }",
    "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?f) ?c",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?all) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }",
    "SELECT * FROM <file:///etc/passwd> { ?a ?b ?c }",
    'SELECT * { ?a ev:statement ?s . ?b ev:statement ?t FILTER REGEX(CONCAT(?s, ?t), "(a|a)*(b|c)*d.*e.*f.*g.*z$") }',
    "SELECT * { " + "{ OPTIONAL " * 200 + "{ ?a ?b ?c }" + " }" * 200 + " }",
    "SELECT * { ?a ?b ",
)


class Asked(NamedTuple):
    """An ordinary query and the body that its answer must have."""

    name: str
    query: str
    expected: bytes


class Use(NamedTuple):
    """What a tree of processes uses: bytes with shared pages counted once, and as often as used; processor seconds."""

    memory: int
    resident: int
    cpu: float

    def widened(self, other: Use) -> Use:
        """Return the most of each of two uses."""
        return Use(max(self.memory, other.memory), max(self.resident, other.resident), max(self.cpu, other.cpu))


class Tally:
    """What came of all requests; written by many threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.seconds: dict[str, list[float]] = {}
        self.new: list[float] = []
        self.hostile: dict[int, int] = {}
        self.wrong: list[str] = []
        self.refused: list[str] = []
        self.crashes: list[str] = []
        self.most = Use(0, 0, 0.0)

    def ordinary(self, asked: Asked, seconds: float, status: int, body: bytes, *, new: bool) -> None:
        """Enter the answer to an ordinary query; ``new`` says that its text was never asked before."""
        with self._guard:
            if status in (503, 504):
                self.refused.append(f"{asked.name}: {status}")
                seconds = math.inf
            elif status != 200 or body != asked.expected:
                self.wrong.append(f"{asked.name}: {status} {body[:100]!r}")
            self.seconds.setdefault(asked.name, []).append(seconds)
            if new:
                self.new.append(seconds)

    def other(self, status: int) -> None:
        """Enter the answer to a hostile query."""
        with self._guard:
            self.hostile[status] = self.hostile.get(status, 0) + 1

    def crash(self, error: str) -> None:
        """Enter a request without an answer."""
        with self._guard:
            self.crashes.append(error)


def main(words: Sequence[str] | None = None) -> int:
    """Start a server on the bundled collection, load it, print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--hostile", type=int, default=4, help="how many of the clients are hostile (%(default)s)")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="mipex-kb-load-") as name:
        os.environ["MIPEX_KB_CACHE"] = name
        asked = ordinary_queries()
        with running_server(Path(name)) as (address, process):
            tally = load(address, process, asked, options.seconds, options.clients, options.hostile)
            if process.poll() is not None:
                tally.crash(f"the server ended with {process.returncode}")
    return report(tally, options)


def ordinary_queries() -> list[Asked]:
    """Return every public named query with its examples as parameters, and what the store itself answers."""
    import pyoxigraph as ox

    from kb.build import ensure
    from kb.collection import bundled
    from kb.named_queries import named_query, names
    from kb.namespaces import PREFIXES
    from kb.query_worker import written

    reader, _ = ensure(bundled())
    with reader:
        store = ox.Store.read_only(str(reader.folder / "store"))
        found = []
        for name in names():
            query = named_query(name)
            values = {each.name: [each.example] for each in query.parameters if each.example}
            text = query.text(values)
            found.append(Asked(name, text, written(store.query(text, prefixes=PREFIXES), "json")[1]))
    return found


@contextmanager
def running_server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the server on a free port; yield its host with port, and its process."""
    said = folder / "said.txt"
    command = [sys.executable, "-m", "kb.cli", "serve", "--port", "0"]
    with said.open("wb") as err:
        process = subprocess.Popen(command, stderr=err, stdout=subprocess.DEVNULL, env=environment())
    try:
        until = time.monotonic() + _WAIT
        while _PREFIX not in said.read_text("utf-8"):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"The server does not start: {said.read_text('utf-8')}")
            time.sleep(0.05)
        yield said.read_text("utf-8").partition(_PREFIX)[2].partition("/")[0], process
    finally:
        process.terminate()
        process.wait(30)


def load(
    address: str, process: subprocess.Popen[bytes], asked: list[Asked], seconds: float, clients: int, hostile: int
) -> Tally:
    """Let all clients ask, each at once again when it has its answer, for some seconds."""
    tally = Tally()
    until = time.monotonic() + seconds
    jobs = [
        threading.Thread(
            target=_hostile if number < hostile else _ordinary, args=(address, asked, tally, until, number)
        )
        for number in range(clients)
    ]
    for job in jobs:
        job.start()
    while any(job.is_alive() for job in jobs):
        tally.most = tally.most.widened(use_of_tree(process.pid))
        time.sleep(0.5)
    return tally


def _ordinary(address: str, asked: list[Asked], tally: Tally, until: float, number: int) -> None:
    """Ask named queries, half of the time in a new text, for which no answer can have been kept."""
    chance = random.Random(_SEED + number)
    while time.monotonic() < until:
        one, new = chance.choice(asked), chance.random() < 0.5
        query = f"{one.query}# {chance.random()}\n" if new else one.query
        start = time.perf_counter()
        try:
            status, body = _ask(address, query, post=chance.random() < 0.5)
        except (OSError, HTTPException) as error:
            tally.crash(f"{one.name}: {error!r}")
        else:
            tally.ordinary(one, time.perf_counter() - start, status, body, new=new)


def _hostile(address: str, asked: list[Asked], tally: Tally, until: float, number: int) -> None:
    """Ask what is meant to harm, half of the time in a new text, and do not wait when told to."""
    chance = random.Random(_SEED + number)
    while time.monotonic() < until:
        query = chance.choice(HOSTILE)
        if chance.random() < 0.5:
            query += f" # {chance.random()}"
        try:
            tally.other(_ask(address, query, post=True)[0])
        except (OSError, HTTPException) as error:
            tally.crash(f"hostile: {error!r}")


def _ask(address: str, query: str, *, post: bool) -> tuple[int, bytes]:
    connection = HTTPConnection(address, timeout=120)
    headers = {"Accept": "application/sparql-results+json, text/turtle;q=0.9"}
    try:
        if post:
            headers["Content-Type"] = "application/sparql-query"
            connection.request("POST", "/sparql", query.encode(), headers)
        else:
            connection.request("GET", f"/sparql?query={quote(query)}", headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def use_of_tree(root: int) -> Use:
    """Return what a process and all below it use now, and have used of processors until now."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(fields[1])
                ticks[int(folder.name)] = sum(map(int, fields[11:15]))
    tree = {root}
    while grown := {child for child, parent in parents.items() if parent in tree} - tree:
        tree |= grown
    shared = resident = 0
    for one in tree:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        kilobytes = {line.split()[0]: int(line.split()[1]) for line in lines[1:]}
        shared += kilobytes["Pss:"] * 1024
        resident += kilobytes["Rss:"] * 1024
    return Use(shared, resident, sum(ticks.get(one, 0) for one in tree) / os.sysconf("SC_CLK_TCK"))


def report(tally: Tally, options: argparse.Namespace) -> int:
    """Print what was seen; return 1 where a bound is not kept."""
    times = [second for each in tally.seconds.values() for second in each]
    if len(times) < 20:
        print(f"Only {len(times)} ordinary answers came. Give it more --seconds.")
        return 1
    print(
        f"{options.clients} clients, {options.hostile} of them hostile, {options.seconds:g} s, {os.cpu_count()} cores, "
        f"load average at the end {os.getloadavg()[0]:.1f}."
    )
    rate = len(times) / options.seconds
    print(f"Ordinary: {len(times)} answers to {len(tally.seconds)} named queries, {rate:.0f} a second.")
    for what, each in (("all", times), ("in a text never asked before", tally.new)):
        p50, p95, p99 = (f"{_within(part, each) * 1000:.0f} ms" for part in (0.50, 0.95, 0.99))
        print(f"  {what}: p50 {p50}, p95 {p95} (< {_SLOWEST * 1000:.0f} ms), p99 {p99}")
    slowest = sorted(tally.seconds, key=lambda name: -statistics.median(tally.seconds[name]))[:5]
    medians = (f"{name} {statistics.median(tally.seconds[name]) * 1000:.0f} ms" for name in slowest)
    print(f"  slowest by their median: {', '.join(medians)}")
    hostile = ", ".join(f"{status}: {number}" for status, number in sorted(tally.hostile.items()))
    print(f"Hostile: {sum(tally.hostile.values())} answers ({hostile})")
    print(f"Wrong: {len(tally.wrong)}. Turned away: {len(tally.refused)}. Crashes: {len(tally.crashes)}.")
    for line in (*tally.wrong[:5], *tally.refused[:5], *tally.crashes[:5]):
        print(f"  {line}")
    memory, doubled = tally.most.memory // 1024**2, tally.most.resident // 1024**2
    print(
        f"Memory: {memory} MiB at most (< {_MEMORY // 1024**2}); {doubled} MiB if shared pages count for each process."
    )
    server, clients = tally.most.cpu / options.seconds, time.process_time() / options.seconds
    print(
        f"Cores of {os.cpu_count()}: the server had {server:.2f}, without what was killed, the clients {clients:.2f}."
    )
    held = _within(0.95, times) < _SLOWEST and not (tally.wrong or tally.crashes) and tally.most.memory < _MEMORY
    print("All bounds hold." if held else "A BOUND DOES NOT HOLD.")
    return 0 if held else 1


def _within(part: float, times: Sequence[float]) -> float:
    """Return the time within which a part of all answers came."""
    return sorted(times)[math.ceil(part * len(times)) - 1]


if __name__ == "__main__":
    sys.exit(main())
