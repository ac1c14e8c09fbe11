"""One finding and its study, with everything that is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from kb.export import numbers
from kb.studies import reference
from tui.plain import plain, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from kb.evidence import Row
    from kb.studies import StudyDocument

_STUDY_FIELDS = ("measurestatus", "design", "data", "countries", "coverage", "period", "n", "bibstatus", "note")


class Detail(VerticalScroll, can_focus=True):
    """The finding under the cursor: statement first, then how it was found, where it was read, and the study."""

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(id="detail-text", markup=False)

    def show(self, row: Row | None, study: StudyDocument | None = None) -> None:
        """Show a finding, or say that none is chosen."""
        text = Text("\n").join(_lines(row, study)) if row and study else Text("No finding chosen.", "dim")
        self.query_one("#detail-text", Static).update(text)
        self.scroll_home(animate=False)


def _lines(row: Row, study: StudyDocument) -> Iterator[Text]:
    yield plain(row.statement, "bold")
    yield Text("")
    yield _field("direction", f"{signed(row.direction)} (more inclusive policy and the outcome as named)")
    yield _field("appraisal", row.appraisal + (", derived" if row.role == "direct" else ", coded by hand"))
    yield _field("policy", row.policy_label)
    yield _field("outcome", f"{row.outcome_label} [{row.outcome_group}]")
    yield _field("population", row.population)
    yield _field("role", f"{row.role}: {row.relation}" if row.relation else row.role)
    if printed := numbers(row):
        yield _field("numbers", printed)
    yield _field("measure", row.measure)
    where = row.locator if row.locator != row.source_level else ""
    yield _field("read in", ", ".join(part for part in (row.source_level, where) if part))
    yield _field("source", row.source)
    for name, value in study.more[row.finding].items():
        yield _field(name, value)
    yield Text("")
    yield plain(reference(study.fields), "bold")
    for name in _STUDY_FIELDS:
        if value := study.fields.get(name, ""):
            yield _field(name, value)
    others = [other for other in study.findings if other.finding != row.finding]
    yield Text("")
    yield Text(f"Other findings of this study: {len(others) or 'none'}", "dim")
    for other in others:
        yield plain(f"{signed(other.direction)} {other.policy_label} | {other.outcome_label}: {other.statement}")


def _field(name: str, value: str) -> Text:
    return Text.assemble((f"{name + ' ':<14}", "dim"), plain(value))
