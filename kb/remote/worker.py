"""A user's query to an endpoint, asked from the process that runs such queries; its answer is as that of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kb.namespaces import PREFIXES
from kb.remote.address import Address
from kb.remote.endpoint import Endpoint
from kb.remote.graphs import State
from kb.sparql_text import portable

if TYPE_CHECKING:
    from kb.remote.results import Solutions

    Result = ox.QueryTriples | ox.QueryBoolean | ox.QuerySolutions


def ask(request: dict[str, Any]) -> Result:
    """Answer a query: ``endpoint``, ``state`` and ``query`` of a request.

    The engine here says first, on an empty store, what is wrong with the query, and in which order its columns come.

    Raises:
        EndpointError: the endpoint gives no whole answer.
        SyntaxError: the query is malformed.
    """
    empty = ox.Store().query(request["query"], prefixes=PREFIXES)
    query = portable(request["query"])
    with Endpoint(Address._make(request["endpoint"]), State._make(request["state"])) as endpoint:
        if isinstance(empty, ox.QuerySolutions):
            names = [variable.value for variable in empty.variables]
            return _solutions(names, endpoint.solutions(query))
        if isinstance(empty, ox.QueryBoolean):
            return _boolean(endpoint.truth(query))
        return _graph(endpoint.graph(query))


def _solutions(names: list[str], found: Solutions) -> ox.QuerySolutions:
    """Return rows as the engine itself would: by way of TSV, in which terms are written as in N-Triples."""
    places = [found.names.index(name) if name in found.names else -1 for name in names]
    lines = ["\t".join(f"?{name}" for name in names)]
    for row in found.rows:
        terms = [row[place] if place >= 0 else None for place in places]
        lines.append("\t".join("" if term is None else str(term) for term in terms))
    parsed = ox.parse_query_results("\n".join([*lines, ""]), ox.QueryResultsFormat.TSV)
    assert isinstance(parsed, ox.QuerySolutions)
    return parsed


def _boolean(answer: bool) -> ox.QueryBoolean:
    text = f'{{"head": {{}}, "boolean": {str(answer).lower()}}}'
    parsed = ox.parse_query_results(text, ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QueryBoolean)
    return parsed


def _graph(triples: list[ox.Triple]) -> ox.QueryTriples:
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    found = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(found, ox.QueryTriples)
    return found
