"""A question that is answered with one line of text, such as a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.keys import bindings
from tui.plain import plain
from tui.widgets.folder_input import FolderInput
from tui.widgets.key_bar import KeyBar
from tui.widgets.text_fields import PlainInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class AskScreen(ModalScreen[str]):
    """Asks, and returns the text, empty where the question was left. ``is_path``: it is the name of a file."""

    CSS_PATH = "../styles/takeaway.tcss"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("ask"))

    def __init__(self, question: str, value: str = "", *, is_path: bool = False) -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._is_path = is_path

    def compose(self) -> ComposeResult:
        """Show the question and the field."""
        with Vertical(classes="parcel"):
            yield Static(plain(self._question), markup=False)
            field = FolderInput if self._is_path else PlainInput
            yield field(self._value, id="asked", select_on_focus=False)
            yield Static(plain("Enter accepts, Esc leaves.", "dim"), markup=False)
        yield KeyBar()

    @on(Input.Submitted, "#asked")
    def _answered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_accept(self) -> None:
        """Answer with what stands in the field."""
        self.dismiss(self.query_one("#asked", Input).value)

    def action_leave(self) -> None:
        """Leave the question."""
        self.dismiss("")
