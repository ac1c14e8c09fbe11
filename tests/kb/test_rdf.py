"""The face to the RDF world: the same graph as an rdflib Dataset."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, URIRef

import kb
from kb.namespaces import BASE, EV, PREFIXES
from kb.rdf import dataset

if TYPE_CHECKING:
    from rdflib import Dataset

    from kb.collection import Collection
    from kb.store import Reader


@pytest.fixture(scope="module")
def found(toy: Collection) -> Dataset:
    return dataset(toy)


def test_the_dataset_holds_the_same_quads(found: Dataset, toy_reader: Reader) -> None:
    assert sum(len(graph) for graph in found.graphs()) == toy_reader.dump().count(b"\n")


def test_the_default_graph_is_the_union(found: Dataset) -> None:
    assert len(set(found.subjects(RDF.type, URIRef(EV + "Study")))) == 5
    rows = list(found.query("SELECT ?l { finding:alpha2001trust-1 ev:policy/skos:prefLabel ?l }"))
    assert [str(row[0]) for row in rows] == ["Anti-discrimination"]  # type: ignore[index]


def test_each_file_is_a_graph(found: Dataset) -> None:
    graph = found.graph(URIRef(f"{BASE}graph/studies/alpha2001trust"))
    assert set(graph.subjects(RDF.type, URIRef(EV + "Study"))) == {URIRef(f"{BASE}study/alpha2001trust")}


def test_the_prefixes_are_bound(found: Dataset) -> None:
    bound = {prefix: str(iri) for prefix, iri in found.namespaces()}
    assert {name: bound.get(name) for name in PREFIXES} == PREFIXES


def test_python_users_get_the_bundled_collection_each_time_they_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("kb.rdf.dataset", lambda *arguments: asked.append(arguments))
    assert import_module("kb.quads").__name__ == "kb.quads"
    kb.graph()
    kb.graph()
    assert asked == [(), ()]
