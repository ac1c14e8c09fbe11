"""The process in which a user query runs, so that it can be stopped, runs out of memory alone and reaches nowhere.

It reads a request as JSON from standard input and writes one line of JSON, then the result, to standard output. A limit
is kept when the result is read: one more is asked for, so that it is known whether there are more, and the text of the
query stays as it is.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from kb.errors import AnswerTooLargeError, EndpointError, QueryError
from kb.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox
    from typing_extensions import Buffer as ReadableBuffer

    Result = ox.QueryTriples | ox.QueryBoolean | ox.QuerySolutions

MEMORY_BYTES = 2 * 1024**3
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # CLONE_NEWNET and CLONE_NEWUSER of <sched.h>
ROW_FORMATS = ("csv", "tsv", "json", "xml")
GRAPH_FORMATS = {"ttl": "TURTLE", "nt": "N_TRIPLES", "jsonld": "JSON_LD", "xml": "RDF_XML"}


def main() -> None:
    """Answer one request: ``store`` (folder), or ``endpoint`` with ``state``; ``query``, ``format`` (empty for the
    natural one), ``limit`` (0: none) and ``seconds`` of processor time.
    """
    request = json.load(sys.stdin)
    if "endpoint" not in request:
        leave_network()
    try:
        head, found = _answer(request)
    except QueryError as error:
        place = {"line": error.line, "column": error.column}
        _write({"error": type(error).__name__, "message": str(error), **place})
    except EndpointError as error:
        _write({"error": "EndpointError", "message": str(error)})
    except MemoryError:
        _write({"error": "QueryTimeoutError", "message": "This query needed too much memory. Ask for less."})
    else:
        _write(head, found)


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    import pyoxigraph as ox

    from kb.query_guard import check_before_engine, check_query

    store = None if "endpoint" in request else ox.Store.read_only(request["store"])
    (check_query if store is None else check_before_engine)(request["query"])
    _bound(request["seconds"])
    try:
        if store is None:
            from kb.remote.worker import ask

            result = ask(request)
        else:
            result = store.query(request["query"], prefixes=PREFIXES)
        return written(result, request["format"], request["limit"])
    except SyntaxError as error:
        raise explained(request["query"], str(error)) from None
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"This query cannot be answered: {error}.") from None


def kind_of(result: Result) -> str:
    """Return what a result is: graph, boolean or rows."""
    import pyoxigraph as ox

    if isinstance(result, ox.QueryTriples):
        return "graph"
    return "boolean" if isinstance(result, ox.QueryBoolean) else "rows"


def written(result: Result, form: str, limit: int = 0, room: int = 0) -> tuple[dict[str, Any], bytes]:
    """Return the kind of a result and the result in a format, empty for the natural one.

    ``limit`` is how many rows or triples are read, ``room`` how many bytes may be written; 0 for all.

    Raises:
        QueryError: the format does not fit the kind.
        AnswerTooLargeError: the bytes do not fit.
        ValueError, RuntimeError, OSError: the engine fails on the way.
    """
    import pyoxigraph as ox

    kind = kind_of(result)
    if isinstance(result, ox.QueryTriples):
        more, content = _graph(result, form or "ttl", limit, room)
        return {"kind": kind, "more": more}, content
    name = form or "json"
    if name not in ROW_FORMATS:
        raise QueryError(f"This query gives rows, not a graph. Choose --format {', '.join(ROW_FORMATS)} or table.")
    if kind == "boolean" and name in ("csv", "tsv"):
        return {"kind": kind}, (("true" if result else "false") + "\n").encode()
    if isinstance(result, ox.QuerySolutions):
        if limit and not form:
            more, content = _first_rows(result, limit)
            return {"kind": kind, "more": more}, content
        if name == "csv":
            return {"kind": kind}, _csv(result, room)
    out = _Page(room)
    result.serialize(out, getattr(ox.QueryResultsFormat, name.upper()))
    return {"kind": kind}, out.getvalue()


class _Page(io.BytesIO):
    """Bytes in memory, so many at most; 0 for any number."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: ReadableBuffer, /) -> int:
        length = super().write(data)
        if self._room and self.tell() > self._room:
            raise AnswerTooLargeError(f"The answer has more than {self._room:,} bytes. Ask for less, with LIMIT.")
        return length


