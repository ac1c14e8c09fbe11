"""What the collection holds: studies and findings by circle, area, outcome and so on, and what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.evidence import Question, answer
from kb.named_queries import named_query
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.evidence import Row
    from kb.store import Reader
    from kb.vocabulary import Vocabulary

#: What a study may lack -> what the reader is told.
MISSING = {
    "uncoded": "no finding coded",
    "no_doi": "no DOI seen",
    "unconfirmed": "reference not confirmed",
    "unconfirmed_fields": "some field filled without being seen",
    "no_countries": "no countries listed",
    "no_data_source": "no data source named",
}


class Count(NamedTuple):
    """How many studies and findings share a value, in all circles and in the core circle.

    A study counts once, however many findings it has there. A finding counts in its own circle: a core study may have
    findings on another measure too.
    """

    studies: int
    findings: int
    core_studies: int
    core_findings: int


class Stats(NamedTuple):
    """The counts; every mapping goes from a notation, or a year, to its count.

    ``measure_status`` counts the core studies: whether the use of MIPEX was seen on a page or is believed.
    ``missing`` counts studies of all circles by what they lack, and ``missing_core`` those of the core circle.
    """

    studies: int
    findings: int
    by_circle: dict[str, Count]
    measure_status: dict[str, int]
    by_area: dict[str, Count]
    by_outcome_group: dict[str, Count]
    by_direction: dict[str, Count]
    by_source_level: dict[str, Count]
    by_year: dict[str, Count]
    missing: dict[str, int]
    missing_core: dict[str, int]


class _Entry(NamedTuple):
    value: str
    study: str
    circle: str


class _Study(NamedTuple):
    key: str
    year: str
    circle: str
    measure_status: str
    lacks: frozenset[str]


def stats(reader: Reader) -> Stats:
    """Count the collection."""
    rows = answer(reader, Question(measure=("all",))).rows
    studies = _studies(reader, {row.study for row in rows})
    areas, measures = reader.vocabulary("policy"), reader.vocabulary("measure")
    found = [(row, _circle(measures, row.measure)) for row in rows]
    core = [study for study in studies if study.circle == "core"]
    year = {study.key: study.year for study in studies}

    def counts(value: Callable[[Row], str], kind: str) -> dict[str, Count]:
        entries = [_Entry(value(row), row.study, circle) for row, circle in found]
        return _counts(entries, entries, [concept.notation for concept in reader.vocabulary(kind).concepts(kind)])

    return Stats(
        len(studies),
        len(rows),
        _counts(
            [_Entry(study.circle, study.key, study.circle) for study in studies],
            [_Entry(circle, row.study, circle) for row, circle in found],
            CIRCLES,
        ),
        {name: sum(study.measure_status == name for study in core) for name in ("seen", "believed")},
        counts(lambda row: areas.top("policy", row.policy), "policy"),
        counts(lambda row: row.outcome_group, "outcome"),
        counts(lambda row: row.direction, "direction"),
        counts(lambda row: row.source_level, "source-level"),
        _counts(
            [_Entry(study.year, study.key, study.circle) for study in studies],
            [_Entry(year[row.study], row.study, circle) for row, circle in found],
        ),
        _missing(studies),
        _missing(core),
    )


def _studies(reader: Reader, coded: set[str]) -> list[_Study]:
    found = []
    for key, year, circle, status, bib_status, *has in reader.rows(named_query("overview").text()):
        doi, unconfirmed, countries, data = (value == "true" for value in has)
        lacks = {
            "uncoded": key not in coded,
            "no_doi": not doi,
            "unconfirmed": bib_status != "confirmed",
            "unconfirmed_fields": unconfirmed,
            "no_countries": not countries,
            "no_data_source": not data,
        }
        found.append(_Study(key, year, circle, status, frozenset(name for name, lacking in lacks.items() if lacking)))
    return found


def _missing(studies: list[_Study]) -> dict[str, int]:
    return {name: sum(name in study.lacks for study in studies) for name in MISSING}


def _counts(studies: list[_Entry], findings: list[_Entry], order: Iterable[str] = ()) -> dict[str, Count]:
    """Return the counts by value, in the given order; values that are not in it come after the others, sorted."""
    keys: dict[str, set[str]] = defaultdict(set)
    core: dict[str, set[str]] = defaultdict(set)
    for entry in studies:
        keys[entry.value].add(entry.study)
        if entry.circle == "core":
            core[entry.value].add(entry.study)
    number = Counter(entry.value for entry in findings)
    core_number = Counter(entry.value for entry in findings if entry.circle == "core")
    places = {name: place for place, name in enumerate(order)}
    return {
        value: Count(len(keys[value]), number[value], len(core[value]), core_number[value])
        for value in sorted(keys | number, key=lambda value: (places.get(value, len(places)), value))
    }


def _circle(measures: Vocabulary, measure: str) -> str:
    """Return the circle of a finding: that of its measure, the innermost where there are several."""
    return measures.circle(name.strip().replace(":", "-") for name in measure.split(";"))
