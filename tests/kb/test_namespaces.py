"""Addresses: stable, documented, and valid whatever a key, a notation, a name or a DOI holds."""

from __future__ import annotations

from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from kb.namespaces import (
    BASE,
    EV,
    PREFIXES,
    concept_iri,
    doi_iri,
    estimate_iri,
    finding_iri,
    graph_iri,
    prefix_header,
    slug,
    study_iri,
)

SICI = "10.1002/(SICI)1097<1::AID>3.0.CO;2-X"
any_text = st.text(st.characters(codec="utf-8"), min_size=1)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (concept_iri("policy", "family-reunion"), "policy/family-reunion"),
        (concept_iri("country", "AT"), "country/AT"),
        (concept_iri("edition", "2004/naturalisation"), "edition/2004/naturalisation"),
        (concept_iri("measure", "mipex-2015"), "measure/mipex-2015"),
        (study_iri("migali2017determinants"), "study/migali2017determinants"),
        (finding_iri("migali2017determinants-1"), "finding/migali2017determinants-1"),
        (estimate_iri("migali2017determinants-1"), "estimate/migali2017determinants-1"),
        (graph_iri("studies", "migali2017determinants"), "graph/studies/migali2017determinants"),
        (graph_iri("ontology", "data-sources"), "graph/ontology/data-sources"),
    ],
)
def test_addresses_are_the_documented_ones(address: str, expected: str) -> None:
    assert address == f"https://w3id.org/mipex-kb/{expected}"


def test_own_terms_lie_under_the_base() -> None:
    assert f"{BASE}evidence#" == EV
    assert PREFIXES["ev"] == EV


def test_every_prefix_stands_once_in_the_header_and_parses() -> None:
    header = prefix_header()
    assert header.count("PREFIX ") == len(PREFIXES)
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    store = ox.Store()
    for prefix in PREFIXES:
        assert store.query(f"{header}ASK {{ {prefix}:a {prefix}:b {prefix}:c }}") is not None


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.1016/S2214-109X(18)30560-6", "https://doi.org/10.1016/S2214-109X(18)30560-6"),
        ("10.1093/esr/jcr041", "https://doi.org/10.1093/esr/jcr041"),
        (SICI, "https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0.CO;2-X"),
        ("10.1000/a b", "https://doi.org/10.1000/a%20b"),
        ("10.1000/ä#?%", "https://doi.org/10.1000/%C3%A4%23%3F%25"),
    ],
)
def test_a_doi_becomes_a_valid_address(doi: str, expected: str) -> None:
    assert doi_iri(doi) == expected
    assert unquote(expected).removeprefix("https://doi.org/") == doi


def test_a_graph_with_a_sici_doi_can_be_serialised() -> None:
    graph = Graph()
    graph.add((URIRef(study_iri("a1")), URIRef(PREFIXES["foaf"] + "page"), URIRef(doi_iri(SICI))))
    assert "(SICI)1097%3C1::AID%3E3.0.CO;2-X" in graph.serialize(format="nt")
    assert ox.NamedNode(doi_iri(SICI)).value == doi_iri(SICI)


@settings(max_examples=100, deadline=None)
@given(any_text)
def test_every_address_is_valid_and_without_spaces(text: str) -> None:
    for address in (
        concept_iri("policy", text),
        study_iri(text),
        finding_iri(text),
        estimate_iri(text),
        graph_iri("studies", text),
        doi_iri(text),
        f"{BASE}person/{slug(text)}",
    ):
        assert ox.NamedNode(address).value == address
        assert address.isascii()
        assert not any(letter in address for letter in '<>"{}|\\^` \n')


@settings(max_examples=100, deadline=None)
@given(any_text, any_text)
def test_different_keys_have_different_addresses(one: str, two: str) -> None:
    for address in (study_iri, finding_iri, estimate_iri, doi_iri):
        assert (address(one) == address(two)) == (one == two)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ziller Conrad", "ziller-conrad"),
        ("Röder Antje", "roder-antje"),
        ("O'Neil Pat", "o-neil-pat"),
        ("Journal of Made-up  Results", "journal-of-made-up-results"),
        ("  (odd) – name! ", "odd-name"),
        ("Nguyễn", "nguyen"),
        ("Straße", "strasse"),
        ("snake_case", "snake-case"),
    ],
)
def test_a_slug_has_plain_letters_and_hyphens(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_composed_and_decomposed_names_have_one_slug() -> None:
    assert slug("Ro\u0308der") == slug("Röder") == slug("RÖDER")


def test_names_in_other_scripts_keep_different_slugs() -> None:
    assert slug("李") != slug("王")
    assert slug("李").startswith("%")
