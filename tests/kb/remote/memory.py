"""A reader of quads in memory, so that tests of pushes need no build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kb.namespaces import BASE
from kb.store import Reader
from kb.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable


class MemoryReader(Reader):
    """Quads in named graphs, which the default graph repeats as in the real store."""

    def __init__(self, quads: Iterable[ox.Quad], version: str = "000000000001") -> None:
        super().__init__()
        self._version = version
        self.store = ox.Store()
        for quad in quads:
            self.store.add(quad)
            self.store.add(ox.Quad(quad.subject, quad.predicate, quad.object))

    def close(self) -> None: ...

    def warm(self) -> None: ...

    @property
    def folder(self) -> Path:
        return Path("nowhere")

    def version(self) -> str:
        return self._version

    def place(self) -> dict[str, object]:
        return {}

    def vocabulary(self, *kinds: str) -> Vocabulary:
        return Vocabulary(())

    def rows(self, query: str) -> list[list[str]]:
        found = self.store.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return [["" if term is None else term.value for term in solution] for solution in found]

    def _whole(self) -> ox.Store:
        return self.store


def quads(text: str) -> list[ox.Quad]:
    """Return quads from lines such as "a/one s p o": graph, subject, predicate, and a text."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        graph, subject, predicate, value = line.split(maxsplit=3)
        found.append(
            ox.Quad(
                ox.NamedNode(f"{BASE}{subject}"), ox.NamedNode(f"{BASE}evidence#{predicate}"), ox.Literal(value),
                ox.NamedNode(f"{BASE}graph/{graph}"),
            )
        )  # fmt: skip
    return found