def explained(query: str, message: str) -> QueryError:
    """Return what is wrong with a query as the guard says it, else as the engine does, without its list of grammar."""
    from kb.query_guard import check_query

    try:
        check_query(query)
    except QueryError as error:
        return error
    place = re.match(r"error at (\d+):(\d+):", message)
    line, column = (int(place.group(1)), int(place.group(2))) if place else (0, 0)
    said = re.search(r"(The SELECT|SELECT \*)[^,\[]*", message)
    if said:
        reason = said.group().strip()
    elif "IRI parsing failed" in message:
        reason = "an address in <...> is not whole; it begins with https:, for example"
    else:
        reason = "the engine does not allow what stands before this place"
    where = f" (line {line}, column {column})" if place else ""
    return QueryError(f"This query is not understood: {reason}{where}.", line, column)


def _first_rows(solutions: ox.QuerySolutions, limit: int) -> tuple[bool, bytes]:
    """Return whether there are more rows, and the first of them in the JSON format of the W3C."""
    names = [variable.value for variable in solutions.variables]
    rows = [
        {name: _json_term(term) for name, term in zip(names, solution, strict=True) if term is not None}
        for solution in islice(solutions, limit + 1)
    ]
    found = {"head": {"vars": names}, "results": {"bindings": rows[:limit]}}
    return len(rows) > limit, json.dumps(found, ensure_ascii=False).encode()


def _json_term(term: object) -> dict[str, Any]:
    import pyoxigraph as ox

    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        found = {"type": "literal", "value": term.value}
        if term.language:
            return {**found, "xml:lang": term.language}
        plain = term.datatype.value == PREFIXES["xsd"] + "string"
        return found if plain else {**found, "datatype": term.datatype.value}
    return {"type": "literal", "value": str(term)}


def _csv(solutions: ox.QuerySolutions, room: int) -> bytes:
    """Return rows as CSV; the engine's own leaves addresses with a comma unquoted."""
    page = _Page(room)
    out = io.TextIOWrapper(page, "utf-8", newline="", write_through=True)
    writer = csv.writer(out)
    writer.writerow([variable.value for variable in solutions.variables])
    for solution in solutions:
        writer.writerow(["" if term is None else getattr(term, "value", str(term)) for term in solution])
    return page.getvalue()


def _graph(triples: Iterable[ox.Triple], name: str, limit: int, room: int) -> tuple[bool, bytes]:

    if name not in GRAPH_FORMATS:
        raise QueryError(f"This query gives a graph, not rows. Choose --format {', '.join(GRAPH_FORMATS)}.")
    distinct: set[ox.Triple] = set()
    for triple in triples:
        distinct.add(triple)
        if limit and len(distinct) > limit:
            distinct.discard(triple)
            more = True
            break
    else:
        more = False
    return more, graph_text(distinct, name, room)


def graph_text(triples: Iterable[ox.Triple], name: str, room: int = 0) -> bytes:
    """Return a graph in one of ``GRAPH_FORMATS``: the same graph gives the same bytes.

    Raises:
        AnswerTooLargeError: it has more bytes than ``room``, unless that is 0.
    """
    import pyoxigraph as ox

    page = _Page(room)
    unique = sorted(set(triples), key=str)
    ox.serialize(unique, page, getattr(ox.RdfFormat, GRAPH_FORMATS[name]), prefixes=PREFIXES)
    return _used_prefixes(page.getvalue()) if name == "ttl" else page.getvalue()


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


def _bound(seconds: int) -> None:
    """Let this process fail rather than take the memory of others, or outlive whoever waits for it by long."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write(head: dict[str, Any], body: bytes = b"") -> None:
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n")
    out.write(body)
    out.flush()
    os._exit(0)
