"""Networks: cases worked out by hand, the same result every time, and files that read back."""

from __future__ import annotations

import io
import json
import math
import os
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import networkx as nx
import pytest

from kb.collection import bundled
from kb.errors import UsageError
from kb.evidence import Row
from kb.evidence_bases import EvidenceBases
from kb.network.build import build_network
from kb.network.files import HEADER, node_rows, render_network, to_gexf, to_graphml, to_json, to_table
from kb.network.layout import layout
from kb.network.origin import query_behind, studies_of
from kb.network.people import merged_names
from kb.network.svg import to_svg
from kb.network.views import KINDS, Network, Node
from kb.tables import StudyRow, make_tables
from kb.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from kb.store import Reader

WORDS = Vocabulary(
    [
        Concept("data", "ess", "European Social Survey"),
        Concept("data", "evs", "European Values Study"),
        Concept("policy", "health", "Health"),
        Concept("outcome", "trust", "Trust"),
    ]
)
HOSTILE = "\x1b]0pwn\x07 [red]=1+1\ufffe\x00</title><script>&'\""


def study(key: str, authors: str = "", **fields: str) -> StudyRow:
    empty = StudyRow._make([""] * len(StudyRow._fields))
    return empty._replace(study=key, authors=authors, year="2001", title=f"On {key}", **fields)


def finding(study: str, policy: str, outcome: str) -> Row:
    empty = Row._make([""] * len(Row._fields))
    names = {"policy_label": policy.capitalize(), "outcome_label": outcome.capitalize()}
    return empty._replace(finding=f"{study}-1", study=study, policy=policy, outcome=outcome, **names)


def network(kind: str, *studies: StudyRow, findings: tuple[Row, ...] = ()) -> Network:
    return build_network(kind, studies, findings, WORDS, EvidenceBases(studies, WORDS))


@cache
def whole_network(kind: str, reader: Reader) -> Network:
    tables = make_tables(reader)
    words = reader.vocabulary()
    return build_network(kind, tables.studies, tables.findings, words, EvidenceBases(tables.studies, words))


@cache
def places_of(kind: str, reader: Reader) -> dict[str, tuple[float, float]]:
    return layout(whole_network(kind, reader))


def test_shared_data_tie_studies_and_say_which() -> None:
    found = network(
        "data",
        study("a", data="ess:2-3; evs:1", countries="AT; BE"),
        study("b", data="ess:3; evs:1", countries="BE"),
        study("c", data="evs"),
        study("d", data="ess:9"),
    )
    assert [(tie.one, tie.other, tie.weight) for tie in found.ties] == [("a", "b", 2), ("a", "c", 1), ("b", "c", 1)]
    assert found.ties[0].why == ("European Social Survey (3; BE)", "European Values Study (1; BE)")
    assert found.ties[1].why == ("European Values Study (rounds not named by both)",)
    assert [(node.key, node.links, node.strength) for node in found.ranking()] == [
        ("a", 2, 3), ("b", 2, 3), ("c", 2, 2), ("d", 0, 0),
    ]  # fmt: skip
    assert [node.key for node in found.clusters[1]] == ["a", "b", "c"]
    assert (found.by_key["d"].cluster, found.by_key["d"].component) == (0, 0)
    assert found.summary() == ("Studies that share data: 4 nodes, 3 ties, 1 component and 1 without ties, 1 cluster.")


def test_the_middle_of_a_chain_bridges() -> None:
    found = network("data", study("a", data="ess:1"), study("b", data="ess:1-2"), study("c", data="ess:2"))
    assert {node.key: node.bridging for node in found.nodes} == {"a": 0, "b": 1, "c": 0}
    assert found.ranking("bridging")[0].key == "b"
    assert "Bridges between others, most first: b (1).\nRanks describe" in to_table(found)


def test_joint_papers_weigh_less_the_more_authors_they_have() -> None:
    found = network(
        "authors",
        study("two", "Ash, Ann; Elm, Eve"),
        study("three", "Ash, A.; Elm, Eve; Oak, Ole"),
        study("one", "Fir, Fay"),
        study("none"),
    )
    weights = {(tie.one, tie.other): tie.weight for tie in found.ties}
    assert weights == {("Ash, Ann", "Elm, Eve"): 1.5, ("Ash, Ann", "Oak, Ole"): 0.5, ("Elm, Eve", "Oak, Ole"): 0.5}
    assert found.ties[0].why == ("three", "two")
    assert found.by_key["Ash, Ann"].studies == ("three", "two")
    assert found.by_key["Fir, Fay"].links == 0
    assert {node.kind for node in found.nodes} == {"author"}


