"""The map of evidence and gaps: how many studies there are where two dimensions cross, and which way they point."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Container
from textual.worker import get_current_worker

from kb.choice_words import in_words
from kb.dimensions import dimension, dimensions
from kb.facets import CIRCLE, Choice, choice_of
from kb.gap_map import ALL, Mapper
from kb.gap_map_files import map_sheet
from kb.gap_map_words import gap_lines, place, title
from kb.vocabulary import CIRCLES
from tui.keys import bindings
from tui.screens.work import WorkScreen
from tui.widgets.map_bar import MapBar
from tui.widgets.map_detail import MapDetail
from tui.widgets.map_grid import MapGrid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.gap_map import GapMap
    from kb.session import Session
    from kb.sheet import Sheet
    from tui.desk import Desk

_WIDE, _TALL = 150, 46  # a screen as wide as this has the cell in words at the right, unless it is as tall as that


class MapScreen(WorkScreen):
    """Choose two dimensions, look where evidence is and where it is not, and go to the findings of a cell."""

    CSS_PATH = "../styles/map.tcss"
    PLACE: ClassVar[str] = "map"
    AUTO_FOCUS: ClassVar[str] = "MapGrid"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("map"))

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(session, desk)
        self.choice = Choice()
        self.down, self.across = "outcome", "policy"
        self.made: GapMap | None = None
        self._whole: bool | None = None
        self._start = (ALL, ALL)
        self._mapper: Mapper | None = None

    def compose_work(self) -> ComposeResult:
        """Lay out the screen."""
        yield MapBar()
        with Container(id="map-body"):
            yield MapGrid()
            yield MapDetail()

    def on_mount(self) -> None:
        """Make the map."""
        self.query_one(MapDetail).say("Working: counting studies …")
        self._prepare(self.session)

    # Making the map.

    def show_session(self) -> None:
        """Map another state of the collection; that is prepared behind the screen."""
        self._mapper = None
        if self.is_mounted:
            self._prepare(self.session)

    @work(thread=True, exclusive=True, group="map")
    def _prepare(self, session: Session) -> None:
        worker = get_current_worker()
        mapper = Mapper(session.index, session.vocabulary())
        for entry in dimensions().values():
            session.index.sets(entry.facet)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._prepared, session, mapper)

    def _prepared(self, session: Session, mapper: Mapper) -> None:
        if session is self.session:
            self._mapper = mapper
            self._look()

    def _look(self) -> None:
        """Show the map of what is chosen."""
        down, across = dimension(self.down), dimension(self.across)
        filters = in_words(self.choice.only(CIRCLE), self.session.vocabulary()) or "none"
        self.query_one(MapBar).show(
            [
                ("down", "d ↓", down.label),
                ("across", "a →", across.label),
                ("circle", "c circle", self.choice.circle),
                ("filters", "f filters", filters),
            ]
        )
        if self._mapper is None:
            return
        first, self.made = self.made is None, self._mapper.make(self.choice, down, across)
        grid = self.query_one(MapGrid)
        grid.show(self.made, whole=self._whole)
        if first:
            grid.go_to(*self._start)

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        self._look()

    @on(MapGrid.Moved)
    def _cell_chosen(self) -> None:
        if self.made and self._mapper:
            where = self.query_one(MapGrid).place
            cell = self.made.cell(*where)
            detail, rows = self.query_one(MapDetail), self._mapper.rows(cell)
            detail.show(place(self.made, *where), cell, rows, self.session, everything=where == (ALL, ALL))

    # What the screen tells of itself.

    def sheet(self) -> Sheet | None:
        """Return the map as a table: its rows and columns, with the signs of each cell."""
        return map_sheet(self.made, self._mapper, self.session) if self.made and self._mapper else None

    def chosen(self) -> tuple[str, ...]:
        """Return the findings of the cell under the cursor."""
        if self.made is None or self._mapper is None:
            return ()
        rows = self._mapper.rows(self.made.cell(*self.query_one(MapGrid).place))
        return tuple(row.finding for row in rows)

    def memory(self) -> dict[str, object]:
        """Return the dimensions, what is chosen, and where the cursor is."""
        where = self.query_one(MapGrid).place if self.is_mounted and self.made else self._start
        kept = {"down": self.down, "across": self.across, "whole": self._whole, "place": list(where)}
        return {**kept, "choice": dict(self.choice._asdict())}

    def recall(self, memory: Mapping[str, object]) -> None:
        """Take them up again."""
        down, across, where = memory.get("down"), memory.get("across"), memory.get("place")
        known = dimensions()
        if isinstance(down, str) and isinstance(across, str) and down != across and {down, across} <= set(known):
            self.down, self.across = down, across
        if isinstance(where, list) and len(where) == 2 and all(isinstance(name, str) for name in where):
            self._start = (where[0], where[1])
        whole = memory.get("whole")
        self._whole = whole if isinstance(whole, bool) else None
        self.choice = choice_of(memory.get("choice"), self.session.vocabulary())

    # What is chosen by hand.

    @on(MapGrid.Opened)
    def _cell_opened(self) -> None:
        if self.made is None or self._mapper is None:
            return
        where = self.query_one(MapGrid).place
        if self.made.cell(*where).is_gap:
            self.say("No study there: a gap.")
        else:
            self.app.show_evidence(self._mapper.choice_of(self.made, *where))

    @on(MapBar.Picked)
    async def _part_picked(self, event: MapBar.Picked) -> None:
        await self.run_action({"down": "down", "across": "across", "circle": "circle"}.get(event.name, "take_filters"))

    def action_down(self) -> None:
        """Choose what the rows are."""
        self._pick_dimension(0)

    def action_across(self) -> None:
        """Choose what the columns are."""
        self._pick_dimension(1)

    def _pick_dimension(self, axis: int) -> None:
        from tui.screens.pick import PickScreen

        here = [self.down, self.across]

        def picked(name: str | None) -> None:
            if name:
                if name == here[1 - axis]:
                    here.reverse()
                here[axis] = name
                self.down, self.across = here
                self._look()

        names = {entry.name: entry.label for entry in dimensions().values()}
        self.app.push_screen(PickScreen(("Rows", "Columns")[axis], names, here[axis]), picked)

    def action_swap(self) -> None:
        """Turn rows into columns."""
        grid = self.query_one(MapGrid)
        down, across = grid.place
        self.down, self.across = self.across, self.down
        self._look()
        grid.go_to(across, down)

    def action_view(self) -> None:
        """Show every sign with its number, or the main sign alone."""
        self._whole = not self.query_one(MapGrid).whole
        self._look()

    def action_circle(self) -> None:
        """Show the next circle."""
        order = (*CIRCLES, "")
        here = self.choice.of(CIRCLE)
        following = order[(order.index(here[0]) + 1) % len(order)] if len(here) == 1 else order[0]
        self._choose(self.choice.only(CIRCLE, *[following] * bool(following)))

    def action_take_filters(self) -> None:
        """Map what is chosen among the evidence."""
        from tui.screens.evidence import EvidenceScreen

        evidence = self.app.work_screen("evidence")
        assert isinstance(evidence, EvidenceScreen)
        self._choose(evidence.choice)
        self.say(f"Filters taken over: {in_words(self.choice, self.session.vocabulary()) or 'none'}.")

    def action_gaps(self) -> None:
        """List the gaps in words."""
        from tui.screens.text import TextScreen

        if self.made:
            lines = gap_lines(self.made) or ["There are no gaps in this map."]
            chosen = in_words(self.choice, self.session.vocabulary()) or "all findings"
            self.app.push_screen(TextScreen(f"Gaps among {chosen} ({title(self.made)})", "\n\n".join(lines)))

    def action_back(self) -> None:
        """Go back to the map; then show all of the core circle."""
        grid = self.query_one(MapGrid)
        if not grid.has_focus:
            grid.focus()
        elif self.choice != Choice():
            self._choose(Choice())
