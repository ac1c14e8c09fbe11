"""The line above a map: what its rows and columns are, the circle and the filters, each to be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from kb.text import clean_text
from tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


class MapBar(Widget):
    """One line of parts; the last one takes the room that is left."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"map-bar--value"}

    class Picked(Message):
        """A part was clicked; ``name`` says which."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[tuple[str, str, str]] = []

    def show(self, parts: Sequence[tuple[str, str, str]]) -> None:
        """Show other parts: the name of each, what it is called and what it is now."""
        self._parts = [(name, called, clean_text(value)) for name, called, value in parts]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        plain, strong = self.rich_style, self.get_component_rich_style("map-bar--value")
        segments, left = [], self.size.width
        for _, called, value in self._parts:
            name, text = f" {called} ", fit(value, min(cell_len(value), max(left - len(called) - 3, 0)))
            segments += [Segment(name, plain), Segment(f"{text} ", strong)]
            left -= len(name) + cell_len(text) + 1
        return Strip(segments).adjust_cell_length(self.size.width, plain)

    def on_click(self, event: events.Click) -> None:
        """Tell which part was clicked."""
        start = 0
        for name, called, value in self._parts:
            start += len(called) + cell_len(value) + 3
            if event.x < start:
                self.post_message(self.Picked(name))
                return
