"""The rows of an answer: as many columns as have room, the others with the arrow keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.message import Message

from tui.keys import bindings
from tui.table_look import Look
from tui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType

Cells = tuple[str, ...]
_WIDEST, _NARROWEST = 44, 6
_LOOKED_AT = 200  # rows from which the widths of columns are taken
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")


class ResultTable(RowTable[Cells]):
    """A table whose columns come with its rows."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("result"))

    class Opened(Message):
        """A row is to be shown whole."""

        def __init__(self, row: Cells) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__((), empty="", id=id)
        self._all: list[Column[Cells]] = []
        self._first = 0

    def show_result(self, header: Sequence[str], rows: list[Cells], empty: str) -> None:
        """Show other columns and rows."""
        self._all = [_column(number, title, rows) for number, title in enumerate(header)]
        self._first, self._look, self._empty = 0, Look(), empty
        self._rows = []
        self._lay_out()
        self.show(rows)

    def on_resize(self) -> None:
        """Show as many columns as have room now."""
        super().on_resize()
        self._lay_out()

    def seen(self) -> str:
        """Return which columns are in sight, empty where all are."""
        number = len(self._columns)
        if number == len(self._all):
            return ""
        return f"Columns {self._first + 1} to {self._first + number} of {len(self._all)}, others with ← →."

    def action_whole(self) -> None:
        """Show the row under the cursor whole."""
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    def action_columns(self, steps: int) -> None:
        """Show other columns."""
        self._first += steps
        self._lay_out()
        self.post_message(self.Chosen(self, self.row))

    def _lay_out(self) -> None:
        """Take the columns from the first on that have room; the last of them gets what is left."""
        room = max(self.size.width - 1, 1)
        self._first = max(0, min(self._first, _last_start(self._all, room)))
        shown: list[Column[Cells]] = []
        for column in self._all[self._first :]:
            room -= column.width + 1
            if shown and room < 0:
                break
            shown.append(column)
        if shown:
            shown[-1] = shown[-1]._replace(width=0)
        self._columns = shown
        self.refresh()


def _last_start(columns: Sequence[Column[Cells]], room: int) -> int:
    """Return from which column on all the rest has room."""
    start = len(columns)
    while start and room >= columns[start - 1].width + 1:
        start -= 1
        room -= columns[start].width + 1
    return min(start, max(len(columns) - 1, 0))


def _column(number: int, title: str, rows: Sequence[Cells]) -> Column[Cells]:
    longest = max((cell_len(row[number]) for row in rows[:_LOOKED_AT]), default=0)
    width = max(min(longest, _WIDEST), cell_len(title) + 2, _NARROWEST)
    return Column(title, _reader(number), width, key=_key(number), blanks_last=False)


def _reader(number: int) -> Callable[[Cells], str]:
    return lambda row: row[number]


def _key(number: int) -> Callable[[Cells], tuple[int, float, str]]:
    """Return what cells are sorted by: numbers by their value, before texts."""

    def key(row: Cells) -> tuple[int, float, str]:
        cell = row[number]
        return (0, float(cell), cell) if _NUMBER.match(cell) else (1, 0.0, cell.casefold())

    return key
