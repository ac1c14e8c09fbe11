"""Parameters of named queries as a form asks for them: typed, checked, completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.completion import Completer
from kb.errors import QueryError
from kb.named_queries import NamedQuery, Parameter, named_query, parse
from kb.namespaces import BASE
from kb.query_parameters import filled, problems, read_values, suggestions, taken
from kb.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from kb.store import Reader

VOCABULARY = Vocabulary(
    [
        Concept("policy", "health", "Health"),
        Concept("policy", "access-to-nationality", "Access to nationality", ("Naturalisation policy",)),
        Concept("policy", "anti-discrimination", "Anti-discrimination"),
    ]
)
POLICY = Parameter("policy", "policy", "which")
SINCE = Parameter("since", "number", "from when")
STUDY = Parameter("study", "text", "keys")
SCHEME = Parameter("scheme", "scheme", "which")


@pytest.mark.parametrize(
    ("parameter", "text", "values"),
    [
        (POLICY, "", []),
        (POLICY, " ; ", []),
        (POLICY, "health", ["health"]),
        (POLICY, "Naturalisation policy; HEALTH", ["access-to-nationality", "health"]),
        (POLICY, "anti", ["anti-discrimination"]),
        (SINCE, " 2010 ", ["2010"]),
        (STUDY, 'a2001; "b" } #', ["a2001", '"b" } #']),
        (STUDY, "a\x1b[31m", ["a[31m"]),
        (SCHEME, "policies", ["policies"]),
    ],
)
def test_a_field_holds_values_of_its_kind(parameter: Parameter, text: str, values: list[str]) -> None:
    assert read_values(parameter, text, VOCABULARY) == values


@pytest.mark.parametrize(
    ("parameter", "text", "said"),
    [
        (POLICY, "helth", "no policy called 'helth'. Did you mean health"),
        (POLICY, "a", "could be any of"),
        (SINCE, "two", "no whole number"),
        (SINCE, "-5", "no whole number"),
        (SCHEME, "pol icies>", "no scheme"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(parameter: Parameter, text: str, said: str) -> None:
    query = NamedQuery("x", "X", "X.", (parameter,), "ASK {}")
    found = problems(query, {parameter.name: text}, VOCABULARY)
    assert said in found[parameter.name]
    with pytest.raises(QueryError, match=f"^{parameter.name}: "):
        filled(query, {parameter.name: text}, VOCABULARY)


def test_a_filled_form_is_the_text_of_the_query() -> None:
    query = named_query("findings")
    text = filled(query, {"policy": "Naturalisation policy", "since": "2010", "study": "", "outcome": ""}, VOCABULARY)
    assert text == query.text({"policy": ["access-to-nationality"], "since": ["2010"]})
    assert problems(query, {"policy": "health"}, VOCABULARY) == {}


def test_suggestions_are_for_the_last_value() -> None:
    completer = Completer(VOCABULARY, keys={"study": [("alpha2001trust", "Trust")]})
    (found,) = suggestions(POLICY, "health; natural", completer)
    assert found == ("access-to-nationality", "Access to nationality")
    assert taken("health; natural", found) == "health; access-to-nationality"
    assert taken("natural", found) == "access-to-nationality"
    assert suggestions(STUDY, "trust", completer) == [("alpha2001trust", "Trust")]
    assert suggestions(SINCE, "20", completer) == []


def test_the_front_of_a_file_tells_title_description_parameters_and_defaults() -> None:
    query = parse(
        "x",
        "# title: A title\n# description: What it does.\n# param: circle (measure = core) only these\n"
        "# param: policy (policy) only on these\nSELECT * {}\n# param: this (one) counts too\n",
    )
    assert query.title == "A title"
    assert query.description == "What it does."
    assert query.parameters[:2] == (
        ("circle", "measure", "only these", "core", "core"),
        ("policy", "policy", "only on these", "", ""),
    )
    assert query.body == "SELECT * {}\n"


def test_a_file_without_a_front_is_a_query_without_a_title() -> None:
    assert parse("x", "ASK {}") == ("x", "", "", (), "ASK {}", "", "", ())


def test_terms_tell_what_the_graph_is_made_of(toy_reader: Reader) -> None:
    rows = {row[0]: row for row in toy_reader.rows(named_query("terms").text())}
    assert rows[f"{BASE}evidence#Finding"][1] == "Finding"
    assert int(rows[f"{BASE}evidence#Finding"][3]) > 1
    assert not any(name.startswith("http://www.w3.org/ns/shacl#") for name in rows)
