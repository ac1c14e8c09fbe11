"""An endpoint as it is asked: a query goes out with its graphs, and comes back whole or as an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from kb.errors import EndpointError
from kb.remote import complaints
from kb.remote.client import Client
from kb.remote.graphs import DIGESTS_QUERY, GRAPHS_QUERY, OURS, STATE_QUERY, State, parameters, state_of
from kb.remote.query_shape import page, shape_of
from kb.remote.results import GRAPH, ROWS, Solutions, read_graph, read_rows, row_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from kb.remote.address import Address

    Parameters = list[tuple[str, str]] | tuple[()]


class Endpoint:
    """A SPARQL 1.1 endpoint. Where a push left a union of all graphs, queries see that as their default graph."""

    def __init__(self, address: Address, state: State | None = None) -> None:
        """``state`` is what a push left there, where that is known already; else it is asked for when it is needed."""
        self.address = address
        self.server = ""
        self._client = Client(address)
        self._state = state
        self._graphs: list[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def state(self) -> State:
        """Return what a push left.

        Raises:
            EndpointError: the endpoint gives no whole answer; so for all methods.
        """
        if self._state is None:
            self._state = state_of(texts(self._rows(STATE_QUERY, ())[0]))
        return self._state

    def entries(self) -> dict[str, list[str]]:
        """Return the graphs that were pushed, each with its digest; with more than that where a push broke off."""
        found: dict[str, list[str]] = {}
        for graph, digest in texts(self._all(DIGESTS_QUERY, (), ordered=True)):
            if graph.startswith(OURS):
                found.setdefault(graph, []).append(digest)
        self._graphs = list(found)
        return found

    def graphs(self) -> list[str]:
        """Return the graphs of the files."""
        if self._graphs is None:
            if self.state().pushed:
                return list(self.entries())
            self._graphs = [row[0] for row in texts(self._all(GRAPHS_QUERY, (), ordered=True))]
        return self._graphs

    def solutions(self, query: str, *, ordered: bool = False) -> Solutions:
        """Return all rows of a SELECT, in several requests where the server gives only so many at once.

        ``ordered`` says that its ORDER BY leaves no ties.
        """
        return self._all(query, self._parameters(query), ordered=ordered)

    def triples(self, graphs: Iterable[str]) -> Iterator[tuple[str, ox.Triple]]:
        """Yield the triples of some graphs, each with the address of its graph."""
        import pyoxigraph as ox

        wanted = " ".join(str(ox.NamedNode(graph)) for graph in graphs)
        query = f"SELECT ?g ?s ?p ?o {{ VALUES ?g {{ {wanted} }} GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?g ?s ?p ?o"
        for graph, subject, predicate, value in self._all(query, (), ordered=True).rows:
            yield graph.value, ox.Triple(subject, predicate, value)  # type: ignore[arg-type, union-attr]

    def truth(self, query: str) -> bool:
        """Return the answer to an ASK."""
        answer = self._client.query(query, ROWS, self._parameters(query))
        found = read_rows(self.address.shown, answer)
        if not isinstance(found, bool):
            raise complaints.wrong_type(self.address.shown, answer.kind)
        return found

    def graph(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE."""
        answer = self._client.query(query, GRAPH, self._parameters(query))
        found = read_graph(self.address.shown, answer)
        if answer.headers.get("server", "").startswith("Virtuoso") and found:
            self._refuse_cut(len(found))
        return found

    def _parameters(self, query: str) -> Parameters:
        return parameters(shape_of(query), self.graphs) if self.state().pushed else []

    def _all(self, query: str, graphs: Parameters, *, ordered: bool) -> Solutions:
        first, limit = self._rows(query, graphs)
        if not limit or len(first.rows) < limit:
            return first
        found = Solutions(first.names, [])
        while len(found.rows) % limit == 0:
            part = page(query, first.names, len(found.rows), limit, ordered=ordered)
            if not part:
                raise complaints.cut(self.address.shown, limit)
            more, _ = self._rows(part, graphs)
            if not more.rows:
                break
            found.rows.extend(more.rows)
        return found

    def _rows(self, query: str, graphs: Parameters) -> tuple[Solutions, int]:
        """Return the rows of one answer, and at how many the server stopped."""
        answer = self._client.query(query, ROWS, graphs)
        self.server = answer.headers.get("server", "")
        found = read_rows(self.address.shown, answer)
        if isinstance(found, bool):
            raise EndpointError(f"{self.address.shown} answers yes or no where rows were asked for. Look at its log.")
        return found, row_limit(answer)

    def _refuse_cut(self, number: int) -> None:
        """Refuse a graph as long as the most that Virtuoso gives; it says that limit of rows only."""
        probe = f"SELECT (1 AS ?one) {{ ?s ?p ?o }} LIMIT {number}"
        limit = row_limit(self._client.query(probe, ROWS))
        if limit and number > limit:
            raise complaints.cut(self.address.shown, limit)


def texts(found: Solutions) -> list[list[str]]:
    """Return rows as texts: IRIs and literals by their value, unbound as empty."""
    return [["" if term is None else str(getattr(term, "value", term)) for term in row] for row in found.rows]
