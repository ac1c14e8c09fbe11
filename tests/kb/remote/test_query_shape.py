"""What is seen of a query before it is sent, and how a part of its rows is asked for."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kb.errors import QueryError
from kb.namespaces import PREFIXES
from kb.remote.graphs import MANIFEST, UNION, parameters
from kb.remote.query_shape import page, shape_of

GRAPH = "https://w3id.org/mipex-kb/graph/studies/x"


@pytest.mark.parametrize(
    ("query", "form", "last"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT", set()),
        ("# SELECT\nPREFIX select: <urn:ASK>\nASK { ?s ?p 'SELECT' }", "ASK", set()),
        ("construct where { ?s ?p ?o } limit 3", "CONSTRUCT", {"LIMIT"}),
        ("DESCRIBE <urn:x>", "DESCRIBE", set()),
        ("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 2 } } ORDER BY ?s # LIMIT 1", "SELECT", {"ORDER", "BY"}),
    ],
)
def test_the_form_and_the_last_clauses_are_seen(query: str, form: str, last: set[str]) -> None:
    shape = shape_of(query)
    assert (shape.form, set(shape.last)) == (form, last)
    assert query[shape.start :].upper().startswith(form)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * { ?s ?p 'GRAPH ?g' }", [("default-graph-uri", UNION)]),
        (f"SELECT * {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}", [("default-graph-uri", UNION), ("named-graph-uri", GRAPH)]),
        ("PREFIX g: <urn:g/>\nASK { GRAPH g:x { ?s ?p ?o } }",
         [("default-graph-uri", UNION), ("named-graph-uri", "urn:g/x")]),
        ("ASK { GRAPH # which\n ?g { ?s ?p ?o } }",
         [("default-graph-uri", UNION), ("named-graph-uri", "urn:1"), ("named-graph-uri", "urn:2")]),
        (f"ASK {{ GRAPH <{MANIFEST}> {{ ?s ?p ?o }} }}", [("default-graph-uri", UNION)]),
        (f"ASK FROM <{GRAPH}> {{ ?s ?p ?o }}", []),
    ],
)  # fmt: skip
def test_a_query_asks_the_union_and_the_graphs_that_it_names(query: str, found: list[tuple[str, str]]) -> None:
    assert parameters(shape_of(query), lambda: ["urn:1", "urn:2"]) == found


def test_too_many_graphs_to_name_are_refused() -> None:
    with pytest.raises(QueryError, match="this store has 1,001 graphs"):
        parameters(shape_of("ASK { GRAPH ?g { ?s ?p ?o } }"), lambda: ["urn:g"] * 1001)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?o { ?s <urn:p> ?o } ORDER BY DESC(?o)",
        "SELECT ?s ?o { ?s <urn:p> ?o }",
        "PREFIX u: <urn:>\n# LIMIT\nSELECT DISTINCT ?s ?o { ?s u:p ?o } ORDER BY ?s # the end",
        "SELECT ?s (COUNT(*) AS ?o) { ?s ?p ?x } GROUP BY ?s HAVING (COUNT(*) > 1) ORDER BY ?o",
        "BASE <urn:>\nSELECT ?s ?o { { SELECT ?s ?o { ?s <p> ?o } LIMIT 9 } } ORDER BY ?s",
    ],
)
def test_pages_together_are_the_whole_in_its_order(query: str) -> None:
    store = ox.Store()
    for number in range(10):
        node, link = ox.NamedNode(f"urn:{number % 4}"), ox.NamedNode("urn:p")
        store.add(ox.Quad(node, link, ox.Literal(str(number % 7))))

    def rows(text: str) -> list[tuple[str, ...]]:
        found = store.query(text, prefixes=PREFIXES)
        assert isinstance(found, ox.QuerySolutions)
        return [tuple(map(str, row)) for row in found]

    parts = [rows(page(query, ["s", "o"], offset, 3, ordered=False)) for offset in range(0, 30, 3)]
    assert sorted(row for part in parts for row in part) == sorted(rows(query))
    together = [row for part in parts for row in part]
    if "ORDER" in query:
        assert [row[1] for row in together if "?o" in query[query.rindex("ORDER") :]] == [
            row[1] for row in rows(query) if "?o" in query[query.rindex("ORDER") :]
        ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s ?p ?o } LIMIT 5",
        "SELECT ?s { ?s ?p ?o } ORDER BY ?s OFFSET 2",
        "SELECT ?s FROM <urn:g> { ?s ?p ?o }",
        "SELECT ?s { ?s ?p ?o } VALUES ?s { <urn:s> }",
    ],
)
def test_what_cannot_be_asked_for_in_parts_is_seen(query: str) -> None:
    assert page(query, ["s"], 0, 3, ordered=False) == ""


def test_an_order_of_its_own_is_needed_where_it_is_relied_on() -> None:
    assert page("SELECT ?s { ?s ?p ?o }", ["s"], 0, 3, ordered=True) == ""
    assert page("SELECT ?s { ?s ?p ?o } ORDER BY ?s", ["s"], 6, 3, ordered=True).endswith("LIMIT 3 OFFSET 6")
