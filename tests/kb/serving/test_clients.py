"""Clients that others wrote get on with the endpoint: SPARQLWrapper, rdflib and curl."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, Literal

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from kb.namespaces import BASE, PREFIXES

if TYPE_CHECKING:
    from tests.kb.serving.running import Server

KEYS = ["alpha2001trust", "beta2002moderator", "delta2004reform", "epsilon2005review", "gamma2003index"]
SELECT = (
    f"PREFIX ev: <{PREFIXES['ev']}> PREFIX dcterms: <{PREFIXES['dcterms']}> "
    "SELECT ?k WHERE { ?s a ev:Study ; dcterms:identifier ?k } ORDER BY ?k"
)
CONSTRUCT = f"PREFIX ev: <{PREFIXES['ev']}> CONSTRUCT {{ ?s a ev:Study }} WHERE {{ ?s a ev:Study }}"


def wrapper(server: Server, query: str, form: str, method: str = GET, how: str = "") -> Any:  # noqa: ANN401 - a type for each form
    asking = SPARQLWrapper(server.endpoint)
    asking.setQuery(query)
    asking.setReturnFormat(form)
    asking.setMethod(method)
    if how:
        asking.setRequestMethod(how)
    return asking.queryAndConvert()


@pytest.mark.parametrize(("method", "how"), [(GET, ""), (POST, ""), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_reads_json(server: Server, method: str, how: str) -> None:
    found = wrapper(server, SELECT, JSON, method, how)
    assert [row["k"]["value"] for row in found["results"]["bindings"]] == KEYS


def test_sparqlwrapper_reads_xml_csv_and_tsv(server: Server) -> None:
    found = wrapper(server, SELECT, XML)
    assert [node.firstChild.data for node in found.getElementsByTagName("literal")] == KEYS
    assert wrapper(server, SELECT, CSV).decode().split() == ["k", *KEYS]
    assert wrapper(server, SELECT, TSV).decode().split() == ["?k", *(f'"{key}"' for key in KEYS)]


@pytest.mark.parametrize("form", [RDFXML, TURTLE, N3, JSONLD])
def test_sparqlwrapper_reads_graphs(server: Server, form: str) -> None:
    found = wrapper(server, CONSTRUCT, form)
    graph = found if isinstance(found, Graph) else Graph().parse(data=found)
    assert {str(node).removeprefix(BASE + "study/") for node in graph.subjects()} == set(KEYS)


def test_sparqlwrapper_knows_a_query_that_is_none(server: Server) -> None:
    with pytest.raises(QueryBadFormed, match="line 1, column 7"):
        wrapper(server, "ASK { ", JSON)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_takes_the_endpoint_for_a_graph(server: Server, method: Literal["GET", "POST", "POST_FORM"]) -> None:
    graph = Graph(SPARQLStore(server.endpoint, method=method))
    assert [str(row[0]) for row in graph.query(SELECT)] == KEYS  # type: ignore[index]
    study = URIRef(f"{BASE}study/alpha2001trust")
    assert str(graph.value(study, URIRef(PREFIXES["dcterms"] + "identifier"))) == "alpha2001trust"
    assert (study, URIRef(PREFIXES["rdf"] + "type"), URIRef(PREFIXES["ev"] + "Study")) in graph


def test_rdflib_asks_a_named_graph(server: Server) -> None:
    graph = Graph(SPARQLStore(server.endpoint), identifier=URIRef(f"{BASE}graph/studies/alpha2001trust"))
    assert [str(row[0]) for row in graph.query(SELECT)] == KEYS[:1]  # type: ignore[index]


@pytest.mark.needs("curl")
@pytest.mark.parametrize(
    "options",
    [
        ["--get", "--data-urlencode", f"query={SELECT}"],
        ["--data-urlencode", f"query={SELECT}"],
        ["-H", "Content-Type: application/sparql-query", "--data", SELECT],
    ],
)
def test_curl(server: Server, options: list[str]) -> None:
    command = ["curl", "-sS", "--fail", "-H", "Accept: application/sparql-results+json", *options, server.endpoint]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert [row["k"]["value"] for row in found["results"]["bindings"]] == KEYS
