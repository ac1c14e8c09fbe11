"""The answers of an endpoint, read whole: rows, yes or no, or a graph. What is broken or incomplete is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.remote import complaints

if TYPE_CHECKING:
    from kb.remote.client import Answer

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

#: XML first: Virtuoso writes it in a fifth of the time of JSON, and by the book.
ROWS = "application/sparql-results+xml, application/sparql-results+json;q=0.9"
GRAPH = "application/n-triples, text/turtle;q=0.9"
_ROWS = {
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
}
_GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
}


#: By its settings, Virtuoso answers ASK with rows of this column: one for yes, none for no.
_VIRTUOSO_ASK = ["__ASK_RETVAL"]


class Solutions(NamedTuple):
    """The rows of a SELECT; a column without a value in a row is None there."""

    names: list[str]
    rows: list[tuple[Term | None, ...]]


def row_limit(answer: Answer) -> int:
    """Return the number of rows that the server says it stopped at; 0 where it did not."""
    text = answer.headers.get("x-sparql-maxrows", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def read_rows(where: str, answer: Answer) -> Solutions | bool:
    """Return the rows of a SELECT, or the answer to an ASK.

    Raises:
        EndpointError: the answer is of another type, broken off, or only a part.
    """
    _whole(where, answer)
    form = _ROWS.get(answer.kind)
    if form is None:
        raise complaints.wrong_type(where, answer.kind)
    try:
        found = ox.parse_query_results(answer.content, form)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        names, rows = [variable.value for variable in found.variables], [tuple(solution) for solution in found]
        return bool(rows) if names == _VIRTUOSO_ASK else Solutions(names, rows)
    except (SyntaxError, ValueError):
        raise complaints.broken_off(where) from None


def read_graph(where: str, answer: Answer) -> list[ox.Triple]:
    """Return the triples of a graph, each once.

    Raises:
        EndpointError: the answer is of another type, broken off, or only a part.
    """
    _whole(where, answer)
    form = _GRAPHS.get(answer.kind)
    if form is None:
        raise complaints.wrong_type(where, answer.kind)
    try:
        return list(dict.fromkeys(quad.triple for quad in ox.parse(answer.content, form)))
    except (SyntaxError, ValueError):
        raise complaints.broken_off(where) from None


def _whole(where: str, answer: Answer) -> None:
    """Refuse what a server gives out when its own time is over; Virtuoso says so in a field of the header."""
    if answer.headers.get("x-sql-state"):
        raise complaints.partial(where)
