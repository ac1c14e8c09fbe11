"""Same, probably the same, or new: a table of pairs of references."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.intake.identity import Index, Match
from kb.intake.incoming import facts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS = {
    "author": "Röder, Antje and van der Berg, Bo",
    "title": "Integration policies and generalised trust: evidence from twenty countries",
    "journal": "Journal of Made-up Results",
    "year": "2014",
    "doi": "10.9999/trust.2014",
}


def matches(theirs: Mapping[str, str], ours: Mapping[str, str] = OURS) -> list[Match]:
    index = Index()
    index.add("ours", facts_of(ours))
    return index.find(facts_of(theirs))


def verdict(theirs: Mapping[str, str], ours: Mapping[str, str] = OURS) -> str:
    found = matches(theirs, ours)
    return "new" if not found else "same" if found[0].certain else "probable"


def other(**changes: str) -> dict[str, str]:
    """Return our reference with fields changed; an empty value takes the field away. Without the DOI unless given."""
    fields = {**OURS, "doi": "", **changes}
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize(
    "theirs",
    [
        {"title": "Integration policies and generalised trust", "doi": "https://doi.org/10.9999/TRUST.2014"},
        other(title="", author="", doi="doi:10.9999/trust.2014"),
        other(url="http://dx.doi.org/10.9999/trust.2014", year="2013"),
        other(),
        other(title="INTEGRATION POLICIES AND GENERALISED TRUST: EVIDENCE FROM TWENTY COUNTRIES"),
        other(title="{Integration} {\\textit{Policies}} and Generalised Trust -- Evidence from Twenty Countries."),
        other(title="Integration policies and\n  generalised trust", subtitle="Evidence from twenty countries"),
        other(title="Intégration policies and generalised trust - evidence from twenty countries"),
        other(author="Roeder, A. and Berg, Bo van der"),
        other(author='R{\\"o}der, Antje'),
        other(author='R\\"oder, Antje'),
        other(author="Roder, Antje"),
        other(author="Antje Röder and others"),
        other(author="family=Röder, given=Antje and family=Berg, given=Bo, prefix=van der"),
        other(journal="Other Writing of the Journal"),
    ],
)
def test_the_same_reference_is_known_however_it_is_written(theirs: dict[str, str]) -> None:
    assert verdict(theirs) == "same"


@pytest.mark.parametrize(
    "theirs",
    [
        other(year="2013", journal=""),
        other(year="2013", journal="Journal of Results"),
        other(year="2011", journal="", institution="Institute of Inventions", number="WP 11/3"),
        other(year=""),
        other(author=""),
        other(author="van der Berg, Bo"),
        other(author="Berg, Bo van der"),
        other(doi="10.9999/preprint.77", journal=""),
        other(title="Integration policies and generalised trust"),
        other(title="Integration policies and generalized trust: evidence from twenty countries"),
        other(title="Integration policies and generalised trusts: evidence from twenty countries"),
        {"title": "A wholly other thing", "author": "Gamma, C.", "year": "2001", "doi": "10.9999/trust.2014"},
    ],
)
def test_what_may_be_the_same_is_put_before_a_person(theirs: dict[str, str]) -> None:
    found = matches(theirs)
    assert [match.certain for match in found] == [False]
    assert 0 < found[0].score < 1
    assert found[0].reason


GERMANY = other(title="Attitudes to immigrants and integration policies in Germany", journal="")
PART = other(title="Political participation of immigrants in Europe, part I: voting")
SERIES = other(title="Annual report on migration and asylum", journal="", author="{Office of Inventions}", year="2010")
COLUMN = other(title="Editorial introduction to the issue", journal="Journal of Made-up Results", year="2010")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (GERMANY, {**GERMANY, "title": "Attitudes to immigrants and integration policies in Denmark"}),
        (GERMANY, {**GERMANY, "title": "Attitudes to minorities and integration policies in Germany"}),
        (PART, {**PART, "title": "Political participation of immigrants in Europe, part II: voting"}),
        (PART, {**PART, "title": "Political participation of immigrants in Europe, part I: protest"}),
        (SERIES, {**SERIES, "title": "Annual report on migration and asylum 2010"}),
        (OURS, other(title="Integration policies in 2010", author="Röder, Antje")),
        (
            other(title="Migrant Integration Policy Index 2010"),
            other(title="Migrant Integration Policy Index 2014"),
        ),
        (COLUMN, {**COLUMN, "year": "2012"}),
        (other(title="Editorial"), other(title="Editorial", author="Gamma, C.")),
        (OURS, other(author="Gamma, Clara")),
        (OURS, other(year="2001")),
        (OURS, other(title="Naturalisation and wages")),
        (OURS, {"author": "Röder, Antje", "year": "2014"}),
        (other(title="移民融合政策"), other(title="移民社会信任")),
        ({}, {}),
    ],
)
def test_different_studies_are_not_merged(ours: dict[str, str], theirs: dict[str, str]) -> None:
    found = matches(theirs, ours)
    longer_title = theirs == {**SERIES, "title": "Annual report on migration and asylum 2010"}
    assert not any(match.certain for match in found)
    assert found == [] or longer_title


@pytest.mark.parametrize("year", ["2009", "2011", "2012"])
def test_a_report_of_another_year_is_never_taken_for_certain(year: str) -> None:
    assert verdict({**SERIES, "year": year}, SERIES) in ("new", "probable")


def test_an_organisation_is_an_author() -> None:
    assert verdict({**SERIES, "author": "{Office of Inventions}"}, SERIES) == "same"
    assert verdict({**SERIES, "author": "{Ministry of Inventions}"}, SERIES) == "new"


def test_of_several_records_the_best_comes_first() -> None:
    index = Index()
    index.add("paper", facts_of(other(year="2012", journal="")))
    index.add("article", facts_of(other()))
    found = index.find(facts_of(other(title=OURS["title"].upper())))
    assert [(match.key, match.certain) for match in found] == [("article", True), ("paper", False)]


@pytest.mark.parametrize(("one", "two"), [(GERMANY, OURS), (PART, SERIES), (OURS, other(year="2012")), (OURS, SERIES)])
def test_likeness_has_no_direction(one: dict[str, str], two: dict[str, str]) -> None:
    assert verdict(one, two) == verdict(two, one)
