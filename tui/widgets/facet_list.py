"""The filters with their numbers of findings; only the lines in sight are drawn and counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kb.facets import Choice, facets
from tui.facet_lines import FIRST_OPEN, FacetLines, Line
from tui.keys import bindings
from tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.binding import BindingType

    from kb.finding_index import FindingIndex

_COUNT = 7


class FacetList(ScrollView, can_focus=True):
    """Facets that fold, and their values to be ticked. Asks for a change of the choice; the screen makes it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"facet-list--heading", "facet-list--none", "facet-list--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("facets"))

    cursor: reactive[int] = reactive(0, repaint=False)

    class Toggled(Message):
        """A value is to be put into the choice, or taken out."""

        def __init__(self, facet: str, value: str) -> None:
            super().__init__()
            self.facet = facet
            self.value = value

    class Cleared(Message):
        """A facet is not to matter any more."""

        def __init__(self, facet: str) -> None:
            super().__init__()
            self.facet = facet

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._index: FindingIndex | None = None
        self._content: FacetLines | None = None
        self._lines: list[Line] = []
        self._choice = Choice()
        self._counts: dict[str, Counter[str]] = {}
        self._opened: set[tuple[str, str]] = set(FIRST_OPEN)

    def fill(self, index: FindingIndex) -> None:
        """Show the facets of a collection; what is unfolded stays so."""
        self._index = index
        words = self._content.words if self._content else ""
        self._content = FacetLines(index, self._opened)
        self._content.words = words
        self._opened = self._content.opened
        self._fold()

    def show(self, choice: Choice) -> None:
        """Show what is chosen, and the numbers that go with it."""
        self._choice = choice
        self._counts.clear()
        self.refresh()

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self._lines[self.cursor] if self._lines else None

    @property
    def lines(self) -> list[Line]:
        """The lines that are unfolded."""
        return self._lines

    @property
    def opened(self) -> set[tuple[str, str]]:
        """What is unfolded: facets and values; a facet alone has an empty value."""
        return self._opened

    def unfold_only(self, opened: Iterable[tuple[str, str]]) -> None:
        """Unfold these facets and values and no others."""
        self._opened = set(opened)
        if self._content:
            self._content.opened = self._opened
            self._fold()

    def look_for(self, words: str) -> None:
        """Show only values that have these words, unfolded; all where there are none, down to the value found last."""
        if self._content and words != self._content.words:
            if not words.strip() and (line := self.line) and line.value:
                self._content.open_down_to(line.facet, line.value.name)
            self._content.words = words
            self._fold()
            if words.strip():
                self.cursor = self._best()

    def _best(self) -> int:
        """Return the first line with the words looked for in its name and with findings, else the first with them."""
        fits = [number for number, line in enumerate(self._lines) if line.fits]
        named = ((number, *self._lines[number].name) for number in fits)
        some = (number for number, facet, value in named if self._count(facet)[value])
        return next(some, next(iter(fits), 0))

    def _fold(self) -> None:
        """Lay the lines out anew; the cursor stays on its line, or on the heading above it."""
        assert self._content is not None
        here = self.line
        self._lines = self._content.lines()
        self.virtual_size = Size(self.size.width, len(self._lines))
        places = {line.name: number for number, line in enumerate(self._lines)}
        found = places.get(here.name, places.get((here.facet, ""), 0)) if here else 0
        self.set_reactive(FacetList.cursor, found)
        self._into_sight()
        self.refresh()

    # What it looks like.

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width, number = self.size.width, y + round(self.scroll_y)
        if number >= len(self._lines):
            text = " No filter has these words." if not self._lines and y == 0 else ""
            return Strip([Segment(fit(text, width), self.rich_style)], width)
        line = self._lines[number]
        style = self.rich_style
        if line.value is None:
            text = fit(self._heading(line), width)
            style = self.get_component_rich_style("facet-list--heading")
        else:
            count = self._count(line.facet)[line.value.name]
            start = "  " * (line.deep - 1) + self._sign(line)
            text = start + fit(line.value.label, max(width - _COUNT - len(start), 0)) + f"{count:>{_COUNT - 1},} "
            if not count:
                style = self.get_component_rich_style("facet-list--none")
        if number == self.cursor and self.has_focus:
            style = self.get_component_rich_style("facet-list--cursor")
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _heading(self, line: Line) -> str:
        assert self._content is not None
        picked = ", ".join(self._content.label(line.facet, name) for name in self._choice.of(line.facet))
        label = facets()[line.facet].label
        return f"{'▾' if line.is_open else '▸'} {label}" + (f": {picked}" if picked else "")

    def _sign(self, line: Line) -> str:
        """Return whether a value is folded, and whether it, or one folded below it, is picked."""
        assert self._content is not None
        assert line.value is not None
        fold = ("▾" if line.is_open else "▸") if line.more else " "
        mark = " "
        if line.value.name in self._choice.of(line.facet):
            mark = "x"
        elif line.more and not line.is_open and self._content.below(line.facet, line.value.name, self._choice):
            mark = "-"
        return f"{fold} [{mark}] "

    def _count(self, facet: str) -> Counter[str]:
        if facet not in self._counts and self._index:
            self._counts[facet] = self._index.counts(self._choice, facet)
        return self._counts.get(facet, Counter())

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Show no cursor."""
        self.refresh()

    def on_resize(self) -> None:
        """Keep what can be scrolled in step with the size."""
        self.virtual_size = Size(self.size.width, len(self._lines))

    # What can be done.

    def watch_cursor(self) -> None:
        """Bring the line into sight."""
        self._into_sight()
        self.refresh()

    def _into_sight(self) -> None:
        top, height = round(self.scroll_y), max(self.size.height, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Fold what is folded by its sign or heading, tick what is ticked."""
        number = event.y + round(self.scroll_y)
        if 0 <= number < len(self._lines):
            self.cursor = number
            line = self._lines[number]
            sign = 2 * (line.deep - 1)
            if line.value and line.more and sign <= event.x <= sign + 1:
                self._set_open(line, is_open=not line.is_open)
            else:
                self.action_tick()

    def action_move(self, steps: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self._lines) - 1, self.cursor + steps))

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_edge(self, last: int) -> None:
        """Move the cursor to the first or last line."""
        self.action_move(len(self._lines) if last else -len(self._lines))

    def action_tick(self) -> None:
        """Tick or untick the value under the cursor; fold or unfold a heading."""
        if line := self.line:
            if line.value:
                self.post_message(self.Toggled(line.facet, line.value.name))
            else:
                self._set_open(line, is_open=not line.is_open)

    def action_unfold(self) -> None:
        """Unfold what is under the cursor; where it is unfolded, go to the first line below it."""
        if (line := self.line) and line.more:
            if line.is_open:
                self.action_move(1)
            else:
                self._set_open(line, is_open=True)

    def action_fold(self) -> None:
        """Fold what is under the cursor; where there is nothing to fold, go to what it lies below."""
        if line := self.line:
            if line.more and line.is_open:
                self._set_open(line, is_open=False)
            elif line.value:
                above = (line.facet, line.value.above)
                self.cursor = next(n for n, other in enumerate(self._lines) if other.name == above)

    def action_clear(self) -> None:
        """Let the facet under the cursor not matter any more."""
        if line := self.line:
            self.post_message(self.Cleared(line.facet))

    def _set_open(self, line: Line, *, is_open: bool) -> None:
        if self._content and not self._content.words.strip():
            (self._opened.add if is_open else self._opened.discard)(line.name)
            self._fold()
