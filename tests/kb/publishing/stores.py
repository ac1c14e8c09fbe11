"""A store in memory, made of the quads that a test gives it, as exports read stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.store import Reader


class Quads:
    """What exports need of a reader."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._store = ox.Store()
        for quad in quads:
            self._store.add(quad)
            self._store.add(ox.Quad(quad.subject, quad.predicate, quad.object))

    def reader(self) -> Reader:
        return cast("Reader", self)

    def graphs(self) -> list[ox.NamedNode]:
        return sorted((graph for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode)), key=str)

    def quads(
        self, subject: ox.NamedNode | ox.BlankNode | None = None, graph: ox.NamedNode | ox.DefaultGraph | None = None
    ) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(subject, None, None, graph)

    def triples(self) -> Iterator[ox.Triple]:
        return (quad.triple for quad in self.quads(graph=ox.DefaultGraph()))
