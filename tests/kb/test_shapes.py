"""The shapes: each gap or mistake that they know is named once, at its file and line, with the field to correct."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from kb.build import build, known_manifest
from kb.check import Places
from kb.collection import Collection
from kb.errors import CollectionError
from kb.shapes import shape_problems
from kb.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from kb.problems import Problem

STUDY = """@article{bare2001study,
  author        = {Bare, Bo},
  title         = {Made-up study with gaps},
  year          = {2001},
  measure       = {mipex},
  bibstatus     = {confirmed}
}

@finding{bare2001study-1,
  study       = {bare2001study},
  policy      = {health},
  outcome     = {health},
  population  = {immigrants},
  role        = {direct},
  direction   = {positive},
  se          = {0.1},
  statement   = {Too short.},
  source      = {https://example.org/bare},
  sourcelevel = {abstract}
}

@finding{bare2001study-2,
  study       = {bare2001study},
  policy      = {health},
  outcome     = {mortality},
  population  = {immigrants},
  role        = {direct},
  direction   = {positive},
  model       = {a model without numbers},
  statement   = {A statement that is long enough for the shapes.},
  source      = {https://example.org/bare},
  sourcelevel = {abstract},
  locator     = {abstract},
  coder       = {c1},
  coded       = {2026-11-25}
}
"""
CONCEPT = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://w3id.org/mipex-kb/policy/bare> a skos:Concept ;
    skos:notation "bare" ;
    skos:inScheme <https://w3id.org/mipex-kb/scheme/policies> .
"""


@pytest.fixture(scope="module")
def collection(toy: Collection, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("shapes")
    shutil.copytree(toy.ontology, folder / "ontology")
    shutil.copytree(toy.studies[0], folder / "studies")
    (folder / "studies" / "bare2001study.bib").write_text(STUDY, "utf-8")
    (folder / "ontology" / "own.ttl").write_text(CONCEPT, "utf-8")
    found = Collection((folder / "studies",), folder / "ontology")
    build(found)
    return found


def ask(collection: Collection, known: set[tuple[str, str]]) -> list[Problem]:
    manifest = known_manifest(collection)
    assert manifest is not None
    with open_store(collection) as reader:
        return shape_problems(reader, collection, Places(manifest), known)


@pytest.fixture(scope="module")
def problems(collection: Collection) -> list[Problem]:
    return ask(collection, set())


def line(text: str, start: str, after: str = "") -> int:
    position = text.index(start, text.index(after) if after else 0)
    return text.count("\n", 0, position) + 1


def test_the_toy_studies_raise_nothing(problems: list[Problem]) -> None:
    assert {problem.key for problem in problems} == {"bare2001study", "bare2001study-1", "bare2001study-2", "bare"}


EXPECTED = [
    ("warning", "bare2001study", line(STUDY, "@article"), "measurestatus"),
    ("warning", "bare2001study", line(STUDY, "@article"), "journal"),
    ("warning", "bare2001study", line(STUDY, "@article"), "design"),
    ("warning", "bare2001study", line(STUDY, "@article"), "field data"),
    ("warning", "bare2001study", line(STUDY, "@article"), "countries"),
    ("error", "bare2001study", line(STUDY, "@article"), "bibsource"),
    ("error", "bare2001study-1", line(STUDY, "  outcome"), "outcome"),
    ("error", "bare2001study-1", line(STUDY, "  statement"), "statement"),
    ("error", "bare2001study-1", line(STUDY, "  se "), "standard error"),
    ("warning", "bare2001study-1", line(STUDY, "@finding"), "locator"),
    ("warning", "bare2001study-1", line(STUDY, "@finding"), "who coded"),
    ("warning", "bare2001study-1", line(STUDY, "@finding"), "when this finding"),
    ("warning", "bare2001study-2", line(STUDY, "  model", "study-2"), "model"),
]


@pytest.mark.parametrize(("severity", "key", "number", "words"), EXPECTED)
def test_each_gap_is_named_at_its_line(
    severity: str, key: str, number: int, words: str, problems: list[Problem], collection: Collection
) -> None:
    path = str(collection.studies[0] / "bare2001study.bib")
    found = [p for p in problems if words in f"{p.message} {p.remedy}" and p.key == key]
    assert [(p.severity, p.file, p.line) for p in found] == [(severity, path, number)]


def test_no_other_gap_is_named(problems: list[Problem]) -> None:
    assert len([problem for problem in problems if problem.key != "bare"]) == len(EXPECTED)


@pytest.mark.parametrize("words", ["preferred label", "definition", "broader"])
def test_a_concept_is_judged_at_its_line_in_the_ontology(
    words: str, problems: list[Problem], collection: Collection
) -> None:
    found = [p for p in problems if p.key == "bare" and words in f"{p.message} {p.remedy}"]
    assert [(p.severity, p.file, p.line) for p in found] == [("error", str(collection.ontology / "own.ttl"), 3)]


def test_every_problem_says_what_is_wrong_and_what_to_do(problems: list[Problem]) -> None:
    for problem in problems:
        assert problem.message.endswith(".")
        assert problem.remedy.endswith(".")
        assert "http" not in problem.message
        assert "sh:" not in f"{problem.message} {problem.remedy}"


def test_errors_of_entries_that_are_reported_already_are_left_out(collection: Collection) -> None:
    known = {(str(collection.studies[0] / "bare2001study.bib"), "bare2001study-1")}
    found = ask(collection, known)
    assert {p.severity for p in found if p.key == "bare2001study-1"} == {"warning"}
    assert [p for p in found if p.key == "bare2001study" and p.severity == "error"] != []


def test_an_ontology_without_shapes_raises_nothing(collection: Collection, tmp_path: Path) -> None:
    manifest = known_manifest(collection)
    assert manifest is not None
    with open_store(collection) as reader:
        bare = Collection(collection.studies, tmp_path)
        assert shape_problems(reader, bare, Places(manifest), set()) == []


@pytest.mark.parametrize("text", ["no turtle at all", "@prefix sh: <http://www.w3.org/ns/shacl#> . <a:b> sh:path ; ."])
def test_broken_shapes_are_one_sentence(text: str, collection: Collection, tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(text, "utf-8")
    manifest = known_manifest(collection)
    assert manifest is not None
    with open_store(collection) as reader, pytest.raises(CollectionError, match=r"shapes\.ttl") as caught:
        shape_problems(reader, Collection(collection.studies, tmp_path), Places(manifest), set())
    assert "\n" not in str(caught.value)
