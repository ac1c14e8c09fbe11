"""A line of names of which one is chosen, each to be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


class ChoiceBar(Widget):
    """One line; the chosen name stands in brackets. ``told`` is said at its right end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice-bar--here"}

    chosen: reactive[str] = reactive("")
    told: reactive[str] = reactive("")

    class Picked(Message):
        """A name was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, names: Sequence[str], chosen: str, *, id: str | None = None) -> None:
        """Show ``names``; ``chosen`` is one of them."""
        super().__init__(id=id)
        self._names = tuple(names)
        self.set_reactive(ChoiceBar.chosen, chosen)

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        plain, here = self.rich_style, self.get_component_rich_style("choice-bar--here")
        segments = [Segment(text, here if name == self.chosen else plain) for name, text in self._texts()]
        left = max(self.size.width - sum(len(text) for _, text in self._texts()), 0)
        told = fit(self.told, min(left, len(self.told) + 1)) if self.told else ""
        segments.append(Segment(told.rjust(left), plain))
        return Strip(segments).adjust_cell_length(self.size.width, plain)

    def on_click(self, event: events.Click) -> None:
        """Tell which name was clicked."""
        start = 0
        for name, text in self._texts():
            if start <= event.x < start + len(text):
                self.post_message(self.Picked(name))
                return
            start += len(text)

    def _texts(self) -> list[tuple[str, str]]:
        return [
            (name, f"[{name.capitalize()}]" if name == self.chosen else f" {name.capitalize()} ")
            for name in self._names
        ]
