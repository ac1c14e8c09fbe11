"""What the endpoint gives is what ``mipex-kb sparql`` gives, byte for byte, and rdflib reads all of it alike."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.query import Result

from kb.named_queries import named_query, names
from kb.sparql import run_query

if TYPE_CHECKING:
    from kb.store import Reader
    from tests.kb.serving.running import Server

ROWS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "xml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
#: Every kind of term, what CSV and XML have to escape, and a place without a value.
TERMS = """SELECT * WHERE { VALUES (?n ?x) {
  (1 <http://example.org/a,b>) (2 "a\\"b,\\n<c> & d") (3 "ж"@ru) (4 1.50) (5 true) (6 UNDEF)
  (7 "=cmd"^^<http://example.org/type>) (8 "2001"^^xsd:gYear) (9 "")
} } ORDER BY ?n"""
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a ev:Study ; ?p ?o }"


@pytest.mark.parametrize("form", ROWS)
@pytest.mark.parametrize("query", [TERMS, "ASK {}", "ASK { FILTER(false) }", "SELECT * { ?s a ev:Nothing }"])
def test_rows_are_those_of_the_command(server: Server, toy_reader: Reader, form: str, query: str) -> None:
    response = server.ask(query, ROWS[form])
    assert response.content == run_query(toy_reader, query, form=form).content


@pytest.mark.parametrize("form", GRAPHS)
def test_graphs_are_those_of_the_command(server: Server, toy_reader: Reader, form: str) -> None:
    response = server.ask(GRAPH, GRAPHS[form])
    assert response.content == run_query(toy_reader, GRAPH, form=form).content


def test_every_named_query_is_answered_as_by_the_store(server: Server, toy_reader: Reader) -> None:
    for name in names():
        text = named_query(name).text()
        found = server.ask(text)
        assert found.status_code == 200, f"{name}: {found.text}"
        answer = found.json()
        columns = answer["head"]["vars"]
        rows = [[row.get(each, {}).get("value", "") for each in columns] for row in answer["results"]["bindings"]]
        assert rows == toy_reader.rows(text), name


def test_rdflib_reads_json_xml_and_tsv_alike(server: Server) -> None:
    found: dict[str, list[Any]] = {
        form: list(Result.parse(io.BytesIO(server.ask(TERMS, ROWS[form]).content), format=form))
        for form in ("json", "xml", "tsv")
    }
    assert len(found["json"]) == 9
    assert found["json"] == found["xml"]
    assert [row[:1] for row in found["tsv"]] == [row[:1] for row in found["json"]]


def test_rdflib_reads_the_text_of_csv(server: Server) -> None:
    rows: list[Any] = list(Result.parse(io.BytesIO(server.ask(TERMS, "text/csv").content), format="csv"))
    assert [str(row[1]) for row in rows[:3]] == ["http://example.org/a,b", 'a"b,\n<c> & d', "ж"]


def test_rdflib_reads_every_graph_alike(server: Server) -> None:
    forms = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}
    forms |= {"application/ld+json": "json-ld", "application/trig": "turtle"}
    graphs = [Graph().parse(data=server.ask(GRAPH, kind).content, format=form) for kind, form in forms.items()]
    assert len(graphs[0]) > 50
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_a_format_can_stand_in_the_address_for_programs_that_send_no_header(server: Server) -> None:
    response = server.ask(TERMS, "*/*", format="csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.text.startswith("n,x\r\n")


@pytest.mark.parametrize("function", ["RAND()", "UUID()", "STRUUID()"])
def test_an_answer_that_differs_each_time_is_not_kept(server: Server, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    assert len({server.ask(query).content for _ in range(3)}) == 3


def test_a_kept_answer_is_kept_for_each_format_and_each_dataset(server: Server) -> None:
    query, graph = "SELECT ?s { ?s a ev:Study }", "https://w3id.org/mipex-kb/graph/studies/alpha2001trust"
    found = [server.ask(query).content for _ in range(2)]
    assert found[0] == found[1]
    assert server.ask(query, "text/csv").text.count("\n") == 6
    assert server.ask(query, "text/csv", **{"default-graph-uri": graph}).text.count("\n") == 2
