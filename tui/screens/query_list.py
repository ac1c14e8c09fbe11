"""All queries to begin with, in one list that is searched as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from kb.errors import KnowledgeBaseError
from kb.query_list import NAMED, SAVED, Listed, all_queries, search_queries
from kb.saved_queries import delete_query
from kb.text import clean_text
from tui.keys import bindings
from tui.plain import plain
from tui.screens.confirm import ConfirmScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_table import Column, RowTable
from tui.widgets.text_fields import PlainInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

_ORIGINS = {SAVED: "saved", NAMED: "ready-made"}


class QueryListScreen(ModalScreen[Listed]):
    """Returns the chosen query, none where it was left."""

    CSS_PATH = "../styles/sparql.tcss"
    AUTO_FOCUS: ClassVar[str] = "#list-search"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("queries"))

    def __init__(self) -> None:
        super().__init__()
        self._queries: list[Listed] = []
        self._table = RowTable[Listed](
            (
                Column("From", lambda listed: _ORIGINS.get(listed.origin, "asked before"), 12),
                Column("Query", lambda listed: listed.title, 0),
                Column("Last answer", lambda listed: "" if listed.query else listed.description, 40, 100),
            ),
            empty="No query has all these words. Write fewer of them.",
            id="list",
        )

    def compose(self) -> ComposeResult:
        """Lay out the search, the list, and what is under the cursor."""
        with Vertical(id="query-list"):
            yield PlainInput(placeholder="Search: all words, in title, description and text", id="list-search")
            yield self._table
            yield Static(id="listed", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        """Show all."""
        self._read()

    def _read(self) -> None:
        try:
            self._queries = all_queries()
        except KnowledgeBaseError as error:
            self.notify(clean_text(str(error)), severity="error", markup=False)
        self._show()

    @on(Input.Changed)
    def _show(self) -> None:
        search = self.query_one("#list-search", Input).value
        self._table.cursor = 0
        self._table.show(search_queries(self._queries, search))
        self._table.action_edge(0)

    @on(RowTable.Chosen)
    def _chosen(self, event: RowTable.Chosen) -> None:
        listed: Listed | None = event.row
        text = ""
        if listed:
            asks = ", ".join(parameter.name for parameter in listed.query.parameters) if listed.query else ""
            text = f"{listed.description}{f' It asks for: {asks}.' if asks else ''}\n" + listed.text
        self.query_one("#listed", Static).update("\n".join(map(clean_text, text.split("\n")[:6])))

    def action_move(self, steps: int) -> None:
        """Move the cursor of the list, while one types."""
        self._table.action_move(steps)

    def action_page(self, pages: int) -> None:
        """Move the cursor of the list by screens."""
        self._table.action_page(pages)

    def action_pick(self) -> None:
        """Take the query under the cursor."""
        if self._table.row is not None:
            self.dismiss(self._table.row)

    def action_cancel(self) -> None:
        """Leave without a query."""
        self.dismiss(None)

    def action_delete(self) -> None:
        """Delete the saved query under the cursor, after a question."""
        listed = self._table.row
        if listed is None or listed.query is None or listed.origin != SAVED:
            self.notify("Only saved queries can be deleted.", markup=False)
            return
        name = listed.query.name

        def answered(yes: bool | None) -> None:
            if not yes:
                return
            try:
                delete_query(name)
            except KnowledgeBaseError as error:
                self.notify(clean_text(str(error)), severity="error", markup=False)
            self._read()

        question = ConfirmScreen(f"Delete the saved query {plain(listed.title).plain}?", "Delete it", "Keep it")
        self.app.push_screen(question, answered)
