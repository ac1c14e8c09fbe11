"""The keys at the bottom of a screen, each to be clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.plain import fit

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen


class Shown(NamedTuple):
    """One key: how it is written, what it does in a word and in a sentence, and the name under which it is pressed."""

    written: str
    label: str
    help: str
    key: str

    @property
    def width(self) -> int:
        """The number of columns, with the space after it."""
        return cell_len(f"{self.written} {self.label} ")


class KeyBar(Widget):
    """One line, drawn anew only where other keys work: not whenever the focus moves between fields."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key"}

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[Shown] = []

    def on_mount(self) -> None:
        """Follow the keys that work."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def _changed(self, screen: Screen[object]) -> None:
        if screen is not self.screen:
            return
        found: dict[str, Shown] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled:
                written = binding.key_display or binding.key
                found.setdefault(binding.action, Shown(written, binding.description, active.tooltip, binding.key))
        if list(found.values()) != self._keys:
            self._keys = list(found.values())
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        plain, strong = self.rich_style, self.rich_style + self.get_component_rich_style("key-bar--key", partial=True)
        segments = []
        for shown in self._keys:
            segments += [Segment(shown.written, strong), Segment(f" {shown.label} ", plain)]
        left = self.size.width
        if sum(shown.width for shown in self._keys) - 1 > left:  # what has no room is cut, and the cut is marked
            text = "".join(segment.text for segment in segments)
            return Strip([Segment(fit(text, left), plain)], left)
        return Strip(segments).adjust_cell_length(left, plain)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say in a sentence what the key under the mouse does."""
        shown = self._at(event.x)
        self.tooltip = shown.help if shown else None

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        if shown := self._at(event.x):
            self.app.simulate_key(shown.key)

    def _at(self, x: int) -> Shown | None:
        start = 0
        for shown in self._keys:
            if start <= x < start + shown.width - 1:
                return shown
            start += shown.width
        return None
