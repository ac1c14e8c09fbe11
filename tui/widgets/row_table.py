"""A table that draws only the rows in sight, so that ten thousand findings cost no more than twenty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kb.text import plain_letters
from tui.keys import bindings
from tui.plain import COLOURS, fit, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from textual import events
    from textual.binding import BindingType

    from kb.evidence import Row


T = TypeVar("T")
#: Before a row that is in the basket.
MARK = "●"


class Column(NamedTuple, Generic[T]):
    """A column: title, how a cell is read, width (0 shares what is left), and from which width of the table on.

    ``colour`` names the colour of the theme in which a cell is drawn, if any; ``key`` gives what is compared where
    rows are sorted by the column, else their cells are.
    """

    title: str
    cell: Callable[[T], str]
    width: int
    from_width: int = 0
    colour: Callable[[T], str] = lambda _: ""
    key: Callable[[T], Any] | None = None

    def sorted(self, rows: list[T], *, reverse: bool) -> list[T]:
        """Return the rows in the order of this column; equal ones stay as they came."""
        key = self.key or (lambda row: plain_letters(self.cell(row)))
        return sorted(rows, key=key, reverse=reverse)


class RowTable(ScrollView, Generic[T], can_focus=True):
    """Rows of any kind, one a line; the cursor is always on one of them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row-table--header", "row-table--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("table"))

    cursor: reactive[int] = reactive(0, repaint=False)

    class Chosen(Message):
        """The cursor is on another row, or on none."""

        def __init__(self, table: RowTable[Any], row: Any) -> None:  # noqa: ANN401 - of any kind
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> RowTable[Any]:
            """The table of which it tells."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column[T]],
        identity: Callable[[T], Hashable] = repr,
        empty: str = "",
        *,
        id: str | None = None,
    ) -> None:
        """Show ``columns``; ``identity`` tells a row from the others when rows are shown anew."""
        super().__init__(id=id)
        self._columns = columns
        self._identity = identity
        self._empty = empty
        self._rows: list[T] = []
        self._given: list[T] = []
        self._order: tuple[str, bool] = ("", False)
        #: Says which rows get a mark at their start.
        self.marked: Callable[[T], bool] = lambda _: False

    @property
    def row(self) -> T | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    @property
    def rows(self) -> list[T]:
        """The rows shown."""
        return self._rows

    @property
    def columns(self) -> list[Column[T]]:
        """The columns shown at this width."""
        return [column for column in self._columns if self.size.width >= column.from_width]

    @property
    def order(self) -> tuple[str, bool]:
        """By the title of which column the rows are sorted (empty: as they came), and whether turned round."""
        return self._order

    def sort(self, title: str, *, reverse: bool = False) -> None:
        """Sort by a column, or as the rows came where there is none of this title."""
        self._order = (title, reverse)
        self.show(self._given)

    def _sorted(self, rows: list[T]) -> list[T]:
        title, reverse = self._order
        column = next((column for column in self._columns if column.title == title), None)
        if column:
            return column.sorted(rows, reverse=reverse)
        return rows[::-1] if reverse else rows

    def show(self, rows: list[T]) -> None:
        """Show other rows; the cursor stays on its row where that is still here."""
        here = self._identity(self.row) if self.row is not None else None
        self._given = rows
        self._rows = rows = self._sorted(rows)
        found = 0
        if here is not None:
            found = next((number for number, row in enumerate(rows) if self._identity(row) == here), 0)
        self.virtual_size = Size(self.size.width, len(rows) + 1)
        self.set_reactive(RowTable.cursor, found)
        self.scroll_to(y=max(0, found - self.size.height // 2) if found else 0, animate=False)
        self.refresh()
        self.post_message(self.Chosen(self, self.row))

    def watch_cursor(self) -> None:
        """Bring the row into sight and tell of it."""
        top, height = round(self.scroll_y), max(self.size.height - 1, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self.refresh()
        self.post_message(self.Chosen(self, self.row))

    def action_move(self, steps: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self._rows) - 1, self.cursor + steps))

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.action_move(pages * max(self.size.height - 2, 1))

    def action_edge(self, last: int) -> None:
        """Move the cursor to the first or last row."""
        self.action_move(len(self._rows) if last else -len(self._rows))

    def action_sort(self, further: int) -> None:
        """Sort by the next column, or turn the order round."""
        title, reverse = self._order
        if further:
            titles = ["", *(column.title for column in self.columns)]
            here = titles.index(title) if title in titles else 0
            self.sort(titles[(here + 1) % len(titles)])
        else:
            self.sort(title, reverse=not reverse)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; on a title, sort by it, and again, turn the order round."""
        if event.y == 0 and (column := self._column_at(event.x)):
            title, reverse = self._order
            self.sort(column.title, reverse=title == column.title and not reverse)
            return
        number = event.y - 1 + round(self.scroll_y)
        if event.y > 0 and 0 <= number < len(self._rows):
            self.cursor = number

    def on_resize(self) -> None:
        """Widths follow the size of the table."""
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)

    def render_line(self, y: int) -> Strip:
        """Draw one line: the titles, a row, or nothing."""
        width = self.size.width
        if y == 0:
            style = self.get_component_rich_style("row-table--header")
            return self._line(" ", [self._title(column) for column in self.columns], style, width)
        number = y - 1 + round(self.scroll_y)
        if number >= len(self._rows):
            text = f" {self._empty}" if not self._rows and y == 2 else ""
            return Strip([Segment(fit(text, width), self.rich_style)], width)
        row = self._rows[number]
        chosen = number == self.cursor
        style = self.get_component_rich_style("row-table--cursor") if chosen else self.rich_style
        colours = [] if chosen else [column.colour(row) for column in self.columns]
        mark = MARK if self.marked(row) else " "
        return self._line(mark, [column.cell(row) for column in self.columns], style, width, colours)

    def _title(self, column: Column[T]) -> str:
        title, reverse = self._order
        return f"{column.title} {'↓' if reverse else '↑'}" if column.title == title else column.title

    def _column_at(self, x: int) -> Column[T] | None:
        start = 1
        for column, size in zip(self.columns, self._sizes(), strict=True):
            if start <= x < start + size + 1:
                return column
            start += size + 1
        return None

    def _sizes(self) -> list[int]:
        """Return the width of each column shown."""
        columns = self.columns
        left = max(self.size.width - sum(column.width for column in columns) - len(columns) - 1, 0)
        shares = sum(not column.width for column in columns)
        sizes = []
        for column in columns:
            size = column.width
            if not size:
                size = left // shares
                left, shares = left - size, shares - 1
            sizes.append(size)
        return sizes

    def _line(self, mark: str, cells: list[str], style: Style, width: int, colours: Sequence[str] = ()) -> Strip:
        segments = [Segment(mark, style)]
        for number, (cell, size) in enumerate(zip(cells, self._sizes(), strict=True)):
            own = style + self._colour(colours[number]) if colours and colours[number] else style
            segments.append(Segment(fit(cell, size) + " ", own))
        return Strip(segments).adjust_cell_length(width, style)

    def _colour(self, name: str) -> Style:
        return Style(color=self.app.theme_variables.get(name.removeprefix("$")))


def findings_columns(citation: Callable[[Row], str]) -> tuple[Column[Row], ...]:
    """Return the columns of the table of findings."""
    return (
        Column("Direction", lambda row: signed(row.direction), 10, colour=lambda row: COLOURS.get(row.direction, "")),
        Column("Outcome", lambda row: row.outcome_label + (f" ({row.relation})" if row.relation else ""), 0),
        Column("Policy", lambda row: row.policy_label, 0, 78),
        Column("Population", lambda row: row.population, 0, 108),
        Column("Study", citation, 0),
        Column("Read in", lambda row: row.source_level, 9, 66),
    )
