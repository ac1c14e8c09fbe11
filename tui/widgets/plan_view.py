"""A plan to look through and to decide on: its entries as a table, marks on them, and one entry whole below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical

from tui.plan import place_of
from tui.widgets.plan_table import PlanDetail, plan_columns
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from kb.intake.plan import Row
    from tui.plan import Proposal


class PlanView(Vertical):
    """One proposal at a time, all of it or the entries of one status."""

    def __init__(self, in_basket: Callable[[Row], bool]) -> None:
        """Show nothing yet; ``in_basket`` says which entries are studies in the basket."""
        super().__init__()
        self.proposal: Proposal | None = None
        self._status = ""
        self._in_basket = in_basket

    def compose(self) -> ComposeResult:
        """Lay out the table and the entry."""
        yield RowTable(plan_columns(self._is_written), place_of, "No entry.", id="plan")
        yield PlanDetail()

    def on_mount(self) -> None:
        """Let the table ask for the basket."""
        self.table.marked = self._in_basket

    def _is_written(self, row: Row) -> bool:
        return bool(self.proposal and self.proposal.is_written(row))

    @property
    def table(self) -> RowTable[Row]:
        """The table of the entries."""
        return self.query_one("#plan", RowTable)

    @property
    def row(self) -> Row | None:
        """The entry under the cursor."""
        return self.table.row if self.proposal else None

    @property
    def summary(self) -> str:
        """What is shown, in a sentence or two; empty without a proposal."""
        if not self.proposal:
            return ""
        return self.proposal.summary() + (f" Shown: {self._status}." if self._status else "")

    def show(self, proposal: Proposal | None) -> None:
        """Show a proposal, or none."""
        self.proposal = proposal
        if proposal is None or self._status not in proposal.statuses():
            self._status = ""
        self._refresh()

    def _refresh(self) -> None:
        self.table.show(self.proposal.rows(self._status) if self.proposal else [])

    @on(RowTable.Chosen, "#plan")
    def _row_chosen(self) -> None:
        self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        if self.proposal:
            self.query_one(PlanDetail).show(self.row, self.proposal.plan.remarks)

    def mark(self, *, alike: bool = False) -> bool:
        """Mark the entry under the cursor, or all with its status, or take the marks off; say whether it could be."""
        row = self.row
        if not self.proposal or not row:
            return False
        rows = self.proposal.rows(row.status) if alike else [row]
        done = self.proposal.mark(rows)
        self._refresh()
        return done

    def next_status(self) -> None:
        """Show the next status alone; after the last, all."""
        if self.proposal:
            order = self.proposal.statuses()
            self._status = order[(order.index(self._status) + 1) % len(order)]
            self._refresh()

    def switch(self) -> None:
        """Go to the entry below, or back to the table."""
        detail = self.query_one(PlanDetail)
        (self.table if detail.has_focus else detail).focus()

    def step_back(self) -> bool:
        """Go back to the table, then to all entries; say whether there was such a step."""
        if self.query_one(PlanDetail).has_focus:
            self.table.focus()
            return True
        if self._status:
            self._status = ""
            self._refresh()
            return True
        return False
