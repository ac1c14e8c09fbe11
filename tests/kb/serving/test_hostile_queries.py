"""Queries that are meant to harm end in one sentence for who asks them, and in nothing for all others."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.kb.serving.running import HTTP, JSON, Server, below, running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx as http

    from kb.collection import Collection
    from kb.store import Reader

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ORDINARY = "SELECT ?k { ?s a ev:Study ; dcterms:identifier ?k } ORDER BY ?k"
_NUMBERS = count()


@pytest.fixture(scope="module")
def tight(toy: Collection, toy_reader: Reader) -> Iterator[Server]:
    """Return a server that allows little."""
    bounds = {"timeout": 2, "max-rows": 50, "max-bytes": 20000, "max-memory": 64, "workers": 2, "long": 1}
    options = [word for name, bound in bounds.items() for word in (f"--{name}", str(bound))]
    with running(toy, *options) as found:
        yield found


@pytest.fixture(autouse=True)
def well(tight: Server) -> Iterator[None]:
    """See to it that the server is well after each test."""
    yield
    assert tight.process.poll() is None
    assert tight.ask(new(ORDINARY)).status_code == 200
    assert tight.get("/health").json()["status"] == "ok"


def new(query: str) -> str:
    """Return a query in a text that was never asked before."""
    return f"{query} # {next(_NUMBERS)}"


def sentence(response: http.Response, status: int) -> str:
    assert response.status_code == status, response.text
    assert response.text.endswith(".\n")
    assert response.text.count("\n") == 1
    return response.text


@pytest.mark.parametrize("accept", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"])
def test_an_answer_with_too_many_rows_is_refused_and_never_cut(tight: Server, accept: str) -> None:
    query = "SELECT ?s { ?s a skos:Concept } LIMIT "
    assert "more than 50 rows" in sentence(tight.ask(query + "51", accept), 403)
    assert tight.ask(query + "50", accept).status_code == 200


def test_a_graph_with_too_many_triples_is_refused(tight: Server) -> None:
    query = "CONSTRUCT { ?s a ?t } { ?s a ?t } LIMIT "
    assert "more than 50 triples" in sentence(tight.ask(query + "51", "text/turtle"), 403)
    assert tight.ask(query + "50", "text/turtle").status_code == 200


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
def test_a_huge_answer_is_refused(tight: Server, query: str) -> None:
    assert "Ask for" in sentence(tight.ask(query, "*/*"), 403)


def test_a_cross_product_is_stopped_and_nobody_else_waits_for_it(tight: Server) -> None:
    with ThreadPoolExecutor(1) as pool:
        hostile = pool.submit(tight.ask, new(CROSS))
        answers = []
        while not hostile.done():
            answers.append(tight.ask(new(ORDINARY)))
        assert "ran longer than 2 seconds" in sentence(hostile.result(), 504)
    assert len(answers) > 2
    assert {answer.status_code for answer in answers} == {200}


def test_of_many_long_queries_one_runs_and_the_others_are_told_when_to_come_again(tight: Server) -> None:
    with ThreadPoolExecutor(6) as pool:
        hostile = list(pool.map(lambda _: tight.ask(new(CROSS)), range(6)))
    turned_away = [answer for answer in hostile if answer.status_code == 503]
    assert {answer.status_code for answer in hostile} <= {503, 504}
    assert turned_away
    assert all(answer.headers["retry-after"] == "5" for answer in turned_away)
    assert "Ask again in 5 seconds" in sentence(turned_away[0], 503)


def test_a_query_that_takes_too_much_memory_breaks_off_alone(tight: Server) -> None:
    query = "SELECT DISTINCT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f"
    assert "too much memory" in sentence(tight.ask(new(query)), 500)


ENDLESS = {
    "nested": ("SELECT * { " + "{ OPTIONAL " * 500 + "{ ?a ?b ?c }" + " }" * 500 + " }", {403}),
    "brackets": ("SELECT (" + "(" * 3000 + "1" + ")" * 3000 + " AS ?x) {}", {403}),
    "path": ("SELECT * { ?a " + "/".join(["rdf:type"] * 5000) + " ?b }", {200, 500, 503, 504}),
    "expression": ('SELECT * { FILTER REGEX("' + "a" * 5000 + '", "(a+)+b$") }', {200}),
    "text": ('SELECT (REPLACE("x", "x", "' + "y" * 500_000 + '") AS ?x) {}', {403}),
    "zeros": ("\x00" * 1000, {400}),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_nested_and_endless_texts_are_survived(tight: Server, name: str) -> None:
    query, statuses = ENDLESS[name]
    headers = {"Content-Type": "application/sparql-query"}
    response = HTTP.post(tight.endpoint, content=query.encode(), headers=headers)
    assert response.status_code in statuses, response.text[:200]


def test_a_client_that_leaves_takes_its_query_with_it(tight: Server) -> None:
    before = below(tight.process.pid)
    with pytest.raises(httpx.ReadTimeout):
        HTTP.get(tight.endpoint, params={"query": new(CROSS)}, timeout=1)
    wait_for(lambda: len(below(tight.process.pid)) == len(before))
    assert sentence(tight.ask(new(CROSS)), 504)


def nursery_of(server: Server) -> int:
    """Return the process from which workers are forked, once there are as many as there should be."""
    wait_for(lambda: len(below(server.process.pid)) == 3)
    (found,) = [one for one in below(server.process.pid) if below(one)]
    return found


def test_workers_that_are_killed_are_replaced_and_cost_nothing(tight: Server) -> None:
    nursery = nursery_of(tight)
    workers = below(nursery)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    wait_for(lambda: not below(nursery) & workers)
    assert [tight.ask(new(ORDINARY)).status_code for _ in range(6)] == [200] * 6
    assert nursery_of(tight) == nursery


def test_a_worker_that_is_killed_at_work_costs_its_own_query_alone(tight: Server) -> None:
    nursery = nursery_of(tight)
    with ThreadPoolExecutor(1) as pool:
        hostile = pool.submit(tight.ask, new(CROSS))
        wait_for(lambda: len(below(nursery)) == 3)
        slow = max(below(nursery), key=lambda one: os.getpriority(os.PRIO_PROCESS, one))
        assert os.getpriority(os.PRIO_PROCESS, slow) == 19
        assert tight.ask(new(ORDINARY)).status_code == 200
        os.kill(slow, signal.SIGKILL)
        assert "broke off" in sentence(hostile.result(), 500)
