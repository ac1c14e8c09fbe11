"""The help of the command line: every command explains itself, and its examples work."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from kb import __version__
from kb.cli import COMMANDS
from tests.kb.running import LIBRARY_COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from kb.store import Reader
    from tests.kb.running import Line


@pytest.mark.parametrize("name", LIBRARY_COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str, line: Line) -> None:
    done = line(name, "--help", toy=False)
    assert (done.code, done.err) == (0, "")
    assert re.search(rf"^examples?:\n +mipex-kb {name}\b", done.out, re.MULTILINE)
    assert "--studies" in done.out
    assert max(len(text) for text in done.out.splitlines()) <= 120


def test_the_help_lists_every_command(line: Line) -> None:
    done = line("--help", toy=False)
    assert (done.code, done.err) == (0, "")
    for name, meaning in COMMANDS.items():
        assert re.search(rf"^ +{name} +{re.escape(meaning)}$", done.out, re.MULTILINE)
    assert "example" in done.out


def test_the_version_is_printed(line: Line) -> None:
    assert line("--version", toy=False) == (0, f"mipex-kb {__version__}\n", "")


def examples() -> list[str]:
    found = []
    for name in ("evidence", "show", "sparql", "vocab", "build", "synthesis"):
        text = import_module(f"kb.commands.{name}").EXAMPLE
        found += [part.strip() for part in text.splitlines() if part.startswith("  mipex-kb ")]
    return found


@pytest.mark.parametrize("example", examples())
def test_every_example_of_the_help_works(
    example: str, line: Line, whole_reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "query.rq").write_text("SELECT ?s { ?s a ev:Study } LIMIT 1", "utf-8")
    (tmp_path / "my-studies").mkdir()
    monkeypatch.chdir(tmp_path)
    words = shlex.split(example)[1:]
    done = line(*words, toy=words[0] == "build")
    assert done.code == 0, done.err
