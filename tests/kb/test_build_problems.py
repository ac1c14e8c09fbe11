"""What a build reports: two files with one key, mistakes in files not read again, and files that are no text."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.build import build
from kb.collection import Collection
from kb.errors import CollectionError
from tests.kb.building import STUDIES, TITLE, change_study, clean_dump, dump, edit, rows


def second_alpha(collection: Collection) -> Path:
    path = collection.studies[0] / "zz.bib"
    text = (collection.studies[0] / "alpha2001trust.bib").read_text("utf-8")
    path.write_text("\n\n" + text.replace("Made-up study of equal treatment and trust", "The other one"), "utf-8")
    return path


def test_of_two_files_with_one_key_the_first_wins_and_the_clash_is_reported(built: Collection) -> None:
    path = second_alpha(built)
    report = build(built)
    clashes = [(p.severity, p.file, p.line, p.key) for p in report.problems]
    assert clashes == [("error", str(path), 3, "alpha2001trust")]
    assert "alpha2001trust.bib" in report.problems[0].message
    assert rows(built, TITLE) == ["Made-up study of equal treatment and trust"]
    assert dump(built) == clean_dump(built)


def test_once_the_first_file_of_a_clash_is_gone_the_second_is_loaded(built: Collection) -> None:
    second_alpha(built)
    build(built)
    (built.studies[0] / "alpha2001trust.bib").unlink()
    assert build(built).problems == []
    assert rows(built, TITLE) == ["The other one"]
    assert dump(built) == clean_dump(built)


def test_a_file_that_comes_before_takes_the_key_over(built: Collection) -> None:
    second = second_alpha(built)
    build(built)
    second.rename(built.studies[0] / "aa.bib")
    report = build(built)
    assert [Path(p.file).name for p in report.problems] == ["alpha2001trust.bib"]
    assert rows(built, TITLE) == ["The other one"]
    assert dump(built) == clean_dump(built)


def test_folders_take_precedence_in_their_order(built: Collection, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(built.studies[0] / "alpha2001trust.bib", own)
    path = own / "alpha2001trust.bib"
    path.write_text(path.read_text("utf-8").replace("equal treatment and trust", "my own"), "utf-8")
    both = Collection((own, built.studies[0]), built.ontology)
    report = build(both)
    assert rows(both, TITLE) == ["Made-up study of my own"]
    assert [p.file for p in report.problems] == [str(built.studies[0] / "alpha2001trust.bib")]


def test_problems_of_files_that_were_not_read_again_are_still_reported(built: Collection) -> None:
    edit(built, "delta2004reform.bib", "direction   = {positive}", "direction   = {positve}")
    first = build(built).problems
    change_study(built)
    report = build(built)
    assert report.read == 1
    assert report.problems == first != []


def test_a_file_that_is_no_utf8_is_reported_with_its_line_and_read_as_far_as_possible(built: Collection) -> None:
    path = built.studies[0] / "delta2004reform.bib"
    path.write_bytes(path.read_bytes().replace(b"Delta, Dora", b"D\xe9lta, Dora"))
    report = build(built)
    assert [(p.file, p.line) for p in report.problems if "UTF-8" in p.message] == [(str(path), 2)]
    assert "delta2004reform" in rows(built, STUDIES)


@pytest.mark.parametrize("content", [b"no turtle", b"\xff\xfe", b"<a> <b> <c> ."])
def test_a_broken_ontology_is_one_sentence_that_names_the_file(content: bytes, built: Collection) -> None:
    before = dump(built)
    (built.ontology / "own.ttl").write_bytes(content)
    with pytest.raises(CollectionError, match=r"own\.ttl"):
        build(built)
    assert dump(built) == before
