"""The files of an ontology as plain values: what is said of each address, and the concepts of each scheme in order."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kb.mappings import TABLE, read_mappings
from kb.namespaces import BASE, EV, PREFIXES

if TYPE_CHECKING:
    from kb.collection import Collection

_SCHEME = BASE + "scheme/"


class Ontology:
    """Everything that the Turtle files say, by address and property; properties are named with their prefix."""

    def __init__(self, collection: Collection) -> None:
        self._folder = collection.ontology
        self._values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._subjects: dict[tuple[str, str], set[str]] = defaultdict(set)
        for file in collection.ontology_files():
            for quad in ox.parse(path=file.path, format=ox.RdfFormat.TURTLE):
                subject, predicate, value = (term.value for term in quad.triple)
                self._values[subject][predicate].add(value)
                self._subjects[predicate, value].add(subject)

    def texts(self, subject: str, name: str) -> list[str]:
        """Return the values of a property, sorted."""
        return sorted(self._values[subject].get(address(name), ())) if subject in self._values else []

    def text(self, subject: str, name: str) -> str:
        """Return the value of a property, the first of several, empty where there is none."""
        return next(iter(self.texts(subject, name)), "")

    def subjects(self, name: str, value: str) -> list[str]:
        """Return what has a value, sorted."""
        return sorted(self._subjects.get((address(name), value), ()))

    def label(self, subject: str) -> str:
        """Return the name of a concept, scheme or term; its short address where it has none."""
        return self.text(subject, "skos:prefLabel") or self.text(subject, "rdfs:label") or short(subject)

    @cached_property
    def schemes(self) -> list[str]:
        """The names of the schemes, such as ``outcomes``, sorted."""
        found = self.subjects("rdf:type", PREFIXES["skos"] + "ConceptScheme")
        return [scheme.removeprefix(_SCHEME) for scheme in found]

    @cached_property
    def terms(self) -> list[str]:
        """The addresses of the own terms, classes first, by label."""
        found = (subject for subject in self._values if subject.startswith(EV))
        return sorted(found, key=lambda term: (not term.removeprefix(EV)[:1].isupper(), self.label(term).casefold()))

    def tops(self, scheme: str) -> list[str]:
        """Return the concepts at the top of a scheme, in their order."""
        return self._ordered(self.subjects("skos:topConceptOf", _SCHEME + scheme))

    def below(self, concept: str) -> list[str]:
        """Return the concepts directly below, in their order."""
        return self._ordered(self.subjects("skos:broader", concept))

    def concepts(self, scheme: str) -> list[str]:
        """Return all concepts of a scheme, each followed by what lies below it, and each once."""
        found: dict[str, None] = {}
        queue = self.tops(scheme)[::-1]
        while queue:
            concept = queue.pop()
            if concept not in found:
                found[concept] = None
                queue += self.below(concept)[::-1]
        return list(found)

    def place(self, concept: str) -> str:
        """Return where a concept, scheme or own term is described: a page and an anchor; empty where nowhere."""
        if concept.startswith(EV):
            return f"evidence.html#{concept.removeprefix(EV)}"
        if concept.startswith(_SCHEME):
            return f"{concept.removeprefix(_SCHEME)}.html"
        scheme = self.text(concept, "skos:inScheme").removeprefix(_SCHEME)
        return f"{scheme}.html#{anchor(concept)}" if scheme else ""

    @cached_property
    def outside(self) -> dict[str, tuple[str, str]]:
        """What concepts are mapped to: its address, the name of its vocabulary and its label there."""
        path = self._folder / TABLE
        if not path.is_file():
            return {}
        made = read_mappings(path)
        return {made.address(row.object_id): (row.object_id.partition(":")[0], row.object_label) for row in made.rows}

    def _ordered(self, concepts: list[str]) -> list[str]:
        return sorted(concepts, key=lambda concept: (int(self.text(concept, "ev:sortOrder") or 0), concept))


def address(name: str) -> str:
    """Return the whole address of a name with a prefix."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def short(iri: str) -> str:
    """Return an address with its prefix, or, inside the base, what follows it; else as it is."""
    for prefix, start in PREFIXES.items():
        if (not start.startswith(BASE) or start == EV) and iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri.removeprefix(BASE)


def anchor(concept: str) -> str:
    """Return the end of a concept's address, which is its anchor."""
    return concept.removeprefix(BASE).partition("/")[2]
