"""The command studies: the list and the search, reading lists, references, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
import rispy

from kb.cli import main
from tests.kb.running import CONTROL, is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from kb.store import Reader
    from tests.kb.running import Line

KEYS = ["alpha2001trust", "beta2002moderator", "delta2004reform", "epsilon2005review", "gamma2003index"]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_all_studies_are_listed_with_or_without_findings(line: Line) -> None:
    done = line("studies", "--format", "csv")
    rows = rows_of(done.out)
    assert done.code == 0
    assert [row["study"] for row in rows] == KEYS
    assert [row["findings"] for row in rows].count("0") == 1
    assert done.err == "5 studies, 7 findings, 1 uncoded.\n"


def test_the_table_is_plain_and_whole(line: Line) -> None:
    done = line("studies")
    assert done.out.splitlines()[0].split() == ["Key", "Study", "Title", "Circle", "Coded"]
    assert all(key in done.out for key in KEYS)
    assert "uncoded" in done.out
    assert "…" not in done.out


def test_a_search_says_where_it_found_what(line: Line) -> None:
    done = line("studies", "trust", "alpha", "--format", "json")
    (row,) = json.loads(done.out)
    assert (row["study"], row["year"]) == ("alpha2001trust", 2001)
    assert "title" in row["found_in"].split(", ")
    assert "authors" in row["found_in"].split(", ")
    assert done.err.startswith("1 of 5 studies, ")
    assert "Found in" in line("studies", "trust").out.splitlines()[0]


def test_a_slip_of_the_key_is_said(line: Line) -> None:
    done = line("studies", "treatmnet")
    assert "alpha2001trust" in done.out
    assert "Taken, because nothing was found: treatment" in done.err


def test_nothing_found_is_no_mistake(line: Line) -> None:
    done = line("studies", "zzzzzz", "--format", "csv")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert done.err == "0 of 5 studies, 0 findings.\n"
    assert line("studies", "zzzzzz", "--style", "apa").out == ""


def test_only_uncoded_studies_and_only_some_circles(line: Line) -> None:
    uncoded = rows_of(line("studies", "--uncoded", "--format", "csv").out)
    assert [row["findings"] for row in uncoded] == ["0"]
    circles = rows_of(line("studies", "--circle", "reform", "--circle", "comparable", "--format", "csv").out)
    assert [row["study"] for row in circles] == ["delta2004reform", "gamma2003index"]


def test_a_reading_list_in_a_style_as_text_and_markdown(line: Line, tmp_path: Path) -> None:
    text = line("studies", "alpha 2001", "--style", "apa").out
    assert text == (
        "Alpha, A., Müller, J., & O'Neil, P. (2001). Made-up study of equal treatment and trust. "
        "Journal of Made-up Results, 12(3), 1–20. https://doi.org/10.5555/toy.2001.1\n"
    )
    markdown = line("studies", "alpha 2001", "--style", "apa", "--format", "md").out
    assert markdown.startswith("- Alpha, A., ")
    assert "*Journal of Made-up Results*, *12*(3)" in markdown
    assert line("studies", "--style", "vancouver").out.startswith("1. Alpha A, ")
    done = line("studies", "--style", "chicago", "-o", str(tmp_path / "list.md"))
    assert done.code == 0
    assert (tmp_path / "list.md").read_text("utf-8").count("\n- ") == 4
    assert len(line("studies", "--style", "plain").out.splitlines()) == 5


@pytest.mark.parametrize(
    ("form", "start"), [("bibtex", "@article{"), ("biblatex", "@article{"), ("ris", "TY  - "), ("csl-json", "[\n")]
)
def test_references_of_what_was_found(form: str, start: str, line: Line) -> None:
    done = line("studies", "alpha", "--format", form)
    assert done.out.startswith(start)
    assert "alpha2001trust" in done.out or form == "ris"


def test_ris_is_read_back(line: Line) -> None:
    assert len(rispy.loads(line("studies", "--format", "ris").out)) == 5


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.csv", b"study,"), ("x.tsv", b"study\t"), ("x.json", b"[\n"), ("x.md", b"| study"), ("x.bib", b"@"),
     ("x.ris", b"TY"), ("x.txt", b"Key"), ("X.XLSX", b"PK")],
)  # fmt: skip
def test_the_ending_of_the_file_says_the_format(name: str, start: bytes, line: Line, tmp_path: Path) -> None:
    assert line("studies", "-o", str(tmp_path / name)).code == 0
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--style", "mla"], "There is no citation style 'mla'."),
        (["--style", "apa", "--format", "csv"], "cannot be csv"),
        (["--circle", "outer"], "outer"),
        (["-o", "x.doc"], "names no format"),
        (["--style", "nowhere.csl"], "cannot be read"),
    ],
)
def test_a_wrong_request_is_refused_in_one_sentence(words: list[str], said: str, line: Line) -> None:
    done = line("studies", *words)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)
    assert said in done.err


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "md"])
def test_a_hostile_record_is_shown_as_data(
    form: str, hostile: Collection, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert main(["studies", "--format", form, "--studies", str(hostile.studies[0])]) == 0
    out = capsys.readouterr().out
    assert not CONTROL.search(out)
    if form == "csv":
        assert all(not cell.startswith(("=", "+", "@")) for row in csv.reader(io.StringIO(out)) for cell in row)
    for style in ("apa", "ieee"):
        assert main(["studies", "--style", style, "--studies", str(hostile.studies[0])]) == 0
        assert not CONTROL.search(capsys.readouterr().out)


def test_citizenship_finds_studies_on_access_to_nationality(line: Line, whole_reader: Reader) -> None:
    done = line("studies", "citizenship", "policy", "--circle", "core", "--format", "csv", toy=False)
    rows = rows_of(done.out)
    assert len(rows) > 10
    assert any("policy or outcome" in row["found_in"] for row in rows)
