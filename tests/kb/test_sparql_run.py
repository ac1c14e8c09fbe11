"""A running query: it can be cancelled at once, tells how long it took, and stops reading at a limit without a word."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph

from kb.errors import QueryCancelledError, QueryError
from kb.sparql import Result, Run, read_table, run_query
from tests.kb.running import query_workers

if TYPE_CHECKING:
    from kb.sparql import Table
    from kb.store import Reader

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
STUDIES = "SELECT ?s { ?s a ev:Study } ORDER BY ?s"


def ran(reader: Reader, query: str, limit: int = 0, form: str = "") -> Result:
    run = Run(reader, query, limit=limit, form=form)
    run.start()
    return run.wait()


@pytest.fixture(scope="module")
def every_study(toy_reader: Reader) -> Table:
    """Return the answer without a limit."""
    return read_table(run_query(toy_reader, STUDIES).content)


def no_child_is_left() -> bool:
    return query_workers() == []


def test_a_query_that_never_ends_is_cancelled_at_once(toy_reader: Reader) -> None:
    run = Run(toy_reader, ENDLESS)
    run.start()
    threading.Timer(0.4, run.cancel).start()
    started = time.monotonic()
    with pytest.raises(QueryCancelledError, match="stopped"):
        run.wait(60)
    assert time.monotonic() - started < 5
    assert no_child_is_left()


def test_a_query_that_was_cancelled_before_it_began_never_begins(toy_reader: Reader) -> None:
    run = Run(toy_reader, ENDLESS)
    run.cancel()
    run.start()
    with pytest.raises(QueryCancelledError):
        run.wait()
    assert no_child_is_left()


def test_a_query_may_be_cancelled_after_its_end(toy_reader: Reader) -> None:
    run = Run(toy_reader, STUDIES)
    run.start()
    assert run.wait().kind == "rows"
    run.cancel()
    run.cancel()


def test_the_time_that_it_took_is_told(toy_reader: Reader) -> None:
    started = time.monotonic()
    result = ran(toy_reader, STUDIES)
    assert 0 < result.seconds <= time.monotonic() - started


@pytest.mark.parametrize(("limit", "rows", "more"), [(0, 5, False), (6, 5, False), (5, 5, False), (4, 4, True)])
def test_a_limit_is_told_only_where_there_is_more(
    limit: int, rows: int, more: bool, every_study: Table, toy_reader: Reader
) -> None:
    result = ran(toy_reader, STUDIES, limit)
    assert read_table(result.content) == (every_study.header, every_study.rows[:rows])
    assert result.more is more


@pytest.mark.parametrize("query", [STUDIES + " # the end", STUDIES + " LIMIT 100", STUDIES + " OFFSET 0"])
def test_a_limit_leaves_the_text_of_the_query_alone(query: str, toy_reader: Reader) -> None:
    assert len(read_table(ran(toy_reader, query, 2).content).rows) == 2


def test_a_limited_read_of_endless_rows_ends(toy_reader: Reader) -> None:
    result = ran(toy_reader, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 100)
    assert result.more
    assert len(read_table(result.content).rows) == 100


def test_a_limited_read_says_the_same_about_every_kind_of_term(toy_reader: Reader) -> None:
    query = (
        "SELECT ?x ?gone { VALUES (?x ?gone) { (<a:b> UNDEF) ('text' UNDEF) ('mot'@fr-be UNDEF) (1.50 UNDEF) "
        "(true UNDEF) ('' UNDEF) ('a\\nb\\u0007\"' UNDEF) (UNDEF 'x') } }"
    )
    assert json.loads(ran(toy_reader, query, 50).content) == json.loads(run_query(toy_reader, query).content)


def test_a_limit_on_a_graph_is_told_and_kept(toy_reader: Reader) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a ev:Study ; ?p ?o }"
    result = ran(toy_reader, query, 3)
    assert result.kind == "graph"
    assert result.more
    assert len(Graph().parse(data=result.content, format="turtle")) == 3
    assert not ran(toy_reader, "CONSTRUCT { ?s a ev:Study } WHERE { ?s a ev:Study }", 5).more


def test_a_limit_does_not_shorten_what_is_asked_for_in_a_format(toy_reader: Reader) -> None:
    assert ran(toy_reader, STUDIES, 2, "csv").content == run_query(toy_reader, STUDIES, form="csv").content


def test_addresses_are_shortened_on_request_and_texts_never(toy_reader: Reader) -> None:
    query = "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (policy:health 'https://w3id.org/mipex-kb/policy/x' <a:b>) } }"
    content = ran(toy_reader, query, 5).content
    assert read_table(content, short=True).rows == [["policy:health", "https://w3id.org/mipex-kb/policy/x", "a:b"]]
    assert read_table(content).rows[0][0].endswith("/policy/health")


@pytest.mark.parametrize(
    ("query", "place", "said"),
    [
        ("SELECT *\n{ ?s ?p }", (2, 3), "line 2, column 3"),
        ("SELECT (?x AS ?x) {\n ?x ?y ?z }", (2, 12), "overrides an existing variable"),
        ("SELECT (COUNT(?x) AS ?n) ?y { ?x ?y ?z }", (1, 41), "contains a variable that is unbound"),
        ("SELECT * { ?x ?y ?z } GROUP BY ?x", (1, 34), "not authorized with GROUP BY"),
        ("SELECT * { ?x <relative> ?z }", (1, 25), "an address"),
        ("SELECT * { BIND(1 AS ?s) ?s ?p ?o . BIND(2 AS ?s) }", (1, 52), "does not allow"),
        ("SELECT (<https://example.org/f>(1) AS ?x) {}", (0, 0), "custom function"),
    ],
)
def test_a_mistake_carries_its_place_in_the_text(
    query: str, place: tuple[int, int], said: str, toy_reader: Reader
) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        ran(toy_reader, query)
    assert (caught.value.line, caught.value.column) == place
    assert "\\u{" not in str(caught.value)
