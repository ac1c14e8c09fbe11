"""Where output goes: data whole to files and pipes, cleaned to a terminal, narration to standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from kb.errors import ExportError
from kb.output import Progress, emit, note, to_terminal

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "a\x1b[31mb\x07c\x9bd\u202ee\u2066f\x00g\x7fh\ttab\nline"
SAFE = "a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg\ufffdh\ttab\nline"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.output.to_terminal", lambda: True)


def test_a_captured_output_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert not to_terminal()


def test_a_pipe_gets_the_bytes_as_they_are(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    emit(b"\x00\xff\r\n")
    emit("é\n")
    assert capfdbinary.readouterr().out == b"\x00\xff\r\n\xc3\xa9\n"


@pytest.mark.usefixtures("terminal")
def test_a_terminal_never_sees_control_characters(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    emit(EVIL)
    assert capsysbinary.readouterr().out.decode() == SAFE


@pytest.mark.usefixtures("terminal")
def test_a_terminal_gets_plain_line_ends_and_never_half_letters(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    emit(b"a\r\nb\r\n\xff")
    assert capsysbinary.readouterr().out.decode() == "a\nb\n\ufffd"


def test_narration_goes_to_standard_error_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    note(EVIL)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == SAFE + "\n"


def test_a_file_is_written_and_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    emit(EVIL, str(tmp_path / "out.txt"))
    printed = capsys.readouterr()
    assert (tmp_path / "out.txt").read_bytes() == EVIL.encode()
    assert printed.out == ""
    assert printed.err == f"Written: {tmp_path / 'out.txt'}\n"


def test_a_file_that_is_there_is_not_replaced_without_force(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", "utf-8")
    with pytest.raises(ExportError, match="--force"):
        emit("new", str(path))
    assert path.read_text("utf-8") == "old"
    emit("new", str(path), force=True)
    assert path.read_text("utf-8") == "new"


def test_what_was_printed_before_comes_before(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    sys.stdout.write("first\n")
    emit(b"second\n")
    assert capfdbinary.readouterr().out == b"first\nsecond\n"


def test_progress_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    for number in range(5):
        progress(number, 5, "a.bib")
    progress.finish()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("term", "shown"), [("xterm", True), ("dumb", False)])
def test_progress_shows_on_a_terminal_after_a_moment_and_clears_its_line(
    term: str, shown: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    moments = iter([0.0, 0.1, 0.6])
    monkeypatch.setattr("time.monotonic", lambda: next(moments, 1.0))
    progress = Progress()
    progress(1, 3, "a.bib")
    assert capsys.readouterr().err == ""
    progress(2, 3, "\x1b[31mb.bib")
    progress.finish()
    error = capsys.readouterr().err
    assert ("2 of 3 files" in error) is shown
    assert "\x1b[31m" not in error
    assert error.endswith("\r\x1b[K") is shown
