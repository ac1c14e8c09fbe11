"""The manifest and stamps of a generation: written whole, read back, never trusted when damaged or too fresh."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb import generations
from kb.collection import Collection, SourceFile
from kb.manifest import Manifest, Part, read_manifest, write_manifest
from kb.problems import Problem
from kb.stamps import BUILD_VERSION, is_fresh, stamp, stamps_text, write_stamps

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = SourceFile("studies", "/folder/a.bib", 10, 1_000_000_000_000)
PROBLEM = Problem("warning", "/folder/a.bib", 3, "a", "Message.", "Remedy.")


def manifest() -> Manifest:
    parts = {
        "/folder/a.bib": Part("10 1", "digest-a", "graph-a", 5, {"a": 1, "a-1": 9}, [PROBLEM]),
        "/folder/b.bib": Part("20 2", "digest-b", "graph-b", 7, {"a": 1}, []),
    }
    return Manifest("schemes", parts, {"graph-a": "/folder/a.bib"}, [PROBLEM._replace(file="/folder/b.bib")])


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest())
    assert read_manifest(tmp_path) == manifest()


def test_writing_leaves_nothing_else_behind(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest())
    write_stamps(tmp_path, "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "stamps.txt"]


def test_quads_of_a_file_that_is_left_out_do_not_count() -> None:
    assert manifest().quads == 5


def test_problems_are_those_of_the_files_and_the_clashes() -> None:
    assert manifest().problems == [PROBLEM, PROBLEM._replace(file="/folder/b.bib")]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"[1,2,3,4,5]", b'"text"', b"\xff\xfe", b'["2",1,2,3]'])
def test_a_damaged_manifest_reads_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("parts", [{"p": []}, {"p": [1, 2, 3, 4, 5, [[1]]]}, {"p": None}, []])
def test_a_manifest_with_damaged_parts_reads_as_none(tmp_path: Path, parts: object) -> None:
    content = [BUILD_VERSION, "schemes", parts, {}, []]
    (tmp_path / "manifest.json").write_text(json.dumps(content), "utf-8")
    assert read_manifest(tmp_path) is None


def test_a_manifest_of_another_version_reads_as_none(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest())
    path = tmp_path / "manifest.json"
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(["0", *content[1:]]), "utf-8")
    assert read_manifest(tmp_path) is None


def test_a_missing_manifest_reads_as_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(None) is None


@pytest.fixture
def collection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """Return a collection of one study, with a generation that was built from nothing yet."""
    monkeypatch.setenv("MIPEX_KB_CACHE", str(tmp_path / "cache"))
    (tmp_path / "studies").mkdir()
    (tmp_path / "ontology").mkdir()
    (tmp_path / "studies" / "a.bib").write_text("some text", "utf-8")
    os.utime(tmp_path / "studies" / "a.bib", ns=(10**18, 10**18))
    found = Collection((tmp_path / "studies",), tmp_path / "ontology")
    found.cache().mkdir(parents=True)
    generations.switch(found.cache(), generations.fresh(found.cache()))
    return found


def stamped(collection: Collection, read_at_ns: int | None = None) -> None:
    generation = generations.current(collection.cache())
    assert generation is not None
    write_stamps(generation, stamps_text(collection.files(), read_at_ns))


def test_a_store_without_stamps_is_not_fresh(collection: Collection) -> None:
    assert not is_fresh(collection)


def test_a_store_is_fresh_while_its_files_stay_as_they_were(collection: Collection) -> None:
    stamped(collection)
    assert is_fresh(collection)


def longer(path: Path) -> None:
    path.write_text("some longer text", "utf-8")
    os.utime(path, ns=(10**18, 10**18))


def later(path: Path) -> None:
    os.utime(path, ns=(10**18, 10**18 + 1))


def renamed(path: Path) -> None:
    path.rename(path.with_name("b.bib"))


def another(path: Path) -> None:
    shutil.copy2(path, path.with_name("b.bib"))


@pytest.mark.parametrize("change", [Path.unlink, longer, later, renamed, another])
def test_any_change_of_the_files_shows(collection: Collection, change: Callable[[Path], None]) -> None:
    stamped(collection)
    change(collection.studies[0] / "a.bib")
    assert not is_fresh(collection)


@pytest.mark.parametrize(("later_ns", "fresh"), [(-5, False), (0, False), (1_000_000, False), (10_000_000_000, True)])
def test_a_file_changed_just_before_it_was_read_is_never_fresh(
    collection: Collection, later_ns: int, fresh: bool
) -> None:
    stamped(collection, 10**18 + later_ns)
    assert is_fresh(collection) is fresh


def test_a_name_that_is_no_utf8_has_a_stamp(collection: Collection) -> None:
    Path(os.fsdecode(os.fsencode(collection.studies[0]) + b"/\xff.bib")).write_text("", "utf-8")
    stamped(collection)
    assert is_fresh(collection)


def test_a_stamp_is_size_and_time() -> None:
    assert stamp(FILE) == "10 1000000000000"
