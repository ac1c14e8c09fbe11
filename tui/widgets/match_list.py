"""The names that may stand in the field that is being filled, the chosen one marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

_LABEL = 10  # columns that a label needs at least to be worth showing


class Named(Protocol):
    """A name as it is written, and what it is called."""

    @property
    def text(self) -> str:
        """The name as it is written."""

    @property
    def label(self) -> str:
        """What it is called, if anything."""


class MatchList(Widget, can_focus=False):
    """As many names as have room, always with the chosen one; a click takes one, the wheel moves on."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"match-list--chosen"}

    class Picked(Message):
        """A name was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, id: str = "matches") -> None:
        super().__init__(id=id)
        self._names: Sequence[Named] = ()
        self._chosen = 0
        self._top = 0

    def show(self, names: Sequence[Named], chosen: int) -> None:
        """Show other names, or another one as chosen."""
        self._names, self._chosen = names, chosen
        self._top = max(min(self._top, chosen), chosen - max(self.size.height, 1) + 1, 0)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one name with its label."""
        width, number = self.size.width, self._top + y
        if number >= len(self._names):
            empty = "No name fits." if not self._names and y == 0 else ""
            return Strip([Segment(fit(empty, width), self.rich_style)], width)
        name = self._names[number]
        style = self.get_component_rich_style("match-list--chosen") if number == self._chosen else self.rich_style
        mark = "›" if number == self._chosen else " "
        longest = max(cell_len(other.text) for other in self._names[self._top : self._top + self.size.height])
        size = min(longest, width - _LABEL - 3) if name.label else width - 2
        text = f"{mark} {fit(name.text, size)}" + (f" {fit(name.label, width - size - 3)}" if name.label else "")
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def on_click(self, event: events.Click) -> None:
        """Tell which name was clicked."""
        number = self._top + event.y
        if number < len(self._names):
            self.post_message(self.Picked(number))

    def on_mouse_scroll_down(self) -> None:
        """Show further names."""
        self._scroll(1)

    def on_mouse_scroll_up(self) -> None:
        """Show the names before."""
        self._scroll(-1)

    def _scroll(self, steps: int) -> None:
        self._top = max(0, min(len(self._names) - self.size.height, self._top + steps))
        self.refresh()
