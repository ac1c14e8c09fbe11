"""The command that opens the interface: only in a terminal, and with exit codes and messages like every other."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import kb.cli
from kb.build import build
from tui.app import EvidenceApp

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection


def arguments(collection: Collection) -> list[str]:
    """Return the options that name a collection."""
    return ["--studies", str(collection.studies[0]), "--ontology", str(collection.ontology)]


def in_terminal(command: list[str], keys: bytes, *, after: bytes = b"", columns: int = 80) -> tuple[int, bytes]:
    """Run the program in a terminal of its own; send keys once a text was seen. Return exit code and output."""
    main, side = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "24"}
    process = subprocess.Popen(
        [sys.executable, "-m", "kb.cli", *command], stdin=side, stdout=side, stderr=side, env=environment
    )
    os.close(side)
    seen = b""
    try:
        while select.select([main], [], [], 30)[0]:
            try:
                part = os.read(main, 65536)
            except OSError:  # the program has closed its side
                break
            if not part:
                break
            seen += part
            if keys and after in seen:
                os.write(main, keys)
                keys = b""
        return process.wait(30), seen
    finally:
        process.kill()
        process.wait()
        os.close(main)


@pytest.mark.parametrize("command", [[], ["tui"]])
def test_without_a_terminal_the_command_says_what_to_use(
    toy: Collection, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert kb.cli.main([*command, *arguments(toy)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "needs a terminal" in err
    assert "mipex-kb evidence health" in err


@pytest.mark.parametrize("piped", ["stdin", "stdout", "stderr"])
def test_one_pipe_is_enough_to_refuse(toy: Collection, monkeypatch: pytest.MonkeyPatch, piped: str) -> None:
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}", _Stream(stream != piped))
    assert kb.cli.main(["tui", *arguments(toy)]) == 2


class _Stream:
    """A stream that is a terminal or none, and keeps nothing."""

    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal

    def isatty(self) -> bool:
        """Say whether it is a terminal."""
        return self._terminal

    def fileno(self) -> int:
        """Return a number of no file."""
        return -1

    def write(self, text: str) -> int:
        """Take a text."""
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(("message", "code"), [(None, 0), ("The collection is broken. Mend it.", 1)])
def test_the_message_of_the_application_becomes_the_exit_code(
    toy: Collection, monkeypatch: pytest.MonkeyPatch, message: str | None, code: int
) -> None:
    told: list[str] = []
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}", _Stream(True))
    watched: list[int] = []
    monkeypatch.setattr("tui.hangup.end_with_terminal", watched.append)
    monkeypatch.setattr(EvidenceApp, "run", lambda _: message)
    monkeypatch.setattr("kb.output.note", told.append)
    assert kb.cli.main(["tui", *arguments(toy)]) == code
    assert watched == [_Stream(True).fileno()]
    assert told == ([f"mipex-kb: {message}"] if message else [])


def test_a_folder_that_does_not_exist_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}", _Stream(True))
    monkeypatch.setattr("kb.output.note", told.append)
    assert kb.cli.main(["tui", "--studies", str(tmp_path / "gone")]) == 2
    assert len(told) == 1
    assert "gone" in told[0]


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        kb.cli.main(["tui", "--help"])
    assert left.value.code == 0
    assert "mipex-kb tui --studies my-studies" in capsys.readouterr().out


@pytest.mark.parametrize("command", [[], ["tui"]])
def test_in_a_terminal_the_application_opens_and_q_leaves_it(copy_of_toy: Collection, command: list[str]) -> None:
    code, seen = in_terminal([*command, *arguments(copy_of_toy)], b"q", after=b"Perceived threat")
    assert code == 0
    assert b"Reading the collection" in seen or b"All policies" in seen
    assert b"Traceback" not in seen
    assert seen.count(b"\x1b[?1049h") == seen.count(b"\x1b[?1049l") == 1


def test_a_broken_ontology_ends_with_a_message_and_no_traceback(copy_of_toy: Collection) -> None:
    path = copy_of_toy.ontology / "policies.ttl"
    path.write_text(path.read_text("utf-8") + "\n<broken> a [bold]\x1b]0;pwn\x07", "utf-8")
    code, seen = in_terminal(["tui", *arguments(copy_of_toy)], b"")
    assert code == 1
    last = seen.rpartition(b"\x1b[?1049l")[2]
    assert last.count(b"mipex-kb: ") == 1
    assert b"policies.ttl" in last
    assert b"Traceback" not in seen
    assert b"pwn\x07" not in seen


def test_a_hostile_collection_sends_the_terminal_no_commands_of_its_own(hostile: Collection) -> None:
    build(hostile)
    code, seen = in_terminal(["tui", *arguments(hostile)], b"dGjq", after=b"Mallory")
    assert code == 0
    for evil in (b"\x1b[31mred", b"\x1b]0;", b"\xc2\x9b", "\u202e".encode(), b"\x07pwn"):
        assert evil not in seen, evil
