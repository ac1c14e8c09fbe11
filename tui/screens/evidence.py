"""The evidence: policies and filters on the left, findings in a table, the chosen finding and its study beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Container
from textual.widgets import Input, Tree

from kb.facets import CIRCLE, EVERYTHING, POLICY, Choice, choice_of
from kb.vocabulary import CIRCLES
from tui.facet_lines import FIRST_OPEN
from tui.finding_columns import finding_columns, shown_sheet
from tui.keys import bindings
from tui.picked import picked_of, without
from tui.screens.findings import FindingsScreen
from tui.table_look import look_of
from tui.trail import Trail
from tui.widgets.detail import Detail
from tui.widgets.evidence_side import EvidenceSide
from tui.widgets.facet_list import FacetList
from tui.widgets.picked_bar import PickedBar
from tui.widgets.row_table import RowTable
from tui.widgets.summary_line import SummaryLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.events import Resize
    from textual.geometry import Size

    from kb.session import Session
    from kb.sheet import Sheet
    from tui.desk import Desk

_WIDE, _TALL = 150, 36  # from here on there is room beside the table, and for policies above filters
_SEARCH = "search"


class EvidenceScreen(FindingsScreen, inherit_bindings=False):
    """Choose a policy, filter, search, read."""

    PLACE: ClassVar[str] = "evidence"
    AUTO_FOCUS: ClassVar[str] = "#findings"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen"), *bindings("work")]

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(session, desk)
        self._trail = Trail()
        self._columns = finding_columns(lambda: self.session)
        self._look = look_of(None, self._columns)
        self._opened = set(FIRST_OPEN)
        self._is_filling = self._is_detail_due = False

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return self._trail.here

    def compose_work(self) -> ComposeResult:
        """Lay out the screen."""
        self._fit(self.app.size)
        yield Input(self.choice.search, placeholder="Search findings and studies (press /)", id="search")
        yield SummaryLine(id="summary")
        yield PickedBar(id="picked")
        with Container(id="evidence"):
            yield EvidenceSide(id="side")
            with Container(id="evidence-main"):
                yield RowTable(
                    self._columns, lambda row: row.finding, "No finding fits. Backspace goes back.", id="findings"
                )
                yield Detail()

    def _fit(self, size: Size) -> None:
        """Say how much room there is; the breakpoints of Textual do so late, and have the first paint done twice."""
        wide, tall = size.width >= _WIDE, size.height >= _TALL
        for is_so, name in ((wide, "-wide"), (not wide, "-narrow"), (tall, "-tall"), (not tall, "-short")):
            self.set_class(is_so, name)

    def on_resize(self, event: Resize) -> None:
        """Lay out the screen for another size."""
        self._fit(event.size)

    def on_mount(self) -> None:
        """Fill the screen."""
        table = self.table()
        table.marked = lambda row: row.finding in self.app.baskets.marked()
        table.set_look(self._look)
        self._side().filters.unfold_only(self._opened)
        self._side().fill(self.session)
        self._show_rows()
        self.call_after_refresh(self._summarise)  # which studies share data takes longer than all before at 10,000
        if self.choice.policy:
            self._is_filling = True
            self.call_after_refresh(self._select)

    def _side(self) -> EvidenceSide:
        return self.query_one(EvidenceSide)

    def _refresh(self) -> None:
        """Show what is chosen now."""
        self._show_rows()
        self._summarise()

    def _show_rows(self) -> None:
        self._side().policies.update_counts(self.session.index.counts(self.choice, POLICY))
        self._side().filters.show(self.choice)
        self.table().show(self.session.select(self.choice))

    def _summarise(self) -> None:
        """Say in one line what the findings amount to, what else is hidden, and what is picked."""
        rows = self.table().rows
        self.query_one(SummaryLine).show(self.session.tally(rows).wordings())
        hidden, use = self.session.hidden(self.choice), self.session.use_of_mipex(rows)
        told = [f"hidden: {hidden:,}" if hidden else "nothing hidden", f"MIPEX {use}" if use else ""]
        self.query_one(PickedBar).show(picked_of(self.choice, self.session), [text for text in told if text])

    def show_session(self) -> None:
        """Show another state of the collection; what is chosen stays chosen."""
        self._is_filling = True
        self._side().fill(self.session)
        self._refresh()
        self.call_after_refresh(self._select)

    def _select(self) -> None:
        """Put the cursor of the tree on the chosen policy."""
        with self.prevent(Tree.NodeHighlighted):
            self._side().policies.select(self.choice.policy)
        self._is_filling = False

    def choose(self, choice: Choice, step: str = "") -> None:
        """Choose other findings. Following choices of the same ``step`` are one to go back over."""
        if choice != self.choice:
            self._trail.go(choice, step)
            self._show_choice(is_typed=step == _SEARCH)

    def _show_choice(self, *, is_typed: bool = False) -> None:
        search = self.query_one("#search", Input)
        if search.value != self.choice.search and not is_typed:  # else further letters may stand there already
            with self.prevent(Input.Changed):
                search.value = self.choice.search
        self._select()
        self._refresh()

    def choose_when_ready(self, choice: Choice) -> None:
        """Choose findings from another screen: also where this one is not laid out yet."""
        if not self.is_mounted:
            self._trail.go(choice)
            return
        self.choose(choice)
        self.set_focus(self.table())

    # What the screen tells of itself.

    def sheet(self) -> Sheet:
        """Return the findings shown, in their order, with the columns shown."""
        table = self.table()
        policies = [self.session.label(POLICY, policy) for policy in self.choice.of(POLICY)]
        title = f"Findings: {' and '.join(policies) or 'All policies'}"
        summary, query = self.session.summary(table.rows, self.choice), self.session.query(self.choice)
        return shown_sheet(title, table.rows, table.columns, self._columns, summary, query)

    def memory(self) -> dict[str, object]:
        """Return what is chosen, how the table looks, and which filters are unfolded."""
        if self.is_mounted:
            self._look, self._opened = self.table().look, self._side().filters.opened
        return {**self.choice._asdict(), **self._look.kept(), "opened": sorted(self._opened)}

    def recall(self, memory: Mapping[str, object]) -> None:
        """Take up what was kept."""
        kept = dict(memory)
        self._trail = Trail(choice_of(kept, self.session.vocabulary()) if kept else None)
        self._look = look_of(kept, self._columns)
        opened = kept.get("opened")
        if isinstance(opened, list):
            pairs = [tuple(pair) for pair in opened if isinstance(pair, list)]
            self._opened = {pair for pair in pairs if len(pair) == 2 and all(isinstance(part, str) for part in pair)}

    # What is chosen by hand.

    @on(Input.Changed, "#search")
    def _search_changed(self, event: Input.Changed) -> None:
        self.choose(self.choice._replace(search=event.value), _SEARCH)

    @on(Input.Submitted, "#search")
    def _search_submitted(self) -> None:
        self.set_focus(self.table())

    @on(Tree.NodeHighlighted)
    def _policy_highlighted(self, event: Tree.NodeHighlighted[str]) -> None:
        policy = event.node.data or ""
        if self._side().policies.has_focus and not self._is_filling and policy != self.choice.policy:
            self._choose_policy(policy)

    @on(Tree.NodeSelected)
    def _policy_selected(self, event: Tree.NodeSelected[str]) -> None:
        self._choose_policy(event.node.data or "")

    def _choose_policy(self, policy: str) -> None:
        self.choose(self.choice.only(POLICY, *[policy] * bool(policy)), POLICY)

    @on(FacetList.Toggled)
    def _value_toggled(self, event: FacetList.Toggled) -> None:
        self.choose(self.choice.toggled(event.facet, event.value))

    @on(FacetList.Cleared)
    def _facet_cleared(self, event: FacetList.Cleared) -> None:
        self.choose(self.choice.only(event.facet))

    @on(PickedBar.Removed)
    def _part_removed(self, event: PickedBar.Removed) -> None:
        self.choose(without(self.choice, event.facet, event.value))

    @on(RowTable.Chosen, "#findings")
    def _finding_chosen(self) -> None:
        if not self._is_detail_due:
            self._is_detail_due = True
            self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        self._is_detail_due = False
        self.query_one(Detail).show(self.table().row, self.session)

    def on_descendant_focus(self) -> None:
        """What is chosen after the focus moved is a step of its own."""
        self._trail.pause()

    def action_search(self) -> None:
        """Go to the search."""
        self.set_focus(self.query_one("#search", Input))

    def action_back(self) -> None:
        """Leave where one is for the findings; then clear the search; then show all studies; then all policies."""
        table = self.table()
        if self._side().leave_finding():
            self._side().go_to_filters()
        elif self.focused is not table:
            self.set_focus(table)
        elif self.choice.search:
            self.choose(self.choice._replace(search=""))
        elif self.choice.studies or self.choice.findings:
            self.choose(self.choice._replace(studies=(), findings=()))
        else:
            self.choose(self.choice.only(POLICY))

    def action_before(self) -> None:
        """Go back to the choice before."""
        if self._trail.back():
            self._show_choice()
        else:
            self.say("There is no choice before this one.")

    def action_forth(self) -> None:
        """Go to the choice that was gone back from."""
        if self._trail.forth():
            self._show_choice()
        else:
            self.say("There is no choice after this one.")

    def action_start_over(self) -> None:
        """Take all filters, the policy and the search away: circle core, as at first."""
        self.choose(Choice())

    def action_policies(self) -> None:
        """Go to the policies."""
        self._side().go_to_policies()

    def action_filters(self) -> None:
        """Go to the filters."""
        self._side().go_to_filters()

    def action_find_filter(self) -> None:
        """Find a filter by its name."""
        self._side().find_filter()

    def action_detail(self) -> None:
        """Go to the finding, to scroll there; again, back to the table."""
        detail = self.query_one(Detail)
        self.set_focus(self.table() if detail.has_focus else detail)

    def action_circle(self) -> None:
        """Show the next circle."""
        order = (*CIRCLES, "")
        here = self.choice.of(CIRCLE)
        following = order[(order.index(here[0]) + 1) % len(order)] if len(here) == 1 else order[0]
        self.choose(self.choice.only(CIRCLE, *[following] * bool(following)))

    def action_study(self) -> None:
        """Show all findings of the study and no others; again, what was chosen before."""
        row = self.table().row
        if self.choice.studies and self._trail.back():
            self._show_choice()
        elif row:
            self.choose(EVERYTHING._replace(studies=(row.study,)))
