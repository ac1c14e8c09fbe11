"""The stamps of files: any change shows, and a file written in the moment of the look is looked at again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb import generations
from kb.collection import Collection
from kb.errors import CollectionError
from kb.stamps import forget_stamps, is_fresh, known_stamps, name_of, scan, write_stamps

if TYPE_CHECKING:
    from collections.abc import Callable


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


def stamped(collection: Collection) -> Path:
    generation = generations.current(collection.cache())
    assert generation is not None
    write_stamps(generation, scan(collection))
    return generation


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
def test_a_file_changed_just_before_it_was_looked_at_is_never_fresh(
    collection: Collection, later_ns: int, fresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 10**18 + later_ns)
    generation = stamped(collection)
    assert is_fresh(collection) is fresh
    assert known_stamps(generation) == [f"1/a.bib {'9 1000000000000000000' if fresh else '? ?'}"]


def test_another_order_of_the_same_files_is_no_change(collection: Collection) -> None:
    (collection.studies[0] / "b.bib").write_text("other text", "utf-8")
    stamped(collection)
    seen = scan(collection)
    seen.doubtful.clear()
    generation = stamped(collection)
    write_stamps(generation, seen._replace(stamps=seen.stamps[::-1]))
    assert is_fresh(collection)


def test_only_sources_count(collection: Collection) -> None:
    for name in (".hidden.bib", "notes.txt", "words.ttl"):
        (collection.studies[0] / name).write_text("", "utf-8")
    (collection.studies[0] / "folder.bib").mkdir()
    (collection.ontology / "words.ttl").write_text("", "utf-8")
    assert sorted(map(name_of, scan(collection).stamps)) == ["0/words.ttl", "1/a.bib"]


def test_a_folder_that_is_gone_is_one_sentence(collection: Collection) -> None:
    with pytest.raises(CollectionError, match="cannot be read"):
        scan(collection._replace(studies=(collection.studies[0] / "none",)))


def test_stamps_of_another_version_and_lost_ones_are_none(collection: Collection) -> None:
    generation = stamped(collection)
    (generation / "stamps").write_bytes(b"0\0" + (generation / "stamps").read_bytes())
    assert known_stamps(generation) == []
    forget_stamps(generation)
    assert known_stamps(generation) == []
    forget_stamps(generation)


def test_a_name_that_is_no_utf8_has_a_stamp(collection: Collection) -> None:
    path = Path(os.fsdecode(os.fsencode(collection.studies[0]) + b"/\xff.bib"))
    path.write_text("", "utf-8")
    os.utime(path, ns=(10**18, 10**18))
    stamped(collection)
    assert is_fresh(collection)
