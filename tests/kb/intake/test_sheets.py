"""Coding sheets: templates filled in and read back, hostile sheets, and what a plan says of each row."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import IntakeError, UsageError
from kb.fields import FINDING_FIELDS
from kb.intake.coding import findings_in, vocabulary_of
from kb.intake.coding_plan import plan_sheet, write_plan
from kb.intake.coding_template import csv_template, xlsx_template
from kb.intake.sheets import column_letter, read_sheet
from tests.kb.intake.test_coding import GOOD, KEY

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from kb.vocabulary import Vocabulary

ROW = {"study": KEY, **GOOD}


@pytest.fixture(scope="module")
def words(toy: Collection) -> Vocabulary:
    return vocabulary_of(toy)


def csv_file(path: Path, rows: list[dict[str, str]], sign: str = ",", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), delimiter=sign)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def xlsx_file(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def statuses(path: Path, collection: Collection) -> list[str]:
    return [row.status for row in plan_sheet(read_sheet(path), collection).rows]


def test_a_csv_template_that_is_filled_in_comes_back(toy: Collection, words: Vocabulary, tmp_path: Path) -> None:
    lines = list(csv.DictReader(io.StringIO(csv_template(words, [KEY, "beta2002moderator"]))))
    assert tuple(lines[0]) == FINDING_FIELDS
    assert [line["study"] for line in lines[1:]] == [KEY, "beta2002moderator"]
    lines[1].update(GOOD)
    sheet = read_sheet(csv_file(tmp_path / "a.csv", lines))
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, ROW)]
    assert sheet.remarks == ("Not filled in and passed over: 1 row with a study alone.",)
    assert [row.status for row in plan_sheet(sheet, toy).rows] == ["new"]


def test_a_workbook_template_that_is_filled_in_comes_back(toy: Collection, words: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx_template(words, [KEY]))
    book = openpyxl.load_workbook(path)
    sheet = book["Findings"]
    assert [cell.value for cell in sheet[1]] == list(FINDING_FIELDS)
    for name, value in GOOD.items():
        sheet.cell(2, FINDING_FIELDS.index(name) + 1).value = value
    book.save(path)
    (row,) = read_sheet(path).rows
    assert (row.number, row.cells) == (2, ROW)
    assert statuses(path, toy) == ["new"]


def test_a_workbook_template_offers_the_words_and_keeps_cells_text(words: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx_template(words, [KEY]))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Findings", "Explanation", "Words"]
    lists = {
        str(each.sqref).partition("2")[0]: (str(each.formula1), each.errorStyle)
        for each in book["Findings"].data_validations.dataValidation
    }
    for name in ("policy", "outcome", "population", "role", "direction", "appraisal", "sourcelevel"):
        range_, style = lists[column_letter(FINDING_FIELDS.index(name))]
        assert style == ("information" if name == "population" else None)
        offered = [row[0].value for row in book["Words"][range_.removeprefix("Words!").replace("$", "")]]
        kind = "source-level" if name == "sourcelevel" else name
        known = [c.notation for c in words.concepts(kind) if kind != "outcome" or c.level == "outcome"]
        assert sorted(map(str, offered)) == sorted(known)
    assert {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
    assert book["Findings"]["A2"].number_format == "@"
    assert {each.number_format for each in book["Findings"].column_dimensions.values()} == {"@"}
    assert [row[0].value for row in book["Explanation"].iter_rows(min_row=4)] == list(FINDING_FIELDS)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_in_any_usual_form(sign: str, encoding: str, tmp_path: Path) -> None:
    row = {**ROW, "statement": "Über „alles“; with commas, and\tmore than one\nline."}
    (found,) = read_sheet(csv_file(tmp_path / "a.csv", [row], sign, encoding)).rows
    assert found.cells == {**ROW, "statement": "Über „alles“; with commas, and more than one line."}


def test_a_first_line_that_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [ROW], ";")
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    assert [row.number for row in read_sheet(path).rows] == [2]


def test_headings_may_be_written_in_words_and_stand_below_a_title(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Coding of November", None],
        [],
        ["Study", "SOURCE LEVEL", "# mine"],
        [KEY, "abstract", "x"],
    ]
    (row,) = read_sheet(xlsx_file(tmp_path / "a.xlsx", rows)).rows
    assert (row.number, row.cells) == (4, {"study": KEY, "sourcelevel": "abstract"})


def test_numbers_and_dates_of_a_workbook_become_what_they_show(tmp_path: Path) -> None:
    path = xlsx_file(
        tmp_path / "a.xlsx",
        [["study", "estimate", "se", "n", "coded", "p"], [KEY, 0.25, 0.1, 11035, datetime.date(2026, 11, 5), 1e-05]],
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C2"].number_format = "0.000"
    book.save(path)
    assert read_sheet(path).rows[0].cells == {
        "study": KEY, "estimate": "0.25", "se": "0.100", "n": "11035", "coded": "2026-11-05", "p": "1e-05",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no row of headings"),
        ("just text\n", "no row of headings"),
        ("study,policy,polcy\n", "column C: 'polcy' is no field of a finding. Did you mean policy?"),
        ("study,policy,Policy\n", "column C: there are two columns for policy"),
        ("study,policy,\nalpha2001trust,health,stray\n", "row 2, column C: this column has no heading"),
        ('study,policy\n"' + "x" * 140_000, "quotation mark that is not closed"),
    ],
)
def test_a_sheet_with_wrong_columns_is_refused_with_its_place(text: str, part: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(IntakeError, match=part.replace("?", r"\?")):
        read_sheet(tmp_path / "a.csv")


def test_a_merged_heading_is_refused_where_its_columns_hold_values(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "a.xlsx", [["study", "policy", None], [KEY, "health", "stray"]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("B1:C1")
    book.save(path)
    with pytest.raises(IntakeError, match="merged cells"):
        read_sheet(path)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00\x01\x02" * 50, b"%PDF-1.7", b"\xff\xfe\x00"],
)
def test_what_is_no_sheet_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(IntakeError):
        read_sheet(tmp_path / "a.xlsx")


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as packed:
        packed.writestr("readme.txt", "nothing")
    with pytest.raises(IntakeError, match="cannot be read as a workbook"):
        read_sheet(tmp_path / "a.xlsx")


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_sheet(tmp_path / "nowhere.csv")


LINES = st.lists(st.lists(st.text(max_size=20)).map(",".join)).map("\n".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.one_of(st.binary(max_size=300), LINES.map(lambda text: f"study,policy,note\n{text}".encode())))
def test_any_bytes_are_a_sheet_or_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with suppress(IntakeError):
        assert read_sheet(tmp_path / "a.csv").name == "a.csv"


def test_a_hostile_sheet_gives_problems_with_their_places(toy: Collection, tmp_path: Path) -> None:
    changes: list[dict[str, str]] = [
        {"estimate": "=1+1"},
        {"statement": "x" * 10_000},
        {"statement": "[@click=app.quit]Text[/] \x1b[31mred\u202e with <b>markup</b>."},
        {"policy": "health} , direction={null"},
        {"study": "../../etc/passwd"},
        {"study": ""},
        {"statement": "A lone brace { in a sentence of some length."},
        {"direction": "postive"},
    ]
    rows = plan_sheet(
        read_sheet(csv_file(tmp_path / "a.csv", [{**ROW, "estimate": "", **c} for c in changes])), toy
    ).rows
    assert [row.status for row in rows] == ["broken", "broken", "new", *["broken"] * 3, "new", "broken"]
    assert rows[0].problems == ("Row 2, column M (estimate): This is a formula. Write its value.",)
    assert rows[1].problems[0].startswith("Row 3, column G (statement): A finding has one statement")
    assert rows[2].problems == ("Row 4, column G (statement): Control or invisible characters are left out.",)
    assert all(row.problems[0].startswith(f"Row {row.row}, column ") for row in rows if row.problems)
    assert "Did you mean positive?" in rows[7].problems[0]


def test_formulas_and_errors_of_a_workbook_are_named(toy: Collection, tmp_path: Path) -> None:
    names: list[object] = [*ROW, "estimate", "se"]
    path = xlsx_file(tmp_path / "a.xlsx", [names, [*ROW.values(), "=1+1", "#DIV/0!"]])
    (row,) = plan_sheet(read_sheet(path), toy).rows
    assert row.status == "broken"
    assert row.problems[0] == "Row 2, column M (estimate): This is a formula without a value. Write the value."
    assert row.problems[1].startswith("Row 2, column N (se): The spreadsheet could not work this out")


def test_what_is_there_already_is_not_written_twice(copy_of_toy: Collection, tmp_path: Path) -> None:
    there = findings_in((copy_of_toy.studies[0] / f"{KEY}.bib").read_text("utf-8"), KEY)[f"{KEY}-2"]
    other = {**ROW, "outcome": "Intergroup-trust"}
    path = csv_file(tmp_path / "a.csv", [{**there, "policy": "Overall"}, ROW, ROW, other])
    plan = plan_sheet(read_sheet(path), copy_of_toy)
    assert [row.status for row in plan.rows] == ["same", "new", "same", "new"]
    assert plan.rows[0].problems == ("Row 2: alpha2001trust-2 says the same.",)
    assert plan.rows[2].problems == ("Row 4: row 3 says the same.",)
    assert write_plan(copy_of_toy, plan).keys == (f"{KEY}-4", f"{KEY}-5")
    assert statuses(path, copy_of_toy) == ["same"] * 4


def test_a_row_like_a_broken_one_is_broken_too(toy: Collection, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [{**ROW, "estimate": "many"}, {**ROW, "estimate": "0.1"}])
    assert statuses(path, toy) == ["broken", "broken"]


def test_one_broken_row_does_not_spoil_the_others(copy_of_toy: Collection, tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "role": "moderator"}, {**ROW, "study": "delta2004reform"}]
    plan = plan_sheet(read_sheet(csv_file(tmp_path / "a.csv", rows)), copy_of_toy, "c9")
    assert [row.status for row in plan.rows] == ["new", "broken", "new"]
    assert len(plan.rows[1].problems) == 2
    assert write_plan(copy_of_toy, plan).keys == (f"{KEY}-4", "delta2004reform-2")


def test_coder_and_today_stand_for_what_a_row_does_not_say(toy: Collection, tmp_path: Path) -> None:
    bare = {name: value for name, value in ROW.items() if name not in ("coder", "coded")}
    (row,) = plan_sheet(read_sheet(csv_file(tmp_path / "a.csv", [bare])), toy, "c9").rows
    assert (row.values["coder"], row.values["coded"]) == ("c9", datetime.date.today().isoformat())


def test_a_study_without_measure_breaks_its_rows_until_one_names_it(copy_of_toy: Collection, tmp_path: Path) -> None:
    entry = (
        "@article{fresh2024study, author={Fresh, Jo}, title={A fresh study}, year={2024}, bibstatus={unconfirmed}}\n"
    )
    (copy_of_toy.studies[0] / "fresh2024study.bib").write_text(entry, "utf-8")
    row = {**ROW, "study": "fresh2024study", "measure": ""}
    assert statuses(csv_file(tmp_path / "a.csv", [row]), copy_of_toy) == ["broken"]
    assert statuses(csv_file(tmp_path / "a.csv", [{**row, "measure": "MIPEX-2015"}]), copy_of_toy) == ["new"]


@pytest.mark.parametrize(("number", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (702, "AAA")])
def test_columns_have_the_letters_of_spreadsheets(number: int, letter: str) -> None:
    assert column_letter(number) == letter
