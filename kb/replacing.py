"""Graphs of a store replaced one by one, in a copy of it; the copy shares its files with the original."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from pathlib import Path


def copy_store(source: Path, target: Path) -> ox.Store:
    """Return a copy of a store that may be changed; Oxigraph links the files, so that it takes no time at any size."""
    ox.Store.read_only(str(source)).backup(str(target))
    return ox.Store(str(target))


def take_out(store: ox.Store, name: str) -> None:
    """Remove a graph, and from the default graph what no other file states."""
    graph = ox.NamedNode(name)
    quads = list(store.quads_for_pattern(None, None, None, graph))
    store.remove_graph(graph)
    for quad in quads:
        left = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(other.graph_name == ox.DefaultGraph() for other in left):
            store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))


def put_in(store: ox.Store, text: bytes) -> None:
    """Add the quads of a graph, and their triples, as N-Quads."""
    store.load(text, format=ox.RdfFormat.N_QUADS, lenient=True)
