"""The named queries: each runs, declares what it takes, keeps its order, and never reads a value as SPARQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery

from kb.errors import QueryError
from kb.named_queries import named_query, names, split_values
from kb.namespaces import PREFIXES
from kb.query_guard import check_query
from kb.rdf import dataset

if TYPE_CHECKING:
    from rdflib import Dataset

    from kb.collection import Collection
    from kb.store import Reader

#: A value that fits each kind of parameter.
SAMPLES = {"text": "alpha2001trust", "number": "2003", "policy": "health", "measure": "core"}


def filled(name: str) -> str:
    query = named_query(name)
    return query.text({p.name: [SAMPLES.get(p.kind, "immigrants"), "other"][: 1 + (p.kind == "text")]
                       for p in query.parameters})  # fmt: skip


@pytest.fixture(scope="module")
def other_engine(toy: Collection) -> Dataset:
    """Return the toy graph in an engine that is not Oxigraph."""
    return dataset(toy)


def test_there_are_named_queries() -> None:
    assert {"findings", "studies", "study", "finding", "counts", "uncoded", "outcomes", "references"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_every_query_has_a_title_and_a_description(name: str) -> None:
    query = named_query(name)
    assert query.title
    assert query.description.endswith(".")
    assert not query.title.endswith(".")


@pytest.mark.parametrize("name", names())
def test_every_parameter_is_used_once_declared_and_declared_where_used(name: str) -> None:
    query = named_query(name)
    used = set(re.findall(r"#if ([a-z-]+)", query.body))
    assert used == {parameter.name for parameter in query.parameters}
    for parameter in query.parameters:
        assert f"${parameter.name}" in query.body
        assert parameter.description


@pytest.mark.parametrize("name", names())
def test_every_query_is_sparql_1_1_without_and_with_its_parameters(name: str) -> None:
    for text in (named_query(name).text(), filled(name)):
        parseQuery(text)
        check_query(text)
        assert "$" not in text
        assert "#if" not in text


@pytest.mark.parametrize("name", names())
def test_every_query_returns_the_columns_that_it_names(name: str, toy_reader: Reader) -> None:
    text = named_query(name).text()
    head = text[text.index("SELECT") : text.index("WHERE")]
    columns = re.findall(r"\?(\w+)(?=\)|\s(?!AS))", re.sub(r"\([^()]*\([^()]*\) AS (\?\w+)\)", r"\1 ", head))
    store = ox.Store.read_only(str(toy_reader.folder / "store"))
    found = store.query(text, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    assert [variable.value for variable in found.variables] == columns


@pytest.mark.parametrize("name", sorted(set(names()) - {"dangling"}))
def test_every_query_still_finds_something(name: str, toy_reader: Reader) -> None:
    assert toy_reader.rows(named_query(name).text())


@pytest.mark.parametrize("name", names())
def test_every_query_orders_its_rows_fully(name: str, toy_reader: Reader) -> None:
    text = named_query(name).text()
    assert "ORDER BY" in text
    rows = toy_reader.rows(text)
    assert len({tuple(row) for row in rows}) == len(rows)
    assert toy_reader.rows(text) == rows


@pytest.mark.parametrize("name", sorted(set(names()) - {"concepts"}))
def test_another_engine_gives_the_same_rows_in_the_same_order(
    name: str, toy_reader: Reader, other_engine: Dataset
) -> None:
    text = named_query(name).text()
    found = [["" if term is None else str(term) for term in row] for row in other_engine.query(text)]  # type: ignore[union-attr]
    assert found == toy_reader.rows(text)


def test_a_part_without_its_parameter_is_left_out() -> None:
    assert "?policyConcept { <" not in named_query("findings").text()
    assert f"VALUES ?policyConcept {{ <{PREFIXES['policy']}health> }}" in named_query("findings").text(
        {"policy": ["health"]}
    )


def test_an_empty_value_counts_as_not_given() -> None:
    assert named_query("findings").text({"policy": [], "study": []}) == named_query("findings").text()


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_value_is_one_literal(value: str) -> None:
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
        return
    text = named_query("references").text() + "#"
    query = named_query("studies").text({"study": [value]})
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("b:b"), ox.Literal(value)))
    part = re.search(r"VALUES \?study \{ (.*?) \}\n", query, re.DOTALL)
    assert part is not None
    found = store.query(f"ASK {{ VALUES ?v {{ {part.group(1)} }} ?s ?p ?v }}")
    assert bool(found)
    assert text.count("VALUES") == 0


@pytest.mark.parametrize("value", ["health> } #", 'a"b', "a b", "{}", "a\\b", "é", "a\nb", "<x>", "a|b^c`d"])
def test_any_concept_value_is_one_address(value: str, toy_reader: Reader) -> None:
    assert toy_reader.rows(named_query("findings").text({"policy": [value]})) == []


@pytest.mark.parametrize("value", ["", "20x7", "-1", "2015 ", "1e3", "２０１５", '2015"'])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(QueryError, match="whole number"):
        named_query("findings").text({"since": [value]})


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(QueryError, match=r"no parameter 'polcy'\. It has: .*policy"):
        named_query("findings").text({"polcy": ["health"]})


@pytest.mark.parametrize("name", ["nothing", "", "../studies", "Findings", "findings.rq", "a/b"])
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


def test_the_uncoded_study_is_named(toy_reader: Reader) -> None:
    assert [row[0] for row in toy_reader.rows(named_query("uncoded").text())] == ["epsilon2005review"]


def test_counts_are_of_findings_and_studies(toy_reader: Reader) -> None:
    assert toy_reader.rows(named_query("counts").text()) == [
        ["aa1", "core", "1", "1"],
        ["access-to-nationality", "reform", "1", "1"],
        ["anti-discrimination", "core", "2", "2"],
        ["health", "core", "1", "1"],
        ["overall", "comparable", "1", "1"],
        ["overall", "core", "1", "1"],
    ]


def test_studies_are_listed_with_the_number_of_their_findings(toy_reader: Reader) -> None:
    rows = toy_reader.rows(named_query("studies").text())
    assert {row[0]: row[-1] for row in rows} == {
        "alpha2001trust": "3", "beta2002moderator": "2", "delta2004reform": "1", "epsilon2005review": "0",
        "gamma2003index": "1",
    }  # fmt: skip


def test_studies_that_share_data_are_paired(toy_reader: Reader) -> None:
    assert toy_reader.rows(named_query("shared-data").text()) == [
        ["ess", "alpha2001trust", "2-3", "beta2002moderator", "3"]
    ]
