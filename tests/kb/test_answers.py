"""Answers as a screen shows them: what they say of themselves, the keys in their rows, and the formats of the W3C."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from kb.answers import Answer, answer_sheet, keys_of, read_answer, w3c_formats, whole_row
from kb.completion import make_completer
from kb.errors import QueryError
from kb.session import make_session
from kb.sparql import Run
from kb.sparql_text import portable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.session import Session
    from kb.store import Reader

ROWS = "SELECT ?study ?s ?t { ?s a ev:Study ; dcterms:identifier ?study ; dcterms:title ?t } ORDER BY ?study"
GRAPH = "CONSTRUCT { ?s a ev:Study } WHERE { ?s a ev:Study }"


@pytest.fixture(scope="module")
def session(toy: Collection) -> Iterator[Session]:
    found = make_session(toy)
    yield found
    found.close()


@cache
def asked(reader: Reader, query: str, limit: int = 0) -> Answer:
    run = Run(reader, query, limit=limit)
    run.start()
    return read_answer(run.wait(), query)._replace(seconds=0.127)


def test_rows_have_prefixed_names_and_say_how_many(toy_reader: Reader) -> None:
    answer = asked(toy_reader, ROWS)
    assert answer.header == ("study", "s", "t")
    assert answer.rows[0][:2] == ("alpha2001trust", "study:alpha2001trust")
    assert answer.summary() == "5 rows in 0.13 s."
    assert answer.query == ROWS


def test_a_limit_is_announced(toy_reader: Reader) -> None:
    summary = asked(toy_reader, ROWS, 2).summary()
    assert summary.startswith("The first 2 rows in 0.13 s; there are more")
    assert asked(toy_reader, ROWS)._replace(rows=[("a", "b", "c")] * 10_000).summary() == "10,000 rows in 0.13 s."


def test_yes_or_no_is_one_answer(toy_reader: Reader) -> None:
    answer = asked(toy_reader, "ASK { ?s a ev:Study }")
    assert (answer.kind, answer.rows) == ("boolean", [("yes",)])
    assert answer.summary() == "1 answer in 0.13 s."


def test_a_graph_is_turtle_and_triples(toy_reader: Reader) -> None:
    answer = asked(toy_reader, GRAPH)
    assert "study:alpha2001trust a ev:Study" in answer.turtle
    assert ("study:alpha2001trust", "rdf:type", "ev:Study") in answer.rows
    assert answer.summary() == "5 triples in 0.13 s."


@pytest.mark.parametrize(
    ("query", "endings"),
    [
        (ROWS, ["csv", "tsv", "json", "xml"]),
        ("ASK {}", ["json", "xml"]),
        (GRAPH, ["ttl", "nt", "jsonld", "rdf"]),
    ],
)
def test_each_kind_has_its_formats_and_each_can_be_written(query: str, endings: list[str], toy_reader: Reader) -> None:
    found = w3c_formats(toy_reader, asked(toy_reader, query))
    assert list(found) == endings
    assert all(write() for write in found.values())


def test_formats_of_the_w3c_hold_what_the_limit_left_out(toy_reader: Reader) -> None:
    rows = w3c_formats(toy_reader, asked(toy_reader, ROWS, 2))
    assert len(json.loads(rows["json"]())["results"]["bindings"]) == 5
    graph = w3c_formats(toy_reader, asked(toy_reader, GRAPH, 2))
    assert len(Graph().parse(data=graph["rdf"](), format="xml")) == 5


@pytest.mark.parametrize(
    ("header", "row", "keys"),
    [
        (("f", "x"), ("finding:a-1", "study:a"), ("a-1",)),
        (("x",), ("study:a",), ("a",)),
        (("study",), ("a",), ("a",)),
        (("finding", "study"), ("a-1", "a"), ("a-1",)),
        (("finding",), ("a",), ()),
        (("x",), ("a",), ()),
        (("x",), ("finding:other",), ()),
        ((), (), ()),
    ],
)
def test_keys_are_known_by_address_or_by_the_name_of_their_column(
    header: tuple[str, ...], row: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    assert keys_of(header, row, {"a-1"}, {"a"}) == keys


def test_a_table_to_take_away_has_the_rows_as_shown_the_studies_and_the_query(session: Session) -> None:
    answer = asked(session.reader, ROWS)
    sheet = answer_sheet(answer, answer.rows[::-1], session)
    assert sheet.rows == answer.rows[::-1]
    assert sheet.studies == tuple(row[0] for row in answer.rows[::-1])
    assert sheet.query == portable(ROWS)
    assert sheet.query.startswith("PREFIX")


def test_findings_bring_their_studies(session: Session) -> None:
    answer = asked(session.reader, "SELECT ?f { ?f a ev:Finding } ORDER BY ?f")
    studies = answer_sheet(answer, answer.rows, session).studies
    assert studies == tuple(dict.fromkeys(row.study for row in sorted(session.findings(), key=lambda r: r.finding)))


def test_a_query_that_cannot_be_answered_any_more_says_so(toy_reader: Reader) -> None:
    answer = asked(toy_reader, ROWS)._replace(query="SELECT {")
    with pytest.raises(QueryError):
        w3c_formats(toy_reader, answer)["csv"]()


def test_the_completion_of_a_collection_knows_its_terms_concepts_and_keys(session: Session) -> None:
    completer = make_completer(session)
    for text, wanted in (
        ("ev:pol", "ev:policy"),
        ("policy:naturalisation", "policy:access-to-nationality"),
        ("study:alph", "study:alpha2001trust"),
        ("finding:alph", "finding:alpha2001trust-1"),
        ("dcterms:tit", "dcterms:title"),
        ("bibo:do", "bibo:doi"),
        ("skos:prefL", "skos:prefLabel"),
        ("population:", "population:immigrants"),
    ):
        assert wanted in [found.text for found in completer.at(text, len(text)).suggestions], text


def test_a_row_whole_is_its_columns_one_below_the_other() -> None:
    assert whole_row(("a", "b"), ("long\x1b text", "")) == "a\n  long text\nb\n  –\n"
