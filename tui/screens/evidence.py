"""The evidence: policies on the left, findings in a table, the chosen finding and its study below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, Static, Tree

from kb.export import short_citation
from kb.studies import reference
from kb.vocabulary import CIRCLES
from tui.keys import bindings
from tui.session import ALL, Choice, Session
from tui.widgets.detail import Detail
from tui.widgets.key_bar import KeyBar
from tui.widgets.policy_tree import PolicyTree
from tui.widgets.row_table import RowTable, findings_columns

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.desk import Desk


class EvidenceScreen(Screen[None]):
    """Choose a policy, search, read."""

    AUTO_FOCUS: ClassVar[str] = "RowTable"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("screen"))

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__()
        self._session = session
        self._desk = desk
        self.choice = Choice()
        self._is_filling = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Input(placeholder="Search findings and studies (press /)", id="search")
        with Horizontal():
            yield PolicyTree()
            with Vertical():
                yield Static(id="summary", markup=False)
                yield RowTable(
                    findings_columns(short_citation), lambda row: row.finding, "No finding fits. Esc clears the search."
                )
                yield Detail()
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill the screen."""
        self.query_one(PolicyTree).fill(self._session, self._session.totals())
        self._refresh()

    def _refresh(self) -> None:
        """Show what is chosen now."""
        self.query_one(PolicyTree).update_counts(self._session.counts(self.choice))
        self.query_one(RowTable).show(self._session.rows(self.choice))
        summary = Text.assemble(
            (self._session.label(self.choice.policy), "bold"), f": {self._session.summary(self.choice)}"
        )
        self.query_one("#summary", Static).update(summary)

    def take(self, session: Session) -> None:
        """Show another state of the collection; what is chosen stays chosen."""
        self._session = session
        self._is_filling = True
        self.query_one(PolicyTree).fill(session, session.totals())
        self._refresh()
        self.call_after_refresh(self._select)

    def _select(self) -> None:
        """Put the cursor of the tree, which was filled anew, on the chosen policy."""
        with self.prevent(Tree.NodeHighlighted):
            self.query_one(PolicyTree).select(self.choice.policy)
        self._is_filling = False

    def choose(self, choice: Choice) -> None:
        """Choose other findings."""
        if choice != self.choice:
            self.choice = choice
            self._refresh()

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self.choose(self.choice._replace(search=event.value))

    @on(Input.Submitted, "#search")
    def _search_submitted(self) -> None:
        self.query_one(RowTable).focus()

    @on(Tree.NodeHighlighted)
    def _policy_highlighted(self, event: Tree.NodeHighlighted[str]) -> None:
        if self.query_one(PolicyTree).has_focus and not self._is_filling:
            self.choose(self.choice._replace(policy=event.node.data or ""))

    @on(Tree.NodeSelected)
    def _policy_selected(self, event: Tree.NodeSelected[str]) -> None:
        self.choose(self.choice._replace(policy=event.node.data or ""))

    @on(RowTable.Chosen)
    def _finding_chosen(self) -> None:
        self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        row = self.query_one(RowTable).row
        detail = self.query_one(Detail)
        if row is None:
            detail.show(None)
        else:
            detail.show(row, self._session.study(row))

    def action_search(self) -> None:
        """Go to the search."""
        self.query_one("#search", Input).focus()

    def action_back(self) -> None:
        """Leave the search; then clear it; then show all policies."""
        search, table = self.query_one("#search", Input), self.query_one(RowTable)
        if self.focused is not table:
            table.focus()
        elif search.value:
            search.value = ""
        else:
            tree = self.query_one(PolicyTree)
            tree.move_cursor(tree.root)
            self.choose(self.choice._replace(policy=""))

    def action_policies(self) -> None:
        """Go to the policies."""
        self.query_one(PolicyTree).focus()

    def action_findings(self) -> None:
        """Go to the findings."""
        self.query_one(RowTable).focus()

    def action_detail(self) -> None:
        """Go to the finding below."""
        self.query_one(Detail).focus()

    def action_circle(self) -> None:
        """Show the next circle."""
        order = (*CIRCLES, ALL)
        self.choose(self.choice._replace(circle=order[(order.index(self.choice.circle) + 1) % len(order)]))

    def action_add(self) -> None:
        """Add studies."""
        from tui.screens.add import AddScreen

        self.app.push_screen(AddScreen(self._desk))

    def action_code(self) -> None:
        """Code a finding of the chosen study, and then of those without one."""
        from tui.screens.code import CodeScreen

        row = self.query_one(RowTable).row
        queue = ([row.study] if row else []) + self._session.uncoded()
        if queue:
            self.app.push_screen(CodeScreen(self._desk, queue))
        else:
            self.notify("There is no study to code. Add studies with a.", markup=False)

    def action_copy(self) -> None:
        """Send the citation of the chosen study to the clipboard of the terminal."""
        if row := self.query_one(RowTable).row:
            self.app.copy_to_clipboard(reference(self._session.study(row).fields))
            self.notify("The citation was sent to the terminal's clipboard.", markup=False)
