"""Tables to take away: each format says where it comes from, reads back, and nothing breaks out of its comment."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pybtex.database
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kb.build import ensure
from kb.evidence import Question, Row, answer, query_text
from kb.sheet import SHEET_FORMATS, WITHOUT_RECORD, About, Sheet, about, findings_sheet, render_sheet
from kb.sheet_formats import bibtex_record, runnable
from kb.studies import study_documents
from kb.text import has_unsafe
from tests.kb.test_export import FORMULA, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.collection import Collection
    from kb.store import Reader
    from kb.studies import StudyDocument

SHOWN = ("finding", "year", "direction", "statement", "estimate")
GOLDEN = Path(__file__).parent / "golden"
TEXT_FORMATS = [form for form in SHEET_FORMATS if form != "xlsx"]
QUESTION = Question(policy=("anti-discrimination",), measure=("all",))
ABOUT = About("Table", "1 finding", 'SELECT ?x\nWHERE { ?x ?y "z"@en }', "2026-11-28", "2026-11-25", "0.1.0")
HOSTILE_QUERY = (
    "SELECT ?x WHERE {\n  # } ,=cmd|'/C calc'!A0 @article{x,\n"
    '  VALUES ?x { "a,=1+1" "b}@comment{" "```" ",\\"=2" \'t,"u\' "=HYPERLINK(1)" "\u202e\x1b[31m" "#"@en }\n'
    '  FILTER(STR(?x) IN ("a,=1+1","b}@comment{", "```", ",\\"=2", \'t,"u\', "#", "-1", "\u202e\x1b[31m"))\n}\n'
)


@pytest.fixture(scope="module")
def rows(toy_reader: Reader) -> list[Row]:
    return answer(toy_reader, QUESTION).rows


@pytest.fixture(scope="module")
def sheet(toy_reader: Reader, rows: list[Row]) -> Sheet:
    query = query_text(toy_reader, QUESTION)
    return findings_sheet("Evidence: Anti-discrimination", rows, answer(toy_reader, QUESTION).summary(), query)


@pytest.fixture(scope="module")
def record(sheet: Sheet) -> About:
    return about(sheet, "2026-11-25", "2026-11-28")._replace(program_version="0.1.0")


@pytest.fixture(scope="module")
def documents(toy_reader: Reader, sheet: Sheet) -> list[StudyDocument]:
    return study_documents(toy_reader, sheet.studies)


def text_of(
    form: str, sheet: Sheet, about: About, documents: Iterable[StudyDocument] = (), *, bare: bool = False
) -> str:
    rendered = render_sheet(form, sheet, about, documents, bare=bare)
    assert isinstance(rendered, str)
    return rendered


def pages_of(content: str | bytes) -> dict[str, list[list[Any]]]:
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book.worksheets}


def without_comments(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def query_in(text: str) -> str:
    """Return the query in the comments of a CSV file."""
    lines = [line.removeprefix("#").removeprefix(" ") for line in text.splitlines() if line.startswith("#")]
    return "\n".join(lines[lines.index("Query (SPARQL):") + 1 :])


def one(*cells: str) -> Sheet:
    return Sheet("Table", tuple(f"column {number}" for number in range(len(cells))), [cells], (), "", "")


@pytest.mark.parametrize("form", TEXT_FORMATS)
def test_a_format_gives_its_golden_file(form: str, rows: list[Row], documents: list[StudyDocument]) -> None:
    cells = [tuple(getattr(row, name) for name in SHOWN) for row in rows]
    sheet = Sheet("Anti-discrimination", SHOWN, cells, (), "", "")
    golden = GOLDEN / f"sheet.{SHEET_FORMATS[form]}"
    found = text_of(form, sheet, ABOUT, documents).encode()
    assert found == golden.read_bytes(), f"If this is meant, rewrite {golden.name}."


@pytest.mark.parametrize("form", [form for form in SHEET_FORMATS if form not in WITHOUT_RECORD])
def test_a_file_says_date_and_data_version_unless_it_is_bare(
    form: str, sheet: Sheet, record: About, documents: list[StudyDocument]
) -> None:
    whole, bare = (render_sheet(form, sheet, record, documents, bare=bare) for bare in (False, True))
    if form == "xlsx":
        whole, bare = (json.dumps(pages_of(content)) for content in (whole, bare))
    assert isinstance(whole, str)
    assert isinstance(bare, str)
    for said in ("2026-11-28", "2026-11-25", "mipex-kb 0.1.0"):
        assert said in whole
        assert said not in bare
    assert form == "ris" or ("SELECT ?finding" in whole and "SELECT ?finding" not in bare)


@pytest.mark.parametrize("form", WITHOUT_RECORD)
def test_a_format_without_room_for_the_record_is_the_same_with_and_without(
    form: str, sheet: Sheet, record: About, documents: list[StudyDocument]
) -> None:
    assert render_sheet(form, sheet, record, documents) == render_sheet(form, sheet, record, documents, bare=True)


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_rows_survive_where_comment_lines_are_skipped(
    form: str, delimiter: str, sheet: Sheet, record: About, rows: list[Row]
) -> None:
    text = text_of(form, sheet, record)
    assert without_comments(text) == text_of(form, sheet, record, bare=True)
    found = list(csv.reader(io.StringIO(without_comments(text)), delimiter=delimiter))
    assert found[0] == list(Row._fields)
    assert [Row(*line) for line in found[1:]] == rows
    assert text.splitlines()[-len(rows) :] == without_comments(text).splitlines()[1:]


def test_a_query_in_comments_runs_as_it_is(sheet: Sheet, record: About, toy_reader: Reader, rows: list[Row]) -> None:
    query = query_in(text_of("csv", sheet, record))
    assert [row[0] for row in toy_reader.rows(query)] == [row.finding for row in rows]


def test_prefixes_that_a_query_does_not_use_are_left_out_of_its_record(sheet: Sheet, record: About) -> None:
    assert "PREFIX ev:" in record.query
    assert "PREFIX sh:" in sheet.query
    assert "PREFIX sh:" not in record.query
    assert about(sheet._replace(query=""), "v").query == ""


@pytest.mark.parametrize("cell", ["#1", "a #b", "# x", 'say "#"', "#"])
def test_a_cell_with_the_sign_of_a_comment_is_quoted(cell: str) -> None:
    text = text_of("csv", one(cell, "b"), ABOUT)
    line = text.splitlines()[-1]
    assert re.sub(r'"(?:[^"]|"")*"', "", line) == ","
    assert next(csv.reader([line])) == [cell, "b"]


def test_json_has_the_record_and_the_rows(sheet: Sheet, record: About, rows: list[Row]) -> None:
    found = json.loads(text_of("json", sheet, record))
    assert found["about"]["query"] == record.query
    assert found["about"]["data_version"] == "2026-11-25"
    assert found["rows"] == json.loads(text_of("json", sheet, record, bare=True))
    assert [row["finding"] for row in found["rows"]] == [row.finding for row in rows]
    assert [row["year"] for row in found["rows"]] == [int(row.year) for row in rows]
    assert {type(value) for row in found["rows"] for name, value in row.items() if name != "year"} <= {str, type(None)}


def test_columns_of_the_same_name_are_kept_apart_in_json() -> None:
    doubled = Sheet("", ("a", "a", "a 2"), [("1", "2", "3")], (), "", "")
    assert json.loads(text_of("json", doubled, ABOUT, bare=True)) == [{"a": "1", "a 2": "2", "a 2 2": "3"}]


def test_a_workbook_has_the_rows_and_the_record(sheet: Sheet, record: About, rows: list[Row]) -> None:
    pages = pages_of(render_sheet("xlsx", sheet, record))
    assert list(pages) == ["Rows", "About"]
    assert [[str(value or "") for value in row] for row in pages["Rows"]] == [list(Row._fields), *map(list, rows)]
    facts = dict(row for row in pages["About"] if row[0] and row[0] != "Query (SPARQL)")
    assert facts == record.facts()
    start = [row[0] for row in pages["About"]].index("Query (SPARQL)")
    assert "\n".join(row[1] or "" for row in pages["About"][start:]) == record.query.strip("\n")
    assert list(pages_of(render_sheet("xlsx", sheet, record, bare=True))) == ["Rows"]


def test_only_a_column_of_whole_numbers_is_numbers_in_a_workbook() -> None:
    table = Sheet("", ("n", "code", "estimate"), [("12", "012", "0.10"), ("", "13", "2")], (), "", "")
    assert pages_of(render_sheet("xlsx", table, ABOUT))["Rows"][1:] == [[12, "012", "0.10"], [None, "13", "2"]]


def test_markdown_is_one_row_a_line_with_the_record_below(sheet: Sheet, record: About, rows: list[Row]) -> None:
    lines = text_of("md", sheet, record).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert lines[: len(rows) + 2] == table
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {len(Row._fields) + 1}
    assert lines.index("## About") == len(table) + 1


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_references_read_back_with_the_record_on_top(
    form: str, sheet: Sheet, record: About, documents: list[StudyDocument]
) -> None:
    text = text_of(form, sheet, record, documents)
    assert text.startswith("@comment{MIPEX evidence\n")
    assert set(pybtex.database.parse_string(text, "bibtex").entries) == set(sheet.studies)


def test_each_record_of_ris_says_where_it_is_from(sheet: Sheet, record: About, documents: list[StudyDocument]) -> None:
    entries = rispy.loads(text_of("ris", sheet, record, documents))
    assert len(entries) == len(documents)
    notes = {note for entry in entries for note in entry["notes"]}
    assert notes == {
        "From MIPEX evidence. Table: Evidence: Anti-discrimination; Date: 2026-11-28; Data version: 2026-11-25; "
        "Program: mipex-kb 0.1.0"
    }


# Hostile text.


def hostile(query: str = HOSTILE_QUERY) -> About:
    evil = "\n@article{x,\r=1+1|\u202e\x1b[31m, =cmd|' /C calc'!A0 }{ ``` <script> # [x](y)"
    return About(evil, evil, query, "2026-11-28", evil, "0.1.0")


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_comment_of_hostile_text_is_a_formula_or_a_row(form: str) -> None:
    text = text_of(form, one("a"), hostile())
    assert without_comments(text) == "column 0\na\n"
    assert not has_unsafe(text)
    for delimiter in ",;\t":
        cells = [cell for line in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in line]
        assert [cell for cell in cells if FORMULA.match(cell) and not NUMBER.match(cell)] == []
        assert [cell for cell in cells if "\n" in cell] == []


def solutions(query: str) -> list[str]:
    return [str(found["x"]) for found in Store().query(query)]  # type: ignore[union-attr]


def test_a_hostile_query_in_comments_still_means_the_same() -> None:
    found = query_in(text_of("csv", one("a"), hostile()))
    assert len(solutions(HOSTILE_QUERY)) == 7
    assert solutions(found) == solutions(HOSTILE_QUERY)
    assert solutions(runnable(HOSTILE_QUERY)) == solutions(HOSTILE_QUERY)


TEXTS = st.text(st.sampled_from("\"'\\,;=+-@|{}#<>`\n\r\t x\u2028\x1bé"), max_size=30)


@given(TEXTS)
@settings(deadline=None)
def test_any_string_in_a_query_comes_through_the_comments(text: str) -> None:
    escaped = text.translate({92: "\\\\", 34: '\\"', 10: "\\n", 13: "\\r"})
    query = f'SELECT ?x WHERE {{ VALUES ?x {{ "{escaped}" }} }}'
    written = text_of("csv", one("a"), hostile(query))
    assert without_comments(written) == "column 0\na\n"
    assert solutions(query_in(written)) == solutions(query)
    for delimiter in ",;\t":
        cells = [cell for line in csv.reader(io.StringIO(written), delimiter=delimiter) for cell in line]
        assert [cell for cell in cells if FORMULA.match(cell)] == []


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_no_text_breaks_out_of_a_comment_of_bibtex(text: str, query: str) -> None:
    record = bibtex_record(About(text, text, query, text, text, text))
    assert record.count("@") == 1
    assert "\r" not in record
    assert list(pybtex.database.parse_string(record + "@misc{a, title = {T}}", "bibtex").entries) == ["a"]
    depths = [record[: place + 1].count("{") - record[: place + 1].count("}") for place in range(len(record))]
    assert min(depths[8:-2]) == 1
    assert depths[-1] == 0


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_out_of_the_record_of_markdown(text: str, query: str) -> None:
    lines = text_of("md", one("a"), About(text, text, query, "", "", "0")).splitlines()
    fences = [line for line in lines if re.match(r"`{3,}", line)]
    if runnable(query).strip("\n"):
        start = next(number for number, line in enumerate(lines) if line.endswith("`sparql"))
        fence = lines[start].removesuffix("sparql")
        assert lines.count(fence) == 1
        assert lines[start + 1 : lines.index(fence)] == (runnable(query).strip("\n") + "\n").split("\n")[:-1]
    else:
        assert fences == []


@pytest.mark.parametrize("form", SHEET_FORMATS)
def test_hostile_data_brings_no_unsafe_character_into_a_file(form: str, hostile_sheet: tuple[Any, Any]) -> None:
    sheet, documents = hostile_sheet
    content = render_sheet(form, sheet, hostile(), documents)
    text = content.replace("\r\n", "\n") if isinstance(content, str) else json.dumps(pages_of(content))
    assert len(sheet.rows) == 1
    assert "hostile2007record" in text
    assert not has_unsafe(text.replace("\\n", ""))


@pytest.fixture(scope="module")
def hostile_sheet(hostile: Collection) -> tuple[Sheet, list[StudyDocument]]:
    reader, _ = ensure(hostile)
    with reader:
        rows = answer(reader, Question()).rows
        return findings_sheet("x", rows), study_documents(reader, ["hostile2007record"])


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_cell_of_a_table_is_a_formula_and_each_row_is_a_line(form: str) -> None:
    cells = ("=1+1", "+1", " @SUM(A1)", "line\none", "\r=1", "\u2028-x", "-0.5")
    lines = text_of(form, one(*cells), ABOUT, bare=True).splitlines()
    assert len(lines) == 2
    found = next(csv.reader([lines[1]], delimiter="," if form == "csv" else "\t"))
    assert found == ["'=1+1", "+1", "'@SUM(A1)", "line one", "'=1", "'-x", "-0.5"]


def test_formulas_in_a_workbook_stay_text() -> None:
    content = render_sheet("xlsx", one("=1+1", "https://example.org"), ABOUT._replace(title="=1+1", query="=2"))
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {cell.data_type for page in book.worksheets for row in page.iter_rows() for cell in row} == {"s"}
    assert [cell.hyperlink for row in book["Rows"].iter_rows() for cell in row] == [None] * 4


def test_a_table_without_rows_is_a_valid_file() -> None:
    empty = Sheet("Nothing", ("a", "b"), [], (), "0 findings", "")
    assert without_comments(text_of("csv", empty, ABOUT)) == "a,b\n"
    assert json.loads(text_of("json", empty, ABOUT))["rows"] == []
    assert pages_of(render_sheet("xlsx", empty, ABOUT))["Rows"] == [["a", "b"]]
    assert text_of("ris", empty, ABOUT) == ""
    assert list(pybtex.database.parse_string(text_of("bibtex", empty, ABOUT), "bibtex").entries) == []


def test_a_record_without_a_query_says_nothing_of_one(sheet: Sheet, documents: list[StudyDocument]) -> None:
    for form in TEXT_FORMATS:
        if form != "json":
            assert "SPARQL" not in text_of(form, sheet, ABOUT._replace(query=""), documents).replace("sparql", "")
    assert json.loads(text_of("json", sheet, ABOUT._replace(query="")))["about"]["query"] is None


def test_the_record_of_today_has_todays_date(sheet: Sheet) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", about(sheet, "v").date)
