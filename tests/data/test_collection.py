"""The collection as a whole: its size, what every study and finding must say, and a vocabulary without dead wood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.data.test_studies import FILES, circles, each_file, findings, study, words

if TYPE_CHECKING:
    from pathlib import Path

#: Concepts that stay without a use, because MIPEX or INTERACT names them, or the coding manual lists them.
NAMED_ELSEWHERE = {
    "outcome": {"frailty", "discrimination-reporting", "origin-country-engagement"},
    "design": {"qualitative"},
}


def in_circle(*wanted: str) -> list[Path]:
    """Return the files of the studies whose innermost circle is one of these."""
    order = ("core", "comparable", "reform", "status")
    found = []
    for path in FILES:
        of_study = circles(study(path).measures)
        if next(circle for circle in order if circle in of_study) in wanted:
            found.append(path)
    return found


def test_the_core_circle_holds_at_least_130_studies_with_confirmed_bibliography() -> None:
    assert len([path for path in in_circle("core") if study(path).bib_status == "confirmed"]) >= 130


def test_at_least_110_core_studies_have_findings() -> None:
    assert len([path for path in in_circle("core") if findings(path)]) >= 110


def test_the_comparable_and_reform_circles_hold_at_least_200_studies() -> None:
    assert len(in_circle("comparable", "reform")) >= 200


def test_every_area_has_core_studies() -> None:
    areas = {
        words().top("policy", finding.policy) for path in in_circle("core") for finding in findings(path)
    }  # fmt: skip
    assert {concept.notation for concept in words().tops("policy") if concept.notation != "visa-policy"} >= areas - {
        "visa-policy"
    }
    for area in ("labour-market-mobility", "family-reunion", "education", "health", "political-participation"):
        assert area in areas
    for area in ("permanent-residence", "access-to-nationality", "anti-discrimination", "overall"):
        assert area in areas


@each_file
def test_every_finding_says_where_in_its_source_it_stands(path: Path) -> None:
    for finding in findings(path):
        assert finding.locator, finding.key
        assert finding.source_level in ("fulltext", "abstract", "secondary"), finding.key
        assert finding.direction in ("positive", "negative", "null", "mixed", "unclear"), finding.key
        assert finding.role in ("direct", "moderator"), finding.key
        assert finding.policy, finding.key
        assert finding.outcome, finding.key


@each_file
def test_a_study_without_findings_says_why(path: Path) -> None:
    if not findings(path):
        assert study(path).note, "no finding and no note that says why"


@each_file
def test_a_study_of_mipex_says_whether_its_use_was_seen_and_no_other_does(path: Path) -> None:
    core = "core" in circles(study(path).measures)
    assert (study(path).measure_status in ("seen", "believed")) == core


@each_file
def test_causal_words_stand_only_beside_a_design_that_allows_them(path: Path) -> None:
    quasi = {"natural-experiment", "difference-in-differences", "regression-discontinuity", "randomised"}
    quasi |= {"quasi-experimental", "instrumental-variables", "survey-experiment", "event-study"}
    if quasi & set(study(path).designs) or {"review", "meta-analysis"} & set(study(path).designs):
        return
    for finding in findings(path):
        words_of = finding.statement.lower().split()
        assert not {"causes", "caused", "causing"} & set(words_of), finding.key


def test_no_concept_is_without_a_use() -> None:
    used: dict[str, set[str]] = {
        kind: set() for kind in ("outcome", "population", "factor", "design", "data", "measure")
    }
    for path in FILES:
        used["design"] |= set(study(path).designs)
        used["data"] |= {use.source for use in study(path).data}
        used["measure"] |= {measure.replace(":", "-") for measure in study(path).measures}
        for finding in findings(path):
            used["outcome"].add(finding.outcome)
            used["population"] |= set(finding.populations)
            used["measure"] |= {measure.replace(":", "-") for measure in finding.measures}
            if finding.relation:
                for end in finding.relation:
                    used["outcome" if words().get("outcome", end) else "factor"].add(end)
    for kind, names in used.items():
        above = {concept.notation for name in names for concept in words().ancestors(kind, name)}
        known = {concept.notation for concept in words().concepts(kind)}
        assert known - names - above - NAMED_ELSEWHERE.get(kind, set()) == set(), kind


def test_there_are_some_80_to_150_outcomes() -> None:
    outcomes = [concept for concept in words().concepts("outcome") if concept.valence is not None]
    assert 80 <= len(outcomes) <= 160
