"""Exports: golden files for every format, read back by other programs, safe in spreadsheets, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from kb.build import ensure
from kb.errors import ExportError
from kb.evidence import Question, Row, answer
from kb.export import (
    FORMATS,
    numbers,
    render_answer,
    short_citation,
    study_json,
    study_references,
    study_text,
    to_csv,
    to_xlsx,
    write_file,
)
from kb.studies import study_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.evidence import Answer
    from kb.store import Reader

GOLDEN = Path(__file__).parent / "golden"
KEYS = [
    "finding", "study", "authors", "year", "title", "doi", "policy", "policy_label", "outcome", "outcome_label",
    "outcome_group", "population", "role", "relation", "direction", "appraisal", "statement", "estimate", "se", "p",
    "n", "measure", "design", "countries", "source", "source_level", "locator",
]  # fmt: skip
REFERENCE_ENDINGS = {"bibtex": "bib", "biblatex": "biblatex.bib", "ris": "ris", "csl-json": "csl.json"}
TEXT_FORMATS = {"csv": "csv", "tsv": "tsv", "json": "json", "md": "md", "table": "txt", **REFERENCE_ENDINGS}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FORMULA = re.compile(r"[\s\x00-\x1f]*[=+\-@|%\t\r＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?\Z")


@pytest.fixture(scope="module")
def found(toy_reader: Reader) -> Answer:
    return answer(toy_reader, Question(measure=("all",)))


@pytest.fixture(scope="module")
def evil_reader(hostile: Collection) -> Iterator[Reader]:
    reader, _ = ensure(hostile)
    with reader:
        yield reader


@pytest.fixture(scope="module")
def evil(evil_reader: Reader) -> Answer:
    return answer(evil_reader, Question())


def text_of(form: str, shown: Answer, reader: Reader) -> str:
    rendered = render_answer(form, shown, reader)
    assert isinstance(rendered, str)
    return rendered


def sheet_of(content: str | bytes) -> Any:  # noqa: ANN401 - openpyxl's own types say no more
    assert isinstance(content, bytes)
    return openpyxl.load_workbook(io.BytesIO(content))["Findings"]


@pytest.mark.parametrize(("form", "ending"), TEXT_FORMATS.items())
def test_a_format_gives_its_golden_file(form: str, ending: str, found: Answer, toy_reader: Reader) -> None:
    golden = GOLDEN / f"toy.{ending}"
    assert text_of(form, found, toy_reader).encode() == golden.read_bytes(), f"If this is meant, rewrite {golden.name}."


@pytest.mark.parametrize("key", ["alpha2001trust", "beta2002moderator", "epsilon2005review", "gamma2003index"])
def test_one_study_gives_its_golden_text(key: str, toy_reader: Reader) -> None:
    (document,) = study_documents(toy_reader, [key])
    assert study_text(document).encode() == (GOLDEN / f"{key}.txt").read_bytes()


def test_csv_and_tsv_hold_the_rows(found: Answer, toy_reader: Reader) -> None:
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        lines = list(csv.reader(io.StringIO(text_of(form, found, toy_reader)), delimiter=delimiter))
        assert lines[0] == KEYS
        assert [Row(*line) for line in lines[1:]] == found.rows


def test_json_has_the_keys_of_the_table_and_null_for_the_unknown(found: Answer, toy_reader: Reader) -> None:
    objects = json.loads(text_of("json", found, toy_reader))
    assert [list(thing) for thing in objects] == [KEYS] * len(found.rows)
    for thing, row in zip(objects, found.rows, strict=True):
        assert thing["year"] == int(row.year)
        assert {key: value for key, value in thing.items() if key != "year"} == {
            key: value or None for key, value in row._asdict().items() if key != "year"
        }


def test_an_answer_without_findings_is_a_valid_file(toy_reader: Reader) -> None:
    empty = answer(toy_reader, Question(policy=("family-reunion",)))
    assert text_of("csv", empty, toy_reader) == ",".join(KEYS) + "\n"
    assert text_of("json", empty, toy_reader) == "[]\n"
    for form in ("bibtex", "biblatex", "ris"):
        assert text_of(form, empty, toy_reader) == ""
    assert json.loads(text_of("csl-json", empty, toy_reader)) == []
    assert text_of("table", empty, toy_reader) == ""
    assert "0 findings" in text_of("md", empty, toy_reader)
    sheet = sheet_of(render_answer("xlsx", empty, toy_reader))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [KEYS]


def test_markdown_is_one_row_a_finding_with_as_many_cells_as_the_head(found: Answer, toy_reader: Reader) -> None:
    lines = text_of("md", found, toy_reader).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == len(found.rows) + 2
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {9}
    assert lines[-1] == found.summary()


def test_a_workbook_has_texts_as_text_and_the_year_as_a_number(found: Answer, toy_reader: Reader) -> None:
    sheet = sheet_of(render_answer("xlsx", found, toy_reader))
    cells = list(sheet.iter_rows())
    assert [cell.value for cell in cells[0]] == KEYS
    for line, row in zip(cells[1:], found.rows, strict=True):
        values = ["" if cell.value is None else str(cell.value) for cell in line]
        assert values == list(row)
        types = {cell.data_type for cell in line if cell.value is not None and cell.column != KEYS.index("year") + 1}
        assert types == {"s"}
        assert line[KEYS.index("year")].data_type == "n"


def test_a_workbook_says_what_it_shows(found: Answer, toy_reader: Reader) -> None:
    content = render_answer("xlsx", found, toy_reader)
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Findings", "About"]
    assert book["About"]["A1"].value == found.summary()


def test_a_workbook_comes_in_the_same_bytes_each_time(found: Answer, toy_reader: Reader) -> None:
    assert render_answer("xlsx", found, toy_reader) == render_answer("xlsx", found, toy_reader)


def test_formulas_and_addresses_in_a_workbook_stay_text() -> None:
    texts = [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+1",
        "-0.5",
        "@SUM(A1)",
        "https://example.org",
        "0012",
        "1e5",
        "x" * 40000,
    ]
    sheet = sheet_of(to_xlsx(["a"], [[text] for text in texts], "summary"))
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][:-1] == texts[:-1]
    assert [cell.hyperlink for cell in cells] == [None] * len(texts)
    assert cells[-1].value.startswith("xxx")


@pytest.mark.parametrize("form", TEXT_FORMATS)
def test_hostile_data_brings_no_control_character_into_a_file(form: str, evil: Answer, evil_reader: Reader) -> None:
    text = text_of(form, evil, evil_reader)
    if form == "ris":  # lines end with CRLF there
        text = text.replace("\r\n", "\n")
    assert len(evil.rows) == 1
    assert evil.rows[0].study in text
    assert CONTROL.search(text) is None


def test_hostile_data_brings_no_control_character_into_a_workbook(evil: Answer, evil_reader: Reader) -> None:
    cells = [cell for row in sheet_of(render_answer("xlsx", evil, evil_reader)).iter_rows() for cell in row]
    assert [cell.value for cell in cells if CONTROL.search(str(cell.value))] == []
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}


@pytest.mark.parametrize("key", ["hostile2007record"])
def test_hostile_data_brings_no_control_character_into_one_study(key: str, evil_reader: Reader) -> None:
    documents = study_documents(evil_reader, [key])
    assert CONTROL.search(study_text(documents[0])) is None
    assert CONTROL.search(study_json(documents)) is None
    for form in REFERENCE_ENDINGS:
        assert CONTROL.search(study_references(form, documents).replace("\r\n", "\n")) is None
    assert json.loads(study_json(documents))[0]["findings"][0]["finding"] == "hostile2007record-1"


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_cell_of_hostile_data_is_a_formula(form: str, evil: Answer, evil_reader: Reader) -> None:
    delimiter = "," if form == "csv" else "\t"
    lines = list(csv.reader(io.StringIO(text_of(form, evil, evil_reader)), delimiter=delimiter))
    assert len(lines) == 2
    assert [cell for cell in lines[1] if FORMULA.match(cell) and not NUMBER.match(cell)] == []
    assert "-0.5" in lines[1]
    assert any(cell.startswith("'=1+1") for cell in lines[1])


STARTS = ["=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize(("space", "start"), product(["", " ", "\u00a0", "\n"], STARTS))
def test_no_cell_starts_like_a_formula(space: str, start: str) -> None:
    text = to_csv(["a"], [[f"{space}{start}cmd|' /C calc'!A0"]])
    ((cell,),) = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert FORMULA.match(cell) is None


@pytest.mark.parametrize("number", ["-0.189", "+3", "1.5e-3", "-12,345", "0.25"])
def test_numbers_keep_their_sign_without_a_guard(number: str) -> None:
    assert to_csv(["a"], [[number]]) == f"a\n{csv_cell(number)}\n"


def csv_cell(text: str) -> str:
    return f'"{text}"' if "," in text else text


def test_hostile_markup_is_escaped_in_markdown(evil: Answer, evil_reader: Reader) -> None:
    lines = text_of("md", evil, evil_reader).splitlines()
    assert len([line for line in lines if line.startswith("|")]) == 3
    assert len(re.findall(r"(?<!\\)\|", lines[2])) == 9
    assert re.search(r"(?<!\\)<script", lines[2]) is None
    assert re.search(r"(?<!\\)\[", lines[2]) is None


def row(**fields: str) -> Row:
    return Row(*[""] * len(Row._fields))._replace(**fields)


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Alpha, Anna", "Alpha 2001"),
        ("Röder, Antje; Mühlau, Peter", "Röder and Mühlau 2001"),
        ("A, B; C, D; E, F", "A et al. 2001"),
        ("Made-up Institute", "Made-up Institute 2001"),
        ("", "some2001study 2001"),
    ],
)
def test_a_short_citation_names_two_families_at_most(authors: str, expected: str) -> None:
    assert short_citation(row(authors=authors, year="2001", study="some2001study")) == expected


def test_printed_numbers_are_named() -> None:
    assert numbers(row(estimate="0.1", p="<0.05", n="10")) == "estimate 0.1, p <0.05, n 10"
    assert numbers(row()) == ""


def test_every_ending_has_a_format(found: Answer, toy_reader: Reader) -> None:
    assert set(FORMATS.values()) == {*TEXT_FORMATS, "xlsx"} - {"table", "biblatex", "csl-json"}
    for form in FORMATS.values():
        assert render_answer(form, found, toy_reader)


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write_file(tmp_path / "out.csv", b"\x00data")
    assert (tmp_path / "out.csv").read_bytes() == b"\x00data"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_file_that_is_there_is_never_replaced_without_force(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_bytes(b"old")
    with pytest.raises(ExportError, match=r"exists already\. .*--force"):
        write_file(tmp_path / "out.csv", b"new")
    assert (tmp_path / "out.csv").read_bytes() == b"old"
    write_file(tmp_path / "out.csv", b"new", force=True)
    assert (tmp_path / "out.csv").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.csv").write_bytes(b"old")
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        real(self, data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ExportError, match="No space left"):
        write_file(tmp_path / "out.csv", b"new content", force=True)
    assert (tmp_path / "out.csv").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("name", ["missing/out.csv", "file/out.csv", ".", "..", "folder", "x" * 300])
@pytest.mark.parametrize("force", [False, True])
def test_a_place_that_cannot_be_written_is_one_sentence(name: str, force: bool, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError) as caught:
        write_file(tmp_path / name if name not in (".", "..") else Path(name), b"data", force=force)
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
