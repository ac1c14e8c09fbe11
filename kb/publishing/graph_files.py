"""The whole graph in each serialisation of RDF, written as it is read, and the same bytes each time.

Formats that know named graphs hold one for each file of the collection; the others hold the union of them.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from heapq import merge
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, NamedTuple, cast

import pyoxigraph as ox

from kb.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kb.store import Reader

    Subject = ox.NamedNode | ox.BlankNode

_LINES_AT_ONCE = 500_000
_SERIALISERS = {"ttl": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "rdf": ox.RdfFormat.RDF_XML}
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")


class GraphFormat(NamedTuple):
    """One serialisation. ``named`` says whether it keeps the named graphs apart."""

    title: str
    media_type: str
    named: bool


#: Ending of the file -> what it is.
GRAPH_FORMATS = {
    "ttl": GraphFormat("Turtle", "text/turtle", named=False),
    "nt": GraphFormat("N-Triples", "application/n-triples", named=False),
    "nq": GraphFormat("N-Quads", "application/n-quads", named=True),
    "trig": GraphFormat("TriG", "application/trig", named=True),
    "rdf": GraphFormat("RDF/XML", "application/rdf+xml", named=False),
    "jsonld": GraphFormat("JSON-LD", "application/ld+json", named=True),
}


def write_graph(reader: Reader, form: str, out: IO[bytes]) -> None:
    """Write the whole graph in one of ``GRAPH_FORMATS``."""
    if form == "jsonld":
        from kb.publishing.json_ld import write_json_ld

        write_json_ld(reader, out)
    elif form == "nt":
        _write_lines((f"{triple} .\n".encode() for triple in reader.triples()), out)
    elif form == "nq":
        quads = (quad for graph in reader.graphs() for quad in reader.quads(graph=graph))
        _write_lines((f"{quad} .\n".encode() for quad in quads), out)
    elif form == "trig":
        write_quads((quad for graph in reader.graphs() for quad in in_order(reader.quads(graph=graph))), form, out)
    else:
        write_quads(_union(reader), form, out)


def write_quads(
    quads: Iterable[ox.Quad], form: str, out: IO[bytes], prefixes: dict[str, str] | None = None, *, base: str = ""
) -> None:
    """Write quads in their order as ttl, trig or rdf.

    ``prefixes`` are the known ones unless given; addresses that begin with ``base`` are written relative to the file.
    """
    known = PREFIXES if prefixes is None else prefixes
    tidy = _Tidy(out, 2, _sorted_attributes) if form == "rdf" else _Tidy(out, len(known) + bool(base), _sorted_lines)
    statements = quads if form == "trig" else (quad.triple for quad in quads)
    ox.serialize(statements, cast("IO[bytes]", tidy), _SERIALISERS[form], prefixes=known, base_iri=base or None)
    tidy.finish()


def in_order(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads as people read them: by subject, what it is first, then by property and value."""
    return sorted(
        quads, key=lambda quad: (_name(quad.subject), quad.predicate != _TYPE, quad.predicate.value, str(quad.object))
    )


def _write_lines(lines: Iterator[bytes], out: IO[bytes]) -> None:
    """Write lines in order, sorted in parts on disk where they are too many to sort in memory."""
    with ExitStack() as opened:
        parts: list[IO[bytes]] = []
        while part := sorted(islice(lines, _LINES_AT_ONCE)):
            if not parts and len(part) < _LINES_AT_ONCE:
                out.writelines(part)
                return
            parts.append(opened.enter_context(TemporaryFile()))
            parts[-1].writelines(part)
            parts[-1].seek(0)
        out.writelines(merge(*parts))


def _union(reader: Reader) -> Iterator[ox.Quad]:
    for subject in sorted(_subjects(reader), key=_name):
        yield from in_order(reader.quads(subject, ox.DefaultGraph()))


def _subjects(reader: Reader) -> set[Subject]:
    return {triple.subject for triple in reader.triples()}  # type: ignore[misc]


def _name(term: Subject | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


class _Tidy:
    """A file whose first lines, the prefixes, are put in order: the serialiser writes them in any."""

    def __init__(self, out: IO[bytes], lines: int, tidied: Callable[[bytes], bytes]) -> None:
        self._out = out
        self._lines = lines
        self._tidied = tidied
        self._head: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Write some of the file."""
        if self._head is None:
            self._out.write(data)
        else:
            self._head += data
            if self._head.count(b"\n") > self._lines:
                self.finish()
        return len(data)

    def finish(self) -> None:
        """Write the first lines, if they are not written yet."""
        if self._head is not None:
            *first, rest = self._head.split(b"\n", self._lines)
            self._out.write(self._tidied(b"\n".join(first)) + b"\n" + rest)
            self._head = None

    def flush(self) -> None:
        """Nothing: what is below this is flushed by whoever opened it."""


def _sorted_lines(head: bytes) -> bytes:
    """Return the prefixes in order, without the base: a file that moves takes its own address for it."""
    return b"\n".join(sorted(line for line in head.split(b"\n") if not line.startswith(b"@base"))) + b"\n"


def _sorted_attributes(head: bytes) -> bytes:
    return re.sub(rb'( xmlns:\w+="[^"]*")+', lambda found: b" " + b" ".join(sorted(found[0].split())), head)
