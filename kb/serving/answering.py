"""One SPARQL query answered from an open store, in bounds: what a worker does with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.errors import AnswerTooLargeError, QueryError, QueryRefusedError
from kb.namespaces import PREFIXES
from kb.query_guard import check_before_engine
from kb.query_worker import explained, kind_of, written
from kb.serving.media_types import GRAPHS, ROWS
from kb.serving.refusals import Refusal

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kb.query_worker import Result


def check(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Let a ``query`` pass the guard, or refuse it.

    Raises:
        Refusal: it is malformed or refused.
    """
    try:
        check_before_engine(request["query"])
    except QueryRefusedError as error:
        raise Refusal(403, str(error)) from None
    except QueryError as error:
        raise Refusal(400, str(error)) from None
    return {}, b""


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the head and the body of the answer to a query.

    The request has ``query``, which was checked before, ``rows`` and ``graph`` (media types, empty where none is
    acceptable), ``default_graphs`` and ``named_graphs`` (addresses, none: as the query says), ``most_rows`` and
    ``most_bytes``.

    Raises:
        Refusal: the query is malformed, not acceptable or too large.
    """
    try:
        result = _asked(store, request)
        graph = kind_of(result) == "graph"
        media_type = request["graph" if graph else "rows"]
        if not media_type:
            offers = ", ".join(GRAPHS if graph else ROWS)
            raise Refusal(406, f"{'A graph' if graph else 'This answer'} can be had as {offers}. Accept one of them.")
        form = (GRAPHS if graph else ROWS)[media_type]
        return {"type": media_type}, _bounded(result, form, request["most_rows"], request["most_bytes"])
    except SyntaxError as error:
        reason = explained(request["query"], str(error))
        raise Refusal(403 if isinstance(reason, QueryRefusedError) else 400, str(reason)) from None
    except QueryRefusedError as error:
        raise Refusal(403, str(error)) from None
    except QueryError as error:
        raise Refusal(400, str(error)) from None
    except (ValueError, RuntimeError, OSError) as error:
        raise Refusal(500, f"This query cannot be answered: {error}.") from None


def _asked(store: ox.Store, request: dict[str, Any]) -> Result:
    """Ask; graphs that the request names stand in for those of the query, as the protocol has it."""
    import pyoxigraph as ox

    query, default, named = request["query"], request["default_graphs"], request["named_graphs"]
    if default is None or named is None:
        return store.query(query, prefixes=PREFIXES)
    try:
        defaults: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(graph) for graph in default]
        names: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(graph) for graph in named]
    except ValueError as error:
        raise QueryError(f"A graph is no address: {error}.") from None
    return store.query(query, prefixes=PREFIXES, default_graph=defaults, named_graphs=names)


def _bounded(result: Result, form: str, rows: int, room: int) -> bytes:
    """Return a result in a format; one that has too many rows or triples is refused, never cut."""
    graph = kind_of(result) == "graph"
    head, content = written(result, form, rows if graph else 0, room)
    if head.get("more") or (not graph and _number_of_rows(content, form, rows) > rows):
        what = "triples" if graph else "rows"
        raise AnswerTooLargeError(
            f"The answer has more than {rows:,} {what}. Ask for it in parts, with ORDER BY, LIMIT and OFFSET."
        )
    return content


def _number_of_rows(content: bytes, form: str, bound: int) -> int:
    """Return how many rows a result has; counted only where it could be more than the bound."""
    if len(content) < 2 * bound:
        return 0
    if form == "xml":
        return content.count(b"<result>")
    if form == "json":
        return len(json.loads(content).get("results", {}).get("bindings", ()))
    if form == "csv":
        import csv
        import io

        return sum(1 for _ in csv.reader(io.StringIO(content.decode()))) - 1
    return content.count(b"\n") - 1