def test_topics_tie_a_policy_to_an_outcome_by_studies_not_findings() -> None:
    findings = (finding("a", "health", "trust"), finding("a", "health", "trust"), finding("b", "health", "voting"),
                finding("gone", "health", "trust"))  # fmt: skip
    found = network("topics", study("a"), study("b"), findings=findings)
    assert [(tie.one, tie.other, tie.weight, tie.why) for tie in found.ties] == [
        ("outcome:trust", "policy:health", 1, ("a",)),
        ("outcome:voting", "policy:health", 1, ("b",)),
    ]
    policy = found.by_key["policy:health"]
    assert (policy.label, policy.kind, policy.links, policy.studies) == ("Health", "policy", 2, ("a", "b"))
    assert found.by_key["outcome:voting"].label == "voting"  # in no scheme


def test_topics_are_projected_onto_policies_and_onto_outcomes() -> None:
    findings = (
        finding("a", "health", "trust"), finding("b", "education", "trust"), finding("b", "education", "voting"),
        finding("c", "overall", "trust"), finding("c", "overall", "threat"), finding("d", "health", "health"),
    )  # fmt: skip
    studies = [study(key) for key in "abcd"]
    policies = network("policies", *studies, findings=findings)
    assert [(tie.one, tie.other, tie.weight, tie.why) for tie in policies.ties] == [
        ("policy:education", "policy:health", 0.5, ("Trust",)),
        ("policy:education", "policy:overall", 0.5, ("Trust",)),
        ("policy:health", "policy:overall", 0.5, ("Trust",)),
    ]
    outcomes = network("outcomes", *studies, findings=findings)
    assert [(tie.one, tie.other, tie.weight, tie.why) for tie in outcomes.ties] == [
        ("outcome:health", "outcome:trust", 1, ("Health",)),
        ("outcome:threat", "outcome:trust", 1, ("overall",)),
        ("outcome:trust", "outcome:voting", 1, ("education",)),
    ]
    assert {node.kind for node in outcomes.nodes} == {"outcome"}
    assert [(node.key, node.bridging, node.studies) for node in outcomes.bridges()] == [
        ("outcome:trust", 1, ("a", "b", "c"))
    ]


def test_questions_tie_studies_that_share_policy_and_outcome() -> None:
    findings = (
        finding("a", "health", "trust"), finding("b", "health", "trust"), finding("c", "health", "voting"),
        finding("a", "health", "voting"), finding("d", "education", "trust"),
    )  # fmt: skip
    found = network("questions", *map(study, "abcde"), findings=findings)
    assert [(tie.one, tie.other, tie.why) for tie in found.ties] == [
        ("a", "b", ("Health → Trust",)), ("a", "c", ("Health → Voting",)),
    ]  # fmt: skip
    assert [node.key for node in found.nodes] == ["a", "b", "c", "d"]  # e has no finding
    assert [(tie.one, tie.other) for tie in found.ties_of("b")] == [("b", "a")]


@pytest.mark.parametrize(
    ("forms", "persons"),
    [
        (["Ash, Ann", "Ash, A.", "Ash, ann b."], 1),
        (["Ash, Ann", "Ash, Amy", "Ash, A."], 3),  # A. may be either
        (["Ash, Ann B.", "Ash, Ann C."], 2),
        (["Ash, Ann B.", "Ash, Ann C.", "Ash, Ann"], 3),
        (["Ash, A. B.", "Ash, Ann Bea", "Ash, A."], 1),
        (["Ash, Ann", "Ashe, Ann"], 2),
        (["Röder, Antje", "Roder, A."], 1),
        (["Ash", "Ash, Ann"], 2),  # a family or an organisation alone
        (["Ash, J.-P.", "Ash, Jean Paul"], 1),
        (["Ash, Anna", "Ash, Ann"], 2),
    ],
)
def test_names_are_one_person_only_where_they_can_be_nobody_else(forms: list[str], persons: int) -> None:
    found = merged_names(forms)
    assert set(found) == set(forms)
    assert len(set(found.values())) == persons
    assert merged_names(reversed(forms)) == found


def test_the_fullest_form_of_a_name_is_shown() -> None:
    assert set(merged_names(["Ash, A.", "Ash, Ann Bea", "Ash, Ann B."]).values()) == {"Ash, Ann Bea"}


def test_an_unknown_network_is_named_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match="data, authors, topics, policies, outcomes, questions"):
        network("friends", study("a"))


def test_a_network_that_nobody_can_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.network.build.MOST_TIES", 5)
    with pytest.raises(UsageError, match="more than 5 ties"):
        network("data", *(study(key, data="ess") for key in "abcd"))
    assert len(network("data", *(study(key, data="ess") for key in "abc")).ties) == 3


