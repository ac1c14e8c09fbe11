"""A question with two answers, before anything is written or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.keys import bindings
from tui.plain import plain

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class ConfirmScreen(ModalScreen[bool]):
    """Asks, and returns whether the answer was yes; ``yes`` and ``no`` say what each answer does."""

    AUTO_FOCUS: ClassVar[str] = "#no"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("confirm"))

    def __init__(self, question: str, yes: str, no: str = "Leave it") -> None:
        super().__init__()
        self._question = question
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        """Show the question and both answers."""
        with Vertical(id="confirm"):
            yield Static(plain(self._question), markup=False)
            with Horizontal(id="answers"):
                yield Button(plain(f"{self._yes} (y)"), id="yes", compact=True)
                yield Button(plain(f"{self._no} (n)"), id="no", compact=True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: int) -> None:
        """Answer."""
        self.dismiss(bool(yes))
