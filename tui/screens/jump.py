"""Jump mode: a letter beside every part of the screen that can take the focus; pressing it goes there."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys import bindings
from tui.places import places

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.screen import Screen
    from textual.widget import Widget


class JumpScreen(ModalScreen[str]):
    """Returns the number of a screen, or has moved the focus on the screen below."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("jump"))

    def __init__(self, below: Screen[object]) -> None:
        """Show letters on ``below``."""
        super().__init__()
        self._below = below
        self._targets: dict[str, Widget] = dict(zip(ascii_lowercase, _targets(below), strict=False))

    def compose(self) -> ComposeResult:
        """Lay the letters over the screen."""
        for letter, widget in self._targets.items():
            label = Static(f" {letter} ", classes="jump", markup=False)
            label.absolute_offset = Offset(widget.region.x, widget.region.y)
            yield label
        yield Static("Jump: press a letter, or the number of a screen; Esc leaves all as it is", id="jump-help")

    def on_key(self, event: events.Key) -> None:
        """Go where the letter says."""
        if event.character in self._targets:
            event.stop()
            self._below.set_focus(self._targets[event.character])
            self.dismiss("")
        elif event.character in [place.key for place in places()]:
            event.stop()
            self.dismiss(event.character)

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss("")


def _targets(screen: Screen[object]) -> list[Widget]:
    """Return what can take the focus and is in sight, from the top left on."""
    found = [widget for widget in screen.focus_chain if widget.region and screen.region.overlaps(widget.region)]
    return sorted(found, key=lambda widget: (widget.region.y, widget.region.x))
