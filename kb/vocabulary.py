"""The schemes of the ontology, looked up by notation, label, alternative label or an unambiguous beginning."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import CollectionError, UnknownConceptError
from kb.namespaces import BASE, EV, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyoxigraph

_SKOS = PREFIXES["skos"]
_WORD = re.compile(r"[\W_]+")
CIRCLES = ("core", "comparable", "reform", "status")


def fold(text: str) -> str:
    """Return the text as it is compared: without case, punctuation or repeated spaces."""
    return _WORD.sub(" ", text.casefold()).strip()


class Concept(NamedTuple):
    """One concept of a scheme. ``valence`` is 1, -1 or 0 on outcomes; ``broader`` holds notations of the same kind."""

    kind: str
    notation: str
    label: str
    alt_labels: tuple[str, ...] = ()
    definition: str = ""
    broader: tuple[str, ...] = ()
    level: str = ""
    valence: int | None = None
    order: int = 0


class Vocabulary:
    """The concepts of all schemes. Kinds are ``policy``, ``outcome``, ``population``, ``country`` and so on."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._kinds: dict[str, dict[str, Concept]] = defaultdict(dict)
        for concept in sorted(concepts, key=lambda c: (c.kind, c.order, c.notation)):
            self._kinds[concept.kind][concept.notation] = concept
        self._narrower: dict[tuple[str, str], list[Concept]] = defaultdict(list)
        for concept in self:
            for parent in concept.broader:
                self._narrower[concept.kind, parent].append(concept)
        self._names: dict[str, dict[str, list[Concept]]] = {}
        self._above: dict[tuple[str, str], tuple[Concept, ...]] = {}

    def __iter__(self) -> Iterator[Concept]:
        for concepts in self._kinds.values():
            yield from concepts.values()

    def kinds(self) -> list[str]:
        """Return the kinds of concept, sorted."""
        return sorted(self._kinds)

    def concepts(self, kind: str) -> list[Concept]:
        """Return the concepts of a kind in their order of presentation."""
        return list(self._kinds.get(kind, {}).values())

    def get(self, kind: str, notation: str) -> Concept | None:
        """Return the concept with this notation, or none."""
        return self._kinds.get(kind, {}).get(notation)

    def narrower(self, kind: str, notation: str) -> list[Concept]:
        """Return the concepts directly below."""
        return list(self._narrower.get((kind, notation), ()))

    def tops(self, kind: str) -> list[Concept]:
        """Return the concepts with nothing above them."""
        return [concept for concept in self.concepts(kind) if not concept.broader]

    def ancestors(self, kind: str, notation: str) -> list[Concept]:
        """Return the concepts above, the nearest first."""
        place = kind, notation
        if place not in self._above:
            self._above[place] = tuple(self._climb(kind, notation))
        return list(self._above[place])

    def _climb(self, kind: str, notation: str) -> Iterable[Concept]:
        found: dict[str, Concept] = {}
        queue = [notation]
        while queue:
            concept = self.get(kind, queue.pop(0))
            for parent in concept.broader if concept else ():
                above = self.get(kind, parent)
                if above and parent not in found:
                    found[parent] = above
                    queue.append(parent)
        return found.values()

    def top(self, kind: str, notation: str) -> str:
        """Return the notation of the top concept above this one, or of itself."""
        above = self.ancestors(kind, notation)
        return above[-1].notation if above else notation

    def circle(self, measures: Iterable[str]) -> str:
        """Return the circle of what has some measures: the innermost of theirs, empty where they have none."""
        tops = {self.top("measure", measure) for measure in measures}
        return next((circle for circle in CIRCLES if circle in tops), "")

    def resolve(self, kind: str, text: str) -> Concept:
        """Return the concept that a user names.

        A notation or a label wins over an alternative label, and all three over a beginning. A beginning that several
        concepts share means the one that stands above the others.

        Raises:
            UnknownConceptError: nothing fits, or several do; the message says what is near.
        """
        wanted = fold(text)
        names = self._name_index(kind)
        found = names.get(wanted, [])
        if not found and wanted:
            begun = {c.notation: c for name, cs in names.items() if name.startswith(wanted) for c in cs}
            depth = {notation: len(self.ancestors(kind, notation)) for notation in begun}
            found = [c for c in begun.values() if depth[c.notation] == min(depth.values())]
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(sorted(c.notation for c in found)[:6])
            raise UnknownConceptError(f"{text!r} could be any of: {several}. Name one of these.")
        raise UnknownConceptError(f"There is no {kind} called {text!r}.{self.suggestion(kind, text)}")

    def suggestion(self, kind: str, text: str) -> str:
        """Return a sentence on what may have been meant, to follow an error message."""
        from difflib import get_close_matches

        names = self._name_index(kind)
        words: dict[str, list[Concept]] = defaultdict(list)
        for name, concepts in names.items():
            for word in name.split():
                words[word] += concepts
        near = get_close_matches(fold(text), list(names), n=3, cutoff=0.6)
        meant = list(dict.fromkeys(c.notation for name in near for c in names[name]))
        if not meant:
            near = get_close_matches(fold(text), [word for word in words if len(word) > 3], n=2, cutoff=0.8)
            found = sorted({c for word in near for c in words[word]}, key=lambda c: (len(c.broader), c.order))
            meant = [concept.notation for concept in found]
        if meant:
            return f" Did you mean {' or '.join(meant[:3])}?"
        return f" List them with: mipex-kb vocab {kind}"

    def _name_index(self, kind: str) -> dict[str, list[Concept]]:
        if kind not in self._names:
            strong: dict[str, list[Concept]] = defaultdict(list)
            weak: dict[str, list[Concept]] = defaultdict(list)
            for concept in self.concepts(kind):
                for name in {fold(concept.notation), fold(concept.label)}:
                    strong[name].append(concept)
                for name in {fold(label) for label in concept.alt_labels}:
                    weak[name].append(concept)
            self._names[kind] = {**weak, **strong}
        return self._names[kind]


