"""One cell of a map in words, and the studies behind it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from kb.export import short_citation
from kb.gap_map_words import LEGEND, NOTE, in_words
from kb.tally import share
from kb.terminal import SIGNS
from tui.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from kb.evidence import Row
    from kb.gap_map import Cell
    from kb.session import Session

_SHOWN = 30  # studies


class MapDetail(VerticalScroll, can_focus=True):
    """What was found at the place under the cursor."""

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(id="map-text", markup=False)

    def show(self, where: str, cell: Cell, rows: list[Row], session: Session, *, everything: bool = False) -> None:
        """Show a cell and its findings; of ``everything``, first what the signs and numbers mean."""
        lines = list(_lines(where, cell, rows, session))
        meaning = [Text(LEGEND, "dim"), Text(NOTE, "dim")]
        lines = [*lines[:2], *meaning, *lines[2:]] if everything else lines + meaning
        self.query_one("#map-text", Static).update(Text("\n").join(lines))
        self.scroll_home(animate=False)

    def say(self, text: str) -> None:
        """Show something else, such as that the map is not made yet."""
        self.query_one("#map-text", Static).update(plain(text))


def _lines(where: str, cell: Cell, rows: list[Row], session: Session) -> Iterator[Text]:
    yield plain(where, "bold")
    if cell.is_gap:
        yield Text("No study: a gap.")
        return
    found = session.tally(rows)
    yield plain(
        f"{in_words(cell, (found.bases, found.unknown))} {share(found.full, found.findings)} read in full text."
    )
    by_study: dict[str, list[Row]] = {}
    for row in rows:
        by_study.setdefault(row.study, []).append(row)
    for held in list(by_study.values())[:_SHOWN]:
        yield Text.assemble(
            _signs(held), " ", plain(short_citation(held[0])), (": ", "dim"), plain(held[0].title, "dim")
        )
    if len(by_study) > _SHOWN:
        yield Text(f"… and {len(by_study) - _SHOWN} more: Enter shows all findings.", "dim")


def _signs(rows: list[Row]) -> str:
    """Return the directions of the findings of one study, those of moderators marked."""
    counts = Counter(f"{SIGNS.get(row.direction, '?')}{'m' * (row.role == 'moderator')}" for row in rows)
    return " ".join(f"{sign}{number if number > 1 else ''}" for sign, number in counts.items())
