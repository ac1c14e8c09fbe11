"""What may be chosen among findings: facets with their values, and a choice of them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.evidence import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.vocabulary import Vocabulary

POLICY, CIRCLE, YEAR = "policy", "circle", "year"
_BAND = 5  # years


class Facet(NamedTuple):
    """One way to choose: ``kind`` of its concepts (empty for years) and the ``field`` of a finding that holds them."""

    name: str
    label: str
    kind: str
    field: str
    help: str


class Value(NamedTuple):
    """One value of a facet in its place: ``above`` is the value directly above it, empty at the top."""

    name: str
    label: str
    above: str
    depth: int


@cache
def facets() -> dict[str, Facet]:
    """Return all facets by name, in the order in which they are shown; the policy is the last."""
    content = tomllib.loads(Path(__file__).with_name("facets.toml").read_text("utf-8"))
    return {facet["name"]: Facet(**facet) for facet in content["facet"]}


class Choice(NamedTuple):
    """A choice of findings: any of the picked values of one facet, and of all facets together, and every word.

    ``picked`` holds pairs of facet and value, sorted. ``findings`` and ``studies`` are keys; empty means all.
    """

    picked: tuple[tuple[str, str], ...] = ((CIRCLE, "core"),)
    search: str = ""
    findings: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()

    def of(self, facet: str) -> tuple[str, ...]:
        """Return the picked values of a facet; none means that it does not matter."""
        return tuple(value for name, value in self.picked if name == facet)

    def only(self, facet: str, *values: str) -> Choice:
        """Return the choice with exactly these values of a facet."""
        others = {pair for pair in self.picked if pair[0] != facet}
        return self._replace(picked=tuple(sorted(others | {(facet, value) for value in values})))

    def toggled(self, facet: str, value: str) -> Choice:
        """Return the choice with a value put in or taken out."""
        return self._replace(picked=tuple(sorted({*self.picked} ^ {(facet, value)})))

    @property
    def policy(self) -> str:
        """The first picked policy, empty for all."""
        return next(iter(self.of(POLICY)), "")

    @property
    def circle(self) -> str:
        """The picked circles in words; "all" where it does not matter."""
        return " and ".join(self.of(CIRCLE)) or "all"


#: Everything: no facet matters.
EVERYTHING = Choice(picked=())


def choice_of(memory: object, vocabulary: Vocabulary) -> Choice:
    """Return a choice that was kept as JSON; what is no longer a value is left out, rubbish is the first choice."""
    if not isinstance(memory, dict) or not isinstance(memory.get("picked"), list):
        return Choice()
    picked = set()
    for pair in memory["picked"]:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
            facet = facets().get(pair[0])
            if facet and (vocabulary.get(facet.kind, pair[1]) if facet.kind else pair[1][:4].isdecimal()):
                picked.add((pair[0], pair[1]))
    keys = [memory.get(name) for name in ("findings", "studies")]
    texts = [tuple(key for key in found if isinstance(key, str)) if isinstance(found, list) else () for found in keys]
    search = memory.get("search")
    return Choice(tuple(sorted(picked)), search if isinstance(search, str) else "", *texts)


def question_of(choice: Choice) -> Question:
    """Return the question that has the same answer, but for the words searched for."""
    years = sorted({year for value in choice.of(YEAR) for year in years_of(value)})
    return Question(
        policy=choice.of(POLICY),
        outcome=choice.of("outcome"),
        population=choice.of("population"),
        direction=choice.of("direction"),
        appraisal=choice.of("appraisal"),
        role=choice.of("role"),
        design=choice.of("design"),
        measure=choice.of(CIRCLE) or ("all",),
        source_level=choice.of("source-level"),
        country=choice.of("country"),
        data=choice.of("data"),
        year=tuple(years),
        study=choice.studies,
        finding=choice.findings,
    )


def band_of(year: str) -> str:
    """Return the band of years in which a year lies, such as 2010-2014."""
    start = int(year) // _BAND * _BAND
    return f"{start}-{start + _BAND - 1}"


def years_of(value: str) -> list[str]:
    """Return the years of a band, or the year itself."""
    first, _, last = value.partition("-")
    return [str(year) for year in range(int(first), int(last or first) + 1)]


def values_in_use(facet: Facet, used: Iterable[str], vocabulary: Vocabulary) -> list[Value]:
    """Return the used values and all above them, each below the one that it belongs to."""
    if facet.name == YEAR:
        found = []
        for band in sorted({band_of(year) for year in used if year.isdecimal()}, reverse=True):
            found.append(Value(band, band.replace("-", "–"), "", 0))
            inside = set(years_of(band)).intersection(used)
            found += [Value(year, year, band, 1) for year in sorted(inside, reverse=True)]
        return found
    wanted = set(used)
    for value in list(wanted):
        wanted.update(concept.notation for concept in vocabulary.ancestors(facet.kind, value))
    found = []
    queue = [(concept, "", 0) for concept in reversed(vocabulary.tops(facet.kind))]
    seen: set[str] = set()
    while queue:
        concept, above, depth = queue.pop()
        if concept.notation in wanted and concept.notation not in seen:
            seen.add(concept.notation)
            found.append(Value(concept.notation, concept.label, above, depth))
            below = vocabulary.narrower(facet.kind, concept.notation)
            queue += [(narrower, concept.notation, depth + 1) for narrower in reversed(below)]
    return found
