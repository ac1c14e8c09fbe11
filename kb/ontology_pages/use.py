"""What the collection makes of the ontology: how often a concept is used, and an example of each own term."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.namespaces import BASE, EV, PREFIXES, prefix_header
from kb.text import counted

if TYPE_CHECKING:
    from kb.ontology_pages.ontology import Ontology
    from kb.store import Reader

_TYPE = PREFIXES["rdf"] + "type"
#: The study whose entry the examples of the own terms are about, wherever it has what is to be shown.
EXAMPLE = "migali2017determinants"


class Statement(NamedTuple):
    """How often a term is used, and one time when it is: of what, by short address, and the value it has there."""

    number: int
    subject: str
    value: str


class Use:
    """Counts and examples of one collection."""

    def __init__(self, reader: Reader, ontology: Ontology) -> None:
        self._ontology = ontology
        self._findings: dict[str, set[str]] = defaultdict(set)
        self._studies: dict[str, set[str]] = defaultdict(set)
        for concept, study, finding in reader.rows(_query("findings")):
            self._studies[concept].add(study)
            self._findings[concept].add(finding)
        for concept, study in reader.rows(_query("studies")):
            self._studies[concept].add(study)
        self.statements = _statements(reader)

    def of(self, concept: str) -> str:
        """Return how many findings and studies use a concept or what lies below it; empty where none does."""
        findings, studies = self._below(self._findings, concept), self._below(self._studies, concept)
        parts = [counted(len(findings), "finding")] if findings else []
        return ", ".join([*parts, counted(len(studies), "study", "studies")]) if studies else ""

    def _below(self, found: dict[str, set[str]], concept: str) -> set[str]:
        here = set(found.get(concept, ()))
        for narrower in self._ontology.below(concept):
            here |= self._below(found, narrower)
        return here


def _statements(reader: Reader) -> dict[str, Statement]:
    """Return by own term how often it is used, and one statement: of the example where it has one, else the first."""
    found: dict[str, list[tuple[bool, str, str]]] = defaultdict(list)
    for subject, term, value in reader.rows(_query("statements")):
        used, shown = (value, "") if term == _TYPE else (term, value)
        found[used].append((EXAMPLE not in subject, subject.removeprefix(BASE), shown))
    return {term: Statement(len(made), *min(made)[1:]) for term, made in found.items() if term.startswith(EV)}


def _query(name: str) -> str:
    return prefix_header() + Path(__file__).with_name(f"{name}.rq").read_text("utf-8")
