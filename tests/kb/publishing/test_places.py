"""Folders and archives: whole or not at all, never over what somebody else put there, the same bytes each time."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from kb.errors import ExportError
from kb.publishing.places import new_place, opened, write_checksums

if TYPE_CHECKING:
    from pathlib import Path


def fill(place: Path, text: str = "a", *, force: bool = False) -> None:
    with new_place(place, force=force) as folder:
        (folder / "in").mkdir()
        (folder / "in" / "file.txt").write_text(text)
        write_checksums(folder)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_folder_is_filled(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    assert names(tmp_path) == ["out/checksums.sha256", "out/in/file.txt"]


def test_an_archive_has_no_times_and_is_the_same_again(tmp_path: Path) -> None:
    fill(tmp_path / "a.zip")
    fill(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["checksums.sha256", "in/file.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names(tmp_path) == ["a.zip", "b.zip"]


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_is_there_is_replaced_with_force_alone(name: str, tmp_path: Path) -> None:
    fill(tmp_path / name)
    with pytest.raises(ExportError, match=r"exists already\. .*--force"):
        fill(tmp_path / name, "b")
    fill(tmp_path / name, "b", force=True)
    fill(tmp_path / "other" if name == "out" else tmp_path / "other.zip", "b")
    assert [path.name for path in sorted(tmp_path.iterdir())] == sorted([name, name.replace("out", "other")])
    if name == "out":
        assert (tmp_path / "out" / "in" / "file.txt").read_text() == "b"


def test_a_folder_with_a_file_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    fill(tmp_path / "out")
    (tmp_path / "out" / "in" / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match=r"holds in/mine\.txt, which no export wrote"):
        fill(tmp_path / "out", "b", force=True)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.doc").write_text("mine")
    with pytest.raises(ExportError, match="which no export wrote"):
        fill(tmp_path / "home", force=True)
    assert (tmp_path / "out" / "in" / "file.txt").read_text() == "a"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    fill(tmp_path / "out", force=True)
    assert names(tmp_path) == ["out/checksums.sha256", "out/in/file.txt"]


@pytest.mark.parametrize("name", ["file", "link", "nowhere/out", "nowhere/out.zip", "file/out"])
@pytest.mark.parametrize("force", [False, True])
def test_a_place_that_cannot_be_is_one_sentence(name: str, force: bool, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    with pytest.raises(ExportError) as caught:
        fill(tmp_path / name, force=force)
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_when_it_fails_half_way_the_old_one_stays(name: str, tmp_path: Path) -> None:
    fill(tmp_path / name)

    def broken() -> None:
        with new_place(tmp_path / name, force=True) as folder:
            (folder / "half").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    if name == "out":
        assert names(tmp_path / name) == ["checksums.sha256", "in/file.txt"]


def test_a_packed_file_has_no_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        with opened(tmp_path / name, packed=True) as out:
            out.write(b"text")
    content = (tmp_path / "a.gz").read_bytes()
    assert content == (tmp_path / "b.gz").read_bytes()
    assert content[4:8] == b"\0\0\0\0"
