"""The text of queries: its parts, its prefixes, and addresses as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql.parser import parseQuery

from kb.named_queries import named_query, names
from kb.namespaces import BASE, PREFIXES, prefix_header
from kb.query_guard import check_query
from kb.sparql_text import declared, place, portable, short_name, term, tokens, without_header


def parts(text: str) -> list[tuple[str, str]]:
    return [(token.kind, text[token.start : token.end]) for token in tokens(text)]


def test_each_part_of_a_query_has_its_kind() -> None:
    text = "SELECT ?x (count(*) AS $n) # why\n{ ?x a policy:health ; <a:b#c> 'it\\'s'@en-gb , 1.5e3 FOO }"
    assert parts(text) == [
        ("keyword", "SELECT"), ("variable", "?x"), ("sign", "("), ("function", "count"), ("sign", "("), ("sign", "*"),
        ("sign", ")"), ("keyword", "AS"), ("variable", "$n"), ("sign", ")"), ("comment", "# why"), ("sign", "{"),
        ("variable", "?x"), ("keyword", "a"), ("name", "policy:health"), ("sign", ";"), ("iri", "<a:b#c>"),
        ("string", "'it\\'s'"), ("language", "@en-gb"), ("sign", ","), ("number", "1.5e3"), ("word", "FOO"),
        ("sign", "}"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"""two\n"lines" """', "string"),
        ("'''open\nto the end", "string"),
        ('"open to the end of the line', "string"),
        ("ev:", "name"),
        (":x", "name"),
        ("_:b1", "name"),
        ("ev:a.b-c", "name"),
        ("ev:a\\/b", "name"),
        ("?", "variable"),
        ("?é", "variable"),
    ],
)
def test_one_part_is_one_part(text: str, kind: str) -> None:
    assert parts(text) == [(kind, text)]


def test_a_name_ends_before_a_full_stop() -> None:
    assert parts("ev:a.") == [("name", "ev:a"), ("sign", ".")]


def test_an_open_string_ends_with_its_line() -> None:
    assert parts("'abc\n?x")[1] == ("variable", "?x")


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_has_parts_that_do_not_overlap_and_leave_only_space(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert not text[end : token.start].strip()
        assert token.end > token.start >= end
        end = token.end
    assert not text[end:].strip()


def test_declared_prefixes_are_found_whatever_their_case() -> None:
    text = "prefix x: <a:x> PREFIX : <a:y>\n# PREFIX z: <a:z>\nSELECT * { ?s x:p 'PREFIX w: <a:w>' }"
    assert declared(text) == {"x": "a:x", "": "a:y"}


@pytest.mark.parametrize("name", names())
def test_a_named_query_goes_without_its_header_and_comes_back_whole(name: str) -> None:
    text = named_query(name).text()
    bare = without_header(text)
    assert "PREFIX" not in bare
    assert prefix_header() + bare == text
    check_query(bare)
    parseQuery(portable(bare))
    assert len(portable(bare)) < len(text)


def test_a_header_that_says_something_else_stays() -> None:
    mine = "PREFIX ev: <https://example.org/>\nSELECT * { ?s ev:p ?o }"
    assert without_header(mine) == mine
    assert portable(mine) == mine
    kept = "PREFIX new: <a:>\nSELECT * { ?s new:p ev:o }"
    assert portable(kept) == f"PREFIX ev: <{PREFIXES['ev']}>\n{kept}"


def test_comments_before_a_header_stay() -> None:
    comment = "# The findings in which these words stand: a b\n\n# more\n"
    bare = without_header(comment + named_query("counts").text())
    assert bare.startswith(comment + "SELECT ?policy")


def test_names_in_texts_and_comments_need_no_prefix() -> None:
    text = "SELECT * { ?s ?p 'ev:x' } # skos:notation"
    assert portable(text) == text


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (BASE + "policy/health", "policy:health"),
        (BASE + "evidence#policy", "ev:policy"),
        (BASE + "source-level/fulltext", "level:fulltext"),
        (BASE + "population/immigrants", "population:immigrants"),
        (PREFIXES["skos"] + "notation", "skos:notation"),
        (PREFIXES["dcterms"] + "isPartOf", "dcterms:isPartOf"),
    ],
)
def test_an_address_is_shortened_where_a_prefix_fits(iri: str, name: str) -> None:
    assert short_name(iri) == name == term(iri)


@pytest.mark.parametrize(
    "iri",
    ["a:b", BASE, BASE + "policy/", BASE + "edition/2004/x", BASE + "policy/a%20b", BASE + "policy/a.", "x", "", "/"],
)
def test_an_address_without_a_fitting_prefix_stays(iri: str) -> None:
    assert short_name(iri) == iri
    assert term(iri) == f"<{iri}>"


@pytest.mark.parametrize(("position", "expected"), [(0, (1, 1)), (2, (1, 3)), (4, (2, 1)), (6, (3, 1)), (7, (3, 2))])
def test_a_place_is_a_line_and_a_column(position: int, expected: tuple[int, int]) -> None:
    assert place("ab\r\nc\rd", position) == expected
