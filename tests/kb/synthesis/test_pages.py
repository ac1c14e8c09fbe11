"""The syntheses and pictures in docs are what their commands give."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from kb.cli import main
from kb.synthesis.pages import commands, page_text, picture_text, pictures

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "syntheses"


@pytest.mark.parametrize(("name", "words"), commands().items())
def test_a_page_is_what_its_command_gives(name: str, words: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    assert text == page_text(words), "Run: make docs"
    assert main(["synthesis", *shlex.split(words), "--format", "md"]) == 0
    assert text.endswith(capfdbinary.readouterr().out.decode())
    assert f"\nmipex-kb synthesis {words}\n" in text


def test_there_are_four_pages_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(commands())
    assert len(commands()) == 4


@pytest.mark.parametrize(("name", "words"), pictures().items())
def test_a_picture_is_what_its_command_gives(name: str, words: str) -> None:
    text = (FOLDER.parent / "pictures" / f"{name}.svg").read_text("utf-8")
    assert text == picture_text(words), "Run: make docs"
    page = " ".join((FOLDER.parent / "synthesis.md").read_text("utf-8").split())
    assert f"mipex-kb synthesis {words} -o {name}.svg" in page
    assert f"](pictures/{name}.svg)" in page


def test_a_command_that_fails_is_no_page() -> None:
    with pytest.raises(RuntimeError, match="mipex-kb synthesis no-such-policy"):
        page_text("no-such-policy")
    with pytest.raises(RuntimeError, match="mipex-kb synthesis no-such-policy"):
        picture_text("no-such-policy --outcome naturalisation --plot harvest")
