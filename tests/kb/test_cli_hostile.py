"""Hostile data and hostile words on the command line: nothing that is printed can be obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.kb.running import CONTROL

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.kb.running import Line

HOSTILE = [
    *(["evidence", "--format", form] for form in ("csv", "tsv", "json", "md", "table", "bibtex")),
    *(["show", "hostile2007record", "--format", form] for form in ("text", "json", "bibtex")),
    ["check"],
    ["check", "--format", "json"],
    ["build"],
    ["sparql", "-e", "SELECT ?s ?o { ?s ?p ?o . FILTER(CONTAINS(STR(?s), 'hostile')) }"],
    ["evidence", "\x1b[31mred\u202e"],
    ["show", "\x1b]0;pwn\x07"],
    ["sparql", "--named", "\x9b31m"],
    ["\x1b[31mcommand"],
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: " ".join(words)[:40].encode("ascii", "replace").decode())
def test_hostile_data_and_words_print_no_control_character(words: list[str], hostile: Collection, line: Line) -> None:
    done = line(*words, "--studies", str(hostile.studies[0]), toy=False)
    assert done.code in (0, 1, 2)
    assert done.out or done.err
    assert CONTROL.search(done.out) is None
    assert CONTROL.search(done.err) is None
    assert "should not have happened" not in done.err


def test_hostile_labels_of_an_own_ontology_print_no_control_character(copy_of_toy: Collection, line: Line) -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    label = f'<https://w3id.org/mipex-kb/policy/health> <{skos}altLabel> "=1+1 \\u001B[31mred\\u202Eevil\\rreturn" .'
    (copy_of_toy.ontology / "own.ttl").write_text(label, "utf-8")
    for form in ("csv", "tsv", "json", "text"):
        done = line("vocab", "policy", "health", "--format", form, "--ontology", str(copy_of_toy.ontology))
        assert done.code == 0, form
        assert "1+1" in done.out, form
        assert CONTROL.search(done.out) is None, form


def test_hostile_data_goes_into_a_workbook_as_text(hostile: Collection, line: Line, tmp_path: Path) -> None:
    done = line("evidence", "-o", str(tmp_path / "x.xlsx"), "--studies", str(hostile.studies[0]), toy=False)
    assert done.code == 0
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "x.xlsx")["Findings"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
