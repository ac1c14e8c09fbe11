"""The evidence: policies on the left, findings in a table, the chosen finding and its study below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static, Tree

from kb.export import short_citation
from kb.facets import CIRCLE, POLICY, Choice, choice_of
from kb.sheet import Sheet
from kb.studies import reference
from kb.tables import keys_of
from kb.vocabulary import CIRCLES
from tui.keys import bindings
from tui.screens.work import WorkScreen
from tui.widgets.detail import Detail
from tui.widgets.policy_tree import PolicyTree
from tui.widgets.row_table import RowTable, findings_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.session import Session
    from tui.desk import Desk


class EvidenceScreen(WorkScreen, inherit_bindings=False):
    """Choose a policy, search, read."""

    PLACE: ClassVar[str] = "evidence"
    AUTO_FOCUS: ClassVar[str] = "RowTable"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen"), *bindings("work")]

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(session, desk)
        self.choice = Choice()
        self._is_filling = False

    def compose_work(self) -> ComposeResult:
        """Lay out the screen."""
        yield Input(self.choice.search, placeholder="Search findings and studies (press /)", id="search")
        with Horizontal():
            yield PolicyTree()
            with Vertical():
                yield Static(id="summary", markup=False)
                yield RowTable(
                    findings_columns(short_citation), lambda row: row.finding, "No finding fits. Esc clears the search."
                )
                yield Detail()

    def on_mount(self) -> None:
        """Fill the screen."""
        self.query_one(RowTable).marked = lambda row: row.finding in self.app.baskets.marked()
        self.query_one(PolicyTree).fill(self.session)
        self._refresh()

    def _refresh(self) -> None:
        """Show what is chosen now."""
        rows = self.session.select(self.choice)
        self.query_one(PolicyTree).update_counts(self.session.index.counts(self.choice, POLICY))
        self.query_one(RowTable).show(rows)
        summary = Text.assemble((self._policies(), "bold"), f": {self.session.summary(rows, self.choice)}")
        self.query_one("#summary", Static).update(summary)

    def _policies(self) -> str:
        policies = self.choice.of(POLICY)
        return " and ".join(self.session.label("policy", policy) for policy in policies) or "All policies"

    def show_session(self) -> None:
        """Show another state of the collection; what is chosen stays chosen."""
        self._is_filling = True
        self.query_one(PolicyTree).fill(self.session)
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

    def choose_when_ready(self, choice: Choice) -> None:
        """Choose findings from another screen: also where this one is not laid out yet."""
        if not self.is_mounted:
            self.choice = choice
            return
        search = self.query_one("#search", Input)
        with self.prevent(Input.Changed):
            search.value = choice.search
        self.choose(choice)
        self._is_filling = True
        self.call_after_refresh(self._select)
        self.query_one(RowTable).focus()

    # What the screen tells of itself.

    def sheet(self) -> Sheet:
        """Return the findings shown, in their order, with the columns shown."""
        table = self.query_one(RowTable)
        columns = table.columns
        return Sheet(
            f"Findings: {self._policies()}",
            (*(column.title for column in columns), "Finding", "Statement"),
            [(*(column.cell(row) for column in columns), row.finding, row.statement) for row in table.rows],
            keys_of(table.rows),
            self.session.summary(table.rows, self.choice),
            self.session.query(self.choice),
        )

    def chosen(self) -> tuple[str, ...]:
        """Return the finding under the cursor."""
        row = self.query_one(RowTable).row
        return (row.finding,) if row else ()

    def memory(self) -> dict[str, object]:
        """Return what is chosen."""
        return dict(self.choice._asdict())

    def recall(self, memory: Mapping[str, object]) -> None:
        """Choose what was chosen."""
        self.choice = choice_of(dict(memory), self.session.vocabulary()) if memory else Choice()

    # What is chosen by hand.

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self.choose(self.choice._replace(search=event.value))

    @on(Input.Submitted, "#search")
    def _search_submitted(self) -> None:
        self.query_one(RowTable).focus()

    @on(Tree.NodeHighlighted)
    def _policy_highlighted(self, event: Tree.NodeHighlighted[str]) -> None:
        if self.query_one(PolicyTree).has_focus and not self._is_filling:
            self._choose_policy(event.node.data or "")

    @on(Tree.NodeSelected)
    def _policy_selected(self, event: Tree.NodeSelected[str]) -> None:
        self._choose_policy(event.node.data or "")

    def _choose_policy(self, policy: str) -> None:
        self.choose(self.choice.only(POLICY, *[policy] * bool(policy)))

    @on(RowTable.Chosen)
    def _finding_chosen(self) -> None:
        self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        row = self.query_one(RowTable).row
        detail = self.query_one(Detail)
        if row is None:
            detail.show(None)
        else:
            detail.show(row, self.session.study_document(row.study))

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
            self._choose_policy("")

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
        order = (*CIRCLES, "")
        here = self.choice.of(CIRCLE)
        following = order[(order.index(here[0]) + 1) % len(order)] if len(here) == 1 else order[0]
        self.choose(self.choice.only(CIRCLE, *[following] * bool(following)))

    def action_code(self) -> None:
        """Code a finding of the chosen study, and then of those without one."""
        from tui.screens.code import CodeScreen

        row = self.query_one(RowTable).row
        queue = ([row.study] if row else []) + self.session.uncoded()
        if queue:
            self.app.push_screen(CodeScreen(self.desk, queue))
        else:
            self.notify("There is no study to code. Add studies with a.", markup=False)

    def action_copy(self) -> None:
        """Send the citation of the chosen study to the clipboard of the terminal."""
        if row := self.query_one(RowTable).row:
            self.app.copy_to_clipboard(reference(self.session.study_document(row.study).fields))
            self.notify("The citation was sent to the terminal's clipboard.", markup=False)
