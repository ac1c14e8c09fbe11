"""The graph as JSON-LD whose context stands in the file, with short names for addresses, a node a subject.

rdflib writes JSON-LD too, but holds the whole graph in memory and takes a hundred times as long; pyoxigraph writes it
without a context.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from kb.namespaces import PREFIXES
from kb.publishing.graph_files import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.store import Reader

_TYPE = PREFIXES["rdf"] + "type"
_XSD = PREFIXES["xsd"]
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_SCHEME = re.compile(r"([a-z]+):(?!//)")
_LINK, _PLAIN, _NATIVE = ("@id", ""), ("@value", ""), ("native", "")


def write_json_ld(reader: Reader, out: IO[bytes]) -> None:
    """Write the named graphs, one after the other, below a context that fits all of them."""
    context = _Context(reader.triples())
    head = json.dumps(context.whole, indent=1, ensure_ascii=False).replace("\n", "\n ")
    out.write(f'{{\n "@context": {head},\n "@graph": ['.encode())
    for number, graph in enumerate(reader.graphs()):
        nodes = [context.node(quads) for _, quads in groupby(in_order(reader.quads(graph=graph)), _subject)]
        node = {"@id": context.address(graph), "@graph": nodes}
        text = json.dumps(node, indent=1, ensure_ascii=False).replace("\n", "\n  ")
        out.write(f"{',' if number else ''}\n  {text}".encode())
    out.write(b"\n ]\n}\n")


class _Context:
    """How names and values are written: a property whose values are all of one kind says so once, in the context."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        kinds: dict[str, set[tuple[str, str]]] = {}
        schemes: set[str] = set()
        for triple in triples:
            kinds.setdefault(triple.predicate.value, set()).add(_kind(triple.object))
            for term in (triple.subject, triple.object):
                if isinstance(term, ox.NamedNode) and (scheme := _SCHEME.match(term.value)):
                    schemes.add(scheme[1])
        prefixes = {name: iri for name, iri in sorted(PREFIXES.items()) if name not in schemes}
        self.short = _shortener(prefixes)
        self._kinds = {
            name: found.copy().pop() for name, found in kinds.items() if len(found) == 1 and found != {_NATIVE}
        }
        terms = {
            self.short(name): {"@type": "@id"} if (key, value) == _LINK else {key: self.short(value)}
            for name, (key, value) in sorted(self._kinds.items())
            if (key, value) != _PLAIN and name != _TYPE
        }
        self.whole: dict[str, Any] = {**prefixes, **terms}

    def address(self, term: ox.NamedNode | ox.BlankNode) -> str:
        """Return an address with its prefix, where one fits."""
        return self.short(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def node(self, quads: Iterable[ox.Quad]) -> dict[str, Any]:
        """Return what is stated of one subject."""
        found: dict[str, Any] = {}
        for predicate, group in groupby(quads, lambda quad: quad.predicate.value):
            quads_here = list(group)
            found.setdefault("@id", self.address(quads_here[0].subject))  # type: ignore[arg-type]
            if predicate == _TYPE:
                found["@type"] = _one(self.address(quad.object) for quad in quads_here)  # type: ignore[arg-type]
            else:
                found[self.short(predicate)] = _one(self._value(predicate, quad.object) for quad in quads_here)
        return found

    def _value(self, predicate: str, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> object:
        key, value = kind = _kind(term)
        if kind == _LINK:
            address = self.address(term)  # type: ignore[arg-type]
            return address if self._kinds.get(predicate) == kind else {"@id": address}
        text: str = term.value  # type: ignore[union-attr]
        if kind == _NATIVE:
            return json.loads(text)
        if kind == _PLAIN or self._kinds.get(predicate) == kind:
            return text
        return {"@value": text, key: self.short(value)}


def _kind(term: object) -> tuple[str, str]:
    """Return how a value is told from other values: as a link, by its language or by its type."""
    if not isinstance(term, ox.Literal):
        return _LINK
    if term.language:
        return "@language", term.language
    datatype = term.datatype.value
    if datatype == _XSD + "string":
        return _PLAIN
    if (datatype == _XSD + "integer" and _WHOLE.fullmatch(term.value)) or (
        datatype == _XSD + "boolean" and term.value in ("true", "false")
    ):
        return _NATIVE
    return "@type", datatype


def _one(values: Iterable[object]) -> object:
    found = list(values)
    return found[0] if len(found) == 1 else found


def _subject(quad: ox.Quad) -> str:
    return str(quad.subject)


def _shortener(prefixes: dict[str, str]) -> Callable[[str], str]:
    """Return a function that shortens addresses by the longest prefix that fits."""
    by_length = sorted(prefixes.items(), key=lambda item: -len(item[1]))

    @lru_cache(maxsize=100_000)
    def short(iri: str) -> str:
        for name, begin in by_length:
            if iri.startswith(begin) and len(iri) > len(begin) and not iri.startswith("//", len(begin)):
                return f"{name}:{iri[len(begin) :]}"
        return iri

    return short
