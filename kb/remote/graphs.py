"""The graphs of a store elsewhere: the union, and the one that says what was pushed; which of them a query asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.errors import QueryError
from kb.namespaces import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.remote.query_shape import Shape

#: Our graphs all begin so; no other is ever written.
OURS = f"{BASE}graph/"
#: All triples of all files, each once: the default graph of our queries, whatever that of the server is.
UNION = f"{OURS}union"
#: For each graph the digest of its triples as ``owl:versionInfo``, and for the union the version of the data.
MANIFEST = f"{OURS}manifest"
VERSION = f"{PREFIXES['owl']}versionInfo"
#: What stands in the place of a digest while a graph is being written.
PENDING = "pending"
STATE_QUERY = (
    f"SELECT ?dataset ?version {{ GRAPH <{MANIFEST}> {{ ?dataset a <http://rdfs.org/ns/void#Dataset> "
    f"OPTIONAL {{ ?dataset <{VERSION}> ?version }} }} }}"
)
DIGESTS_QUERY = (
    f"SELECT ?graph ?digest {{ GRAPH <{MANIFEST}> {{ ?graph <{VERSION}> ?digest FILTER(?graph != <{UNION}>) }} }} "
    "ORDER BY ?graph ?digest"
)
GRAPHS_QUERY = f'SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{OURS}")) }} ORDER BY ?g'
_MOST_NAMED = 1000


class State(NamedTuple):
    """What a push left. ``version`` is empty where none was finished."""

    pushed: bool
    version: str


def state_of(rows: Iterable[Iterable[str]]) -> State:
    """Return the state from the rows of ``STATE_QUERY``."""
    found = [tuple(row) for row in rows]
    return State(bool(found), found[0][1] if len(found) == 1 else "")


def parameters(shape: Shape, known: Callable[[], list[str]]) -> list[tuple[str, str]]:
    """Return the parameters of the protocol by which a query asks the union, and GRAPH the graphs of the files.

    Raises:
        QueryError: GRAPH stands before a variable, and there are too many graphs to name them all.
    """
    if shape.own_dataset:
        return []
    named: list[str] = []
    if shape.any_graph:
        named = known()
        if len(named) > _MOST_NAMED:
            raise QueryError(
                f"GRAPH stands before a variable, and this store has {len(named):,} graphs. Write the address of the "
                "graph, or ask without GRAPH."
            )
    elif shape.graphs:
        named = sorted({graph for graph in shape.graphs if graph not in (UNION, MANIFEST)})
    return [("default-graph-uri", UNION), *(("named-graph-uri", graph) for graph in named)]
