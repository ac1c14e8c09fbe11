"""The SHACL shapes as rules to read: whom each is for, what it asks, what to do, and which properties it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.namespaces import BASE, PREFIXES
from kb.ontology_pages.ontology import short

if TYPE_CHECKING:
    from kb.ontology_pages.ontology import Ontology

SHAPES = BASE + "shapes#"
_WAYS = ("sh:property", "sh:node", "sh:not")
_CONSTRAINTS = (
    "minCount", "maxCount", "datatype", "class", "node", "nodeKind", "pattern", "minLength", "maxLength", "hasValue",
    "minInclusive", "maxInclusive", "uniqueLang", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount",
    "not",
)  # fmt: skip


class Rule(NamedTuple):
    """One rule. ``targets`` and ``about`` are short names, ``field`` the BibTeX field, ``asks`` its SHACL in short.

    ``message`` says what is wrong where it is broken and what to do; ``warning``: a gap, not a mistake.
    """

    name: str
    group: str
    targets: tuple[str, ...]
    about: tuple[str, ...]
    field: str
    message: str
    warning: bool
    asks: str


def rules(ontology: Ontology) -> list[Rule]:
    """Return all rules that have a message, by group and order."""
    targets = _targets(ontology)
    shapes = {
        shape
        for kind in ("NodeShape", "PropertyShape")
        for shape in ontology.subjects("rdf:type", PREFIXES["sh"] + kind)
        if ontology.text(shape, "sh:message")
    }

    def key(shape: str) -> tuple[int, tuple[str, ...], int, str]:
        group = ontology.text(shape, "sh:group")
        place = int(ontology.text(group, "sh:order") or 99) if group else 99
        return place, targets.get(shape, ()), int(ontology.text(shape, "sh:order") or 0), shape

    return [_rule(ontology, shape, targets.get(shape, ())) for shape in sorted(shapes, key=key)]


def _rule(ontology: Ontology, shape: str, targets: tuple[str, ...]) -> Rule:
    own = ontology.text(shape, "sh:path")
    about = {own} if own else _paths(ontology, shape)
    asks = [
        f"{name} {', '.join(short(value).removeprefix('shapes#') for value in values)}"
        for name in _CONSTRAINTS
        if (values := ontology.texts(shape, f"sh:{name}"))
    ]
    group = ontology.text(shape, "sh:group")
    return Rule(
        shape.removeprefix(SHAPES), ontology.label(group) if group else "", targets,
        tuple(sorted(map(short, about))), ontology.text(shape, "sh:name"), ontology.text(shape, "sh:message"),
        ontology.text(shape, "sh:severity") != PREFIXES["sh"] + "Violation", "; ".join(asks),
    )  # fmt: skip


def _targets(ontology: Ontology) -> dict[str, tuple[str, ...]]:
    """Return by shape what it is asked of, directly or as a property of another shape."""
    found: dict[str, set[str]] = {}
    for shape in ontology.subjects("rdf:type", PREFIXES["sh"] + "NodeShape"):
        names = {short(kind) for kind in ontology.texts(shape, "sh:targetClass")}
        names |= {short(name) for name in ontology.texts(shape, "sh:targetSubjectsOf")}
        for part in (shape, *ontology.texts(shape, "sh:property")):
            found.setdefault(part, set()).update(names)
    return {shape: tuple(sorted(names)) for shape, names in found.items()}


def _paths(ontology: Ontology, shape: str) -> set[str]:
    """Return the properties that a shape and those that it refers to look at."""
    found: set[str] = set()
    queue, seen = [shape], {shape}
    while queue:
        part = queue.pop()
        if path := ontology.text(part, "sh:path"):
            found.add(path)
            continue
        for way in _WAYS:
            for other in ontology.texts(part, way):
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
    return found
