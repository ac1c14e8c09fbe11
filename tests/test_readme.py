"""What the README says is what the program does: transcripts, keys, commands and links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kb.cli import COMMANDS
from tui.keys import markdown_table

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "CONTRIBUTING.md"]


def transcripts() -> list[tuple[str, list[str]]]:
    """Return the commands after a dollar sign in the pages, each with the lines that they print."""
    found = []
    for page in PAGES:
        for block in re.findall(r"(?ms)^```\n(\$ mipex-kb .*?)^```", (ROOT / page).read_text("utf-8")):
            command, *lines = block.splitlines()
            found.append((command.removeprefix("$ "), lines))
    return found


@pytest.mark.parametrize(("command", "expected"), transcripts())
def test_transcript_is_what_the_command_prints(command: str, expected: list[str], tmp_path: Path) -> None:
    words = shlex.split(command)
    env = {**os.environ, "COLUMNS": "120"}
    program = [sys.executable, "-m", "kb.cli", *words[1:]]
    done = subprocess.run(program, cwd=tmp_path, env={**env, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    printed = (done.stdout.decode() + done.stderr.decode()).splitlines()
    assert expected
    for line in expected:
        pattern = re.compile(".*".join(re.escape(part) for part in line.split("...")))
        assert any(pattern.fullmatch(candidate) for candidate in printed), f"not printed: {line}\n{printed}"


def test_keys_in_the_readme_are_those_of_the_program() -> None:
    assert markdown_table() in (ROOT / "README.md").read_text("utf-8")


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if name != "tui" and f"`mipex-kb {name}" not in text] == []


@pytest.mark.parametrize("page", [*PAGES, "docs/graph.md", "docs/design.md", "docs/intake.md", "CHANGELOG.md"])
def test_links_to_files_lead_somewhere(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
