"""What the page of questions says is what the program answers: counts, citation keys, and the parts of every answer."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from kb.cli import main
from kb.collection import bundled

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "questions.md").read_text("utf-8")
SECTIONS = re.split(r"(?m)^## ", PAGE)[1:]
BLOCK = r"(?m)^```\n(mipex-kb evidence .*)\n```\n(.*)$"
BLOCKS = re.findall(BLOCK, PAGE)


@pytest.mark.parametrize(("command", "prints"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_command_finds_as_many_findings_and_studies(
    command: str, prints: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert re.fullmatch(r"Prints: \d+ findings? of \d+ stud(y|ies)\.", prints), "no count under the command"
    assert main(shlex.split(command)[1:]) == 0
    summary = capsys.readouterr().err
    assert summary.startswith(prints.removeprefix("Prints: ").removesuffix(".") + "; circle"), summary


def test_there_are_at_least_ten_questions() -> None:
    assert len(SECTIONS) >= 10


@pytest.mark.parametrize("section", SECTIONS, ids=[section.splitlines()[0] for section in SECTIONS])
def test_every_question_has_its_parts(section: str) -> None:
    assert re.findall(r"(?m)^\*\*(.*)\*\*$", section) == ["Command", "Answer", "What cannot be said"]
    assert len(re.findall(BLOCK, section)) == section.count("\n```\nmipex-kb ") > 0


def test_citation_keys_are_studies_of_the_collection() -> None:
    named = set(re.findall(r"\b[a-z]+\d{4}[a-z]\w*", PAGE))
    assert named
    assert named - {file.stem for file in bundled().study_files()} == set()
