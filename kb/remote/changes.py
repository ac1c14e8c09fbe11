"""What a push has to do: the graphs of the collection against those that were pushed before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.remote.graphs import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.store import Reader

ADD, REPLACE, REMOVE = "add", "replace", "remove"
#: More graphs than this, and this share of all, are removed only where that is asked for.
_MANY, _SHARE = 10, 0.2


class Change(NamedTuple):
    """One graph that differs. ``kind`` is add, replace or remove; ``size`` is how many triples it will have."""

    kind: str
    graph: str
    digest: str
    size: int

    @property
    def name(self) -> str:
        """The name of the graph, such as ``studies/migali2017determinants``."""
        return self.graph.removeprefix(OURS)


class Graph(NamedTuple):
    """What is known of a graph without its triples."""

    digest: str
    size: int


def graphs_of(reader: Reader) -> dict[str, Graph]:
    """Return the graphs of a collection, each with a digest of its triples."""
    import hashlib

    found = {}
    for node in reader.graphs():
        lines = sorted(str(quad.triple) for quad in reader.quads(graph=node))
        found[node.value] = Graph(hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32], len(lines))
    return found


def changes(here: Mapping[str, Graph], there: Mapping[str, list[str]]) -> list[Change]:
    """Return what has to change ``there``, those of the ontology first; what is not here is removed."""
    found = [
        Change(REPLACE if graph in there else ADD, graph, known.digest, known.size)
        for graph, known in sorted(here.items())
        if there.get(graph) != [known.digest]
    ]
    gone = sorted(graph for graph in there if graph not in here)
    return [*found, *(Change(REMOVE, graph, "", 0) for graph in gone)]


def removes_much(found: list[Change], there: Mapping[str, list[str]]) -> bool:
    """Say whether so much would be removed that it may be another collection which was pushed before."""
    removed = sum(change.kind == REMOVE for change in found)
    return removed > _MANY and removed > _SHARE * len(there)


def triples_of(reader: Reader, graph: str) -> list[ox.Triple]:
    """Return the triples of a graph of a collection, sorted."""
    return sorted((quad.triple for quad in reader.quads(graph=ox.NamedNode(graph))), key=str)
