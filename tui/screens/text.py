"""A text to be read, and to be selected by hand where the terminal's clipboard does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from kb.text import has_unsafe
from tui.keys import bindings
from tui.plain import plain
from tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class TextScreen(ModalScreen[None]):
    """Shows a text as it is; ``wrap``: long lines are wrapped."""

    CSS_PATH = "../styles/takeaway.tcss"
    AUTO_FOCUS: ClassVar[str] = "#plain-text"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("text"))

    def __init__(self, title: str, text: str, *, wrap: bool = True) -> None:
        super().__init__()
        self._title = title
        self._text = harmless(text)
        self._wrap = wrap

    def compose(self) -> ComposeResult:
        """Show the title and the text."""
        with Vertical(classes="parcel parcel-whole"):
            yield Static(plain(self._title, "bold"), markup=False)
            yield TextArea(self._text, read_only=True, soft_wrap=self._wrap, id="plain-text")
        yield KeyBar()

    def action_copy(self) -> None:
        """Send the text to the clipboard of the terminal."""
        self.app.copy_to_clipboard(self._text)
        self.notify("The text was sent to the terminal's clipboard.", markup=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()


def harmless(text: str) -> str:
    """Return a text of several lines without anything that a terminal could obey."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if not has_unsafe(letter)) if has_unsafe(text) else text
