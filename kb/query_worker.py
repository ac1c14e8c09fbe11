"""The process in which a user query runs, so that it can be stopped, runs out of memory alone and reaches nowhere.

It reads a request as JSON from standard input and writes one line of JSON, then the result, to standard output.
"""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import sys
from typing import TYPE_CHECKING

from kb.errors import QueryError
from kb.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

MEMORY_BYTES = 2 * 1024**3
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # CLONE_NEWNET and CLONE_NEWUSER of <sched.h>
ROW_FORMATS = ("csv", "tsv", "json", "xml")
GRAPH_FORMATS = {"ttl": "TURTLE", "nt": "N_TRIPLES", "jsonld": "JSON_LD", "xml": "RDF_XML"}


def main() -> None:
    """Answer one request: ``store`` (folder), ``query`` and ``format`` (empty for the natural one)."""
    leave_network()
    request = json.load(sys.stdin)
    try:
        kind, found = _answer(request)
    except QueryError as error:
        _write({"error": type(error).__name__, "message": str(error)})
    except MemoryError:
        _write({"error": "QueryTimeoutError", "message": "This query needed too much memory. Ask for less."})
    else:
        _write({"kind": kind}, found)


def _answer(request: dict[str, str]) -> tuple[str, bytes]:
    import pyoxigraph as ox

    from kb.query_guard import check_query

    store = ox.Store.read_only(request["store"])
    check_query(request["query"])
    _bound_memory()
    try:
        result = store.query(request["query"], prefixes=PREFIXES)
        if isinstance(result, ox.QueryTriples):
            return "graph", _graph(result, request["format"] or "ttl")
        kind = "boolean" if isinstance(result, ox.QueryBoolean) else "rows"
        name = request["format"] or "json"
        if name not in ROW_FORMATS:
            raise QueryError(f"This query gives rows, not a graph. Choose --format {', '.join(ROW_FORMATS)} or table.")
        if kind == "boolean" and name in ("csv", "tsv"):
            return kind, (("true" if result else "false") + "\n").encode()
        if name == "csv" and isinstance(result, ox.QuerySolutions):
            return kind, _csv(result)
        found = result.serialize(format=getattr(ox.QueryResultsFormat, name.upper()))
        return kind, found or b""
    except SyntaxError as error:
        raise QueryError(f"This query is not understood: {' '.join(str(error).split())[:200]}.") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"This query cannot be answered: {error}.") from None


def _csv(solutions: ox.QuerySolutions) -> bytes:
    """Return rows as CSV; the engine's own leaves addresses with a comma unquoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([variable.value for variable in solutions.variables])
    for solution in solutions:
        writer.writerow(["" if term is None else getattr(term, "value", str(term)) for term in solution])
    return out.getvalue().encode()


def _graph(triples: Iterable[ox.Triple], name: str) -> bytes:
    import pyoxigraph as ox

    if name not in GRAPH_FORMATS:
        raise QueryError(f"This query gives a graph, not rows. Choose --format {', '.join(GRAPH_FORMATS)}.")
    unique = sorted(set(triples), key=str)
    found = ox.serialize(unique, format=getattr(ox.RdfFormat, GRAPH_FORMATS[name]), prefixes=PREFIXES) or b""
    return _used_prefixes(found) if name == "ttl" else found


def _used_prefixes(turtle: bytes) -> bytes:
    """Return Turtle with only the prefixes that it uses, sorted: the same graph gives the same bytes."""
    lines = turtle.splitlines(keepends=True)
    heads = sorted(line for line in lines if line.startswith(b"@prefix "))
    body = b"".join(lines[len(heads) :])
    return b"".join(head for head in heads if head.split()[1] in body) + body


def leave_network() -> bool:
    """Take this process out of the network, so that a SERVICE that passed the guard reaches nothing.

    It moves to an empty network namespace, which Linux lets ordinary users do unless it is set up otherwise; the
    answer says whether that worked. It has to come before any thread is started.
    """
    import ctypes

    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return False
    return any(unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def _bound_memory() -> None:
    """Let this process fail rather than take the memory of others."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write(head: dict[str, str], body: bytes = b"") -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    out.write(body)
    out.flush()
    os._exit(0)
