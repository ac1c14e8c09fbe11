"""How the program ends: its exit code, errors nobody foresaw, interrupts and closed pipes, and no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.kb.running import is_one_plain_sentence, process

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader
    from tests.kb.running import Line


def test_an_error_nobody_foresaw_is_one_sentence(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("surprise")

    monkeypatch.delenv("MIPEX_KB_DEBUG", raising=False)
    monkeypatch.setattr("kb.evidence.answer", broken)
    done = line("evidence")
    assert (done.code, done.out) == (1, "")
    assert is_one_plain_sentence(done.err)
    assert "MIPEX_KB_DEBUG" in done.err
    monkeypatch.setenv("MIPEX_KB_DEBUG", "1")
    with pytest.raises(KeyError):
        line("evidence")


def test_an_interrupt_is_no_traceback(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kb.evidence.answer", interrupted)
    assert line("evidence") == (130, "", "mipex-kb: Stopped.\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["evidence", "--format", "csv"], 0),
        (["evidence", "helth"], 2),
        (["nonsense"], 2),
        (["show", "--help"], 0),
        (["evidence", "-o", "/nowhere/at/all.csv"], 1),
    ],
)
def test_the_program_ends_with_the_code_of_its_command(
    words: list[str], code: int, toy: Collection, toy_reader: Reader
) -> None:
    done = process(["--studies", str(toy.studies[0]), *words])
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) is (code == 0)
    assert bool(done.stderr) is (words != ["show", "--help"])


@pytest.mark.parametrize(
    "words",
    [
        ["evidence", "--format", "csv"],
        ["evidence"],
        ["vocab", "country"],
        ["sparql", "--named", "concepts"],
        ["--help"],
    ],
)
def test_a_closed_pipe_is_no_error(words: list[str], toy: Collection, toy_reader: Reader) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    studies = [] if words == ["--help"] else ["--studies", str(toy.studies[0])]
    command = [sys.executable, "-m", "kb.cli", *words, *studies]
    try:
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    finally:
        os.close(writing)
    assert done.returncode == 0
    assert "Broken" not in done.stderr
    assert "Error" not in done.stderr
