"""Policies and filters: side by side or one above the other where there is room, else one of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container, Vertical
from textual.widgets import Input

from tui.widgets.choice_bar import ChoiceBar
from tui.widgets.facet_list import FacetList
from tui.widgets.policy_tree import PolicyTree

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Key

    from kb.facets import Choice
    from kb.session import Session

_POLICIES, _FILTERS = "policies", "filters"


class EvidenceSide(Container):
    """What findings are chosen by. The class ``-filters`` says that the filters are the part shown alone."""

    def compose(self) -> ComposeResult:
        """Lay out both parts."""
        yield ChoiceBar((_POLICIES, _FILTERS), _POLICIES, id="side-tabs")
        yield PolicyTree()
        with Vertical(id="filters"):
            yield Input(placeholder="Find a filter", id="find-filter")
            yield FacetList()

    @property
    def policies(self) -> PolicyTree:
        """The policies."""
        return self.query_one(PolicyTree)

    @property
    def filters(self) -> FacetList:
        """The filters."""
        return self.query_one(FacetList)

    def fill(self, session: Session) -> None:
        """Show the policies and filters of a collection."""
        self.policies.fill(session)
        self.filters.fill(session.index)

    def go_to_policies(self) -> None:
        """Show the policies, and give them the focus."""
        self._turn(_POLICIES)
        self.screen.set_focus(self.policies)

    def go_to_filters(self) -> None:
        """Show the filters, and give them the focus."""
        self._turn(_FILTERS)
        self.screen.set_focus(self.filters)

    def find_filter(self) -> None:
        """Show the line in which filters are found by their names."""
        self._turn(_FILTERS)
        line = self.query_one("#find-filter", Input)
        line.display = True
        self.screen.set_focus(line)

    def leave_finding(self) -> bool:
        """Put the line away and show all filters again; say whether there was something to put away."""
        line = self.query_one("#find-filter", Input)
        was_there = bool(line.display)
        line.value = ""
        line.display = False
        return was_there

    def show(self, choice: Choice) -> None:
        """Show what is chosen among the filters."""
        self.filters.show(choice)

    def _turn(self, part: str) -> None:
        self.set_class(part == _FILTERS, "-filters")
        self.query_one(ChoiceBar).chosen = part

    @on(ChoiceBar.Picked)
    def _picked(self, event: ChoiceBar.Picked) -> None:
        if event.name == _FILTERS:
            self.go_to_filters()
        else:
            self.go_to_policies()

    @on(Input.Changed, "#find-filter")
    def _words_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.filters.look_for(event.value)

    @on(Input.Submitted, "#find-filter")
    def _words_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.set_focus(self.filters)

    def on_key(self, event: Key) -> None:
        """Down leads from the words to what they found."""
        if event.key == "down" and self.query_one("#find-filter", Input).has_focus:
            event.stop()
            self.screen.set_focus(self.filters)
