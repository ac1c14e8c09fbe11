"""Reading many files: the same from one process and from several, also where processes die or cannot start."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kb.reading
from kb.build import build, known_manifest
from kb.errors import StoreError
from kb.reading import StudyFile, processors, read_files
from kb.reading_process import receive, send
from kb.words import read_words
from tests.kb.building import dump

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.readings import Reading
    from kb.store import Reader

FILES = 130


@pytest.fixture(scope="module")
def files(small_toy: Path, tmp_path_factory: pytest.TempPathFactory) -> list[StudyFile]:
    """Return files with and without mistakes, in no order."""
    folder = tmp_path_factory.mktemp("many")
    text = (small_toy / "studies" / "alpha2001trust.bib").read_text("utf-8")
    for number in range(FILES):
        content = text.replace("alpha2001trust", f"alpha{number}")
        (folder / f"alpha{number}.bib").write_text(content.replace("positive", "postive" if number % 7 else "negative"))
    (folder / "latin.bib").write_bytes(b"@article{latin, title = {\xe9}}")
    return [StudyFile(1, str(path)) for path in sorted(folder.iterdir(), key=lambda path: path.name[::-1])]


@pytest.fixture(scope="module")
def alone(files: list[StudyFile], toy_reader: Reader) -> list[Reading]:
    return list(read_files(files, toy_reader.folder, read_words(toy_reader.folder), 1))


def together(files: list[StudyFile], reader: Reader) -> list[Reading]:
    return list(read_files(files, reader.folder, read_words(reader.folder), 2))


def test_one_process_reads_every_file_with_its_problems(alone: list[Reading], files: list[StudyFile]) -> None:
    assert len(alone) == len(files) == FILES + 1
    assert [reading.part.graph.rpartition("/")[2] for reading in alone] == [file.stem for file in files]
    assert {problem.file for reading in alone for problem in reading.part.problems} <= {file.path for file in files}
    assert sum(bool(reading.part.problems) for reading in alone) > FILES // 2
    assert all(reading.text.count(b"\n") == 2 * reading.part.quads for reading in alone)


def test_several_processes_read_the_same(alone: list[Reading], files: list[StudyFile], toy_reader: Reader) -> None:
    assert together(files, toy_reader) == alone


def test_where_no_process_can_be_started_this_one_reads(
    alone: list[Reading], files: list[StudyFile], toy_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert together(files, toy_reader) == alone


@pytest.mark.parametrize("program", ["import sys; sys.exit(3)", "print('x' * 99999)"])
def test_what_a_process_does_not_do_this_one_does(
    program: str, alone: list[Reading], files: list[StudyFile], toy_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kb.reading, "_START", program)
    assert together(files, toy_reader) == alone


def test_what_a_killed_process_leaves_this_one_does(
    alone: list[Reading], files: list[StudyFile], toy_reader: Reader, started: list[subprocess.Popen[bytes]]
) -> None:
    readings = read_files(files, toy_reader.folder, read_words(toy_reader.folder), 2)
    found = [next(readings)]
    started[0].kill()
    assert found + list(readings) == alone


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Return the processes that will have been started."""
    processes: list[subprocess.Popen[bytes]] = []
    real = kb.reading._start

    def noting(generation: Path) -> subprocess.Popen[bytes] | None:
        process = real(generation)
        assert process is not None
        processes.append(process)
        return process

    monkeypatch.setattr(kb.reading, "_start", noting)
    return processes


def test_leaving_off_ends_the_processes(
    files: list[StudyFile], toy_reader: Reader, started: list[subprocess.Popen[bytes]]
) -> None:
    readings = read_files(files, toy_reader.folder, read_words(toy_reader.folder), 2)
    next(readings)
    readings.close()  # type: ignore[attr-defined]
    assert len(started) == 2
    assert all(process.returncode is not None for process in started)


def test_a_build_by_several_processes_equals_one_by_a_single_one(
    small_copy: Collection, files: list[StudyFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in files:
        os.link(file.path, small_copy.studies[0] / os.path.basename(file.path))  # noqa: PTH119
    text = Path(files[3].path).read_text("utf-8")
    (small_copy.studies[0] / "zulu.bib").write_text(text, "utf-8")  # clashes with a file before it
    monkeypatch.setattr(kb.reading, "processors", lambda: 2)
    results = []
    for enough in (10_000, 10):
        monkeypatch.setattr(kb.reading, "_ENOUGH", enough)
        seen: list[tuple[int, int, str]] = []
        report = build(small_copy, lambda *progress, seen=seen: seen.append(progress), clean=True)
        manifest = known_manifest(small_copy)
        assert manifest is not None
        results.append((report, manifest.entries(), dump(small_copy), seen))
    assert results[0] == results[1]
    assert sum(entry.clash is not None for entry in results[0][1]) == 1


def test_a_file_that_cannot_be_read_is_told_alike(
    small_copy: Collection, files: list[StudyFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in files:
        os.link(file.path, small_copy.studies[0] / os.path.basename(file.path))  # noqa: PTH119
    real = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == files[5].stem + ".bib":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    monkeypatch.setattr(kb.reading, "processors", lambda: 2)
    monkeypatch.setattr(kb.reading, "_START", "import sys; sys.exit(1)")
    for enough in (10_000, 10):
        monkeypatch.setattr(kb.reading, "_ENOUGH", enough)
        with pytest.raises(StoreError, match=files[5].stem):
            build(small_copy)
        assert [path.name for path in small_copy.cache().iterdir()] == ["build.lock"]


def test_messages_come_back_and_their_end_is_seen() -> None:
    pipe = io.BytesIO()
    send(pipe, [("path", "stem"), b"\0" * 9])
    content = pipe.getvalue()
    assert receive(io.BytesIO(content)) == [("path", "stem"), b"\0" * 9]
    assert receive(io.BytesIO(b"")) is None
    with pytest.raises((EOFError, ValueError)):
        receive(io.BytesIO(content[:-3]))


def test_there_is_a_processor() -> None:
    assert processors() >= 1
