"""What the commands show, sparql, vocab and build print."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

from tests.kb.running import is_one_plain_sentence, process

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from kb.store import Reader
    from tests.kb.running import Line


def test_show_prints_one_study_whole(line: Line) -> None:
    done = line("show", "alpha2001trust-2")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("alpha2001trust\n")
    assert done.out.count("alpha2001trust-") == 3
    found = json.loads(line("show", "alpha2001trust", "gamma2003index", "--format", "json").out)
    assert [thing["key"] for thing in found] == ["alpha2001trust", "gamma2003index"]
    assert line("show", "alpha2001trust", "--format", "bibtex").out.startswith("@article{alpha2001trust,\n")


def test_sparql_prints_a_table_or_what_is_asked_for(line: Line, tmp_path: Path) -> None:
    query = "SELECT ?k { study:alpha2001trust dcterms:identifier ?k }"
    assert line("sparql", "-e", query) == (0, "k\n--------------\nalpha2001trust\n", "")
    assert line("sparql", "-e", query, "--format", "csv").out.split() == ["k", "alpha2001trust"]
    (tmp_path / "q.rq").write_text("\ufeff" + query, "utf-8")
    assert line("sparql", str(tmp_path / "q.rq"), "--format", "tsv").out == '?k\n"alpha2001trust"\n'
    assert line("sparql", "-e", "ASK { ?s a ev:Study }").out.split() == ["answer", "------", "yes"]


def test_sparql_reads_a_query_from_standard_input(toy: Collection, toy_reader: Reader) -> None:
    done = process(["sparql", "--studies", str(toy.studies[0]), "--format", "csv"], "ASK { ?s a ev:Study }")
    assert (done.returncode, done.stdout, done.stderr) == (0, "true\n", "")


def test_a_named_query_runs_and_shows_itself(line: Line) -> None:
    assert "alpha2001trust" in line("sparql", "--named", "references").out
    shown = line("sparql", "--named", "counts", "policy=health", "--show").out
    assert shown.startswith("PREFIX ")
    assert "health>" in shown
    listed = line("sparql", "--named", "list").out
    assert re.search(r"^  uncoded +Which studies await coding\?$", listed, re.MULTILINE)
    assert "columns:\n  study year" in line("sparql", "--named", "uncoded", "--describe").out


def test_a_query_that_takes_too_long_ends_with_1(line: Line) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
    done = line("sparql", "-e", query, "--timeout", "0.5")
    assert (done.code, done.out) == (1, "")
    assert is_one_plain_sentence(done.err)


def test_vocab_lists_kinds_and_concepts(line: Line) -> None:
    assert re.search(r"^policy +\d+ concepts$", line("vocab").out, re.MULTILINE)
    assert re.search(r"^health: Health\. ", line("vocab", "policy").out, re.MULTILINE)
    rows = list(csv.DictReader(io.StringIO(line("vocab", "outcome", "generalised", "TRUST", "--format", "csv").out)))
    assert [row["notation"] for row in rows] == ["generalised-trust"]
    assert rows[0]["valence"] == "1"
    assert {thing["kind"] for thing in json.loads(line("vocab", "role", "--format", "json").out)} == {"role"}


def test_build_says_what_it_did_and_dumps_the_graph(line: Line, toy_reader: Reader, tmp_path: Path) -> None:
    done = line("build", "--dump", str(tmp_path / "graph.nq"))
    assert (done.code, done.out) == (0, "")
    assert re.match(r"\d+ files, 0 read, \d+ quads, [\d.]+ s\.\n", done.err)
    assert (tmp_path / "graph.nq").read_bytes() == toy_reader.dump()
    assert line("build", "--dump", "-").out.encode() == toy_reader.dump()
