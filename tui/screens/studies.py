"""The studies: a search on top, all studies or those found in a table, the chosen one beside or below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Container
from textual.widgets import Input, Static

from kb.citations import citation_styles
from kb.export import short_citation
from kb.facets import EVERYTHING
from kb.named_queries import named_query
from kb.study_list import NO_CIRCLE, Line, found, list_studies, studies_sheet, summary
from kb.study_texts import explain
from kb.vocabulary import CIRCLES
from tui.keys import bindings
from tui.open_study import cite_study, open_study
from tui.plain import plain
from tui.screens.cite import Manner
from tui.screens.work import WorkScreen
from tui.widgets.row_table import Column, RowTable
from tui.widgets.study_detail import StudyDetail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.session import Session
    from kb.sheet import Sheet
    from kb.study_search import Hits, StudyIndex
    from tui.desk import Desk

_ORDER = ("", *CIRCLES, NO_CIRCLE)
_COLUMNS: tuple[Column[Line], ...] = (
    Column("Study", lambda line: short_citation(line.study), 24),
    Column("Title", lambda line: line.study.title, 0),
    Column("Circle", lambda line: line.study.circle or NO_CIRCLE, 10, 76),
    Column(
        "Findings", lambda line: str(line.findings) if line.findings else "uncoded", 10, key=lambda line: -line.findings
    ),
    Column("Year", lambda line: line.study.year, 6, 92),
    Column("Found in", lambda line: line.found_in, 18, 110),
    Column("Journal or book", lambda line: line.study.container, 0, 128),
)


class StudiesScreen(WorkScreen):
    """Search for studies, read them, cite them, open them, code them."""

    CSS_PATH = "../styles/studies.tcss"
    PLACE: ClassVar[str] = "studies"
    AUTO_FOCUS: ClassVar[str] = "#studies"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 - so Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("studies"))

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(session, desk)
        self.search = ""
        self.circle = ""
        self.is_uncoded_only = False
        self.manner = Manner()
        self._index: StudyIndex | None = None
        self._hits: Hits | None = None
        self._sorted_by: tuple[str, bool] = ("", False)
        self._total = 0

    def compose_work(self) -> ComposeResult:
        """Lay out the screen."""
        yield Input(self.search, placeholder='Search studies: words or "phrases" (press /)', id="study-search")
        yield Static(id="studies-summary", markup=False)
        with Container(id="studies-body"):
            yield RowTable(
                _COLUMNS, lambda line: line.study.study, "No study fits. Esc clears the search.", id="studies"
            )  # fmt: skip
            yield StudyDetail()

    def on_mount(self) -> None:
        """Show all studies, and prepare the search behind the screen."""
        table = self._table()
        table.marked = lambda line: line.study.study in self.app.baskets.marked()
        title, reverse = self._sorted_by
        table.sort(title, reverse=reverse)
        self.show_session()

    def show_session(self) -> None:
        """Show the studies of another state of the collection."""
        self._index = None
        self._total = len(self.session.studies())
        self._refresh()
        self._prepare(self.session)

    @work(thread=True, exclusive=True, group="index")
    def _prepare(self, session: Session) -> None:
        index = session.study_index()
        self.app.call_from_thread(self._prepared, session, index)

    def _prepared(self, session: Session, index: StudyIndex) -> None:
        if session is self.session:
            self._index = index
            if self.search.strip():
                self._refresh()

    def _table(self) -> RowTable[Line]:
        return self.query_one("#studies", RowTable)

    def _refresh(self) -> None:
        """Show the studies that fit."""
        self._hits = found(self._index, self.search) if self._index else None
        lines = list_studies(
            self.session.studies(), self.session.findings(), self._hits, [self.circle] if self.circle else (),
            uncoded=self.is_uncoded_only,
        )  # fmt: skip
        self._table().show(lines)
        self.query_one("#studies-summary", Static).update(plain(self._said(lines)))

    def _said(self, lines: list[Line]) -> str:
        circle = f"circle {self.circle}" if self.circle else "all circles"
        only = ", uncoded only" if self.is_uncoded_only else ""
        return f"{summary(lines, self._total, self._hits)} Shown: {circle}{only}."

    # What the screen tells of itself.

    def sheet(self) -> Sheet | None:
        """Return the studies shown, in their order."""
        lines = self._table().rows
        only = {"circle": [self.circle]} if self.circle in CIRCLES else {}
        is_whole = not self._hits and not self.is_uncoded_only and self.circle != NO_CIRCLE
        return studies_sheet(lines, self._said(lines), named_query("studies").text(only) if is_whole else "")

    def chosen(self) -> tuple[str, ...]:
        """Return the study under the cursor."""
        line = self._table().row
        return (line.study.study,) if line else ()

    def memory(self) -> dict[str, object]:
        """Return what is searched for, how it is shown, and how studies are cited."""
        order = self._table().order if self.is_mounted else self._sorted_by
        return {
            "search": self.search, "circle": self.circle, "uncoded": self.is_uncoded_only, "order": list(order),
            "style": self.manner.style, "markdown": self.manner.markdown,
        }  # fmt: skip

    def recall(self, memory: Mapping[str, object]) -> None:
        """Take up what was kept."""
        search, circle, order = (memory.get(name) for name in ("search", "circle", "order"))
        self.search = search if isinstance(search, str) else ""
        self.circle = circle if isinstance(circle, str) and circle in _ORDER else ""
        self.is_uncoded_only = memory.get("uncoded") is True
        match order:
            case [str(title), bool(reverse)] if title in {"", *(column.title for column in _COLUMNS)}:
                self._sorted_by = (title, reverse)
        names = [style.name for style in citation_styles()]
        style = memory.get("style")
        self.manner = Manner(
            style if isinstance(style, str) and style in names else Manner().style, memory.get("markdown") is True
        )

    # What is chosen by hand.

    @on(Input.Changed, "#study-search")
    def _search_changed(self, event: Input.Changed) -> None:
        if event.value != self.search:
            self.search = event.value
            self._refresh()

    @on(Input.Submitted, "#study-search")
    def _search_submitted(self) -> None:
        self.set_focus(self._table())

    @on(RowTable.Chosen, "#studies")
    def _study_chosen(self) -> None:
        self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        line = self._table().row
        detail = self.query_one(StudyDetail)
        if line is None:
            detail.show(None)
            return
        findings = self.session.findings_of(line.study.study)
        words = self._hits.words if self._hits else ()
        reasons = explain(words, line.study, findings, self.session.vocabulary())
        study = self.session.study_document(line.study.study)
        detail.show(study._replace(findings=findings), reasons)

    def action_search(self) -> None:
        """Go to the search."""
        self.set_focus(self.query_one("#study-search", Input))  # at once: what is typed next goes there

    def action_back(self) -> None:
        """Leave the search; then clear it; then show all studies."""
        search, table = self.query_one("#study-search", Input), self._table()
        if self.focused is not table:
            self.set_focus(table)
        elif search.value:
            search.value = ""
        elif self.circle or self.is_uncoded_only:
            self.circle, self.is_uncoded_only = "", False
            self._refresh()
        elif table.order != ("", False):
            table.sort("")

    def action_detail(self) -> None:
        """Go to the study, to scroll there; again, back to the table."""
        detail = self.query_one(StudyDetail)
        self.set_focus(self._table() if detail.has_focus else detail)

    def action_circle(self) -> None:
        """Show the next circle."""
        self.circle = _ORDER[(_ORDER.index(self.circle) + 1) % len(_ORDER)]
        self._refresh()

    def action_uncoded(self) -> None:
        """Show only studies without findings, or all again."""
        self.is_uncoded_only = not self.is_uncoded_only
        self._refresh()

    # What can be done with a study.

    def action_findings(self) -> None:
        """Show the findings of the study as evidence."""
        line = self._table().row
        if line and line.findings:
            self.app.show_evidence(EVERYTHING._replace(search=line.study.study))
        elif line:
            self.say(f"{line.study.study} has no finding yet. Code it with n.")

    def action_cite(self) -> None:
        """Choose a style and copy the citation."""
        if line := self._table().row:
            cite_study(self, line.study.study, self)

    def action_open(self) -> None:
        """Open the study in the browser: its DOI at once, another address after a question."""
        if line := self._table().row:
            open_study(self, line.study.study)

    def action_code(self) -> None:
        """Code a finding of the study, and then of those without one."""
        from tui.screens.code import CodeScreen

        line = self._table().row
        if line is None:
            self.say("There is no study to code. Add studies with 6.")
            return
        first = line.study.study
        self.app.push_screen(CodeScreen(self.desk, [first, *(key for key in self.session.uncoded() if key != first)]))
