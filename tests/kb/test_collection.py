"""Where the collection is: its folders and files, and the cache that belongs to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.collection import Collection, SourceFile, bundled, cache_root, collection
from kb.errors import CollectionError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    studies, ontology = tmp_path / "studies", tmp_path / "ontology"
    studies.mkdir()
    ontology.mkdir()
    for name in ("b.bib", "a.bib", ".hidden.bib", "note.txt", "c.bib.bak", "ümlaut.bib"):
        (studies / name).write_text("@misc{x}", "utf-8")
    (studies / "folder.bib").mkdir()
    (studies / "dangling.bib").symlink_to(tmp_path / "nowhere")
    (ontology / "z.ttl").write_text("", "utf-8")
    (ontology / "a.ttl").write_text("# nothing\n", "utf-8")
    return studies, ontology


def test_files_of_studies_come_by_name_without_hidden_and_foreign_ones(folders: tuple[Path, Path]) -> None:
    files = Collection((folders[0],), folders[1]).study_files()
    assert [file.name for file in files] == ["a.bib", "b.bib", "ümlaut.bib"]
    assert {file.folder for file in files} == {"studies"}


def test_files_of_the_ontology_come_by_name(folders: tuple[Path, Path]) -> None:
    files = Collection((folders[0],), folders[1]).ontology_files()
    assert [(file.folder, file.stem, file.size) for file in files] == [("ontology", "a", 10), ("ontology", "z", 0)]


def test_a_file_shows_its_size_and_time_without_being_opened(folders: tuple[Path, Path]) -> None:
    path = folders[0] / "a.bib"
    os.utime(path, ns=(1, 1_700_000_000_123_456_789))
    path.chmod(0)
    first = Collection((folders[0],), folders[1]).study_files()[0]
    assert first == SourceFile("studies", str(path), 8, path.stat().st_mtime_ns)


def test_several_folders_keep_their_order(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    own = tmp_path / "0-own"
    own.mkdir()
    (own / "zz.bib").write_text("", "utf-8")
    files = Collection((folders[0], own), folders[1]).study_files()
    assert [file.name for file in files] == ["a.bib", "b.bib", "ümlaut.bib", "zz.bib"]
    files = Collection((own, folders[0]), folders[1]).study_files()
    assert [file.name for file in files] == ["zz.bib", "a.bib", "b.bib", "ümlaut.bib"]


@pytest.mark.parametrize(("path", "name", "stem"), [("/x/a.bib", "a.bib", "a"), ("/x.y/a.b.bib", "a.b.bib", "a.b")])
def test_name_and_stem_of_a_file(path: str, name: str, stem: str) -> None:
    file = SourceFile("studies", path, 0, 0)
    assert (file.name, file.stem) == (name, stem)


def test_a_folder_that_went_away_is_reported_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="cannot be read") as caught:
        Collection((tmp_path / "gone",), tmp_path).study_files()
    assert "Traceback" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_the_bundled_collection_is_beside_the_program() -> None:
    found = bundled()
    assert found == Collection((ROOT / "studies",), ROOT / "ontology")
    assert found.ontology_files()


def test_what_is_not_given_is_the_bundled_one(folders: tuple[Path, Path]) -> None:
    assert collection() == bundled()
    assert collection([]) == bundled()
    assert collection([str(folders[0])]) == Collection((folders[0],), bundled().ontology)
    assert collection(None, str(folders[1])) == Collection(bundled().studies, folders[1])


def test_relative_folders_become_absolute(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folders[0].parent)
    assert collection(["studies", "./ontology/../studies"], "ontology") == Collection((folders[0],) * 2, folders[1])


@pytest.mark.parametrize("name", ["gone", "a.bib"])
def test_a_folder_that_is_none_is_refused_with_the_option_to_check(folders: tuple[Path, Path], name: str) -> None:
    with pytest.raises(CollectionError, match="--studies"):
        collection([str(folders[0] / name)])
    with pytest.raises(CollectionError, match="--ontology"):
        collection(None, str(folders[0] / name))


def test_each_set_of_folders_has_a_cache_of_its_own(folders: tuple[Path, Path]) -> None:
    one, two = folders
    caches = [
        Collection((one,), two).cache(),
        Collection((two,), one).cache(),
        Collection((one, two), two).cache(),
        Collection((two, one), two).cache(),
        bundled().cache(),
    ]
    assert len(set(caches)) == len(caches)
    assert Collection((one,), two).cache() == caches[0]
    assert all(cache.parent == cache_root() for cache in caches)


@pytest.mark.parametrize("odd", ["with space", "ümlaut", "a" * 200, "-", "new\nline", "'quoted'", "\udcff"])
def test_the_name_of_a_cache_is_short_and_plain_whatever_the_folder(tmp_path: Path, odd: str) -> None:
    name = Collection((tmp_path / odd / "studies",), tmp_path).cache().name
    assert name.isascii()
    assert len(name) < 80
    assert all(letter.isalnum() or letter == "-" for letter in name)


def test_the_root_of_caches_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIPEX_KB_CACHE", str(tmp_path / "own"))
    assert cache_root() == tmp_path / "own"
    monkeypatch.setenv("MIPEX_KB_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root() == tmp_path / "xdg" / "mipex-kb"
    monkeypatch.delenv("MIPEX_KB_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_root() == tmp_path / "home" / ".cache" / "mipex-kb"


def test_looking_at_a_collection_writes_nothing(folders: tuple[Path, Path]) -> None:
    before = sorted(folders[0].parent.rglob("*"))
    found = Collection((folders[0],), folders[1])
    found.study_files()
    found.ontology_files()
    assert not found.cache().exists()
    assert sorted(folders[0].parent.rglob("*")) == before
