"""The canonical form of study files: stable, and never reached by losing something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kb.bibtex import read
from kb.canonical import canonical_bibtex, main
from kb.errors import CollectionError

TESTS = Path(__file__).resolve().parents[1]
UNTIDY = '@Misc{a1, year=2001, title="A {T}itle",\n   Odd = {kept} }\n@finding{a1-1,study={a1}}\n'
BROKEN = "@misc{a1,\n  title = {x}\n  year = {2001}\n}\n"


@pytest.mark.parametrize("path", sorted((TESTS / "toy").glob("*.bib")), ids=lambda path: path.stem)
def test_the_canonical_form_of_a_study_is_stable_and_loses_nothing(path: Path) -> None:
    text = path.read_text("utf-8")
    formed = canonical_bibtex(text)
    assert canonical_bibtex(formed) == formed
    before, after = read(text).entries, read(formed).entries
    assert [(e.kind, e.key, dict(e.fields)) for e in after] == [(e.kind, e.key, dict(e.fields)) for e in before]


def test_an_untidy_file_is_put_in_order() -> None:
    formed = canonical_bibtex(UNTIDY)
    assert formed.startswith(
        "@misc{a1,\n  title = {A {T}itle},\n  year  = {2001},\n  odd   = {kept}\n}\n\n@finding{a1-1,\n"
    )
    assert canonical_bibtex(formed) == formed


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_line_endings_and_a_byte_order_mark_go(ending: str) -> None:
    assert canonical_bibtex("\ufeff" + UNTIDY.replace("\n", ending)) == canonical_bibtex(UNTIDY)


@pytest.mark.parametrize(
    "text",
    [
        BROKEN,
        "@misc{a1,\n  title = {x\n}\n",
        "@misc{a1,\n  title = {x}},\n  year = {2001}\n}\n",
        "@misc{a1, title = {x}}\n@misc{a1, title = {y}}\n",
        "@misc{a1, title = {x}, title = {y}}\n",
        "@misc{a1, journal = undefined}\n",
        "@misc{A1, title = {x}}\n",
    ],
    ids=["comma", "brace", "brace too many", "duplicate key", "duplicate field", "abbreviation", "key"],
)
def test_a_text_with_errors_is_refused_because_something_would_be_lost(text: str) -> None:
    with pytest.raises(CollectionError, match="Correct this first") as caught:
        canonical_bibtex(text, "here.bib")
    assert str(caught.value).startswith("here.bib:")


def test_abbreviations_are_written_out() -> None:
    formed = canonical_bibtex('@string{jrs = "Journal"}\n@misc{a1, journal = jrs}\n')
    assert formed == "@misc{a1,\n  journal = {Journal}\n}\n"


def test_the_command_rewrites_only_what_is_not_canonical(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formed = canonical_bibtex(UNTIDY)
    untidy, tidy, other = tmp_path / "a.bib", tmp_path / "b.bib", tmp_path / "c.txt"
    untidy.write_text(UNTIDY, "utf-8")
    tidy.write_text(formed, "utf-8")
    other.write_text(UNTIDY, "utf-8")
    os.utime(tidy, (1, 1))
    assert main([str(tmp_path)]) == 0
    assert untidy.read_text("utf-8") == formed
    assert tidy.stat().st_mtime == 1
    assert other.read_text("utf-8") == UNTIDY
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{untidy}\n"
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""


def test_line_endings_of_a_file_are_made_line_feeds(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(UNTIDY.replace("\n", "\r\n").encode())
    main([str(tmp_path)])
    assert path.read_bytes() == canonical_bibtex(UNTIDY).encode()


def test_line_endings_are_made_line_feeds_even_where_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    formed = canonical_bibtex(UNTIDY).encode()
    path.write_bytes(formed.replace(b"\n", b"\r\n"))
    main([str(tmp_path)])
    assert path.read_bytes() == formed


def test_a_file_that_is_not_utf_8_is_left_as_it_is_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = UNTIDY.replace("Odd", "Ödd").encode("latin-1")
    (tmp_path / "a.bib").write_bytes(content)
    (tmp_path / "b.bib").write_text(UNTIDY, "utf-8")
    assert main([str(tmp_path)]) == 1
    assert "a.bib" in capsys.readouterr().err
    assert (tmp_path / "a.bib").read_bytes() == content
    assert (tmp_path / "b.bib").read_text("utf-8") == canonical_bibtex(UNTIDY)


def test_a_broken_file_is_left_as_it_is_and_named_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(BROKEN, "utf-8")
    (tmp_path / "b.bib").write_text(UNTIDY, "utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "kb.canonical", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert "a.bib:3" in found.stderr
    assert "Traceback" not in found.stderr
    assert (tmp_path / "a.bib").read_text("utf-8") == BROKEN
    assert (tmp_path / "b.bib").read_text("utf-8") == canonical_bibtex(UNTIDY)
