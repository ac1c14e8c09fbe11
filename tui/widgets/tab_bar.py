"""The row at the top of a screen: all screens by number and name, the present one marked, each to be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.places import places
from tui.plain import fit

if TYPE_CHECKING:
    from textual import events


class TabBar(Widget):
    """One line; what is marked is marked by brackets and not by colour alone."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab-bar--here"}

    class Chosen(Message):
        """A screen was clicked."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    def __init__(self, here: str) -> None:
        """Show all screens; ``here`` is the present one."""
        super().__init__()
        self._here = here

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        plain, here = self.rich_style, self.get_component_rich_style("tab-bar--here")
        segments = [Segment(text, here if place == self._here else plain) for place, text in self._tabs()]
        used = sum(len(text) for _, text in self._tabs())
        name = " MIPEX evidence "
        segments.append(Segment(name.rjust(max(self.size.width - used, 0))[: max(self.size.width - used, 0)], plain))
        return Strip(segments).adjust_cell_length(self.size.width, plain)

    def on_click(self, event: events.Click) -> None:
        """Tell which screen was clicked."""
        start = 0
        for place, text in self._tabs():
            if start <= event.x < start + len(text):
                self.post_message(self.Chosen(place))
                return
            start += len(text)

    def _tabs(self) -> list[tuple[str, str]]:
        marks = {True: "[{}]", False: " {} "}
        return [
            (place.name, fit(text := marks[place.name == self._here].format(f"{place.key} {place.label}"), len(text)))
            for place in places()
        ]