def test_bridging_of_a_large_network_is_estimated_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    studies = [study(f"s{number:02}", data=f"ess:{number}-{number + 1}") for number in range(30)]
    assert "estimated" not in network("data", *studies).note()
    monkeypatch.setattr("kb.network.build._STEPS", 12 * 29)
    found = network("data", *studies)
    assert found.note().endswith("Bridging is estimated from a sample of nodes.")
    assert found.nodes == network("data", *studies).nodes


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_collection_has_empty_networks(kind: str) -> None:
    found = network(kind)
    assert (found.nodes, found.ties, found.components, found.clusters) == ([], [], 0, {})
    for form in ("table", "csv", "json", "graphml", "gexf", "svg"):
        assert render_network(form, found)


@pytest.mark.parametrize("kind", KINDS)
def test_every_network_of_the_collection_is_whole(kind: str, whole_reader: Reader) -> None:
    found = whole_network(kind, whole_reader)
    assert len(found.nodes) > (10 if kind == "policies" else 100)
    assert len(found.ties) > (10 if kind == "policies" else 100)
    assert [node.key for node in found.nodes] == sorted({node.key for node in found.nodes})
    for node in found.nodes:
        ties = found.ties_of(node.key)
        assert node.links == len(ties)
        assert node.strength == pytest.approx(sum(tie.weight for tie in ties), abs=0.01)
        assert (node.cluster > 0) == (node.component > 0) == (node.links > 0)
    assert all(tie.why and tie.one < tie.other for tie in found.ties)
    assert "this collection, not the field" in found.note()


def test_the_components_of_shared_data_are_the_evidence_bases(whole_reader: Reader) -> None:
    tables = make_tables(whole_reader)
    keys = [row.study for row in tables.studies]
    bases = EvidenceBases(tables.studies, whole_reader.vocabulary()).members(keys)
    found = whole_network("data", whole_reader)
    parts: dict[int, list[str]] = {}
    for node in found.nodes:
        parts.setdefault(node.component, []).append(node.key)
    parts.pop(0)
    assert sorted(map(tuple, parts.values())) == sorted(base for base in bases if len(base) > 1)


SCRIPT = """
import sys
from kb.collection import Collection
from kb.store import open_store
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.kb.test_network import all_files
with open_store(Collection((Path(sys.argv[1]),), Path(sys.argv[2]))) as reader:
    sys.stdout.buffer.write(all_files(reader))
"""


def all_files(reader: Reader) -> bytes:
    """Return the network of authors in four formats, one behind the other."""
    forms = ("json", "svg", "gexf", "graphml")
    made = [render_network(form, whole_network("authors", reader)) for form in forms]
    return b"".join(each if isinstance(each, bytes) else each.encode() for each in made)


def test_two_processes_make_the_same_files(whole_reader: Reader) -> None:
    place = bundled()
    words = [sys.executable, "-c", SCRIPT, str(place.studies[0]), str(place.ontology), str(place.ontology.parent)]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    made = subprocess.run(words, capture_output=True, check=True, env=environment, timeout=60).stdout
    assert made == all_files(whole_reader)
    assert len(made) > 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_for_gephi_read_back(kind: str, whole_reader: Reader) -> None:
    found = whole_network(kind, whole_reader)
    places = places_of(kind, whole_reader)
    graphml = nx.read_graphml(io.BytesIO(to_graphml(found, places)))
    written = to_gexf(found, places)
    gexf = nx.read_gexf(io.BytesIO(written))
    for read in (graphml, gexf):
        assert set(read) == set(found.by_key)
        assert {frozenset(edge) for edge in read.edges} == {frozenset((tie.one, tie.other)) for tie in found.ties}
        assert all(read.nodes[node.key]["links"] == node.links for node in found.nodes)
        assert all(read.edges[tie.one, tie.other]["weight"] == tie.weight for tie in found.ties)
        assert all(read.nodes[node.key]["label"] == node.label for node in found.nodes)
    assert b"lastmodified" not in written
    assert found.note().encode() in written
    assert b' name="' not in written.partition(b"<nodes>")[0]  # not in the schema of GEXF


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_does_no_harm(kind: str) -> None:
    studies = (study("a", f"{HOSTILE}, A.; Elm, Eve", data="ess"), study("b", f"{HOSTILE}, A.", data="ess"))
    studies = (studies[0]._replace(title=HOSTILE), studies[1]._replace(title=HOSTILE))
    findings = tuple(finding(key, HOSTILE, HOSTILE)._replace(policy_label=HOSTILE) for key in "ab")
    found = network(kind, *studies, findings=findings)
    places = layout(found)
    count = 1 if kind in ("policies", "outcomes") else 2
    assert len(nx.read_graphml(io.BytesIO(to_graphml(found, places)))) == count
    assert len(nx.read_gexf(io.BytesIO(to_gexf(found, places)))) == count
    svg = to_svg(found, places)
    tree = ElementTree.fromstring(svg)
    assert not [element for element in tree.iter() if element.tag.endswith("script")]
    for text in (svg, to_table(found), "".join(map(str, node_rows(found)))):
        assert not {"\x1b", "\x07", "\x00"} & set(text)


