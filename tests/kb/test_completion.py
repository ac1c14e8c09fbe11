"""Completion in a SPARQL text: the right kind of name at each place, found by any of its names, among many studies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.completion import LIMIT, Completer
from kb.namespaces import BASE, EV, PREFIXES
from kb.vocabulary import Concept, Vocabulary

TERMS = [
    (EV + "policy", "policy"),
    (EV + "population", "population"),
    (EV + "Study", "Study"),
    (PREFIXES["skos"] + "notation", ""),
    (PREFIXES["skos"] + "broader", ""),
    ("https://example.org/other", "other"),
]
VOCABULARY = Vocabulary(
    [
        Concept("policy", "access-to-nationality", "Access to nationality", ("Naturalisation policy", "Citizenship")),
        Concept("policy", "health", "Health", order=1),
        Concept("policy", "fb_new", "Naturalisation requirements", broader=("access-to-nationality",)),
        Concept("outcome", "naturalisation", "Naturalisation"),
        Concept("population", "second-generation", "Second generation", ("Children of immigrants",)),
        Concept("country", "NL", "Netherlands", ("Holland",)),
        Concept("edition", "2015/health", "Health"),
        Concept("measure", "núm-1", "Número"),
    ]
)
KEYS = {"study": [("alpha2001trust", "Trust among newcomers"), ("beta2002vote", "Voting")]}


@pytest.fixture(scope="module")
def completer() -> Completer:
    return Completer(VOCABULARY, TERMS, KEYS)


def found(completer: Completer, marked: str) -> list[str]:
    """Return what is offered where the bar stands."""
    before, _, after = marked.partition("|")
    return [suggestion.text for suggestion in completer.at(before + after, len(before)).suggestions]


@pytest.mark.parametrize(
    ("marked", "texts"),
    [
        ("SELECT * { ?s ev:po|", ["ev:policy", "ev:population"]),
        ("SELECT * { ?s ev:|", ["ev:policy", "ev:population", "ev:Study"]),
        ("SELECT * { ?s skos:no|", ["skos:notation"]),
        ("SELECT * { ?s ev:policy policy:he|", ["policy:health"]),
        ("policy:natural|", ["policy:access-to-nationality", "policy:fb_new"]),
        ("policy:citizen|", ["policy:access-to-nationality"]),
        ("policy:nationality|", ["policy:access-to-nationality"]),
        ("population:children|", ["population:second-generation"]),
        ("country:holl|", ["country:NL"]),
        ("country:nl|", ["country:NL"]),
        ("study:alpha|", ["study:alpha2001trust"]),
        ("study:newcom|", ["study:alpha2001trust"]),
        ("study:|", ["study:alpha2001trust", "study:beta2002vote"]),
        ("policy:access-nat|", ["policy:access-to-nationality"]),
        ("outcome:|", ["outcome:naturalisation"]),
        ("measure:|", [f"<{BASE}measure/n%C3%BAm-1>"]),
        ("SELECT ?study ?year { ?s|", ["?study"]),
        ("SELECT ?study ?year { ?study|", []),
        ("SELECT ?study ?Year { ?s ?p ?y|", ["?Year"]),
        ("SELECT * { ?x ?y ?z . ?|", ["?x", "?y", "?z"]),
        ("nowhere:|", []),
        ("policy:zzz|", []),
    ],
)
def test_each_place_gets_the_names_that_fit(completer: Completer, marked: str, texts: list[str]) -> None:
    assert found(completer, marked) == texts


def test_a_word_brings_keywords_prefixes_and_then_names_by_their_label(completer: Completer) -> None:
    assert found(completer, "SEL|") == ["SELECT"]
    assert found(completer, "{ ?s ?p pol|") == ["policy:", "ev:policy", "policy:access-to-nationality"]
    assert found(completer, "{ ?s ?p Citizen|") == ["policy:access-to-nationality"]
    assert found(completer, "FILTER(str|")[:2] == ["STR(", "STRLEN("]
    assert "ev:Study" in found(completer, "{ ?s a stu|")


def test_a_bare_word_brings_no_countries_studies_or_addresses(completer: Completer) -> None:
    assert found(completer, "{ ?s ?p newcomers|") == []
    assert found(completer, "{ ?s ?p holl|") == []
    assert found(completer, "{ ?s ?p healt|") == ["policy:health"]


def test_nothing_typed_brings_variables_prefixes_and_keywords(completer: Completer) -> None:
    texts = found(completer, "SELECT ?who { |")
    assert texts[0] == "?who"
    assert "policy:" in texts
    assert "SELECT" in texts


@pytest.mark.parametrize("marked", ["'pol|", "# pol|", "<https://pol|>", "'pol|'", "12|", "'x'@en|"])
def test_texts_comments_and_addresses_are_left_alone(completer: Completer, marked: str) -> None:
    assert found(completer, marked) == []


def test_a_prefix_of_ones_own_names_the_same_things(completer: Completer) -> None:
    text = f"PREFIX p: <{BASE}policy/>\nSELECT * {{ ?s ev:policy p:hea|"
    assert found(completer, text) == ["p:health"]
    assert found(completer, f"PREFIX policy: <{BASE}outcome/> {{ ?s ?p policy:|") == ["policy:naturalisation"]
    assert "mine:" in found(completer, "PREFIX mine: <a:> SELECT * { ?s min|")


def test_the_whole_word_around_the_cursor_is_replaced(completer: Completer) -> None:
    completion = completer.at("{ ?s policy:heXX . }", 14)
    assert (completion.start, completion.end) == (5, 16)
    assert [suggestion.label for suggestion in completion.suggestions] == ["Health"]


def test_a_field_gets_notations_with_labels(completer: Completer) -> None:
    assert completer.of_kind("policy", "citizenship") == [("access-to-nationality", "Access to nationality")]
    assert completer.of_kind("study", "") == KEYS["study"]
    assert completer.of_kind("nothing", "x") == []


def test_hostile_labels_are_made_plain() -> None:
    completer = Completer(Vocabulary([Concept("policy", "x", "\x1b[31mred[/]\x07")]))
    assert completer.of_kind("policy", "") == [("x", "[31mred[/]")]


@given(st.text(max_size=80), st.integers(0, 80))
@settings(max_examples=200, deadline=None)
def test_any_place_of_any_text_has_a_completion(text: str, cursor: int) -> None:
    completion = Completer(VOCABULARY, TERMS, KEYS).at(text, min(cursor, len(text)))
    assert 0 <= completion.start <= completion.end <= len(text)
    assert len(completion.suggestions) <= LIMIT


def test_ten_thousand_studies_are_looked_through() -> None:
    keys = {"study": [(f"made{number}up", f"A title about trust and number {number}") for number in range(10_000)]}
    completer = Completer(VOCABULARY, TERMS, keys)
    text = "SELECT * { study:number"
    assert len(completer.at(text, len(text)).suggestions) == LIMIT
