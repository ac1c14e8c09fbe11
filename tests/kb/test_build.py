"""Builds: only what changed is read again, and the result equals a clean build."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import kb.readings
from kb import generations
from kb.build import build, ensure
from kb.namespaces import graph_iri
from kb.stamps import is_fresh
from tests.kb.building import STUDIES, TITLE, change_study, clean_dump, dump, edit, remove_study, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.collection import Collection
    from kb.problems import Problem


def test_the_first_build_reads_every_file(small_copy: Collection) -> None:
    report = build(small_copy)
    assert report.files == report.read == len(small_copy.study_files()) + len(small_copy.ontology_files())
    assert report.problems == []
    assert report.quads == dump(small_copy).count(b"\n")


def test_without_a_change_nothing_is_read(built: Collection) -> None:
    generation = generations.current(built.cache())
    assert build(built).read == 0
    assert generations.current(built.cache()) == generation


def test_an_up_to_date_store_is_opened_without_a_build(built: Collection) -> None:
    reader, report = ensure(built)
    reader.close()
    assert report is None


def test_touching_one_file_reads_one_file(built: Collection) -> None:
    edit(built, "alpha2001trust.bib", "Made-up study of equal treatment and trust", "Another title")
    assert build(built).read == 1
    assert rows(built, TITLE) == ["Another title"]


def test_a_new_time_with_the_old_text_reads_nothing_and_is_fresh_again(built: Collection) -> None:
    os.utime(built.studies[0] / "alpha2001trust.bib", ns=(10**18 + 5, 10**18 + 5))
    assert not is_fresh(built)
    generation = generations.current(built.cache())
    assert build(built).read == 0
    assert generations.current(built.cache()) == generation
    assert is_fresh(built)


def test_a_changed_file_replaces_its_own_graph_and_nothing_else(built: Collection) -> None:
    before = dump(built).splitlines()
    edit(built, "alpha2001trust.bib", "Made-up study of equal treatment and trust", "Another title")
    build(built)
    after = dump(built).splitlines()
    changed = set(before) ^ set(after)
    graph = f"<{graph_iri('studies', 'alpha2001trust')}> .".encode()
    assert changed
    assert {line for line in changed if not line.endswith(graph)} == set()


def test_a_removed_file_takes_its_graph_away(built: Collection) -> None:
    (built.studies[0] / "delta2004reform.bib").unlink()
    report = build(built)
    assert report.read == 0
    assert graph_iri("studies", "delta2004reform").encode() not in dump(built)
    assert rows(built, STUDIES) == ["alpha2001trust", "beta2002moderator", "epsilon2005review", "gamma2003index"]


def test_an_added_file_is_the_only_one_read(built: Collection) -> None:
    text = (built.studies[0] / "epsilon2005review.bib").read_text("utf-8").replace("epsilon2005review", "zeta2006new")
    (built.studies[0] / "zeta2006new.bib").write_text(text, "utf-8")
    assert build(built).read == 1
    assert "zeta2006new" in rows(built, STUDIES)


def rename_study(collection: Collection) -> None:
    (collection.studies[0] / "gamma2003index.bib").rename(collection.studies[0] / "other.bib")


def break_study(collection: Collection) -> None:
    edit(collection, "delta2004reform.bib", "title     = {", "title     = ")


def change_ontology(collection: Collection) -> None:
    path = collection.ontology / "outcomes.ttl"
    text = path.read_text("utf-8")
    assert '"-1"^^' in text
    path.write_text(text.replace('"-1"^^', '"1"^^'), "utf-8")


def change_much(collection: Collection) -> None:
    for path in collection.studies[0].glob("*.bib"):
        path.write_text(path.read_text("utf-8").replace("made-up", "invented"), "utf-8")


CHANGES = [change_study, remove_study, rename_study, break_study, change_ontology, change_much]


@pytest.mark.parametrize("change", CHANGES)
def test_a_build_after_a_change_equals_a_clean_build(change: Callable[[Collection], None], built: Collection) -> None:
    before = dump(built)
    change(built)
    report = build(built)
    after = dump(built)
    assert after != before
    assert after == clean_dump(built)
    assert report.problems == build(built).problems


def test_a_long_row_of_changes_equals_a_clean_build(built: Collection) -> None:
    for change in (change_study, rename_study, remove_study, change_study, break_study):
        try:
            change(built)
        except (AssertionError, FileNotFoundError):
            continue
        build(built)
    assert dump(built) == clean_dump(built)


def test_a_changed_ontology_reads_everything_again(built: Collection) -> None:
    change_ontology(built)
    report = build(built)
    assert report.read == report.files


def test_a_changed_valence_changes_the_derived_appraisal(built: Collection) -> None:
    query = "SELECT ?a { finding:alpha2001trust-2 ev:appraisal/skos:notation ?a }"
    assert rows(built, query) == ["favourable"]
    change_ontology(built)
    build(built)
    assert rows(built, query) == ["unfavourable"]


def test_a_file_rewritten_in_the_moment_of_the_build_with_equal_size_and_time_is_noticed(
    small_copy: Collection,
) -> None:
    path = small_copy.studies[0] / "alpha2001trust.bib"
    path.write_text(path.read_text("utf-8"), "utf-8")
    build(small_copy)
    stat = path.stat()
    edit(small_copy, path.name, "Made-up study of equal treatment", "Made-up study of other treatment"[:32])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    reader, _ = ensure(small_copy)
    with reader:
        assert reader.rows(TITLE) == [["Made-up study of other treatment and trust"]]


def test_a_file_changed_while_it_is_being_read_is_noticed_by_the_next_build(
    built: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = edit(built, "alpha2001trust.bib", "Made-up study of equal treatment and trust", "Second title")
    real = kb.readings._decode

    def late(content: bytes, name: str) -> tuple[str, list[Problem]]:
        if name == str(path):
            path.write_text(path.read_text("utf-8").replace("Second title", "The third title"), "utf-8")
        return real(content, name)

    with monkeypatch.context() as patch:
        patch.setattr(kb.readings, "_decode", late)
        build(built)
    assert rows(built, TITLE) == ["Second title"]
    reader, _ = ensure(built)
    with reader:
        assert reader.rows(TITLE) == [["The third title"]]


def test_an_empty_collection_builds(built: Collection) -> None:
    for path in built.studies[0].iterdir():
        path.unlink()
    build(built)
    assert rows(built, STUDIES) == []


def test_progress_names_every_file_that_is_read(built: Collection) -> None:
    seen: list[tuple[int, int, str]] = []
    change_study(built)
    build(built, lambda done, total, name: seen.append((done, total, name)))
    assert [name for _, _, name in seen] == ["alpha2001trust.bib"]
    assert all(0 < done <= total for done, total, _ in seen)
