"""The face to Python: what it answers is what the command line answers, and importing it costs nothing."""

from __future__ import annotations

import doctest
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import kb
import kb.face
from kb.errors import (
    CollectionError,
    MissingExtraError,
    QueryError,
    QueryRefusedError,
    UnknownConceptError,
    UnknownStudyError,
    UsageError,
)
from kb.evidence import Question, Row, answer
from kb.evidence_bases import EvidenceBases
from kb.network.build import build_network
from kb.rows import Rows
from kb.tables import StudyRow, make_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.face import OpenCollection
    from kb.store import Reader


@pytest.fixture(scope="module")
def opened(toy: Collection, toy_reader: Reader) -> Iterator[OpenCollection]:
    """Return the toy collection as Python users open it."""
    with kb.open(toy.studies[0], ontology=toy.ontology) as found:
        yield found


def test_importing_loads_nothing_of_the_library() -> None:
    script = "import sys, kb; print(*sorted(name for name in sys.modules if name.startswith('kb')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kb"]


@pytest.mark.parametrize("module", [kb, kb.face])
def test_examples_in_the_documentation_hold(module: object, whole_reader: Reader) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted > 0
    assert found.failed == 0


def test_findings_are_those_of_the_evidence(opened: OpenCollection, toy_reader: Reader) -> None:
    assert opened.findings() == answer(toy_reader, Question()).rows
    asked = Question(policy=("anti-discrimination",), direction=("positive", "null"), measure=("all",), since="2001")
    rows = opened.findings(
        policy="Anti-discrimination", direction=["positive", "null"], measure="all", since=2001
    )  # fmt: skip
    assert rows == answer(toy_reader, asked).rows
    assert rows
    assert rows.columns == Row._fields


def test_names_that_nobody_knows_are_refused(opened: OpenCollection) -> None:
    with pytest.raises(UnknownConceptError, match="no policy called 'nothing at all'"):
        opened.findings(policy="nothing at all")
    with pytest.raises(TypeError, match=r"There is no filter 'polcy'. There are: .*policy"):
        opened.findings(polcy="health")  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="no year"):
        opened.findings(since="soon")
    with pytest.raises(CollectionError, match="There is no folder"):
        kb.open("no-such-folder")


def test_studies_are_all_or_those_of_chosen_findings(opened: OpenCollection) -> None:
    everything = opened.studies()
    assert everything.columns == StudyRow._fields
    assert {study.study for study in everything} >= {"alpha2001trust", "gamma2003index"}
    chosen = opened.studies(measure="comparable")
    assert {study.study for study in chosen} == {row.study for row in opened.findings(measure="comparable")}
    assert 0 < len(chosen) < len(everything)


def test_named_queries_take_names_as_users_write_them(opened: OpenCollection) -> None:
    rows = opened.query("findings", policy=["Anti-discrimination"], source_level="abstract")
    assert rows == opened.query("findings", policy="anti-discrimination", source_level=["abstract"])
    assert rows.columns[:2] == ("finding", "study")
    with pytest.raises(QueryError, match="no parameter 'colour'"):
        opened.query("counts", colour="red")
    with pytest.raises(QueryError, match="There is no named query 'count'"):
        opened.query("count")
    with pytest.raises(UnknownConceptError):
        opened.query("counts", policy='health> . } INSERT DATA { <urn:a> <urn:b> "c" } #')


def test_own_queries_are_answered_within_bounds(opened: OpenCollection) -> None:
    rows = opened.query(
        "SELECT ?class (COUNT(*) AS ?n) { ?finding a ev:Finding, ?class } GROUP BY ?class ORDER BY ?class"
    )
    assert rows.columns == ("class", "n")
    assert rows[0]._fields == ("_0", "n"), "a word of Python is no name of a field"
    assert rows[0][0] == "https://w3id.org/mipex-kb/evidence#Finding"
    assert int(rows[0].n) == len(opened.findings(measure="all"))
    assert list(opened.query("ASK { ?study a ev:Study }")) == [("yes",)]
    assert opened.query("SELECT ?nobody { ?nobody a ev:Nothing }").columns == ("nobody",)
    with pytest.raises(QueryError, match="gives a graph"):
        opened.query("DESCRIBE policy:health")
    with pytest.raises(QueryError, match="Only named queries"):
        opened.query("SELECT ?s { ?s a ev:Study }", policy="health")
    with pytest.raises(QueryRefusedError):
        opened.query("SELECT ?s { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_rows_become_a_data_frame(opened: OpenCollection) -> None:
    rows = opened.findings(measure="all")
    frame = rows.to_frame()
    assert list(frame.columns) == list(Row._fields)
    assert [tuple(values) for values in frame.itertuples(index=False)] == [tuple(row) for row in rows]
    empty = opened.findings(search="not a word of any study").to_frame()
    assert list(empty.columns) == list(Row._fields)
    assert len(empty) == 0


def test_a_missing_library_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'mipex-kb\[frames\]'"):
        Rows(("a",), [("b",)]).to_frame()


def test_the_graph_is_that_of_the_store(opened: OpenCollection, toy_reader: Reader) -> None:
    graph = opened.graph()
    assert sum(1 for _ in graph.quads()) == toy_reader.dump().count(b"\n")
    found = graph.query("SELECT ?s { ?s a ev:Study }")
    assert len(list(found)) == len(opened.studies())


def test_a_network_is_a_graph_of_networkx(opened: OpenCollection, toy_reader: Reader) -> None:
    tables, words = make_tables(toy_reader), toy_reader.vocabulary()
    made = build_network(
        "topics", tables.studies, tables.findings, words, EvidenceBases(tables.studies, words)
    )  # fmt: skip
    graph = opened.network("topics", circle="all")
    assert sorted(graph.nodes) == [node.key for node in made.nodes]
    assert {frozenset(tie) for tie in graph.edges} == {frozenset((tie.one, tie.other)) for tie in made.ties}
    assert graph.graph["note"] == made.note()
    one = made.nodes[0]
    assert graph.nodes[one.key]["label"] == one.label
    assert graph.degree[one.key] == one.links
    core = opened.network("data")
    assert set(core) == {study.study for study in opened.studies() if study.circle == "core"}
    assert set(opened.network("data", policy="anti-discrimination")) == {
        row.study for row in opened.findings(policy="anti-discrimination")
    }
    with pytest.raises(UsageError, match="There is no network"):
        opened.network("shared")


def test_a_synthesis_is_that_of_the_command(opened: OpenCollection) -> None:
    found = opened.synthesis("anti-discrimination", measure="all", by="direction")
    assert found
    assert {synthesis.policy for synthesis in found} == {"anti-discrimination"}
    assert {synthesis.by for synthesis in found} == {"direction"}
    with pytest.raises(UsageError, match="cannot be counted by"):
        opened.synthesis("anti-discrimination", by="luck")


def test_references_come_as_bibtex(opened: OpenCollection) -> None:
    text = opened.bibtex(["gamma2003index", "alpha2001trust-1"])
    assert text.index("gamma2003index") < text.index("alpha2001trust")
    assert opened.bibtex("alpha2001trust").startswith("@")
    with pytest.raises(UnknownStudyError):
        opened.bibtex("alpha2001rust")


def test_a_collection_says_what_it_is(opened: OpenCollection) -> None:
    assert opened.version in repr(opened)
    assert f"{len(opened.studies())} studies" in repr(opened)
    assert opened.vocabulary.resolve("outcome", "voting").notation == "voting"