def read_turtle(paths: Iterable[Path]) -> Vocabulary:
    """Read the SKOS concepts of Turtle files.

    Raises:
        CollectionError: a file is no Turtle; the message names the place.
    """
    import pyoxigraph

    quads: list[pyoxigraph.Quad] = []
    for path in paths:
        try:
            quads += pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
        except (SyntaxError, OSError) as error:
            raise CollectionError(f"{path.name} cannot be read: {error}. Correct the Turtle there.") from None
    return from_quads(quads)


def from_quads(quads: Iterable[pyoxigraph.Quad]) -> Vocabulary:
    """Build the vocabulary from the quads of an ontology."""
    return from_triples(
        (quad.subject.value, quad.predicate.value, quad.object.value)  # type: ignore[union-attr]
        for quad in quads
        if getattr(quad.object, "language", None) in (None, "en")
    )


def from_triples(triples: Iterable[tuple[str, str, str]]) -> Vocabulary:
    """Build the vocabulary from plain triples of texts; subjects without a notation in the base are no concepts."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        if subject.startswith(BASE):
            values[subject][predicate].append(value)
    return Vocabulary(
        concept for subject, found in values.items() if (concept := _concept(subject, found, values)) is not None
    )


def _concept(subject: str, found: dict[str, list[str]], everything: dict[str, dict[str, list[str]]]) -> Concept | None:
    kind = subject[len(BASE) :].partition("/")[0]
    notations = found.get(_SKOS + "notation")
    if not notations or _SKOS + "inScheme" not in found:
        return None
    valence = found.get(EV + "valence")
    return Concept(
        kind=kind,
        notation=notations[0],
        label=min(found.get(_SKOS + "prefLabel", [notations[0]])),
        alt_labels=tuple(sorted(found.get(_SKOS + "altLabel", []))),
        definition=min(found.get(_SKOS + "definition", [""])),
        broader=tuple(
            sorted(
                everything[parent][_SKOS + "notation"][0]
                for parent in found.get(_SKOS + "broader", [])
                if _SKOS + "notation" in everything.get(parent, {})
            )
        ),
        level=min(found.get(EV + "level", [""])),
        valence=_whole(subject, "ev:valence", valence[0]) if valence else None,
        order=_whole(subject, "ev:sortOrder", min(found.get(EV + "sortOrder", ["1000"]))),
    )


def _whole(subject: str, name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        message = f"{name} of {subject} is {value!r}, which is no whole number. Correct it in the ontology."
        raise CollectionError(message) from None
