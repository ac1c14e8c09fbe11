"""What tests of the endpoint share: a real server in a process of its own, and how it is asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.collection import Collection

JSON = "application/sparql-results+json"
_ADDRESS = re.compile(r"http://\S+?:\d+/")
_SECONDS = 60.0
#: A connection for each request, as with ``httpx.get``, which reads the authorities of the system each time as well.
HTTP = httpx.Client(verify=False, timeout=_SECONDS, limits=httpx.Limits(max_keepalive_connections=0))


class Server(NamedTuple):
    """A running server: its address without the slash at the end, its process, and where it says what it says."""

    address: str
    process: subprocess.Popen[bytes]
    said: Path

    @property
    def endpoint(self) -> str:
        return self.address + "/sparql"

    def get(self, path: str, accept: str = "", **headers: str) -> httpx.Response:
        """Ask for a page."""
        given = {"Accept": accept, **headers} if accept else headers
        return HTTP.get(self.address + path, headers=given)

    def ask(self, query: str, accept: str = JSON, **fields: str) -> httpx.Response:
        """Ask a query by GET."""
        return HTTP.get(self.endpoint, params={"query": query, **fields}, headers={"Accept": accept})


@contextmanager
def running(collection: Collection, *options: str) -> Iterator[Server]:
    """Serve a collection on a free port until the end."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.txt"
        words = ["--port", "0", "--studies", str(collection.studies[0]), "--ontology", str(collection.ontology)]
        command = [sys.executable, "-m", "kb.cli", "serve", *words, *options]
        with said.open("wb") as err:
            process = subprocess.Popen(command, stderr=err, stdout=subprocess.DEVNULL, env=dict(os.environ))
        try:
            wait_for(lambda: _ADDRESS.search(said.read_text("utf-8")) or process.poll() is not None)
            found = _ADDRESS.search(said.read_text("utf-8"))
            assert found, said.read_text("utf-8")
            yield Server(found.group().rstrip("/"), process, said)
        finally:
            process.terminate()
            process.wait(_SECONDS)


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something holds."""
    until = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def below(process: int) -> set[int]:
    """Return the processes that a process has started, and those that they have."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(folder.name)] = int(fields[1])
    tree = {process}
    while grown := {child for child, parent in parents.items() if parent in tree} - tree:
        tree |= grown
    return tree - {process}
