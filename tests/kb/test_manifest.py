"""The manifest of a generation: written whole or changed in part, read back, never trusted when damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from kb.manifest import Entry, Manifest, Part, read_manifest, writing
from kb.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

PROBLEM = Problem("warning", "/folder/a.bib", 3, "a", "Message.", "Remedy.")
CLASH = PROBLEM._replace(file="/folder/b.bib")
A = Entry(1, "/folder/a.bib", Part("digest-a", "graph-a", 5, {"a": 1, "A-1": 9}, [PROBLEM]))
B = Entry(2, "/folder/b.bib", Part("digest-b", "graph-b", 7, {"a": 1}, []), CLASH)
WORDS = Entry(0, "/words/w.ttl", Part("digest-w", "graph-w", 2, {}, []))


def written(folder: Path, *entries: Entry) -> Manifest:
    with writing(folder, "schemes") as manifest:
        manifest.put(entries)
    found = read_manifest(folder)
    assert found is not None
    return found


def test_a_manifest_comes_back_as_it_was_written_in_the_order_of_precedence(tmp_path: Path) -> None:
    found = written(tmp_path, B, A, WORDS)
    assert found.schemes == "schemes"
    assert found.entries() == [WORDS, A, B]
    assert found.entries(["/folder/b.bib", "/folder/none.bib"]) == [B]
    assert found.parts == {entry.path: entry.part for entry in (WORDS, A, B)}


def test_what_is_left_out_counts_as_nothing_and_is_a_problem(tmp_path: Path) -> None:
    found = written(tmp_path, A, B, WORDS)
    assert found.quads == 7
    assert found.loaded == {"graph-w": "/words/w.ttl", "graph-a": "/folder/a.bib"}
    assert list(found.keys_of_graphs()) == [("graph-a", A.part.keys)]
    assert found.problems == [PROBLEM, CLASH]


def test_the_digest_of_a_study_depends_on_the_schemes(tmp_path: Path) -> None:
    found = written(tmp_path, A, WORDS)
    assert found.digests() == {"graph-w": "digest-w ", "graph-a": "digest-a schemes"}


def test_rivals_share_a_key_or_a_graph_whatever_the_case(tmp_path: Path) -> None:
    found = written(tmp_path, A, B)

    def rivals(graph: str, *keys: str) -> set[str]:
        return found.rivals(Entry(1, "/folder/c.bib", Part("", graph, 0, dict.fromkeys(keys, 1), [])))

    assert rivals("graph-c", "A") == {A.path, B.path}
    assert rivals("graph-b", "c", "a-1") == {A.path, B.path}
    assert rivals("graph-c", "c") == set()


def test_a_changed_manifest_starts_from_another_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    written(old, A, B, WORDS)
    changed = A._replace(part=A.part._replace(digest="other", keys={"c": 1}))
    with writing(new, "schemes", old) as manifest:
        manifest.drop([B.path])
        manifest.put([changed])
    found = read_manifest(new)
    assert found is not None
    assert found.entries() == [WORDS, changed]
    assert found.rivals(B) == set()
    assert [path.name for path in new.iterdir()] == ["manifest.sqlite"]
    before = read_manifest(old)
    assert before is not None
    assert before.entries() == [WORDS, A, B]


def test_a_manifest_that_fails_half_way_is_not_there(tmp_path: Path) -> None:
    def fail() -> None:
        with writing(tmp_path, "schemes") as manifest:
            manifest.put([A])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert read_manifest(tmp_path) is None


def test_a_path_that_is_no_utf8_comes_back(tmp_path: Path) -> None:
    odd = A._replace(path="/folder/\udcff.bib")
    assert written(tmp_path, odd).entries([odd.path]) == [odd]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"SQLite format 3\0" + b"x" * 4000])
def test_a_damaged_manifest_reads_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.sqlite").write_bytes(content)
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    "damage", ["UPDATE facts SET value = '0' WHERE name = 'version'", "DELETE FROM facts", "DROP TABLE files"]
)
def test_a_manifest_of_another_version_reads_as_none(tmp_path: Path, damage: str) -> None:
    written(tmp_path, A).close()
    with closing(sqlite3.connect(tmp_path / "manifest.sqlite")) as database:
        database.execute(damage)
        database.commit()
    assert read_manifest(tmp_path) is None


def test_a_missing_manifest_reads_as_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(None) is None
