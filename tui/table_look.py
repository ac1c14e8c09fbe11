"""How a table looks: its columns, which of them are shown in which order, how wide, and by what rows are sorted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from kb.text import plain_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")
#: The least width of a column, and the least width of one that shares what is left.
NARROWEST, LEAST_SHARE = 3, 8
WIDEST = 99
#: No table is so wide that a column from here on is shown unasked.
UNASKED = 10_000
_NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?|[-−]?\.\d+")


class Column(NamedTuple, Generic[T]):
    """A column: title, how a cell is read, width (0 shares what is left), and from which width of the table on.

    ``colour`` names the colour of the theme in which a cell is drawn, if any; ``key`` gives what is compared where
    rows are sorted by the column, else their cells are; ``blanks_last``: empty cells are last in both directions.
    """

    title: str
    cell: Callable[[T], str]
    width: int
    from_width: int = 0
    colour: Callable[[T], str] = lambda _: ""
    key: Callable[[T], Any] | None = None
    blanks_last: bool = True

    def sorted(self, rows: Iterable[T], *, reverse: bool) -> list[T]:
        """Return the rows in the order of this column; equal ones stay as they came."""
        key = self.key or (lambda row: plain_letters(self.cell(row)))
        if not self.blanks_last:
            return sorted(rows, key=key, reverse=reverse)
        known: list[T] = []
        empty: list[T] = []
        for row in rows:
            (known if self.cell(row) else empty).append(row)
        return sorted(known, key=key, reverse=reverse) + empty


class Look(NamedTuple):
    """What a user made of a table: ``shown`` titles in order (none: those for which there is room), widths, order."""

    shown: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    order: tuple[str, bool] = ("", False)

    def width_of(self, column: Column[Any]) -> int:
        """Return the width of a column; 0 shares what is left."""
        return dict(self.widths).get(column.title, column.width)

    def wide(self, title: str, width: int) -> Look:
        """Return the look with another width of a column."""
        widths = {**dict(self.widths), title: max(NARROWEST, min(WIDEST, width))}
        return self._replace(widths=tuple(sorted(widths.items())))

    def in_order(self, columns: Sequence[Column[T]], width: int) -> list[Column[T]]:
        """Return the columns shown in a table of this width, whether or not there is room for all."""
        if not self.shown:
            return [column for column in columns if width >= column.from_width]
        by_title = {column.title: column for column in columns}
        return [by_title[title] for title in self.shown if title in by_title]

    def laid_out(self, columns: Sequence[Column[T]], width: int) -> list[tuple[Column[T], int]]:
        """Return the columns shown, each with its width; where widths were chosen and lack room, the last give way."""
        shown = self.in_order(columns, width)
        room = width - 1
        is_chosen = bool(self.shown or self.widths)
        while is_chosen and len(shown) > 1 and sum(self._least(column) for column in shown) > room:
            shown.pop()
        left = max(room - sum(self.width_of(column) + 1 for column in shown), 0)
        shares = sum(not self.width_of(column) for column in shown)
        found = []
        for column in shown:
            size = self.width_of(column)
            if not size:
                size = left // shares
                left, shares = left - size, shares - 1
            found.append((column, size))
        if is_chosen and left and found:
            found[-1] = (found[-1][0], found[-1][1] + left)
        return found

    def _least(self, column: Column[Any]) -> int:
        return (self.width_of(column) or LEAST_SHARE) + 1

    def kept(self) -> dict[str, object]:
        """Return the look as JSON values."""
        return {"columns": list(self.shown), "widths": dict(self.widths), "order": list(self.order)}


def look_of(memory: object, columns: Sequence[Column[Any]]) -> Look:
    """Return a look that was kept as JSON; what is no longer a column is left out, and rubbish passed over."""
    if not isinstance(memory, dict):
        return Look()
    titles = {column.title for column in columns}
    shown, widths, order = (memory.get(name) for name in ("columns", "widths", "order"))
    look = Look(
        tuple(dict.fromkeys(title for title in shown if isinstance(title, str) and title in titles))
        if isinstance(shown, list)
        else ()
    )
    for title, width in widths.items() if isinstance(widths, dict) else ():
        if title in titles and type(width) is int:
            look = look.wide(title, width)
    match order:
        case [str(title), bool(reverse)] if title in {"", *titles}:
            return look._replace(order=(title, reverse))
    return look


def by_number(text: str) -> tuple[float, str]:
    """Return what a text is sorted by where it begins with a number, as in "<0.05" or "12,345"; others come last."""
    found = _NUMBER.search(text.replace(",", ""))
    return (float(found.group().replace("−", "-")) if found else float("inf"), text)
