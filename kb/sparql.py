"""User queries: any SPARQL 1.1 query over the union of the collection, read-only, inside the store, and in bounds."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb import errors
from kb.errors import QueryCancelledError, QueryError, QueryTimeoutError
from kb.sparql_text import short_name

if TYPE_CHECKING:
    from kb.store import Reader

DEFAULT_TIMEOUT = 30.0
_START = "import sys; sys.path.insert(0, sys.argv[1]); from kb.query_worker import main; main()"
FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld")


class Result(NamedTuple):
    """The answer to a query: ``kind`` is rows, boolean or graph; ``content`` is in the format asked for.

    ``more`` says that there is more than the limit; ``seconds`` is how long it took.
    """

    kind: str
    content: bytes
    more: bool = False
    seconds: float = 0.0


class Table(NamedTuple):
    """The solutions of a SELECT as texts."""

    header: list[str]
    rows: list[list[str]]


class Run:
    """One query under way in a process of its own: one thread starts it and waits, any other may cancel it."""

    def __init__(self, reader: Reader, query: str, *, form: str = "", limit: int = 0) -> None:
        """Prepare a query; ``form`` is as in ``run_query``.

        ``limit`` is how many rows or triples are read of the natural format, 0 for all.
        """
        self._request = {**reader.place(), "query": query, "format": form, "limit": limit}
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self._started

    def start(self) -> None:
        """Start the process, unless the query was cancelled already."""
        command = [sys.executable, "-I", "-c", _START, str(Path(__file__).resolve().parent.parent)]
        with self._guard:
            if not self._cancelled:
                self._started = time.monotonic()
                self._process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )

    def cancel(self) -> None:
        """Stop the query at once; whoever waits for it gets a ``QueryCancelledError``."""
        with self._guard:
            self._cancelled = True
            if self._process is not None:
                self._process.kill()

    def wait(self, timeout: float = DEFAULT_TIMEOUT) -> Result:
        """Return the answer; ``timeout`` is in seconds.

        Raises:
            QueryRefusedError: the query would change the store or reach outside it.
            QueryError: it is malformed, or the format does not fit its kind.
            QueryTimeoutError: it ran longer than the time limit, or needed too much memory.
            QueryCancelledError: it was cancelled.
        """
        process = self._process
        if process is None:
            raise QueryCancelledError("The query was stopped.")
        request = json.dumps({**self._request, "seconds": int(timeout) + 5})
        with process:
            try:
                out, said = process.communicate(request.encode(), timeout)
            except subprocess.TimeoutExpired:
                raise QueryTimeoutError(
                    f"The query ran longer than {timeout:g} seconds and was stopped. Make it narrower, or give it more "
                    "time: mipex-kb sparql --timeout."
                ) from None
            finally:
                process.kill()
        if self._cancelled:
            raise QueryCancelledError("The query was stopped.")
        return _read_answer(out, said, process.returncode)._replace(seconds=self.seconds)


def run_query(reader: Reader, query: str, *, form: str = "", timeout: float = DEFAULT_TIMEOUT) -> Result:
    """Run a query in a process of its own and return the result in one of the W3C formats.

    ``form`` is csv, tsv, json or xml for rows, ttl, nt, jsonld or xml for graphs; empty means JSON for rows and Turtle
    for graphs. ``timeout`` is in seconds.

    Raises:
        QueryRefusedError: the query would change the store or reach outside it.
        QueryError: it is malformed, or the format does not fit its kind.
        QueryTimeoutError: it ran longer than the time limit, or needed too much memory.
    """
    run = Run(reader, query, form=form)
    run.start()
    return run.wait(timeout)


def _read_answer(out: bytes, said: bytes, code: int) -> Result:
    head, _, content = out.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError:
        last = said.decode("utf-8", "replace").strip().splitlines()
        if code < 0 or not last:
            raise QueryTimeoutError("The query needed too much memory and was stopped. Ask for less.") from None
        raise QueryError(f"The query could not be run: {last[-1][:200]}. Run: mipex-kb build --clean") from None
    if "error" in answer:
        kind = getattr(errors, answer["error"], QueryError)
        if issubclass(kind, QueryError):
            raise kind(answer["message"], answer["line"], answer["column"])
        raise kind(answer["message"])
    return Result(answer["kind"], content, answer.get("more", False))


def read_table(content: bytes, *, short: bool = False) -> Table:
    """Return the rows of a result in JSON format: IRIs and literals by their value, unbound as empty.

    With ``short``, addresses are prefixed names where a known prefix fits.
    """
    found = json.loads(content)
    if "boolean" in found:
        return Table(["answer"], [["yes" if found["boolean"] else "no"]])
    header = list(found["head"]["vars"])

    def text(term: dict[str, str]) -> str:
        return short_name(term["value"]) if short and term["type"] == "uri" else term["value"]

    bindings = found["results"]["bindings"]
    return Table(header, [[text(row[name]) if name in row else "" for name in header] for row in bindings])
