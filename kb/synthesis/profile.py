"""What kind of studies stand behind a count: designs, countries, years, measures, and how they were read."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from kb.synthesis.model import Counted, Profile, Spread, counted_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kb.evidence import Row
    from kb.tables import StudyRow

LEVELS = ("fulltext", "abstract", "secondary")
_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_COVERAGE = re.compile(
    rf"(\d+|{'|'.join(_WORDS)}) (?!states\b)((?!us\b)[^\W\d][\w-]* ){{0,3}}"
    r"(countries|states|democracies)\b(?! of origin)",
    re.IGNORECASE,
)
_MORE = re.compile(r"^[^;,(]* and [A-Z]")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


class Known(NamedTuple):
    """What is known beside the rows: coverage in words by study, verified findings, studies coded twice."""

    coverage: Mapping[str, str]
    verified: frozenset[str]
    coded_twice: frozenset[str] | None


def number_of_countries(study: StudyRow, coverage: str = "") -> int | None:
    """Return in how many countries a study was made, none where neither codes nor words say it exactly.

    Words are read only where they begin with the number, as in "27 European countries".
    """
    codes = [code for code in study.countries.split("; ") if code]
    if codes:
        return len(codes)
    found = _COVERAGE.match(coverage)
    if not found or _MORE.match(coverage[found.end() :]):
        return None
    word = found[1].lower()
    return int(word) if word.isdigit() else _WORDS.index(word) + 2


def best_level(rows: Iterable[Row]) -> str:
    """Return where the best read of some findings was read; empty where that is not recorded."""
    levels = {row.source_level for row in rows}
    return next((level for level in LEVELS if level in levels), "")


def profile(rows: Sequence[Row], studies: Mapping[str, StudyRow], known: Known) -> Profile:
    """Describe the studies of some findings."""
    by_study: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_study[row.study].append(row)

    def of(key: str) -> Counted:
        return counted_rows(by_study[key])

    def grouped(values: Callable[[str], Iterable[str]]) -> dict[str, Counted]:
        found: dict[str, list[Row]] = defaultdict(list)
        for key in by_study:
            for value in dict.fromkeys(values(key)):
                found[value] += by_study[key]
        return dict(
            sorted(
                ((name, counted_rows(of)) for name, of in found.items()), key=lambda item: (-item[1].number, item[0])
            )
        )

    def parts(text: str) -> list[str]:
        return [part.strip() for part in text.split(";") if part.strip()]

    numbers = {key: number_of_countries(studies[key], known.coverage.get(key, "")) for key in by_study}
    years = {key: data_years(studies[key]) for key in by_study}
    levels = grouped(lambda key: [best_level(by_study[key])])
    every_year = [year for found in years.values() for year in found]
    dated = [row for row in rows if years[row.study]]
    return Profile(
        grouped(lambda key: parts(studies[key].design)),
        _spread({key: number for key, number in numbers.items() if number is not None}, of),
        Spread(median(every_year), min(every_year), max(every_year), counted_rows(dated)) if every_year else None,
        _by_value(rows, lambda row: parts(row.measure)),
        {level: levels.get(level, Counted()) for level in (*LEVELS, *([""] if "" in levels else []))},
        _by_value(rows, lambda row: parts(row.population)),
        grouped(lambda key: [part.partition(":")[0] for part in parts(studies[key].data)]),
        counted_rows(row for row in rows if row.finding in known.verified),
        None if known.coded_twice is None else counted_rows(row for row in rows if row.study in known.coded_twice),
    )


def data_years(study: StudyRow) -> list[int]:
    """Return the first and the last year of the data of a study; none where neither period nor rounds say it."""
    found = [int(year) for year in _YEAR.findall(study.period) or _YEAR.findall(study.data)]
    return [min(found), max(found)] if found else []


def _by_value(rows: Iterable[Row], values: Callable[[Row], Iterable[str]]) -> dict[str, Counted]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for value in values(row):
            found[value].append(row)
    return dict(
        sorted(((name, counted_rows(of)) for name, of in found.items()), key=lambda item: (-item[1].number, item[0]))
    )


def _spread(numbers: Mapping[str, int], of: Callable[[str], Counted]) -> Spread | None:
    if not numbers:
        return None
    findings = tuple(sorted(key for study in numbers for key in of(study).findings))
    values = list(numbers.values())
    return Spread(median(values), min(values), max(values), Counted(tuple(sorted(numbers)), findings))
