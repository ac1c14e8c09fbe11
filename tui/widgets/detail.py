"""One finding and its study, with everything that is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from kb.export import numbers
from kb.studies import reference
from kb.text import counted
from tui.plain import COLOURS, plain, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from kb.evidence import Row
    from kb.session import Session
    from kb.studies import StudyDocument

_STUDY_FIELDS = ("measurestatus", "design", "data", "countries", "coverage", "period", "n", "bibstatus", "note")
_NAMES = {"measurestatus": "use of MIPEX", "bibstatus": "record"}
_NAME_WIDTH = 14


class Detail(VerticalScroll, can_focus=True):
    """The finding under the cursor: statement first, then how it was found, where it was read, and the study."""

    _shown: tuple[Row, StudyDocument, Session] | None = None

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        """Draw again in the colours of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    def show(self, row: Row | None, session: Session) -> None:
        """Show a finding, or say that none is chosen."""
        self._shown = (row, session.study_document(row.study), session) if row else None
        self._draw()
        self.scroll_home(animate=False)

    def _draw(self) -> None:
        text = Text("No finding chosen.", "dim")
        if self._shown:
            colours = {name: self.app.theme_variables[colour[1:]] for name, colour in COLOURS.items()}
            text = Text("\n").join(_lines(*self._shown, colours))
        self.query_one("#detail-text", Static).update(text)


def _lines(row: Row, study: StudyDocument, session: Session, colours: dict[str, str]) -> Iterator[Text]:
    colour = colours.get(row.direction, "")
    yield plain(row.statement, "bold")
    yield Text("")
    yield _field("direction", signed(row.direction), colour).append(" (more inclusive policy, the outcome as named)")
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
            yield _field(_NAMES.get(name, name), _data(value, session) if name == "data" else value)
    others = [other for other in study.findings if other.finding != row.finding]
    yield Text("")
    if others:
        yield Text(f"{counted(len(others), 'other finding')} of this study (m shows them all)", "dim")
    else:
        yield Text("No other finding of this study", "dim")
    for other in others:
        yield Text.assemble(
            plain(signed(other.direction), colours.get(other.direction, "")),
            " ", plain(f"{other.policy_label} | {other.outcome_label}:"), " ", plain(other.statement, "dim"),
        )  # fmt: skip


def _data(value: str, session: Session) -> str:
    """Return uses of data with the names of the sources, as in "European Social Survey 2-5"."""
    uses = []
    for use in value.split("; "):
        source, _, rounds = use.partition(":")
        uses.append(f"{session.label('data', source)} {rounds}".strip())
    return "; ".join(uses)


def _field(name: str, value: str, style: str = "") -> Text:
    return Text.assemble((f"{name + ' ':<{_NAME_WIDTH}}", "dim"), plain(value, style))
