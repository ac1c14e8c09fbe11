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

from tui.keys import bindings
from tui.plain import fit
from tui.table_look import Column, Look

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from textual import events
    from textual.binding import BindingType

__all__ = ["MARK", "Column", "RowTable"]

T = TypeVar("T")
#: Before a row that is in the basket.
MARK = "●"


class _Drag(NamedTuple):
    """The edge of a column that the mouse holds: where it took it, and how wide the column was then."""

    title: str
    at: int
    size: int


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
        self._look = Look()
        self._drag: _Drag | None = None
        self._was_dragged = False
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
        """The columns shown at this width, in their order; the last of them may lack room."""
        return self._look.in_order(self._columns, self.size.width)

    @property
    def all_columns(self) -> Sequence[Column[T]]:
        """All columns that there are."""
        return self._columns

    @property
    def look(self) -> Look:
        """Which columns are shown, how wide, and by what rows are sorted."""
        return self._look

    def set_look(self, look: Look) -> None:
        """Show other columns, widths, or another order."""
        is_sorted = look.order == self._look.order
        self._look = look
        if is_sorted or not self._given:
            self.refresh()
        else:
            self.show(self._given)

    @property
    def order(self) -> tuple[str, bool]:
        """By the title of which column the rows are sorted (empty: as they came), and whether turned round."""
        return self._look.order

    def sort(self, title: str, *, reverse: bool = False) -> None:
        """Sort by a column, or as the rows came where there is none of this title."""
        self._look = self._look._replace(order=(title, reverse))
        self.show(self._given)

    def _sorted(self, rows: list[T]) -> list[T]:
        title, reverse = self.order
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
        title, reverse = self.order
        if further:
            titles = ["", *(column.title for column in self.columns)]
            here = titles.index(title) if title in titles else 0
            self.sort(titles[(here + 1) % len(titles)])
        else:
            self.sort(title, reverse=not reverse)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the edge of a title, to change the width of its column."""
        self._was_dragged = False
        if event.y == 0 and (found := self._edge_at(event.x)):
            column, size = found
            self._drag = _Drag(column.title, event.x, size)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Change the width of the column of which the edge is held."""
        if self._drag and (event.x != self._drag.at or self._was_dragged):
            self._was_dragged = True
            self.set_look(self._look.wide(self._drag.title, self._drag.size + event.x - self._drag.at))

    def on_mouse_up(self) -> None:
        """Let the edge go."""
        if self._drag:
            self._drag = None
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; on a title, sort by it, and again, turn the order round."""
        if self._was_dragged:
            return
        if event.y == 0 and (column := self._column_at(event.x)):
            title, reverse = self.order
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
        columns = self._look.laid_out(self._columns, width)
        if y == 0:
            style = self.get_component_rich_style("row-table--header")
            line = self._line(" ", [(self._title(column), size) for column, size in columns], style, width)
            hidden = len(self.columns) - len(columns)
            more = f"+{hidden} " if hidden else ""
            return Strip.join([line.crop(0, width - len(more)), Strip([Segment(more, style)])])
        number = y - 1 + round(self.scroll_y)
        if number >= len(self._rows):
            text = f" {self._empty}" if not self._rows and y == 2 else ""
            return Strip([Segment(fit(text, width), self.rich_style)], width)
        row = self._rows[number]
        chosen = number == self.cursor
        style = self.get_component_rich_style("row-table--cursor") if chosen else self.rich_style
        colours = [] if chosen else [column.colour(row) for column, _ in columns]
        mark = MARK if self.marked(row) else " "
        return self._line(mark, [(column.cell(row), size) for column, size in columns], style, width, colours)

    def _title(self, column: Column[T]) -> str:
        title, reverse = self.order
        return f"{column.title} {'↓' if reverse else '↑'}" if column.title == title else column.title

    def _column_at(self, x: int) -> Column[T] | None:
        return next((column for column, start, size in self._places() if start <= x <= start + size), None)

    def _edge_at(self, x: int) -> tuple[Column[T], int] | None:
        return next(((column, size) for column, start, size in self._places() if x == start + size), None)

    def _places(self) -> Iterator[tuple[Column[T], int, int]]:
        start = 1
        for column, size in self._look.laid_out(self._columns, self.size.width):
            yield column, start, size
            start += size + 1

    def _line(
        self, mark: str, cells: Sequence[tuple[str, int]], style: Style, width: int, colours: Sequence[str] = ()
    ) -> Strip:
        segments = [Segment(mark, style)]
        for number, (cell, size) in enumerate(cells):
            own = style + self._colour(colours[number]) if colours and colours[number] else style
            segments.append(Segment(fit(cell, size) + " ", own))
        return Strip(segments).adjust_cell_length(width, style)

    def _colour(self, name: str) -> Style:
        return Style(color=self.app.theme_variables.get(name.removeprefix("$")))
