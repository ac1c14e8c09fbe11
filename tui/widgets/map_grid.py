"""A map drawn as a grid: only the cells in sight, and the heads of rows and columns always."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from kb.gap_map import ALL
from kb.gap_map_words import label
from tui.keys import bindings
from tui.map_columns import MARK, NONE, NUMBER, Layout, lay_out, pieces
from tui.plain import COLOURS, fit

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

    from kb.gap_map import GapMap

_SOME, _MANY = 3, 10  # studies from which a number is drawn brighter
_INDENT = 2


class MapGrid(Widget, can_focus=True):
    """The cursor is on a cell, or on the head of a row or column, which stands for all of it.

    Rows and columns are counted from 0, which is everything; from 1 on they are values.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "map-grid--head", "map-grid--here", "map-grid--cursor", "map-grid--none", "map-grid--few", "map-grid--some",
        "map-grid--many",
    }  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("grid"))

    class Moved(Message):
        """The cursor is on another cell, or the map is another one."""

    class Opened(Message):
        """The findings of the cell under the cursor are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._made: GapMap | None = None
        self._whole: bool | None = None
        self._layout_of: Layout | None = None
        self._styles: dict[str, Style] = {}
        self._row = self._column = 0
        self._top = self._left = 1

    # What is shown.

    @property
    def place(self) -> tuple[str, str]:
        """The names of the row and the column under the cursor."""
        return (self._names(0)[self._row], self._names(1)[self._column]) if self._made else (ALL, ALL)

    @property
    def whole(self) -> bool:
        """Whether cells show every sign with its number."""
        return bool(self._plan and self._plan.whole)

    def show(self, made: GapMap, *, whole: bool | None) -> None:
        """Show another map, with the cursor on the same values where they are still there.

        ``whole``: show every sign with its number; none means, where all columns have room for that.
        """
        here = self.place
        self._made, self._whole, self._layout_of = made, whole, None
        self._row = self._column = 0
        self.go_to(*here)

    def go_to(self, down: str, across: str) -> None:
        """Put the cursor on a cell by name; on the totals where there is none of that name."""
        if self._made:
            rows, columns = self._names(0), self._names(1)
            self._row = rows.index(down) if down in rows else 0
            self._column = columns.index(across) if across in columns else 0
        self._moved()

    def _names(self, axis: int) -> list[str]:
        assert self._made
        return [ALL, *(value.name for value in (self._made.across if axis else self._made.down))]

    @property
    def _plan(self) -> Layout | None:
        if self._layout_of is None and self._made and self.size.width:
            self._layout_of = lay_out(self._made, self.size.width, whole=self._whole)
        return self._layout_of

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self._layout_of = None
        self._moved()

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        super().notify_style_update()
        self._styles.clear()

    # The keys and the mouse.

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor."""
        self._to(self._row + down, self._column + right, home=True)

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self._to(self._row + pages * max(self._height - 1, 1), self._column, home=True)

    def action_edge(self, last: int) -> None:
        """Move the cursor to the totals or to the last column."""
        self._to(self._row, len(self._names(1)) - 1 if last and self._made else 0, home=True)

    def action_open(self) -> None:
        """Ask for the findings of the cell."""
        self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; where it is already, open the cell."""
        found = self._at(event.x, event.y)
        if found == (self._row, self._column):
            self.action_open()
        elif found:
            self._to(*found)

    def on_mouse_scroll_down(self) -> None:
        """Show further rows."""
        self._scroll(1, 0)

    def on_mouse_scroll_up(self) -> None:
        """Show the rows before."""
        self._scroll(-1, 0)

    def on_mouse_scroll_right(self) -> None:
        """Show further columns."""
        self._scroll(0, 1)

    def on_mouse_scroll_left(self) -> None:
        """Show the columns before."""
        self._scroll(0, -1)

    def _to(self, row: int, column: int, *, home: bool = False) -> None:
        """Put the cursor on a cell; ``home``: on the totals, the first of what they sum up comes into sight."""
        if self._made:
            self._row = max(0, min(len(self._made.down), row))
            self._column = max(0, min(len(self._made.across), column))
            if home:
                self._top = self._top if self._row else 1
                self._left = self._left if self._column else 1
            self._moved()

    def _moved(self) -> None:
        """Bring the cursor into sight and tell of it."""
        if plan := self._plan:
            if self._row:
                self._top = max(min(self._top, self._row), self._row - self._height + 1)
            if self._column:
                self._left = min(self._left, self._column)
                while self._left < self._column and self._column not in self._in_sight(plan):
                    self._left += 1
            self._scroll(0, 0)
        self.refresh()
        self.post_message(self.Moved())

    def _scroll(self, down: int, right: int) -> None:
        """Show other rows and columns, as far as there are any."""
        if self._made and (plan := self._plan):
            self._top = max(1, min(self._top + down, len(self._made.down) - self._height + 1))
            self._left = max(1, min(self._left + right, len(self._made.across)))
            while self._left > 1 and len(plan.columns) - 1 in self._in_sight(plan, self._left - 1):
                self._left -= 1
            self.refresh()

    # Where things are.

    @property
    def _height(self) -> int:
        """How many rows of values have room."""
        return max(self.size.height - (self._plan.lines if self._plan else 1) - 1, 1)

    def _in_sight(self, plan: Layout, left: int = 0) -> list[int]:
        """Return the numbers of the columns of values that have room, at least one."""
        room = self.size.width - plan.left - plan.columns[0].width
        found: list[int] = []
        for number in range(left or self._left, len(plan.columns)):
            room -= plan.columns[number].width
            if room < 0 and found:
                break
            found.append(number)
        return found

    def _at(self, x: int, y: int) -> tuple[int, int] | None:
        """Return the row and the column at a place, 0 on heads; none beside them."""
        plan = self._plan
        if plan is None or self._made is None:
            return None
        row = 0 if y <= plan.lines else self._top + y - plan.lines - 1
        end, column = plan.left + plan.columns[0].width, 0
        for number in self._in_sight(plan) if x >= end else ():
            end += plan.columns[number].width
            column = number
            if x < end:
                break
        return (row, column) if row <= len(self._made.down) and x < end else None

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """Draw one line: of the heads, of the totals, of a row, or nothing."""
        plan, made = self._plan, self._made
        if plan is None or made is None:
            return Strip.blank(self.size.width, self.rich_style)
        numbers = [0, *self._in_sight(plan)]
        if y < plan.lines:
            segments = self._head_line(plan, numbers, y)
        else:
            row = 0 if y == plan.lines else self._top + y - plan.lines - 1
            if row > len(made.down):
                return Strip.blank(self.size.width, self.rich_style)
            segments = self._row_line(plan, made, numbers, row)
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def _head_line(self, plan: Layout, numbers: list[int], y: int) -> list[Segment]:
        head, here = self._own("head"), self._own("here")
        corner = self._told(plan, numbers) if y == plan.lines - 1 else ""
        segments = [Segment(f" {fit(corner, plan.left - 1)}", head)]
        for number in numbers:
            column = plan.columns[number]
            lines = [""] * (plan.lines - len(column.head)) + list(column.head)
            segments.append(Segment(fit(lines[y], column.width), here if number == self._column else head))
        return segments

    def _told(self, plan: Layout, numbers: list[int]) -> str:
        """Return which rows and columns are in sight, where these are not all."""
        assert self._made
        rows, columns = len(self._made.down), len(plan.columns) - 1
        last = min(self._top + self._height - 1, rows)
        told = [f"↕ {self._top}–{last}/{rows}"] if last - self._top + 1 < rows else []
        told += [f"↔ {numbers[1]}–{numbers[-1]}/{columns}"] if 1 < len(numbers) <= columns else []
        return " ".join(told)

    def _row_line(self, plan: Layout, made: GapMap, numbers: list[int], row: int) -> list[Segment]:
        name = self._names(0)[row]
        style = self._own("here" if row == self._row else "head")
        indent = " " * (1 + _INDENT * (made.down[row - 1].depth if row else 0))
        segments = [Segment(f"{indent}{fit(label(made, 0, name), plan.left - 1 - len(indent))} ", style)]
        for number in numbers:
            segments += self._cell(plan, made, row, name, number)
        return segments

    def _cell(self, plan: Layout, made: GapMap, row: int, name: str, number: int) -> list[Segment]:
        column = plan.columns[number]
        found = pieces(made, name, column.name, whole=plan.whole)
        studies = made.cell(name, column.name).counts.studies
        chosen = (row, number) == (self._row, self._column)
        cursor = self.get_component_rich_style("map-grid--cursor") if chosen else None
        segments = [Segment(text, cursor or self._style(kind, studies)) for kind, text in found]
        used = sum(len(text) for _, text in found)
        space = self._own("none")
        return [*segments, Segment(" " * (column.width - used - 1), cursor or space), Segment(" ", space)]

    def _style(self, kind: str, studies: int) -> Style:
        """Return how a piece is drawn: numbers the brighter the higher, signs in the colour of their direction."""
        if kind == NUMBER:
            volume = "many" if studies >= _MANY else "some" if studies >= _SOME else "few"
            return self._own(volume)
        if kind in (NONE, MARK):
            return self._own("none")
        if kind not in self._styles:
            colour = COLOURS.get(kind, "").removeprefix("$")
            self._styles[kind] = self.rich_style + Style(color=self.app.theme_variables.get(colour))
        return self._styles[kind]

    def _own(self, name: str) -> Style:
        """Return a style of the grid, looked up once."""
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"map-grid--{name}")
        return self._styles[name]
