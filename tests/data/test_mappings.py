"""The mappings to established vocabularies: the table is sound, and the graph holds exactly its rows."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kb.errors import CollectionError
from kb.mappings import TABLE, TURTLE, MappingTable, mistakes, read_mappings, to_turtle
from kb.vocabulary import Vocabulary, read_turtle

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"


@pytest.fixture(scope="module")
def table() -> MappingTable:
    return read_mappings(ONTOLOGY / TABLE)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_turtle(sorted(ONTOLOGY.glob("*.ttl")))


def test_the_table_is_sound(table: MappingTable, vocabulary: Vocabulary) -> None:
    assert mistakes(table, vocabulary) == []
    assert {row.object_id.partition(":")[0] for row in table.rows} == {"eurovoc", "imiscoe", "mesh"}


def test_the_turtle_is_written_from_the_table(table: MappingTable) -> None:
    assert (ONTOLOGY / TURTLE).read_text("utf-8") == to_turtle(table), "Run: make docs"


def test_the_graph_holds_exactly_the_rows(table: MappingTable) -> None:
    rows = {tuple(map(table.address, (row.subject_id, row.predicate_id, row.object_id))) for row in table.rows}
    quads = ox.parse(path=str(ONTOLOGY / TURTLE), format=ox.RdfFormat.TURTLE)
    assert {tuple(term.value for term in quad.triple) for quad in quads} == rows


def test_what_is_wrong_is_said(table: MappingTable, vocabulary: Vocabulary) -> None:
    first = table.rows[0]
    wrong = {
        "no such concept": first._replace(subject_id="outcome:nothing"),
        "is not its name": first._replace(subject_label="Other"),
        "no prefix": first._replace(object_id="other:1"),
        "is none of": first._replace(predicate_id="skos:relatedMatch"),
        "by hand": first._replace(mapping_justification="semapv:LexicalMatching"),
        "no day": first._replace(mapping_date="today"),
        "was seen": first._replace(see_also="", comment=""),
        "odd spaces": first._replace(object_label=" two  words"),
    }
    for text, row in wrong.items():
        found = mistakes(table._replace(rows=[row]), vocabulary)
        assert any(text in line for line in found), text
    assert any("twice" in line for line in mistakes(table._replace(rows=[first, first]), vocabulary))
    assert any("sorted" in line for line in mistakes(table._replace(rows=table.rows[::-1]), vocabulary))
    relabelled = [first, first._replace(subject_id="outcome:zzz", object_label="Other")]
    assert any("two labels" in line for line in mistakes(table._replace(rows=relabelled), vocabulary))
    assert any("license" in line for line in mistakes(table._replace(header={}), vocabulary))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("subject_id\t", "subject\t"), "not the columns"),
        (("#license: ", "#license "), "no line of a header"),
        (("\tskos:closeMatch\t", " skos:closeMatch\t"), "cells"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    path = tmp_path / TABLE
    path.write_text((ONTOLOGY / TABLE).read_text("utf-8").replace(*change, 1), "utf-8")
    with pytest.raises(CollectionError, match=rf"{TABLE}:\d+: .*{message}"):
        read_mappings(path)
