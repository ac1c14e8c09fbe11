"""What the store knows of one address: what it says of it, and what points to it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.namespaces import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

UNION = ox.DefaultGraph()
#: How many statements that point to a thing are given.
MOST_POINTING = 1000
_LABELS = [
    ox.NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (
        ("skos", "prefLabel"), ("rdfs", "label"), ("dcterms", "title"), ("foaf", "name"), ("ev", "statement"),
    )
]  # fmt: skip
_ONTOLOGY = BASE + "graph/ontology/"


class Thing(NamedTuple):
    """``said`` are the statements with the address as subject, ``pointing`` those with it as object.

    ``more`` says that more point to it. ``terms`` are those with an address behind its number sign, ``content`` the
    statements of the graph that it names.
    """

    node: ox.NamedNode
    said: list[ox.Triple]
    pointing: list[ox.Triple]
    more: bool
    terms: list[ox.NamedNode]
    content: list[ox.Triple]

    def triples(self) -> list[ox.Triple]:
        """Return all that is known of it, of its terms and what it holds as a graph."""
        return [*self.said, *self.pointing, *self.content]


def look_up(store: ox.Store, path: str) -> Thing | None:
    """Return what is known of the address with this path below the base, none where nothing is."""
    try:
        node = ox.NamedNode(BASE + path)
    except ValueError:
        return None
    said = _union(store, node, None)
    found = list(islice(store.quads_for_pattern(None, None, node, UNION), MOST_POINTING + 1))
    content = [quad.triple for quad in store.quads_for_pattern(None, None, None, node)]
    terms: list[ox.NamedNode] = []
    if path and "/" not in path:
        terms = _terms(store, node)
        content = [triple for term in terms for triple in _union(store, term, None)]
    if not (said or found or content):
        return None
    pointing = [quad.triple for quad in found[:MOST_POINTING]]
    return Thing(node, said, pointing, len(found) > MOST_POINTING, terms, content)


def label(store: ox.Store, node: ox.NamedNode) -> str:
    """Return what a thing is called, empty where nobody says."""
    for name in _LABELS:
        texts = sorted(
            triple.object.value for triple in _union(store, node, name) if isinstance(triple.object, ox.Literal)
        )
        if texts:
            return texts[0]
    return ""


def members(store: ox.Store, kind: str) -> list[ox.NamedNode]:
    """Return the things of a class, by address."""
    found = store.quads_for_pattern(None, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(kind), UNION)
    return sorted((quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode)), key=str)


def _union(store: ox.Store, node: ox.NamedNode, name: ox.NamedNode | None) -> list[ox.Triple]:
    return [quad.triple for quad in store.quads_for_pattern(node, name, None, UNION)]


def _terms(store: ox.Store, node: ox.NamedNode) -> list[ox.NamedNode]:
    """Return the terms of a vocabulary, which stand in the graph of its file."""

    def found() -> Iterator[ox.NamedNode]:
        graph = ox.NamedNode(_ONTOLOGY + node.value.removeprefix(BASE))
        for quad in store.quads_for_pattern(None, None, None, graph):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(node.value + "#"):
                yield quad.subject

    return sorted(set(found()), key=str)
