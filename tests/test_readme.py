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
from kb.synthesis import pages
from tui.documents import MAIN_SCOPES, keys_page, with_keys
from tui.keys import markdown_table
from tui.pictures import PICTURES

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


def test_keys_in_readme_and_docs_are_those_of_the_program() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert markdown_table(*MAIN_SCOPES) in readme, "Run: make docs"
    assert with_keys(readme) == readme
    assert (ROOT / "docs" / "keys.md").read_text("utf-8") == keys_page(), "Run: make docs"


def test_every_picture_is_made_by_the_command_and_shown() -> None:
    names = {f"{picture.name}.svg" for picture in PICTURES} | {f"{name}.svg" for name in pages.pictures()}
    assert {path.name for path in (ROOT / "docs" / "pictures").iterdir()} == names, "Run: make docs"
    shown = "".join((ROOT / page).read_text("utf-8") for page in (*PAGES, "docs/workbench.md", "docs/synthesis.md"))
    assert {name for name in names if f"pictures/{name}" not in shown} == set()
    for name in names:
        text = (ROOT / "docs" / "pictures" / name).read_text("utf-8")
        assert "<svg" in text[:500]
        addresses = {*re.findall(r'="(https?://[^"]+)"', text), *re.findall(r"url\(['\"]?(https?:[^)]+)\)", text)}
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if name != "tui" and f"`mipex-kb {name}" not in text] == []


@pytest.mark.parametrize(
    "page",
    [
        *PAGES,
        "docs/graph.md",
        "docs/design.md",
        "docs/intake.md",
        "docs/networks.md",
        "docs/synthesis.md",
        "docs/briefing.md",
        "docs/workbench.md",
        "CHANGELOG.md",
    ],
)
def test_links_to_files_lead_somewhere(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
