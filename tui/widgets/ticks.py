"""Things to be ticked, each with a letter, in as many columns as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.text import Text
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys import bindings
from tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size


class Tick(NamedTuple):
    """One thing: its name, its letter (empty where it has none), what it is called, and whether it is ticked."""

    name: str
    letter: str
    label: str
    on: bool


class Ticks(Widget, can_focus=True):
    """Shows ticks; a click, or a space on the one under the cursor, asks for a change, which the screen makes."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("ticks"))
    DEFAULT_CSS = "Ticks { height: auto; }"

    cursor: reactive[int] = reactive(0)

    class Asked(Message):
        """The user wants a tick changed."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, width: int, *, id: str | None = None) -> None:
        """Show ticks that are ``width`` columns wide each."""
        super().__init__(id=id)
        self._width = width
        self._ticks: list[Tick] = []

    @property
    def ticks(self) -> list[Tick]:
        """What is shown."""
        return self._ticks

    def show(self, ticks: Sequence[Tick]) -> None:
        """Show other ticks."""
        is_more = len(ticks) != len(self._ticks)
        self._ticks = list(ticks)
        self.refresh(layout=is_more)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the ticks take."""
        return -(-len(self._ticks) // self._columns(width))

    def render(self) -> Text:
        """Draw the ticks."""
        columns, text = self._columns(self.size.width), Text()
        for number, tick in enumerate(self._ticks):
            if number and number % columns == 0:
                text.append("\n")
            chosen = number == self.cursor and self.has_focus
            line = f"[{'x' if tick.on else ' '}] {f'{tick.letter} ' if tick.letter else ''}{tick.label}"
            text.append(fit(line, min(self._width, self.size.width) - 1), "reverse" if chosen else "").append(" ")
        return text

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self.refresh()

    def on_blur(self) -> None:
        """Show no cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Ask for the change of what was clicked."""
        columns = self._columns(self.size.width)
        number = event.y * columns + event.x // self._width
        if event.x // self._width < columns and 0 <= number < len(self._ticks):
            self.cursor = number
            self.post_message(self.Asked(self._ticks[number].name))

    def action_move(self, steps: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self._ticks) - 1, self.cursor + steps))

    def action_tick(self) -> None:
        """Ask for the change of the tick under the cursor."""
        if self._ticks:
            self.post_message(self.Asked(self._ticks[self.cursor].name))

    def _columns(self, width: int) -> int:
        return max(1, width // self._width)
