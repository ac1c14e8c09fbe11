"""Entries to records: what a study and a finding must have, and what happens to the rest."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.fields import BIBO_CLASSES, FINDING_FIELDS, STUDY_FIELDS
from kb.model import DataUse, Estimate, Person, Record, Relation
from kb.quads import record_quads
from kb.records import read_records
from kb.vocabulary import Vocabulary, read_turtle

if TYPE_CHECKING:
    from kb.problems import Problem

TESTS = Path(__file__).resolve().parents[1]
STUDY = {
    "author": '{Alpha, Anna and M{\\"u}ller, Jörg}',
    "title": "{Made-up study}",
    "journal": "{Journal of Made-up Results}",
    "year": "{2001}",
    "measure": "{mipex:2007}",
    "measurestatus": "{seen}",
    "design": "{cross-sectional}",
    "countries": "{AT; BE}",
    "bibstatus": "{confirmed}",
    "bibsource": "{https://example.org/alpha}",
}
FINDING = {
    "study": "{alpha2001trust}",
    "policy": "{anti-discrimination}",
    "outcome": "{generalised-trust}",
    "population": "{immigrants}",
    "role": "{direct}",
    "direction": "{positive}",
    "statement": "{Own words.}",
    "source": "{https://example.org/alpha}",
    "sourcelevel": "{abstract}",
}
MODERATOR = {
    **FINDING,
    "role": "{moderator}",
    "relation": "{perceived-discrimination -> generalised-trust}",
    "direction": "{negative}",
    "appraisal": "{favourable}",
}
VALUES = (
    "a1", "health", "direct", "moderator", "2001", "-1.5", "$x$", "\\foo{x}", "https://example.org/[x]", "a -> b", "",
    "ess:2; mipex:2015", "10.1000/<x>", "\x1b\u202e", "A and B & C, D, E, F", "https://example.org/100%", "{", "\\",
    ";", "http://a:b", "urn:nbn:%", "=1+1", "2001/2002", "a; b; c", "ä/ö", "\ud800", "9" * 5000, "1" * 400,
)  # fmt: skip
names = st.sampled_from(sorted({*STUDY_FIELDS, *FINDING_FIELDS, "abstract", "odd"}))
values = st.one_of(st.sampled_from(VALUES), st.text())
line = st.one_of(
    st.sampled_from(
        ["@misc{a1,", "@finding{a1-1,", "@article{b2,", "}", "}\n", '"', "%", "@comment{", "@string{x = {y}}", "\n"]
    ),
    st.builds("{} = {{{}}},".format, names, values),
)


@cache
def words() -> Vocabulary:
    return read_turtle(sorted((TESTS.parent / "ontology").glob("*.ttl")))


def entry(kind: str, key: str, fields: dict[str, str]) -> str:
    return f"@{kind}{{{key},\n" + "".join(f"  {name} = {value},\n" for name, value in fields.items()) + "}\n"


def study(**changes: str | None) -> str:
    return entry("article", "alpha2001trust", without(STUDY, changes))


def finding(base: dict[str, str] = FINDING, key: str = "alpha2001trust-1", /, **changes: str | None) -> str:
    return entry("finding", key, without(base, changes))


def without(base: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def records(text: str) -> tuple[Record, list[Problem]]:
    return read_records(text, "here.bib", words())


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def only(problems: list[Problem], severity: str = "error") -> Problem:
    assert len(set(problems)) == 1, problems
    problem = problems[0]
    assert problem.severity == severity
    assert problem.file == "here.bib"
    assert problem.message
    assert problem.remedy
    return problem


def test_a_study_and_its_finding_are_read_whole() -> None:
    text = study(volume="12", number="3", pages="{1--20}", doi="{10.5555/toy.2001.1}", data="{ess:2-3; evs}",
                 period="{2004/2006}", n="{12,345}", unconfirmed="{volume}", related="{beta2002}",
                 note="{A note.}")  # fmt: skip
    text += finding(estimate="{0.25}", se="{0.10}", p="{<0.05}", n="{12,345}", model="{made-up}", locator="{Table 1}",
                    coder="{c1}", coded="{2026-11-25}", verifier="{c2}", verified="{2026-11-26}")  # fmt: skip
    record, problems = records(text)
    assert problems == []
    read = record.studies[0]
    assert read.authors == (Person("Alpha", "Anna"), Person("Müller", "Jörg"))
    assert (read.key, read.type, read.title, read.year) == ("alpha2001trust", "article", "Made-up study", 2001)
    assert (read.container, read.volume, read.number, read.pages) == ("Journal of Made-up Results", "12", "3", "1–20")
    assert read.data == (DataUse("ess", "2-3"), DataUse("evs"))
    assert (read.measures, read.designs, read.countries) == (("mipex-2007",), ("cross-sectional",), ("AT", "BE"))
    assert (read.doi, read.period, read.n, read.unconfirmed) == (
        "10.5555/toy.2001.1",
        "2004/2006",
        "12,345",
        ("volume",),
    )
    assert (read.bib_status, read.bib_sources, read.related) == (
        "confirmed",
        ("https://example.org/alpha",),
        ("beta2002",),
    )
    first = record.findings[0]
    assert (first.key, first.study, first.policy, first.outcome) == (
        "alpha2001trust-1", "alpha2001trust", "anti-discrimination", "generalised-trust",
    )  # fmt: skip
    assert first.estimate == Estimate("0.25", "0.10", "<0.05", "12,345", "made-up")
    assert (first.coder, first.coded, first.verifier, first.verified) == ("c1", "2026-11-25", "c2", "2026-11-26")
    assert (first.sources, first.source_level, first.locator) == (("https://example.org/alpha",), "abstract", "Table 1")
    assert record.lines == (("alpha2001trust", 1), ("alpha2001trust-1", line_of(text, "@finding")))


def test_a_study_without_findings_is_legal() -> None:
    record, problems = records(study())
    assert (len(record.studies), record.findings, problems) == (1, (), [])


@pytest.mark.parametrize("name", ["title", "year"])
def test_a_study_without_title_or_year_is_left_out_with_its_findings(name: str) -> None:
    record, problems = records(study(**{name: None}) + finding())
    assert record.studies == ()
    assert record.findings == ()
    assert [problem.key for problem in problems] == ["alpha2001trust", "alpha2001trust-1"]
    assert all(problem.severity == "error" for problem in problems)


@pytest.mark.parametrize("name", ["author", "bibstatus"])
def test_a_study_that_lacks_another_needed_field_stays_and_is_reported(name: str) -> None:
    record, problems = records(study(**{name: None}))
    assert len(record.studies) == 1
    assert name in only(problems).message + problems[0].remedy


def test_an_editor_can_stand_for_the_author() -> None:
    record, problems = records(study(author=None, editor="{Editor, Eve}"))
    assert problems == []
    assert record.studies[0].editors == (Person("Editor", "Eve"),)


@pytest.mark.parametrize("name", ["study", "policy", "outcome", "role", "direction", "statement"])
def test_a_finding_that_lacks_what_it_is_made_of_is_left_out(name: str) -> None:
    text = study() + finding(**{name: None})
    record, problems = records(text)
    assert len(record.studies) == 1
    assert record.findings == ()
    problem = only(problems)
    assert (problem.key, problem.line) == ("alpha2001trust-1", line_of(text, "@finding"))


@pytest.mark.parametrize("name", ["population", "source", "sourcelevel"])
def test_a_finding_that_lacks_another_needed_field_stays_and_is_reported(name: str) -> None:
    record, problems = records(study() + finding(**{name: None}))
    assert len(record.findings) == 1
    assert name in only(problems).message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy", "{anti-discriminaton}"), ("outcome", "{generalized-trust}"), ("role", "{directly}"),
        ("direction", "{positiv}"), ("population", "{imigrants}"), ("sourcelevel", "{fulltxt}"),
        ("measure", "{mipex:1066}"), ("appraisal", "{good}"), ("coded", "{yesterday}"),
        ("estimate", "{n.s.}"), ("source", "{the library}"),
    ],
)  # fmt: skip
def test_a_wrong_value_in_a_finding_is_reported_at_its_own_line(name: str, value: str) -> None:
    text = study() + finding(**{name: value})
    _, problems = records(text)
    problem = problems[0]
    assert (problem.severity, problem.key) == ("error", "alpha2001trust-1")
    start = text.index("@finding")
    assert problem.line == text[: text.index(f"  {name} =", start)].count("\n") + 1
    assert value.strip("{}") in problem.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("year", "{20x1}"), ("measure", "{mipx}"), ("design", "{cross}"), ("data", "{esss}"), ("countries", "{AT; XX}"),
        ("period", "{then}"), ("doi", "{none}"), ("bibstatus", "{sure}"), ("bibsource", "{somewhere}"),
        ("measurestatus", "{maybe}"), ("n", "{many}"), ("title", "{\\foo{x} y}"), ("author", "{A & B}"),
    ],
)  # fmt: skip
def test_a_wrong_value_in_a_study_is_reported_at_its_own_line(name: str, value: str) -> None:
    text = study(**{name: value})
    _, problems = records(text)
    problem = only(problems)
    assert (problem.key, problem.line) == ("alpha2001trust", line_of(text, f"  {name} ="))


def test_a_wrong_field_is_left_out_alone() -> None:
    record, _ = records(study(doi="{none}", countries="{AT; XX}", period="{then}"))
    read = record.studies[0]
    assert (read.doi, read.countries, read.period, read.title) == ("", ("AT",), "", "Made-up study")


def test_unknown_fields_are_kept_and_reported() -> None:
    record, problems = records(study(tags="{trust}", month="jan") + finding(odd="{kept}", keywords="{too}"))
    assert record.studies[0].other == (("month", "January"), ("tags", "trust"))
    assert record.findings[0].other == (("keywords", "too"), ("odd", "kept"))
    assert [(problem.severity, "month" in problem.message) for problem in problems] == [("warning", False)] * 3


def test_a_study_without_a_measure_is_a_mistake_once_it_has_findings() -> None:
    assert records(study(measure=None))[1] == []
    problem = only(records(study(measure=None) + finding())[1])
    assert (problem.severity, problem.key) == ("error", "alpha2001trust")
    assert "measure" in problem.message


def test_biblatex_is_read_like_bibtex() -> None:
    record, problems = records(
        study(
            journal=None, year=None, journaltitle="{Journal of Trust}", date="{2001-05-03}", subtitle="{A reply}",
            issue="{4}", author="{family=Doe, given=Jane, prefix=van der and {World Bank}}",
        )
    )  # fmt: skip
    found = record.studies[0]
    assert problems == []
    assert (found.container, found.year, found.number) == ("Journal of Trust", 2001, "4")
    assert found.title.endswith(": A reply")
    assert found.authors == (Person("van der Doe", "Jane"), Person("World Bank"))
    assert found.other == ()


@pytest.mark.parametrize("name", ["abstract", "annote", "Abstract"])
def test_an_abstract_is_an_error_and_is_not_kept(name: str) -> None:
    record, problems = records(study(**{name: "{Copied text.}"}) + finding(**{name: "{Copied text.}"}))
    assert [(problem.severity, problem.key) for problem in problems] == [
        ("error", "alpha2001trust"),
        ("error", "alpha2001trust-1"),
    ]
    assert "Copied" not in repr(record)


def test_a_type_that_is_no_publication_is_reported() -> None:
    record, problems = records(study().replace("@article", "@leaflet"))
    assert len(record.studies) == 1
    assert "@leaflet" in only(problems).message


@pytest.mark.parametrize("kind", sorted(BIBO_CLASSES))
def test_every_type_of_publication_is_read(kind: str) -> None:
    record, problems = records(study().replace("@article", f"@{kind}"))
    assert [read.type for read in record.studies] == [kind]
    assert problems == []


def test_a_moderator_has_a_relation_and_an_appraisal() -> None:
    record, problems = records(study() + finding(MODERATOR))
    assert problems == []
    assert record.findings[0].relation == Relation("perceived-discrimination", "generalised-trust")
    assert record.findings[0].appraisal == "favourable"


@pytest.mark.parametrize("name", ["relation", "appraisal"])
def test_a_moderator_without_relation_or_appraisal_is_reported(name: str) -> None:
    text = study() + finding(MODERATOR, **{name: None})
    record, problems = records(text)
    assert len(record.findings) == 1
    assert name in only(problems).message


def test_a_direct_finding_has_neither_a_relation_nor_a_coded_appraisal() -> None:
    for name in ("relation", "appraisal"):
        _, problems = records(study() + finding(**{name: MODERATOR[name]}))
        assert problems
        assert name in only(problems).message


def test_a_direct_finding_on_an_outcome_without_valence_may_be_appraised() -> None:
    neutral = next(concept for concept in words().concepts("outcome") if concept.valence == 0)
    record, problems = records(study() + finding(outcome=f"{{{neutral.notation}}}", appraisal="{favourable}"))
    assert problems == []
    assert record.findings[0].appraisal == "favourable"


def test_a_finding_of_a_study_that_is_not_in_the_file_is_left_out() -> None:
    text = study() + finding(FINDING, "other2001-1", study="{other2001}")
    record, problems = records(text)
    assert record.findings == ()
    problem = only(problems)
    assert "other2001" in problem.message
    assert problem.line == text[: text.rindex("  study =")].count("\n") + 1


def test_a_finding_may_stand_before_its_study() -> None:
    record, problems = records(finding() + study())
    assert (len(record.findings), problems) == (1, [])


def test_a_finding_with_the_key_of_another_study_is_reported() -> None:
    text = study() + finding(FINDING, "beta2002-1")
    record, problems = records(text)
    assert len(record.findings) == 1
    assert only(problems).line == line_of(text, "@finding")


def test_a_cross_referenced_book_gives_its_fields_and_is_no_study_itself() -> None:
    chapter = entry(
        "incollection", "alpha2001trust", {**without(STUDY, {"journal": None, "year": None}), "crossref": "{book2001}"}
    )
    book = entry(
        "book",
        "book2001",
        {"title": "{A made-up book}", "publisher": "{Press}", "year": "{2001}", "editor": "{Ed, Eve}"},
    )
    record, problems = records(chapter + book)
    assert problems == []
    assert [read.key for read in record.studies] == ["alpha2001trust"]
    read = record.studies[0]
    assert (read.container, read.publisher, read.year, read.editors) == (
        "A made-up book",
        "Press",
        2001,
        (Person("Ed", "Eve"),),
    )


def test_an_author_list_over_several_lines_keeps_its_people() -> None:
    record, problems = records(study(author="{Alpha, Anna and\n            Beta, Ben and\n            Gamma, Gus}"))
    assert [person.family for person in record.studies[0].authors] == ["Alpha", "Beta", "Gamma"]
    assert problems == []


def test_a_broken_entry_leaves_the_others_and_their_lines_right() -> None:
    broken = "@finding{alpha2001trust-2,\n  study = {alpha2001trust}\n  policy = {health}\n}\n"
    text = study() + broken + finding(FINDING, "alpha2001trust-3", direction="{upwards}") + finding()
    record, problems = records(text)
    assert [read.key for read in record.findings] == ["alpha2001trust-1"]
    assert [(problem.key, problem.line) for problem in problems] == [
        ("alpha2001trust-2", line_of(text, "  policy = {health}")),
        ("alpha2001trust-3", line_of(text, "  direction = {upwards}")),
    ]


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_line_endings_change_neither_records_nor_lines(ending: str) -> None:
    text = (
        study(year="{20x1}")
        + study().replace("alpha2001trust", "beta2002")
        + finding(FINDING, "beta2002-1", study="{beta2002}")
    )
    assert records("\ufeff" + text.replace("\n", ending)) == records(text)


def test_the_hostile_record_is_read_without_control_characters() -> None:
    path = TESTS / "hostile" / "hostile2007record.bib"
    record, problems = records(path.read_text("utf-8"))
    assert len(record.studies) == 1
    assert not [letter for letter in repr(record) if not letter.isprintable()]
    assert "\\x" not in repr(record)
    assert "\\u" not in repr(record)
    assert any("Control" in problem.message for problem in problems)


@pytest.mark.parametrize("path", sorted((TESTS / "toy").glob("*.bib")), ids=lambda path: path.stem)
def test_the_toy_studies_read_without_problems(path: Path) -> None:
    record, problems = records(path.read_text("utf-8"))
    assert problems == []
    assert [read.key for read in record.studies] == [path.stem]


@pytest.mark.parametrize("text", ["", "\n", "no entries", "@comment{x}", "\ufeff"])
def test_a_file_without_entries_is_empty_and_fine(text: str) -> None:
    assert records(text) == (Record(), [])


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.lists(line, max_size=25).map("\n".join)))
def test_nothing_makes_the_reading_or_the_graph_raise(text: str) -> None:
    record, problems = records(text)
    assert all(problem.remedy and problem.line >= 1 for problem in problems)
    assert isinstance(record_quads(record, "here", words()), list)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(names, values, max_size=4), st.dictionaries(names, values, max_size=4))
def test_no_value_of_a_field_makes_the_reading_or_the_graph_raise(
    first: dict[str, str], second: dict[str, str]
) -> None:
    braced = [{name: "{" + value + "}" for name, value in fields.items()} for fields in (first, second)]
    record, problems = records(study(**braced[0]) + finding(**braced[1]) + entry("misc", "omega2001", {}))
    assert all(problem.remedy and problem.line >= 1 for problem in problems)
    assert ("omega2001" in dict(record.lines)) or problems
    assert isinstance(record_quads(record, "here", words()), list)


@settings(max_examples=60, deadline=None)
@given(st.lists(line, max_size=12).map("\n".join))
def test_a_good_study_survives_whatever_follows_it(odd: str) -> None:
    record, _ = records(study() + "\n" + finding() + "\n@misc{zz9,\n" + odd)
    assert "alpha2001trust" in [read.key for read in record.studies]
    assert "alpha2001trust-1" in [read.key for read in record.findings]