def test_the_picture_is_well_formed_and_names_its_nodes(whole_reader: Reader) -> None:
    found = whole_network("topics", whole_reader)
    tree = ElementTree.fromstring(to_svg(found, places_of("topics", whole_reader)))
    tags = [element.tag.rpartition("}")[2] for element in tree.iter()]
    outcomes = sum(node.kind == "outcome" for node in found.nodes)
    assert (tags.count("circle"), tags.count("rect")) == (len(found.nodes) - outcomes, outcomes + 1)
    assert tags.count("line") == len(found.ties)
    assert tags.count("title") == len(found.nodes) + 1
    assert found.note() in "".join(tree.itertext())


@pytest.mark.parametrize("kind", KINDS)
def test_places_lie_in_the_picture_and_apart(kind: str, whole_reader: Reader) -> None:
    found = whole_network(kind, whole_reader)
    places = places_of(kind, whole_reader)
    assert set(places) == {node.key for node in found.nodes if node.links}
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places.values())
    assert len(set(places.values())) > 0.97 * len(places)
    tied = [math.dist(places[tie.one], places[tie.other]) for tie in found.ties]
    keys = sorted(places)
    others = [math.dist(places[a], places[b]) for a, b in zip(keys, keys[len(keys) // 2 :], strict=False)]
    dense = len(tied) > len(keys) ** 2 / 8  # too many ties to be short
    assert sum(tied) / len(tied) < (1 if dense else 0.6) * sum(others) / len(others)
    wide = layout(found, 4.0)
    assert set(wide) == set(places)


def test_rows_and_json_hold_every_measure() -> None:
    found = network("data", study("a", data="ess"), study("b", data="ess"), study("c"))
    assert HEADER[0] == "node"
    assert node_rows(found)[0] == ("a", "a: On a", "study", "1", "1", "1", "1", "0", "a")
    assert node_rows(found)[2] == ("c", "c: On c", "study", "", "", "0", "0", "0", "c")
    content = json.loads(to_json(found))
    assert content["nodes"][0]["links"] == 1
    assert content["clusters"] == {"1": ["a", "b"]}
    assert content["ties"] == [
        {"one": "a", "other": "b", "weight": 1, "why": ["European Social Survey (rounds not named by both)"]}
    ]
    assert content["note"] == "Ranks describe the 3 chosen studies of this collection, not the field."


def test_nodes_are_ranked_by_each_measure() -> None:
    nodes = [
        Node("a", "Zeta", "study", (), 1, 1, 0.5, 2, 1), Node("b", "alpha", "study", (), 3, 3, 0.1, 1, 1),
        Node("c", "Beta", "study", (), 0, 0, 0, 0, 0),
    ]  # fmt: skip
    found = Network("data", nodes, [])
    orders = {
        name: "".join(node.key for node in found.ranking(name)) for name in ("links", "bridging", "cluster", "label")
    }
    assert orders == {"links": "bac", "bridging": "abc", "cluster": "bac", "label": "bca"}


@pytest.mark.parametrize("circle", ["core", "comparable", "reform", "status", ""])
def test_the_query_behind_a_network_gives_its_studies(circle: str, whole_reader: Reader) -> None:
    tables = make_tables(whole_reader)
    words = whole_reader.vocabulary()
    rows = whole_reader.rows(query_behind("topics", circle))
    findings = [row for row in tables.findings if row.finding in {found[0] for found in rows}]
    studies = studies_of(tables.studies, findings, [circle] if circle else [])
    uses = [(row.study, use) for row in studies for use in row.data.split("; ")]
    found = whole_reader.rows(query_behind("data", circle))
    assert sorted((row[0], f"{row[2]}:{row[3]}" if row[3] else row[2]) for row in found) == sorted(uses)
    assert {row[0]: row[1] for row in found} == {row.study: row.authors for row in studies}
    bases = EvidenceBases(studies, words)
    topics = build_network("topics", studies, findings, words, bases)
    pairs = {(f"outcome:{found[8]}", f"policy:{found[6]}") for found in rows}
    assert {(tie.one, tie.other) for tie in topics.ties} == pairs
