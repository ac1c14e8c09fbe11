"""User queries: any SPARQL 1.1 query over the union of the collection, read-only, inside the store, and in bounds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb import errors
from kb.errors import QueryError, QueryTimeoutError

if TYPE_CHECKING:
    from kb.store import Reader

DEFAULT_TIMEOUT = 30.0
_START = "import sys; sys.path.insert(0, sys.argv[1]); from kb.query_worker import main; main()"
FORMATS = ("table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld")


class Result(NamedTuple):
    """The answer to a query: ``kind`` is rows, boolean or graph; ``content`` is in the format asked for."""

    kind: str
    content: bytes


class Table(NamedTuple):
    """The solutions of a SELECT as texts."""

    header: list[str]
    rows: list[list[str]]


def run_query(reader: Reader, query: str, *, form: str = "", timeout: float = DEFAULT_TIMEOUT) -> Result:
    """Run a query in a process of its own and return the result in one of the W3C formats.

    ``form`` is csv, tsv, json or xml for rows, ttl, nt, jsonld or xml for graphs; empty means JSON for rows and Turtle
    for graphs. ``timeout`` is in seconds.

    Raises:
        QueryRefusedError: the query would change the store or reach outside it.
        QueryError: it is malformed, or the format does not fit its kind.
        QueryTimeoutError: it ran longer than the time limit, or needed too much memory.
    """
    request = json.dumps({"store": str(reader.folder / "store"), "query": query, "format": form})
    command = [sys.executable, "-I", "-c", _START, str(Path(__file__).resolve().parent.parent)]
    try:
        done = subprocess.run(command, input=request.encode(), capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise QueryTimeoutError(
            f"The query ran longer than {timeout:g} seconds and was stopped. Make it narrower, or give it more time "
            "with --timeout."
        ) from None
    head, _, content = done.stdout.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        if done.returncode < 0 or not said:
            raise QueryTimeoutError("The query needed too much memory and was stopped. Ask for less.") from None
        raise QueryError(f"The query could not be run: {said[-1][:200]}. Run: mipex-kb build --clean") from None
    if "error" in answer:
        kind = getattr(errors, answer["error"], QueryError)
        raise kind(answer["message"])
    return Result(answer["kind"], content)


def read_table(content: bytes) -> Table:
    """Return the rows of a result in JSON format: IRIs and literals by their value, unbound as empty."""
    found = json.loads(content)
    if "boolean" in found:
        return Table(["answer"], [["yes" if found["boolean"] else "no"]])
    header = list(found["head"]["vars"])
    bindings = found["results"]["bindings"]
    return Table(header, [[row[name]["value"] if name in row else "" for name in header] for row in bindings])
