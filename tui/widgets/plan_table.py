"""The entries of a file and what adding it would do with each: the columns of the table, and one entry whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.plain import plain
from tui.plan import SIGNS, remark_on
from tui.widgets.row_table import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import ComposeResult

    from kb.intake.plan import Row

_COLOURS = {"new": "$primary", "probable": "$warning", "changed": "$warning", "broken": "$error"}


def plan_columns(is_written: Callable[[Row], bool]) -> tuple[Column[Row], ...]:
    """Return the columns; ``is_written`` says whether a row gets its tick."""
    return (
        Column("✓", lambda row: "✓" if is_written(row) else " ", 1),
        Column("Line", lambda row: str(row.line), 5),
        Column("Status", _status, 10, colour=lambda row: _COLOURS.get(row.status, "")),
        Column("Key", lambda row: row.key or "(no key)", 20),
        Column("Title", lambda row: row.title, 0),
        Column("First author", lambda row: row.author, 14, 118),
        Column("Year", lambda row: row.year, 6, 92),
        Column("Matches, problems", remark_on, 0, 60),
    )


def _status(row: Row) -> str:
    return f"{SIGNS[row.status]} {row.status}"


class PlanDetail(VerticalScroll, can_focus=True):
    """The entry under the cursor: what would be written, how it differs from ours, what it is like, what is wrong."""

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(id="plan-text", markup=False)

    def show(self, row: Row | None, remarks: tuple[str, ...] = ()) -> None:
        """Show an entry and the remarks on its file."""
        lines = [*(_entry(row) if row else [Text("No entry.", "dim")]), *(plain(remark, "dim") for remark in remarks)]
        self.query_one("#plan-text", Static).update(Text("\n").join(lines))
        self.scroll_home(animate=False)


def _entry(row: Row) -> Iterator[Text]:
    yield plain(row.title or "(no title)", "bold")
    yield _field("entry", f"@{row.type}{{{row.key}}}, line {row.line}: {_status(row)}")
    for problem in row.problems:
        yield _field("problem", problem)
    for match in row.matches:
        yield _field("is" if match.certain else "like", f"{match.key} ({match.reason}, {match.score:.2f})")
    for field, ours, theirs in row.differences:
        yield _field(field, f"{ours or '(empty)'} -> {theirs}")
    if row.file:
        yield _field("file", Path(row.file).name)
    for change in row.changes:
        yield _field("otherwise", change)
    for line in row.text.splitlines():
        yield Text("  ").append_text(plain(line, "dim"))


def _field(name: str, value: str) -> Text:
    return Text.assemble((f"{name + ' ':<11}", "dim"), plain(value))
