"""A short list of names of which one is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.keys import bindings
from tui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType


class PickScreen(ModalScreen[str]):
    """Returns the name that was taken, empty where the list was left. ``names`` says how each is called."""

    CSS_PATH = "../styles/map.tcss"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("pick"))

    def __init__(self, title: str, names: Mapping[str, str], chosen: str = "") -> None:
        super().__init__()
        self._title = title
        self._names = dict(names)
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Show the title and the list."""
        with Vertical(id="pick"):
            yield Static(plain(self._title, "bold"), markup=False)
            yield OptionList(*(Option(plain(label), name) for name, label in self._names.items()), id="picks")
            yield Static(plain("Enter takes, Esc leaves.", "dim"), markup=False)

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        names = list(self._names)
        self.query_one(OptionList).highlighted = names.index(self._chosen) if self._chosen in names else 0

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_move(self, steps: int) -> None:
        """Move the cursor of the list."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if steps > 0 else options.action_cursor_up()

    def action_leave(self) -> None:
        """Take none."""
        self.dismiss("")
