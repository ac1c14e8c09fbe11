"""What the numbered screens share: tabs, keys, and what can be done with whatever they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.screen import Screen

from tui.keys import bindings
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_table import RowTable
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.session import Session
    from kb.sheet import Sheet
    from tui.app import EvidenceApp
    from tui.desk import Desk


class WorkScreen(Screen[None]):
    """One numbered screen. What it shows can be exported, asked for in SPARQL and put into the basket."""

    PLACE: ClassVar[str] = ""
    #: What further formats are called in the export, with ``{}`` for their ending.
    RAW_LABEL: ClassVar[str] = "{}"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("work"))
    app: EvidenceApp

    def __init__(self, session: Session, desk: Desk) -> None:
        """Show ``session``; ``desk`` is where studies are added and coded."""
        super().__init__()
        self.session = session
        self.desk = desk

    def compose(self) -> ComposeResult:
        """Lay out the screen: the tabs, what the screen is for, the keys."""
        yield TabBar(self.PLACE)
        yield from self.compose_work()
        yield KeyBar()

    def compose_work(self) -> ComposeResult:
        """Lay out what the screen is for."""
        yield from ()

    def take(self, session: Session) -> None:
        """Show another state of the collection."""
        self.session = session
        self.show_session()

    # What a screen tells of itself.

    def show_session(self) -> None:
        """Show the session, which is another one now."""

    def sheet(self) -> Sheet | None:
        """Return what is shown, as shown; none where there is nothing to take away."""
        return None

    def raw_formats(self) -> Mapping[str, Callable[[], bytes]]:
        """Return further formats in which what is shown can be written, by name."""
        return {}

    def chosen(self) -> tuple[str, ...]:
        """Return the keys of the findings or studies under the cursor."""
        return ()

    def memory(self) -> dict[str, object]:
        """Return what is kept until the next run, as JSON values."""
        return {}

    def recall(self, memory: Mapping[str, object]) -> None:
        """Take up what was kept; whatever is not understood is passed over. Called before the screen is laid out."""

    # What can be done on every screen.

    @on(TabBar.Chosen)
    def _tab_chosen(self, event: TabBar.Chosen) -> None:
        self.app.go(event.place)

    def action_go(self, place: str) -> None:
        """Go to another screen."""
        self.app.go(place)

    def action_export(self) -> None:
        """Write what is shown to files."""
        from tui.screens.export import ExportScreen

        if sheet := self.sheet():
            self.app.push_screen(ExportScreen(self.session, sheet, self.raw_formats(), raw_label=self.RAW_LABEL))
        else:
            self.say("There is nothing to export here.")

    def action_query(self) -> None:
        """Show the SPARQL behind the screen."""
        from tui.screens.query_behind import QueryBehindScreen

        sheet = self.sheet()
        if sheet and sheet.query:
            self.app.push_screen(QueryBehindScreen(sheet.title, sheet.query))
        else:
            self.say("There is no query behind what is shown.")

    def action_basket(self) -> None:
        """Put what is under the cursor into the basket, or take it out."""
        keys = self.chosen()
        if not keys:
            self.say("There is nothing under the cursor to put into the basket.")
            return
        self.say(self.app.toggle_in_basket(keys))
        for table in self.query(RowTable):
            table.refresh()

    def action_baskets(self) -> None:
        """Show the baskets."""
        from tui.screens.baskets import BasketsScreen

        self.app.push_screen(BasketsScreen(self.session))

    def say(self, text: str) -> None:
        """Say something in a corner of the screen for a moment."""
        self.notify(text, markup=False)
