"""Named queries as files and text: each declares what it takes, and never reads a value as SPARQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal

from kb.errors import QueryError
from kb.named_queries import internal_names, named_query, names, parse, split_values, term
from kb.namespaces import PREFIXES
from kb.query_guard import check_query

if TYPE_CHECKING:
    from kb.store import Reader

ALL = names() + internal_names()
#: Letters of which texts are made that look like SPARQL, like an escape or like a parameter.
TRICKS = st.text(alphabet="\\\"'u0U2\n\r\t$studyif#end (){}<>?.é\u2028\x00", max_size=40)


def filled(name: str) -> str:
    query = named_query(name)
    values = {parameter.name: [parameter.example or "some", "other"] for parameter in query.parameters}
    for name in {"since", "until", "year"} & set(values):
        values[name] = ["2015"]
    return query.text(values)


def test_users_are_offered_what_answers_a_question() -> None:
    assert {"findings", "studies", "counts", "uncoded", "outcomes", "references"} <= set(names())
    assert len(names()) >= 25
    assert set(names()).isdisjoint(internal_names())
    assert {"study", "finding", "overview"} <= set(internal_names())


@pytest.mark.parametrize("name", ALL)
def test_every_query_has_a_title_and_a_description(name: str) -> None:
    query = named_query(name)
    assert query.title
    assert query.description.endswith(".")
    assert not query.title.endswith(".")


@pytest.mark.parametrize("name", ALL)
def test_every_parameter_is_used_once_declared_and_declared_where_used(name: str) -> None:
    query = named_query(name)
    used = set(re.findall(r"#if ([a-z-]+)", query.body))
    assert used == {parameter.name for parameter in query.parameters}
    for parameter in query.parameters:
        assert f"${parameter.name}" in query.body
        assert parameter.description


@pytest.mark.parametrize("name", ALL)
def test_every_query_is_sparql_1_1_without_and_with_its_parameters(name: str) -> None:
    for text in (named_query(name).text(), filled(name)):
        check_query(text)  # parses it by the grammar of SPARQL 1.1
        assert "$" not in text
        assert "#if" not in text


def test_a_part_without_its_parameter_is_left_out() -> None:
    assert "?policyConcept { <" not in named_query("findings").text()
    assert f"VALUES ?policyConcept {{ <{PREFIXES['policy']}health> }}" in named_query("findings").text(
        {"policy": ["health"]}
    )


def test_an_empty_value_counts_as_not_given() -> None:
    assert named_query("findings").text({"policy": [], "study": []}) == named_query("findings").text()


@given(st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), TRICKS))
@settings(max_examples=60, deadline=None)
def test_any_text_is_one_literal_to_two_engines(value: str) -> None:
    query = f"SELECT ?v {{ VALUES ?v {{ {term('text', value)} }} }}"
    found = ox.Store().query(query)
    assert isinstance(found, ox.QuerySolutions)
    assert [solution["v"] for solution in found] == [ox.Literal(value)]
    assert [row[0] for row in Graph().query(query)] == [Literal(value)]  # type: ignore[index]


@given(TRICKS)
@settings(max_examples=50, deadline=None)
def test_a_value_stands_where_its_parameter_stood_and_nowhere_else(value: str) -> None:
    query = parse(
        "x", "# param: study (text) which\nSELECT * {\n#if study\nVALUES ?s { $study } FILTER(?s IN ($study))\n#end\n}"
    )
    written = term("text", value)
    text = query.text({"study": [value, "b"]})
    assert text.endswith(f'SELECT * {{\nVALUES ?s {{ {written} "b" }} FILTER(?s IN ({written}, "b"))\n}}')


@pytest.mark.parametrize(
    "value", ["health> } #", 'a"b', "a b", "{}", "a\\b", "a\nb", "<x>", "a|b^c`d", "", "health\n", "../health"]
)
def test_a_notation_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(QueryError, match="no policy"):
        named_query("findings").text({"policy": [value]})


@pytest.mark.parametrize("value", ["2004/family-reunion", "fa102_new", "é", "a%20b", "A.b"])
def test_any_notation_is_one_address(value: str, toy_reader: Reader) -> None:
    assert toy_reader.rows(named_query("findings").text({"policy": [value]})) == []


@pytest.mark.parametrize("value", ["", "20x7", "-1", "2015 ", "1e3", "２０１５", '2015"', "2015\n", "1234567890"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(QueryError, match="whole number"):
        named_query("findings").text({"since": [value]})


def test_a_number_is_a_number_however_it_is_written() -> None:
    assert term("number", "02015") == "2015"


def test_a_parameter_of_one_value_is_given_once() -> None:
    with pytest.raises(QueryError, match="since takes one value"):
        named_query("findings").text({"since": ["2015", "2016"]})


def test_a_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(QueryError, match="no text in UTF-8"):
        named_query("studies").text({"study": ["a\udcff"]})


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(QueryError, match=r"no parameter 'polcy'\. It has: .*policy"):
        named_query("findings").text({"polcy": ["health"]})


@pytest.mark.parametrize("name", ["nothing", "", "../studies", "Findings", "findings.rq", "a/b", "internal/study"])
def test_an_unknown_query_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(QueryError, match="findings"):
        named_query(name)


def test_words_are_split_at_the_first_equals_sign() -> None:
    assert split_values(["policy=health", "study=a=b", "policy=overall"]) == {
        "policy": ["health", "overall"],
        "study": ["a=b"],
    }


def test_a_word_without_equals_sign_is_refused() -> None:
    with pytest.raises(QueryError, match="NAME=VALUE"):
        split_values(["health"])
