"""A change of graphs as SPARQL 1.1 Update: small operations in an order in which a push may break off anywhere.

A graph has an entry in the manifest from before it is written until after it is gone. The entry holds ``PENDING``
before anything changes, and the digest alone only when the graph is whole. The union loses what no file states any more
while the graph still holds what it held, so that pushing again finds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.remote.changes import REMOVE
from kb.remote.graphs import MANIFEST, PENDING, UNION, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb.remote.changes import Change


class Operation(NamedTuple):
    """One operation of an update, and how many triples stand in it."""

    text: str
    size: int


def begin() -> list[Operation]:
    """Return what comes first: the data have no version until all graphs are whole."""
    return [
        Operation(f"DELETE WHERE {{ GRAPH <{MANIFEST}> {{ <{UNION}> <{VERSION}> ?version }} }}", 1),
        Operation(f"INSERT DATA {{ GRAPH <{MANIFEST}> {{ <{UNION}> a <http://rdfs.org/ns/void#Dataset> }} }}", 1),
    ]


def end(version: str) -> list[Operation]:
    """Return what comes last: the version of the data."""
    return [Operation(f'INSERT DATA {{ GRAPH <{MANIFEST}> {{ <{UNION}> <{VERSION}> "{version}" }} }}', 1)]


def operations(
    batch: list[Change],
    there: Mapping[str, list[str]],
    removed: Iterable[ox.Triple],
    triples: Mapping[str, list[ox.Triple]],
    most: int,
) -> Iterator[Operation]:
    """Yield what changes some graphs.

    ``there`` are the entries of the manifest, ``removed`` the triples that no file states any more, ``triples`` those
    of the changed graphs as they shall be; no operation holds more than ``most`` triples.
    """
    known = [change for change in batch if change.graph in there]
    before = [(change.graph, value) for change in known for value in there[change.graph] if value != PENDING]
    yield from _data("INSERT", [_entry(change.graph, PENDING) for change in batch], most)
    yield from _data("DELETE", [_entry(graph, value) for graph, value in before], most)
    yield from _data("DELETE", [(UNION, str(triple)) for triple in removed], most)
    for change in known:
        yield Operation(f"DROP SILENT GRAPH <{change.graph}>", 1)
    kept = [change for change in batch if change.kind != REMOVE]
    stated = [(change.graph, str(triple)) for change in kept for triple in triples[change.graph]]
    yield from _data("INSERT", [*stated, *dict.fromkeys((UNION, triple) for _, triple in stated)], most)
    yield from _data("INSERT", [_entry(change.graph, change.digest) for change in kept], most)
    yield from _data("DELETE", [_entry(change.graph, PENDING) for change in batch], most)


def requests(found: Iterable[Operation], most: int) -> Iterator[str]:
    """Yield the texts of requests: as many operations in each as hold no more than ``most`` triples."""
    texts: list[str] = []
    size = 0
    for operation in found:
        if texts and size + operation.size > most:
            yield " ;\n".join(texts)
            texts, size = [], 0
        texts.append(operation.text)
        size += operation.size
    if texts:
        yield " ;\n".join(texts)


def _entry(graph: str, digest: str) -> tuple[str, str]:
    return MANIFEST, str(ox.Triple(ox.NamedNode(graph), ox.NamedNode(VERSION), ox.Literal(digest)))


def _data(verb: str, quads: list[tuple[str, str]], most: int) -> Iterator[Operation]:
    """Yield INSERT DATA or DELETE DATA of pairs of graph and triple."""
    from itertools import groupby

    for start in range(0, len(quads), most):
        part = quads[start : start + most]
        blocks = [
            f"GRAPH <{graph}> {{\n" + "".join(f"{triple} .\n" for _, triple in group) + "}"
            for graph, group in groupby(part, lambda quad: quad[0])
        ]
        yield Operation(f"{verb} DATA {{\n" + "\n".join(blocks) + "\n}", len(part))
