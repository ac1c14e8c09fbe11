"""The command line on a terminal: colours, no controls of hostile data, and what a terminal is not for."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.kb.running import CONTROL

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from kb.collection import Collection
    from kb.store import Reader
    from tests.kb.running import Line

COLOUR = re.compile(r"\x1b\[[0-9;]*(3[0-9]|4[0-7]|9[0-7])[0-9;]*m")


def on_terminal(words: Sequence[str], **environment: str) -> str:
    """Return what a run shows on a terminal of 100 columns."""
    master, slave = pty.openpty()
    known = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    known |= {"TERM": "xterm-256color", "COLUMNS": "100", **environment}
    command = [sys.executable, "-m", "kb.cli", *words]
    running = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=known)
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    assert running.wait(60) == 0
    return shown.decode()


def test_a_terminal_sees_colours_unless_they_are_not_wanted(toy: Collection, toy_reader: Reader) -> None:
    words = ["evidence", "--studies", str(toy.studies[0])]
    assert COLOUR.search(on_terminal(words))
    assert COLOUR.search(on_terminal(words, NO_COLOR="1")) is None


def test_a_terminal_never_sees_the_controls_of_hostile_data(hostile: Collection) -> None:
    for words in (["evidence"], ["evidence", "--format", "csv"], ["show", "hostile2007record"]):
        shown = on_terminal([*words, "--studies", str(hostile.studies[0])], NO_COLOR="1")
        assert "[@click=app.quit]" in shown
        assert CONTROL.search(re.sub(r"\x1b\[[0-9;]*m|\r", "", shown)) is None
        assert "\x1b]" not in shown


def test_a_workbook_does_not_go_to_a_terminal(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.output.to_terminal", lambda: True)
    done = line("evidence", "--format", "xlsx")
    assert (done.code, done.out) == (2, "")
    assert "-o FILE.xlsx" in done.err


def test_without_a_query_on_a_terminal_sparql_asks_for_one(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    done = line("sparql")
    assert done.code == 2
    assert "--named" in done.err
