"""Coding sheets: CSV files and Excel workbooks with one finding a row, read into rows of plain text."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import IntakeError, UsageError
from kb.fields import FINDING_FIELDS
from kb.intake.decoding import decode_bytes
from kb.text import clean_text, guard_cell, has_unsafe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

#: The sheet of a workbook that holds the findings; another workbook has them in its first sheet.
FINDINGS_SHEET = "Findings"
_REMARK = "#"  # begins a row or a heading that is not read
_SEARCHED = 20  # rows among which the headings are looked for
_MOST_ROWS = 20_000
_MOST_COLUMNS = 200
_NOT_FILLED_IN = frozenset({"study", "coder", "coded"})
_NO_LETTER = re.compile(r"[\W_]+")

#: The text of a cell, and what is wrong with it.
Cell = tuple[str, str]


class SheetRow(NamedTuple):
    """One row: its number in the sheet, the text of each field, and what is wrong with cells, field by field."""

    number: int
    cells: dict[str, str]
    errors: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()


class Sheet(NamedTuple):
    """The filled rows of a sheet, the letter of the column of each field, and remarks on the sheet as a whole."""

    name: str
    rows: list[SheetRow]
    columns: dict[str, str]
    remarks: tuple[str, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """Read a coding sheet; whether it is CSV or a workbook is seen from its content.

    Raises:
        UsageError: the file is not there.
        IntakeError: it is no sheet, or its headings cannot be used; the message says what to do.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Check the name.") from None
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise IntakeError(
            f"{path} is an old Excel or a protected file. Save it as .xlsx without a password, or as .csv."
        )
    if content.startswith(b"PK"):
        from kb.intake.coding_workbook import workbook_rows

        return _sheet(path, workbook_rows(path, content, FINDINGS_SHEET), ())
    decoded = decode_bytes(content)
    remarks = (f"The file is {decoded.remark}.",) if decoded.remark else ()
    return _sheet(path, _csv_rows(path, decoded.text), remarks)


def column_letter(number: int) -> str:
    """Return the name of a column, counted from 0, as spreadsheets show it: A, Z, AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _csv_rows(path: Path, text: str) -> Iterator[Sequence[Cell]]:
    """Yield the cells of a CSV text; the delimiter is the one with which most headings are fields."""
    if text[:4].lower() == "sep=":  # Excel hides this line, so it counts as none
        text = text.partition("\n")[2]
    delimiter = max(",;\t", key=lambda sign: _fields_with(text, sign))
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_csv_cell(cell) for cell in row]
    except csv.Error as error:
        raise IntakeError(
            f"{path} cannot be read as CSV: {error}. Look for a quotation mark that is not closed."
        ) from None


def _csv_cell(text: str) -> Cell:
    if text.startswith("'") and guard_cell(text[1:]) == text:
        text = text[1:]  # an apostrophe that an export put there
    elif text.lstrip().startswith("="):
        return text, "This is a formula. Write its value."
    return text, ""


def _fields_with(text: str, delimiter: str) -> int:
    best = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter)):
            best = max(best, sum(_field(cell) in FINDING_FIELDS for cell in row))
            if number > _SEARCHED:
                break
    except csv.Error:
        pass
    return best


def _sheet(path: Path, rows: Iterable[Sequence[Cell]], remarks: tuple[str, ...]) -> Sheet:
    numbered = enumerate(rows, 1)
    columns = _headings(path, numbered)
    found: list[SheetRow] = []
    empty = 0
    for number, cells in numbered:
        texts = [clean_text(text) for text, _ in cells]
        first = next(filter(None, texts), "")
        if not any(texts) and not any(wrong for _, wrong in cells):
            continue
        if first.startswith(_REMARK):
            continue
        row = _row(path, number, cells, columns)
        if not set(row.cells) - _NOT_FILLED_IN and not row.errors:
            empty += 1
            continue
        found.append(row)
        if len(found) > _MOST_ROWS:
            raise IntakeError(f"{path} has more than {_MOST_ROWS} rows. Divide it into several sheets.")
    if empty:
        remarks += (f"Not filled in and passed over: {empty} row{'s' if empty > 1 else ''} with a study alone.",)
    return Sheet(path.name, found, {name: column_letter(place) for place, name in columns.items() if name}, remarks)


def _headings(path: Path, rows: Iterator[tuple[int, Sequence[Cell]]]) -> dict[int, str]:
    """Return the field of each column; columns that are not read have an empty one.

    Raises:
        IntakeError: no row has the headings, or a heading is unknown or there twice.
    """
    for number, cells in rows:
        if number > _SEARCHED:
            break
        names = [_field(text) for text, _ in cells]
        if "study" not in names or sum(name in FINDING_FIELDS for name in names) < 2:
            continue
        columns: dict[int, str] = {}
        for place, (text, _) in enumerate(cells[:_MOST_COLUMNS]):
            heading = clean_text(text)
            if not heading:
                continue
            where = f"{path}, row {number}, column {column_letter(place)}"
            if heading.startswith(_REMARK):
                columns[place] = ""
            elif names[place] not in FINDING_FIELDS:
                raise IntakeError(
                    f"{where}: {heading[:80]!r} is no field of a finding.{_meant(names[place])} Correct it, or "
                    "begin it with # so that the column is not read."
                )
            elif names[place] in columns.values():
                raise IntakeError(f"{where}: there are two columns for {names[place]}. Delete or rename one of them.")
            else:
                columns[place] = names[place]
        return columns
    raise IntakeError(
        f"{path} has no row of headings with study, policy and so on in its first {_SEARCHED} rows. Begin with a sheet "
        "from: mipex-kb code --template -o FILE.xlsx"
    )


def _row(path: Path, number: int, cells: Sequence[Cell], columns: dict[int, str]) -> SheetRow:
    values: dict[str, str] = {}
    errors: list[tuple[str, str]] = []
    warnings: list[tuple[str, str]] = []
    for place, (text, wrong) in enumerate(cells):
        field = columns.get(place)
        if field is None and (clean_text(text) or wrong) and place < _MOST_COLUMNS:
            raise IntakeError(
                f"{path}, row {number}, column {column_letter(place)}: this column has no heading. Write one (merged "
                "cells have theirs only in the first), or empty the column."
            )
        if not field:
            continue
        if wrong:
            errors.append((field, wrong))
        if has_unsafe(text.replace("\r", "")):
            warnings.append((field, "Control or invisible characters are left out."))
        if cleaned := clean_text(text):
            values[field] = cleaned
    return SheetRow(number, values, tuple(errors), tuple(warnings))


def _field(heading: str) -> str:
    """Return a heading as the name of a field: ``Source level`` is sourcelevel."""
    return _NO_LETTER.sub("", heading.casefold())


def _meant(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, FINDING_FIELDS, n=1)
    return f" Did you mean {near[0]}?" if near else ""
