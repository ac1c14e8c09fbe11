"""Excel workbooks read cell by cell: what is shown, never what a formula would do."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from kb.errors import IntakeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.intake.sheets import Cell

_MOST_BYTES = 200_000_000  # unpacked; a workbook of findings has a hundredth of it
_MOST_COLUMNS = 200
_MOST_EMPTY = 2_000  # rows without anything after which a sheet counts as ended
_DECIMALS = re.compile(r"[#,]*0\.(0+)\Z")


def workbook_rows(path: Path, content: bytes, sheet: str) -> Iterator[list[Cell]]:
    """Yield the cells of a sheet, of the first one where none is called ``sheet``: text, and what is wrong with it.

    Raises:
        IntakeError: the file is no workbook, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if size > _MOST_BYTES:
        raise IntakeError(f"{path} unpacks to {size // 1_000_000} MB. Save the findings alone, or as .csv.")
    empty = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for shown, typed in zip_longest(_cells(content, sheet, True), _cells(content, sheet, False), fillvalue=()):
                row = [_cell(*pair) for pair in zip_longest(shown, typed)]
                empty = 0 if any(text or wrong for text, wrong in row) else empty + 1
                if empty > _MOST_EMPTY:
                    return
                yield row
    except (IntakeError, GeneratorExit):
        raise
    except Exception as error:  # openpyxl raises many kinds on what is no workbook
        raise _unreadable(path, error) from None


def _cells(content: bytes, sheet: str, values: bool) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of cells, with the values of formulas or with the formulas themselves."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    try:
        found = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        yield from found.iter_rows(max_col=_MOST_COLUMNS)
    finally:
        book.close()


def _cell(shown: Any, typed: Any) -> Cell:  # noqa: ANN401 - openpyxl has several kinds of cell
    value = getattr(shown, "value", None)
    kind = getattr(typed, "data_type", "")
    if kind == "f" and value is None:
        return "", "This is a formula without a value. Write the value."
    if kind == "e" or getattr(shown, "data_type", "") == "e":
        return str(value or ""), f"The spreadsheet could not work this out ({value}). Write the value."
    if value is None:
        return "", ""
    if isinstance(value, float):
        return _number(value, str(getattr(shown, "number_format", "") or "")), ""
    if isinstance(value, datetime):
        return (value.date().isoformat() if value.time() == time() else value.isoformat(" ")), ""
    if isinstance(value, date):
        return value.isoformat(), ""
    return str(value), ""


def _number(value: float, shape: str) -> str:
    """Return a number as its cell shows it: with the decimals of its format, else as short as it can be."""
    decimals = _DECIMALS.match(shape)
    if decimals:
        return f"{value:.{len(decimals.group(1))}f}"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _unreadable(path: Path, error: Exception) -> IntakeError:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return IntakeError(f"{path} cannot be read as a workbook ({reason}). Save it again as .xlsx, or as .csv.")
