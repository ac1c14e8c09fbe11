"""The name under which a query is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from kb.errors import KnowledgeBaseError
from kb.saved_queries import name_of, save_query, saved_names
from kb.text import clean_text
from tui.keys import bindings
from tui.screens.confirm import ConfirmScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.text_fields import PlainInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class SaveQueryScreen(ModalScreen[str]):
    """Saves a query, and returns its title; none where it was left."""

    CSS_PATH = "../styles/sparql.tcss"
    AUTO_FOCUS: ClassVar[str] = "#save-title"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("save"))

    def __init__(self, text: str, title: str = "") -> None:
        super().__init__()
        self._text = text
        self._title = title

    def compose(self) -> ComposeResult:
        """Ask for a title and a description."""
        with Vertical(id="save-query"):
            yield Static("Save the query under which name?", markup=False)
            yield PlainInput(self._title, placeholder="Name", id="save-title")
            yield PlainInput(placeholder="What it is for (may stay empty)", id="save-description")
            yield KeyBar()

    @on(Input.Submitted, "#save-title")
    def _title_given(self) -> None:
        self.query_one("#save-description").focus()

    @on(Input.Submitted, "#save-description")
    def _description_given(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        """Save; where the name is taken, ask."""
        try:
            name = name_of(self.query_one("#save-title", Input).value)
            taken = name in saved_names()
        except KnowledgeBaseError as error:
            self._complain(error)
            return
        if not taken:
            self._save(replace=False)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._save(replace=True)

        question = ConfirmScreen(f"Replace the query saved as {name}?", "Replace it", "Keep it")
        self.app.push_screen(question, answered)

    def _save(self, *, replace: bool) -> None:
        title = self.query_one("#save-title", Input).value
        description = self.query_one("#save-description", Input).value
        try:
            saved = save_query(title, self._text, description, replace=replace)
        except KnowledgeBaseError as error:
            self._complain(error)
        else:
            self.dismiss(saved.title)

    def _complain(self, error: KnowledgeBaseError) -> None:
        self.notify(clean_text(str(error)), severity="error", markup=False)

    def action_cancel(self) -> None:
        """Leave without saving."""
        self.dismiss(None)
