"""The store as readers see it: the union of all graphs as plain texts, read-only, from any thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from kb.build import build
from kb.errors import StoreError
from kb.namespaces import BASE
from kb.store import open_store

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader

STUDIES = "SELECT ?k { ?s a ev:Study ; dcterms:identifier ?k } ORDER BY ?k"


def test_addresses_and_literals_are_texts_and_unbound_is_empty(toy_reader: Reader) -> None:
    query = "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (policy:health 'x'@en UNDEF) (5 2.5 'é\"\\n') } } ORDER BY ?b"
    assert toy_reader.rows(query) == [["5", "2.5", 'é"\n'], [f"{BASE}policy/health", "x", ""]]


def test_queries_see_the_union_of_all_graphs(toy_reader: Reader) -> None:
    assert [row[0] for row in toy_reader.rows(STUDIES)] == [
        "alpha2001trust", "beta2002moderator", "delta2004reform", "epsilon2005review", "gamma2003index",
    ]  # fmt: skip
    joined = "SELECT ?l { finding:alpha2001trust-1 ev:policy/skos:prefLabel ?l }"
    assert toy_reader.rows(joined) == [["Anti-discrimination"]]


def test_a_triple_that_stands_in_two_files_counts_once(toy_reader: Reader) -> None:
    person = f"{BASE}person/alpha-anna"
    both = f"SELECT ?g {{ GRAPH ?g {{ <{person}> foaf:name ?name }} }}"
    assert len(toy_reader.rows(both)) == 2
    assert toy_reader.rows(f"SELECT ?name {{ <{person}> foaf:name ?name }}") == [["Alpha, Anna"]]
    assert toy_reader.rows(f"SELECT (COUNT(*) AS ?n) {{ <{person}> a foaf:Person }}") == [["1"]]


def test_single_graphs_can_be_asked_for(toy_reader: Reader) -> None:
    query = "SELECT ?g { GRAPH ?g { study:alpha2001trust a ev:Study } }"
    assert toy_reader.rows(query) == [[f"{BASE}graph/studies/alpha2001trust"]]


def test_a_reader_cannot_write(toy_reader: Reader) -> None:
    before = toy_reader.dump()
    with pytest.raises(SyntaxError):
        toy_reader.rows("DELETE WHERE { ?s ?p ?o }")
    assert toy_reader.dump() == before


def test_triples_are_those_of_the_dump(toy_reader: Reader) -> None:
    dumped = {line.rpartition(" <")[0] for line in toy_reader.dump().decode().splitlines()}
    assert {str(triple) for triple in toy_reader.triples()} == dumped


def test_rows_leave_their_thread_as_plain_texts(toy_reader: Reader) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(toy_reader.rows, [STUDIES] * 12))
    assert all(result == toy_reader.rows(STUDIES) for result in results)


def test_a_collection_that_was_never_built_says_what_to_do(copy_of_toy: Collection) -> None:
    with pytest.raises(StoreError, match="mipex-kb build"):
        open_store(copy_of_toy)


def test_a_damaged_store_says_what_to_do_and_is_let_go(copy_of_toy: Collection) -> None:
    build(copy_of_toy)
    with open_store(copy_of_toy) as reader:
        pointer = reader.folder / "store" / "CURRENT"
    pointer.write_text("nonsense", "utf-8")
    with open_store(copy_of_toy) as reader, pytest.raises(StoreError, match="build --clean"):
        reader.rows(STUDIES)
    build(copy_of_toy, clean=True)
    with open_store(copy_of_toy) as reader:
        assert len(reader.rows(STUDIES)) == 5


def test_many_readers_are_open_at_once(toy: Collection) -> None:
    readers = [open_store(toy) for _ in range(5)]
    assert [len(reader.rows(STUDIES)) for reader in readers] == [5] * 5
    for reader in readers:
        reader.close()
