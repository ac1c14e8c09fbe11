"""The columns of a table: which are shown, in which order, how wide, and by which the rows are sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys import bindings
from tui.table_look import LEAST_SHARE, Column, Look
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

_BOX = 6  # columns that the box takes


class ColumnLine(NamedTuple):
    """A column as it is listed."""

    title: str
    is_shown: bool
    width: int
    order: str


_COLUMNS: tuple[Column[ColumnLine], ...] = (
    Column("Shown", lambda line: f"[{'x' if line.is_shown else ' '}]", 6),
    Column("Column", lambda line: line.title, 0),
    Column("Width", lambda line: str(line.width) if line.width else "what is left", 13),
    Column("Sorted", lambda line: line.order, 8),
)


class ColumnTable(RowTable[ColumnLine]):
    """The list; it is not sorted itself: the keys that do so sort the table below."""

    class Boxed(Message):
        """The box of the line under the cursor was clicked."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave sorting to the screen."""
        return action != "sort" and super().check_action(action, parameters)

    def sort(self, title: str, *, reverse: bool = False) -> None:
        """Stay as it is."""

    def on_click(self, event: events.Click) -> None:
        """A click on the box ticks."""
        super().on_click(event)
        if event.x <= _BOX and 0 < event.y <= len(self.rows):
            self.post_message(self.Boxed())


class ColumnsScreen(ModalScreen[None]):
    """Changes the table below at once; there is nothing to confirm."""

    AUTO_FOCUS: ClassVar[str] = "#columns-list"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("columns"))

    def __init__(self, table: RowTable[Any]) -> None:
        """Arrange the columns of ``table``."""
        super().__init__()
        self._table = table
        shown = [column.title for column in table.columns]
        self._titles = shown + [column.title for column in table.all_columns if column.title not in shown]
        self._shown = set(shown)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(id="columns"):
            yield Static("Columns: what is changed shows at once", markup=False, id="columns-title")
            yield ColumnTable(_COLUMNS, lambda line: line.title, id="columns-list")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the columns."""
        self._refresh()

    def _list(self) -> ColumnTable:
        return self.query_one(ColumnTable)

    def _refresh(self) -> None:
        look = self._table.look
        sorted_by, reverse = look.order
        columns = {column.title: column for column in self._table.all_columns}
        self._list().show(
            [
                ColumnLine(
                    title, title in self._shown, look.width_of(columns[title]),
                    ("↓" if reverse else "↑") if title == sorted_by else "",
                )
                for title in self._titles
            ]
        )  # fmt: skip

    def _change(self, look: Look) -> None:
        self._table.set_look(look)
        self._refresh()

    def _title(self) -> str:
        line = self._list().row
        assert line is not None
        return line.title

    def _keep_shown(self) -> None:
        shown = tuple(title for title in self._titles if title in self._shown)
        self._change(self._table.look._replace(shown=shown))

    @on(ColumnTable.Boxed)
    def action_tick(self) -> None:
        """Show the column, or hide it; one is always shown."""
        title = self._title()
        if self._shown != {title}:
            self._shown ^= {title}
            self._keep_shown()

    def action_shift(self, steps: int) -> None:
        """Move the column to an earlier or later place."""
        here = self._list().cursor
        there = here + steps
        if 0 <= there < len(self._titles):
            self._titles.insert(there, self._titles.pop(here))
            self._keep_shown()

    def action_width(self, steps: int) -> None:
        """Make the column wider or narrower."""
        column = next(column for column in self._table.all_columns if column.title == self._title())
        look = self._table.look
        sizes = {shown.title: size for shown, size in look.laid_out(self._table.all_columns, self._table.size.width)}
        now = look.width_of(column) or sizes.get(column.title, LEAST_SHARE)
        self._change(look.wide(column.title, now + steps))

    def action_sort(self, further: int) -> None:
        """Sort by the column, or turn the order round."""
        title, reverse = self._table.look.order
        here = self._title()
        turned = title == here and not reverse if further else not reverse
        self._change(self._table.look._replace(order=(here if further else title, turned)))

    def action_reset(self) -> None:
        """Show the table as at first."""
        self._table.set_look(Look())
        self._shown = {column.title for column in self._table.columns}
        self._titles = [column.title for column in self._table.all_columns]
        self._refresh()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()
