"""Add studies: a file or pasted text, the plan for it, marks where a decision is needed, then the deed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from kb.errors import IntakeError, KnowledgeBaseError
from kb.text import counted
from tui.desk import CollectionChanged
from tui.keys import bindings
from tui.plain import plain
from tui.plan import Proposal, Source, place_of, plan_of, read_source
from tui.screens.work import WorkScreen
from tui.widgets.plan_table import PlanDetail, plan_columns
from tui.widgets.row_table import RowTable
from tui.widgets.text_fields import PasteArea, PathInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.intake.deed import Deed
    from kb.intake.plan import Row
    from kb.session import Session
    from tui.desk import Desk

_OF_PLAN = ("mark", "mark_all", "status", "detail", "write", "code")
_HELLO = "Name a file, or paste BibTeX or biblatex. Nothing is written before you say so."


class AddScreen(WorkScreen, inherit_bindings=False):
    """First the source, then the plan; Esc goes back one step."""

    PLACE: ClassVar[str] = "add"
    AUTO_FOCUS: ClassVar[str] = "#file"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("add"), *bindings("work")]

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(session, desk)
        self._proposal: Proposal | None = None
        self._status = ""
        self._added: tuple[str, ...] = ()
        self._outcome = ""
        self._busy = ""

    def compose_work(self) -> ComposeResult:
        """Lay out the screen."""
        yield PathInput(placeholder="File (Tab completes, Enter reads it)", id="file", select_on_focus=False)
        yield Static(_HELLO, id="said", markup=False)
        yield PasteArea(id="paste", placeholder="or paste here, and press Ctrl+R")
        yield RowTable(plan_columns(self._is_written), place_of, "No entry.", id="plan")
        yield PlanDetail()

    def on_mount(self) -> None:
        """Begin with the source."""
        self._show_step()

    @property
    def proposal(self) -> Proposal | None:
        """The plan and its marks, none while the source is being chosen."""
        return self._proposal

    def _is_written(self, row: Row) -> bool:
        return bool(self._proposal and self._proposal.is_written(row))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys of the step."""
        return (self._proposal is not None) == (action in _OF_PLAN) if action in (*_OF_PLAN, "read") else True

    def say(self, text: str) -> None:
        """Show a sentence or two at the top."""
        if self.is_attached:
            self.query_one("#said", Static).update(plain(text))

    def _show_step(self) -> None:
        planned = self._proposal is not None
        for name in ("#file", "#paste"):
            self.query_one(name).display = not planned
        for name in ("#plan", "PlanDetail"):
            self.query_one(name).display = planned
        self.refresh_bindings()

    # The source.

    @on(Input.Submitted, "#file")
    def _file_named(self) -> None:
        self._read_file(self.query_one(PathInput).value)

    def action_read(self) -> None:
        """Read the pasted text, else the file."""
        if text := self.query_one(PasteArea).text:
            self._plan(Source("pasted text", text.encode("utf-8", "replace")))
        else:
            self._file_named()

    def _read_file(self, name: str) -> None:
        if not name.strip():
            self.say("Name a file first, or paste text below.")
            return
        self._plan(name)

    def _plan(self, source: Source | str) -> None:
        if not self._busy:
            self._busy = "reading"
            self.say(f"Reading {source if isinstance(source, str) else source.name} ...")
            self._compare(source)

    def plan_again(self) -> None:
        """Compare again after files changed."""
        if self._proposal:
            self._outcome = ""
            self._plan(self._proposal.source)

    @work(thread=True, exclusive=True, group="plan")
    def _compare(self, source: Source | str) -> None:
        worker, app = get_current_worker(), self.app

        def progress(done: int, total: int) -> None:
            if worker.is_cancelled:
                raise IntakeError("Stopped.")
            app.call_from_thread(self.say, f"Comparing with the collection: {done} of {total} entries")

        try:
            if isinstance(source, str):
                source = read_source(source)
            plan = plan_of(self.desk.collection, source, progress)
        except KnowledgeBaseError as error:
            if not worker.is_cancelled:
                app.call_from_thread(self._fail, str(error))
        else:
            if not worker.is_cancelled:
                app.call_from_thread(self._show, Proposal(source, plan, self._proposal.marks if self._proposal else ()))

    def _fail(self, message: str) -> None:
        self._busy = ""
        self.say(message)

    # The plan.

    def _show(self, proposal: Proposal) -> None:
        if not self.is_attached:
            return
        self._busy = ""
        if not proposal.plan.rows:
            remarks = " ".join(proposal.plan.remarks)
            self.say(f"{proposal.source.name} holds no BibTeX entry; look whether it is the right file. {remarks}")
            return
        first, self._proposal = self._proposal is None, proposal
        there = {row.citekey for row in proposal.plan.rows if row.status in ("same", "changed")}
        self._added = tuple(key for key in self._added if key in there)
        if self._status not in proposal.statuses():
            self._status = ""
        self._show_step()
        self._refresh()
        if first:
            self.query_one("#plan").focus()

    def _refresh(self) -> None:
        if self._proposal:
            table = self.query_one("#plan", RowTable)
            table.show(self._proposal.rows(self._status))
            shown = f"Shown: {self._status}." if self._status else ""
            self.say(" ".join(part for part in (self._outcome, self._proposal.summary(), shown) if part))

    @on(RowTable.Chosen, "#plan")
    def _row_chosen(self) -> None:
        self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        if self._proposal:
            self.query_one(PlanDetail).show(self._row(), self._proposal.plan.remarks)

    def _row(self) -> Row | None:
        row: Row | None = self.query_one("#plan", RowTable).row
        return row

    def action_mark(self) -> None:
        """Mark the chosen row, or take its mark off."""
        row = self._row()
        self._mark([row] if row else [])

    def action_mark_all(self) -> None:
        """Mark all rows like the chosen one, or take the marks off."""
        row = self._row()
        self._mark(
            [other for other in self._proposal.plan.rows if other.status == row.status]
            if self._proposal and row
            else []
        )

    def _mark(self, rows: list[Row]) -> None:
        if self._proposal and not self._busy:
            if self._proposal.mark(rows):
                self._refresh()
            else:
                self.say(
                    "Only probable and changed entries need a mark: new ones are added, the same and broken ones not."
                )

    def action_status(self) -> None:
        """Show the next status alone."""
        if self._proposal:
            order = self._proposal.statuses()
            self._status = order[(order.index(self._status) + 1) % len(order)]
            self._refresh()

    def action_detail(self) -> None:
        """Go to the entry below, or back to the table."""
        detail = self.query_one(PlanDetail)
        (self.query_one("#plan") if detail.has_focus else detail).focus()

    # The deed.

    def action_write(self) -> None:
        """Ask, and write."""
        from tui.screens.confirm import ConfirmScreen

        proposal = self._proposal
        if not proposal or self._busy:
            return
        if not any(proposal.files()):
            self.say("Nothing would be written. Mark probable or changed entries with Space.")
            return

        def answered(yes: bool | None) -> None:
            if yes and not self._busy:
                self._busy = "writing"
                self.say("Writing ...")
                self._write(proposal)

        self.app.push_screen(ConfirmScreen(proposal.question(self.desk.collection.studies[0]), "Write"), answered)

    @work(thread=True, exclusive=True, group="writing")
    def _write(self, proposal: Proposal) -> None:
        try:
            deed = proposal.write(self.desk.collection)
        except KnowledgeBaseError as error:
            self.app.call_from_thread(self._fail, str(error))
        else:
            self.app.call_from_thread(self._written, deed)

    def _written(self, deed: Deed) -> None:
        self._busy = ""
        self.desk.folder = self.desk.collection.studies[0]
        self._added = deed.added
        what = [counted(len(deed.added), "new file")] * bool(deed.added)
        what += [counted(len(set(deed.updated)), "changed file")] * bool(deed.updated)
        code = "n codes what is new, " if deed.added else ""
        self._outcome = f"Written: {' and '.join(what)}, in {self.desk.folder}; {code}u takes it back."
        self.app.post_message(CollectionChanged())
        if self._proposal:
            self._plan(self._proposal.source)

    def action_code(self) -> None:
        """Code what was added, from the chosen row on; else the study that the chosen row is."""
        from tui.screens.code import CodeScreen

        row = self._row()
        here = row.citekey if row and row.status in ("same", "changed") else ""
        start = self._added.index(here) if here in self._added else 0
        queue = [*self._added[start:], *self._added[:start]]
        if here and here not in queue:
            queue.insert(0, here)
        if queue:
            self.app.push_screen(CodeScreen(self.desk, queue))
        else:
            self.say("There is nothing to code yet: write the new studies first, with w.")

    def action_back(self) -> None:
        """Go back one step."""
        if self._busy == "writing":
            return
        if self._proposal is None:
            self.app.go("evidence")
            return
        self._proposal, self._added, self._outcome, self._busy = None, (), "", ""
        self.workers.cancel_group(self, "plan")
        self._show_step()
        self.say(_HELLO)
        self.query_one("#paste" if self.query_one(PasteArea).text else "#file").focus()
