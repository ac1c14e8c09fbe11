"""One field at a time: clean text, concepts, numbers, dates, addresses, each doubt with line and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.bibtex import read
from kb.fieldreader import FieldReader
from kb.fields import FORBIDDEN_FIELDS, STUDY_FIELDS
from kb.model import Person, Relation
from kb.namespaces import doi_iri
from kb.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from kb.problems import Problem

WORDS = Vocabulary(
    [
        Concept("policy", "health", "Health"),
        Concept("policy", "education", "Education"),
        Concept("outcome", "trust", "Trust", valence=1),
        Concept("outcome", "threat", "Threat", valence=-1),
        Concept("factor", "income", "Income"),
        Concept("data", "ess", "European Social Survey"),
        Concept("measure", "mipex", "MIPEX"),
        Concept("measure", "mipex-2015", "MIPEX 2015"),
        Concept("measure", "index-mcp", "Multiculturalism Policy Index"),
        Concept("country", "AT", "Austria"),
        Concept("country", "BE", "Belgium"),
    ]
)
address_text = st.text(st.one_of(st.characters(), st.sampled_from("/:?#[]@!$&'()*+,;=-._~%\\{}<>^|` \"ab19")))
SICI = "10.1002/(SICI)1097<1::AID>3.0.CO;2-X"


def reader(name: str, value: str) -> tuple[FieldReader, list[Problem]]:
    """Return a reader of an entry with one field, in line 3."""
    problems: list[Problem] = []
    entry = read(f"@misc{{a1,\n  zzz = {{x}},\n  {name} = {{{value}}}\n}}\n", "here.bib").entries[0]
    return FieldReader(entry, WORDS, problems), problems


def only(problems: list[Problem], severity: str = "error", line: int = 3) -> Problem:
    """Return the one problem, which must name file, line, key and remedy."""
    assert len(set(problems)) == 1, problems
    problem = problems[0]
    assert (problem.severity, problem.file, problem.line, problem.key) == (severity, "here.bib", line, "a1")
    assert problem.message
    assert problem.remedy
    return problem


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"M{\"u}ller  and\n".replace("\\n", "\n") + "  others", "Müller and others"),
        ("{Kept} Capitals", "Kept Capitals"),
        ("a~b -- c", "a b – c"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_text_is_unicode_on_one_line(value: str, expected: str) -> None:
    fields, problems = reader("title", value)
    assert fields.text("title") == expected
    assert problems == []


def test_a_field_that_is_not_there_is_empty() -> None:
    fields, problems = reader("title", "x")
    assert fields.text("note") == ""
    assert fields.items("note") == ()
    assert fields.concept("policy") == ""
    assert fields.concepts("countries") == ()
    assert fields.names("author") == ()
    assert fields.number("n") == fields.date("coded") == fields.period() == fields.doi() == ""
    assert fields.addresses("source") == ()
    assert fields.relation() is None
    assert problems == []


@pytest.mark.parametrize("value", ["", "  ", "{}"])
def test_a_required_field_that_is_empty_is_an_error_at_its_line(value: str) -> None:
    fields, problems = reader("statement", value)
    assert fields.text("statement", required=True) == ""
    assert "statement" in only(problems).message


def test_a_required_field_that_is_missing_is_an_error_at_the_entry() -> None:
    fields, problems = reader("title", "x")
    assert fields.text("statement", required=True) == ""
    only(problems, line=1)


@pytest.mark.parametrize("value", [r"\foo{x}", "$x^2$", r"\cite{x}"])
def test_latex_that_is_left_is_an_error(value: str) -> None:
    fields, problems = reader("title", value)
    fields.text("title")
    assert "LaTeX" in only(problems).message


def test_control_characters_are_taken_out_and_reported() -> None:
    fields, problems = reader("title", "a\x1b[31mb\u202ec")
    assert fields.text("title") == "a[31mbc"
    assert "title" in only(problems, "warning").message


def test_a_very_long_text_is_kept_and_reported() -> None:
    fields, problems = reader("note", "x" * 5001)
    assert len(fields.text("note")) == 5001
    assert "5001" in only(problems, "warning").message


@pytest.mark.parametrize(
    ("value", "expected"), [("a; b;c", ("a", "b", "c")), ("a;; b ;", ("a", "b")), (";", ()), ("one", ("one",))]
)
def test_items_stand_between_semicolons(value: str, expected: tuple[str, ...]) -> None:
    assert reader("includes", value)[0].items("includes") == expected


def test_a_concept_is_read_by_its_notation() -> None:
    fields, problems = reader("policy", "health")
    assert fields.concept("policy", required=True) == "health"
    assert problems == []


@pytest.mark.parametrize(("value", "hint"), [("helth", "health"), ("Health", "health"), ("nothing", "vocab policy")])
def test_an_unknown_concept_reads_as_empty_and_a_near_one_is_suggested(value: str, hint: str) -> None:
    fields, problems = reader("policy", value)
    assert fields.concept("policy") == ""
    problem = only(problems)
    assert value in problem.message
    assert hint in problem.remedy


def test_a_required_concept_that_is_empty_gives_one_error() -> None:
    fields, problems = reader("policy", "")
    assert fields.concept("policy", required=True) == ""
    only(problems)


def test_several_concepts_keep_their_order_and_lose_the_unknown_ones() -> None:
    fields, problems = reader("countries", "BE; XX; AT; BE")
    assert fields.concepts("countries") == ("BE", "AT")
    assert "'XX'" in only(problems).message


def test_a_colon_of_a_measure_is_a_hyphen_of_the_notation() -> None:
    fields, problems = reader("measure", "mipex:2015; index:mcp; mipex")
    assert fields.concepts("measure", required=True) == ("mipex-2015", "index-mcp", "mipex")
    assert problems == []


def test_data_sources_are_read_with_their_rounds() -> None:
    fields, problems = reader("data", "ess:2-5; ess; lss:3")
    assert fields.data_uses() == [("ess", "2-5"), ("ess", "")]
    assert "'lss'" in only(problems).message


@pytest.mark.parametrize("value", ["income -> trust", "income->trust", " income  ->  trust "])
def test_a_relation_has_two_ends(value: str) -> None:
    fields, problems = reader("relation", value)
    assert fields.relation() == Relation("income", "trust")
    assert problems == []


@pytest.mark.parametrize(
    "value", ["income", "income ->", "-> trust", "income -> trust -> threat", "incme -> trust", "a -> b"]
)
def test_a_relation_without_two_known_ends_is_an_error(value: str) -> None:
    fields, problems = reader("relation", value)
    assert fields.relation() is None
    only(problems)


@pytest.mark.parametrize(("left", "severity"), [("others", "warning"), ("A, B, C, D", "error")])
def test_names_are_read_and_doubts_are_reported(left: str, severity: str) -> None:
    fields, problems = reader("author", rf"M{{\"u}}ller, Eva and {left}")
    assert fields.names("author") == (Person("Müller", "Eva"),)
    only(problems, severity)


def test_control_characters_in_names_are_reported() -> None:
    fields, problems = reader("author", "M\x1büller, Eva")
    assert fields.names("author") == (Person("Müller", "Eva"),)
    only(problems, "warning")


@pytest.mark.parametrize("value", ["1990", "2017", "2026"])
def test_a_year_has_four_digits(value: str) -> None:
    fields, problems = reader("year", value)
    assert fields.year() == int(value)
    assert problems == []


@pytest.mark.parametrize("value", ["", "17", "20177", "2017a", "in press", "1799", "2017/2018", "٢٠١٧", "20１７"])
def test_anything_else_is_no_year(value: str) -> None:
    fields, problems = reader("year", value)
    assert fields.year() is None
    only(problems)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2008", "2008"), ("2008/2015", "2008/2015"), ("2008--2015", "2008/2015"), ("2008–2015", "2008/2015")],
)
def test_a_period_is_a_year_or_two(value: str, expected: str) -> None:
    fields, problems = reader("period", value)
    assert fields.period() == expected
    assert problems == []


@pytest.mark.parametrize("value", ["2015/2008", "2008/", "2008/2010/2012", "about 2008", "208/2015"])
def test_another_period_is_an_error_and_empty(value: str) -> None:
    fields, problems = reader("period", value)
    assert fields.period() == ""
    only(problems)


@pytest.mark.parametrize(("value", "expected"), [("2026-11-23", "2026-11-23"), ("2024-02-29", "2024-02-29")])
def test_a_date_is_an_iso_date(value: str, expected: str) -> None:
    assert reader("coded", value)[0].date("coded") == expected


@pytest.mark.parametrize("value", ["23.11.2026", "2026-13-01", "2025-02-29", "today", "2026-11-23T10:00"])
def test_another_date_is_an_error_and_empty(value: str) -> None:
    fields, problems = reader("coded", value)
    assert fields.date("coded") == ""
    only(problems)


@pytest.mark.parametrize(
    "value",
    ["0.010", "-0.189", "−0.189", "+1", "11,035", "11 035", "<0.01", "< .001", "≤0.05", ".05", "-.05", "1.5", "0"],
)
def test_a_number_stays_as_printed(value: str) -> None:
    fields, problems = reader("estimate", value)
    assert fields.number("estimate") == value
    assert problems == []


@pytest.mark.parametrize("value", ["n.s.", "0.05*", "about 3", "1.2.x", "=1+1", "-", "1-2", "<", "p<0.01"])
def test_what_is_no_number_is_an_error_and_empty(value: str) -> None:
    fields, problems = reader("estimate", value)
    assert fields.number("estimate") == ""
    only(problems)


def test_a_value_from_a_list_is_one_of_it() -> None:
    fields, problems = reader("bibstatus", "confirmed")
    assert fields.one_of("bibstatus", ("confirmed", "unconfirmed")) == "confirmed"
    assert problems == []
    fields, problems = reader("bibstatus", "Confirmed")
    assert fields.one_of("bibstatus", ("confirmed", "unconfirmed")) == ""
    assert "confirmed, unconfirmed" in only(problems).remedy


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1016/S2214-109X(18)30560-6", "10.1016/S2214-109X(18)30560-6"),
        ("https://doi.org/10.1093/esr/jcr041", "10.1093/esr/jcr041"),
        ("http://dx.doi.org/10.1093/esr/jcr041", "10.1093/esr/jcr041"),
        ("doi: 10.1093/esr/jcr041", "10.1093/esr/jcr041"),
        ("DOI:10.1093/esr/jcr041", "10.1093/esr/jcr041"),
        (r"10.1007/978-3\_4", "10.1007/978-3_4"),
        (SICI, SICI),
    ],
)
def test_a_doi_is_read_without_its_resolver(value: str, expected: str) -> None:
    fields, problems = reader("doi", value)
    assert fields.doi() == expected
    assert problems == []


@pytest.mark.parametrize(
    "value", ["10.1093", "10.1093/", "11.1000/x", "10.1000/a b", "urn:doi:10.1000/x", "10.12/x", "unknown"]
)
def test_another_doi_is_an_error_and_empty(value: str) -> None:
    fields, problems = reader("doi", value)
    assert fields.doi() == ""
    only(problems)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://example.org/a", ("https://example.org/a",)),
        ("http://example.org", ("http://example.org",)),
        ("https://example.org/a; https://example.org/b", ("https://example.org/a", "https://example.org/b")),
        ("https://example.org/a;\n  https://example.org/b", ("https://example.org/a", "https://example.org/b")),
        (r"https://example.org/a\_b?x=1\&y=2", ("https://example.org/a_b?x=1&y=2",)),
        ("https://example.org/~name/a%20b#part", ("https://example.org/~name/a%20b#part",)),
        ("https://example.org/ä", ("https://example.org/%C3%A4",)),
        (
            "https://doi.org/10.1002/(SICI)1097<1::AID>3.0.CO;2-X",
            ("https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0.CO;2-X",),
        ),
        ("urn:nbn:de:0168-ssoar-1", ("urn:nbn:de:0168-ssoar-1",)),
        ("urn:isbn:9780199676859", ("urn:isbn:9780199676859",)),
    ],
)
def test_addresses_are_read_and_made_safe(value: str, expected: tuple[str, ...]) -> None:
    fields, problems = reader("source", value)
    assert fields.addresses("source", required=True) == expected
    assert problems == []


@pytest.mark.parametrize(
    "value", ["example.org", "javascript:alert(1)", "file:///etc/passwd", "https://", "see the journal", "ftp://x.org"]
)
def test_what_is_no_web_address_is_an_error_and_left_out(value: str) -> None:
    fields, problems = reader("source", f"https://example.org/good; {value}")
    assert fields.addresses("source") == ("https://example.org/good",)
    only(problems)


def test_required_addresses_that_are_missing_are_an_error() -> None:
    fields, problems = reader("source", "")
    assert fields.addresses("source", required=True) == ()
    only(problems)


@pytest.mark.parametrize(
    "value",
    [
        "https://example.org/[x]",
        "https://example.org/100%",
        "https://example.org/a%zz",
        "https://example.org/a#b#c",
        "https://example.org:port/",
        "https://[::1",
        "https://a@b@c.org/",
        "https://%zz/",
        "urn:nbn:x%",
    ],
)
def test_an_odd_address_is_made_valid_or_refused(value: str) -> None:
    fields, problems = reader("source", value)
    found = fields.addresses("source")
    assert [ox.NamedNode(address).value for address in found] == list(found)
    assert found or problems


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["", "https://", "http://example.org", "urn:nbn:", "https://example.org/"]), address_text)
def test_every_address_that_is_read_is_a_valid_iri(start: str, rest: str) -> None:
    value = f"{start}{rest}".replace("{", "").replace("}", "").replace("\\", "")
    fields, _ = reader("source", value)
    for address in fields.addresses("source"):
        assert ox.NamedNode(address).value == address


@settings(max_examples=60, deadline=None)
@given(address_text)
def test_every_doi_that_is_read_has_a_valid_address(rest: str) -> None:
    fields, _ = reader("doi", "10.1000/" + rest.replace("{", "").replace("}", "").replace("\\", ""))
    if doi := fields.doi():
        assert ox.NamedNode(doi_iri(doi)).value == doi_iri(doi)


def test_the_valence_is_that_of_the_outcome() -> None:
    fields, _ = reader("title", "x")
    assert (fields.valence("trust"), fields.valence("threat"), fields.valence("nothing")) == (1, -1, None)


@pytest.mark.parametrize("name", sorted(FORBIDDEN_FIELDS))
def test_a_field_that_quotes_a_publication_is_an_error(name: str) -> None:
    fields, problems = reader(name, "Copied text.")
    fields.forbidden(FORBIDDEN_FIELDS)
    assert name in only(problems).message
    assert "Copied" not in str(problems[0])


def test_unknown_fields_are_kept_and_reported() -> None:
    fields, problems = reader("mesure", r"mipex \& more")
    assert fields.others((*STUDY_FIELDS, "zzz"), FORBIDDEN_FIELDS) == (("mesure", "mipex & more"),)
    assert "mesure" in only(problems, "warning").message


def test_known_and_forbidden_fields_are_no_others() -> None:
    fields, problems = reader("abstract", "Copied text.")
    assert fields.others(("zzz",), FORBIDDEN_FIELDS) == ()
    assert problems == []
