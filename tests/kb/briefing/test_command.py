"""The command ``brief``, and the briefings in docs, which are what it gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest

from kb.briefing.pages import commands, page_text
from tests.kb.running import is_one_plain_sentence

if TYPE_CHECKING:
    from tests.kb.running import Line

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "briefings"


@pytest.mark.parametrize(("name", "words"), commands().items())
def test_a_page_is_what_its_command_gives(name: str, words: str) -> None:
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    assert text == page_text(words), "Run: python -m kb.briefing.pages"
    assert f"\nmipex-kb brief {words}\n" in text


def test_there_are_two_pages_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(commands())
    assert len(commands()) == 2


def test_a_command_that_fails_is_no_page() -> None:
    with pytest.raises(RuntimeError, match="mipex-kb brief no-such-policy"):
        page_text("no-such-policy")


def test_without_a_file_it_is_markdown(line: Line) -> None:
    run = line("brief", "anti-discrimination")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("# Briefing: Anti-discrimination\n")


def test_the_ending_says_the_format(line: Line, tmp_path: Path) -> None:
    for ending, start in (("md", b"# Briefing"), ("html", b"<!DOCTYPE html>"), ("docx", b"PK")):
        path = tmp_path / f"brief.{ending}"
        assert line("brief", "anti-discrimination", "-o", str(path)).code == 0
        assert path.read_bytes().startswith(start)
    assert docx.Document(str(tmp_path / "brief.docx")).paragraphs[0].text == "Briefing: Anti-discrimination"
    again = line("brief", "anti-discrimination", "-o", str(tmp_path / "brief.md"))
    assert again.code == 1
    assert is_one_plain_sentence(again.err)
    forced = line("brief", "anti-discrimination", "-o", str(tmp_path / "brief.md"), "--format", "html", "--force")
    assert forced.code == 0
    assert (tmp_path / "brief.md").read_bytes().startswith(b"<!DOCTYPE")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["brief", "no-such-policy"], "no-such-policy"),
        (["brief"], "POLICY"),
        (["brief", "health", "-o", "health.pdf"], "The ending of health.pdf names no format."),
        (["brief", "health", "--style", "no-such-style"], "no-such-style"),
    ],
)
def test_mistakes_are_told_in_a_sentence(line: Line, words: list[str], said: str) -> None:
    run = line(*words)
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert is_one_plain_sentence(run.err)


def test_a_word_file_is_not_put_on_a_terminal(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.output.to_terminal", lambda: True)
    run = line("brief", "health", "--format", "docx")
    assert run.code == 2
    assert "Add -o FILE.docx." in run.err
