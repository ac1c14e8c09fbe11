"""What a study uses of a data source, read from its coded fields: which rounds, years and countries, and whose data."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kb.text import plain_letters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.tables import StudyRow

#: Levels of concepts of the scheme of data sources, which the ontology gives; a concept without one is a data set.
OWN, KIND, CONTEXT = "own data", "kind of data", "context data"
_PART = re.compile(r"(\d{1,4})\s*[-–/]\s*(\d{1,4})\Z")
_NUMBER = re.compile(r"\d{1,4}(\.\d+)?\Z")
_FIRST_YEAR = 1850  # from here on a number is a year, below it a round


class Use(NamedTuple):
    """One data source of a study. What is not known is empty, and taken to overlap with anything.

    ``years`` are those that stand as rounds, else the period of the study; ``authors`` only matter for own data.
    """

    source: str
    rounds: frozenset[str]
    years: frozenset[int]
    countries: frozenset[str]
    own: bool = False
    authors: frozenset[str] = frozenset()

    def overlaps(self, other: Use) -> bool:
        """Say whether two studies share data: the same source, and rounds and countries that may overlap."""
        if self.source != other.source or (self.own and not self.authors & other.authors):
            return False
        if self.countries and other.countries and not self.countries & other.countries:
            return False
        if self.rounds and other.rounds:
            return bool(self.rounds & other.rounds)
        return not (self.years and other.years) or bool(self.years & other.years)

    def common_rounds(self, other: Use) -> str:
        """Return the rounds, else the years, that both name; empty where one names none."""
        if self.rounds and other.rounds:
            return ", ".join(sorted(self.rounds & other.rounds, key=lambda text: (float(text), text)))
        return _spans(self.years & other.years)


def read_uses(study: StudyRow, levels: Mapping[str, str]) -> tuple[Use, ...]:
    """Return the data sources by which a study can be tied to others, sorted; none where they are not known.

    ``levels`` says by data source what it names. Kinds of data and context data tie nobody and are left out.
    """
    countries = frozenset(code.strip() for code in study.countries.split(";") if code.strip())
    period = _period(study.period)
    found: dict[str, Use] = {}
    for part in study.data.split(";"):
        source, _, text = (word.strip() for word in part.partition(":"))
        level = levels.get(source, "")
        if not source or level in (KIND, CONTEXT):
            continue
        rounds, years = _rounds(text)
        own = level == OWN
        use = Use(source, rounds, years or period, countries, own, _owners(study) if own else frozenset())
        if source in found:
            use = _both(found[source], use)
        found[source] = use
    return tuple(found[source] for source in sorted(found))


def _both(one: Use, other: Use) -> Use:
    """Return two uses of a source by the same study as one; what one of them leaves open is open."""
    rounds = one.rounds | other.rounds if one.rounds and other.rounds else frozenset[str]()
    years = one.years | other.years if one.years and other.years else frozenset[int]()
    return one._replace(rounds=rounds, years=years)


@lru_cache(maxsize=4096)
def _rounds(text: str) -> tuple[frozenset[str], frozenset[int]]:
    """Return the rounds, or else the years, that a text such as "2-5" or "2002, 2010" names.

    Where it mixes both or cannot be read, nothing is known.
    """
    rounds: set[str] = set()
    years: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        if span := _PART.match(part):
            first, last = int(span[1]), int(span[2])
            numbers = [str(number) for number in range(first, last + 1)]
        elif _NUMBER.match(part):
            numbers = [part]
        else:
            numbers = []
        if not numbers:
            return frozenset(), frozenset()
        for number in numbers:
            if float(number) >= _FIRST_YEAR:
                years.add(int(float(number)))
            else:
                rounds.add(number.lstrip("0") or "0")
    return (frozenset(), frozenset()) if rounds and years else (frozenset(rounds), frozenset(years))


@lru_cache(maxsize=4096)
def _period(text: str) -> frozenset[int]:
    years = re.findall(r"\d{4}", text)
    return frozenset(range(int(years[0]), int(years[-1]) + 1)) if years else frozenset()


def _owners(study: StudyRow) -> frozenset[str]:
    """Return the authors; data of a study without authors are those of no other study."""
    return _persons(study.authors) or frozenset({f"; {study.study}"})


@lru_cache(maxsize=4096)
def _persons(authors: str) -> frozenset[str]:
    """Return the authors as they are compared: family and first letter of the given name."""
    names = (name.partition(",") for name in plain_letters(authors).split(";"))
    return frozenset(f"{family.strip()} {given.strip()[:1]}" for family, _, given in names if family.strip())


def _spans(years: frozenset[int]) -> str:
    """Return years as spans, as in "2002-2008, 2010"."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
