"""One study: its reference, why it was found, how it was coded, and all its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from kb.export import numbers
from kb.studies import reference
from kb.text import counted
from tui.browser import doi_address, web_address
from tui.plain import plain, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from kb.studies import StudyDocument

_FIELDS = (
    "circle", "measure", "measurestatus", "design", "data", "countries", "coverage", "period", "n", "bibstatus",
    "unconfirmed", "includes", "related", "note",
)  # fmt: skip
_NAMES = {"measurestatus": "use of MIPEX", "bibstatus": "record"}
_REASONS = 8


class StudyDetail(VerticalScroll, can_focus=True):
    """The study under the cursor."""

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(id="study-text", markup=False)

    def show(self, study: StudyDocument | None, reasons: Sequence[tuple[str, str]] = ()) -> None:
        """Show a study and why it was found, or say that none is chosen."""
        text = Text("\n").join(_lines(study, reasons)) if study else Text("No study chosen.", "dim")
        self.query_one("#study-text", Static).update(text)
        self.scroll_home(animate=False)


def _lines(study: StudyDocument, reasons: Sequence[tuple[str, str]]) -> Iterator[Text]:
    fields = study.fields
    yield plain(reference({**fields, "doi": ""}), "bold")
    if address := doi_address(fields.get("doi", "")):
        yield plain(address)
    elif address := web_address(fields):
        yield plain(f"No DOI; its record: {address}")
    yield Text("")
    if reasons:
        yield Text("Found in", "dim")
        for name, text in reasons[:_REASONS]:
            yield _field(name, text)
        if len(reasons) > _REASONS:
            yield Text(f"and {counted(len(reasons) - _REASONS, 'more place')}", "dim")
        yield Text("")
    yield _field("key", study.key)
    for name in _FIELDS:
        if value := fields.get(name, ""):
            yield _field(_NAMES.get(name, name), value)
    yield Text("")
    if not study.findings:
        yield Text("Uncoded: no finding yet. Code it with n.", "dim")
        return
    yield Text(f"{counted(len(study.findings), 'finding')} (Enter shows them as evidence)", "dim")
    for row in study.findings:
        role = f", moderator of {row.relation}" if row.role == "moderator" else ""
        yield Text("")
        yield plain(f"{signed(row.direction)} ({row.appraisal}) {row.policy_label} | {row.outcome_label}{role}", "bold")
        yield plain(row.statement)
        known = (numbers(row), row.population, f"read in: {row.source_level}", row.finding)
        yield plain(" · ".join(part for part in known if part), "dim")


def _field(name: str, value: str) -> Text:
    return Text.assemble((f"{name + ' ':<14}", "dim"), plain(value))
