"""Add studies: a file or pasted text, the plan for it, marks where a decision is needed, then the deed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from kb.errors import IntakeError, KnowledgeBaseError
from kb.text import clean_text, counted
from tui.desk import CollectionChanged
from tui.keys import bindings
from tui.leaving import is_here
from tui.plain import plain
from tui.plan import Proposal, Source, plan_of, read_source
from tui.plan_sheet import plan_sheet, study_of
from tui.screens.work import WorkScreen
from tui.widgets.plan_view import PlanView
from tui.widgets.text_fields import PasteArea, PathInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.intake.deed import Deed
    from kb.intake.plan import Row
    from kb.session import Session
    from kb.sheet import Sheet
    from tui.desk import Desk

_OF_PLAN = ("mark", "mark_all", "status", "detail", "write", "code", "export", "query", "basket")
_HELLO = "Name a file, or paste BibTeX or biblatex. Nothing is written before you say so."


class AddScreen(WorkScreen, inherit_bindings=False):
    """First the source, then the plan; Esc stops reading, and goes back one step."""

    CSS_PATH = "../styles/add.tcss"
    PLACE: ClassVar[str] = "add"
    AUTO_FOCUS: ClassVar[str] = "#file"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("add"), *bindings("work")]

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(session, desk)
        self._plan = PlanView(self._in_basket)
        self._file = ""
        self._added: tuple[str, ...] = ()
        self._outcome = ""
        self._busy = ""
        self._hello = desk.elsewhere or _HELLO

    def compose_work(self) -> ComposeResult:
        """Lay out the screen."""
        yield PathInput(
            self._file, placeholder="File (Tab completes, Enter reads it)", id="file", select_on_focus=False
        )
        yield Static(plain(self._hello), id="said", markup=False)
        yield PasteArea(id="paste", placeholder="or paste here, and press Ctrl+R")
        yield self._plan

    def on_mount(self) -> None:
        """Begin with the source; a name of an earlier run is replaced by what is typed."""
        self.query_one(PathInput).action_select_all()
        self._show_step()

    @property
    def proposal(self) -> Proposal | None:
        """The plan and its marks, none while the source is being chosen."""
        return self._plan.proposal

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only the keys of the step."""
        return (self.proposal is not None) == (action in _OF_PLAN) if action in (*_OF_PLAN, "read") else True

    def tell(self, text: str) -> None:
        """Show a sentence or two at the top."""
        if is_here(self):
            self.query_one("#said", Static).update(plain(text))

    def _tell_plan(self) -> None:
        self.tell(f"{self._outcome} {self._plan.summary}".strip())

    def _show_step(self) -> None:
        planned = self.proposal is not None
        for name in ("#file", "#paste"):
            self.query_one(name).display = not planned
        self._plan.display = planned
        self.refresh_bindings()

    # What the screen tells of itself.

    def show_session(self) -> None:
        """Show which entries are in the basket, now that others may be in the collection."""
        if self.is_mounted:
            self._plan.table.refresh()

    def sheet(self) -> Sheet | None:
        """Return the plan as shown."""
        shown = self._plan.table.rows
        return plan_sheet(self.proposal, shown, self._plan.summary, self.session) if self.proposal else None

    def chosen(self) -> tuple[str, ...]:
        """Return the study under the cursor where the collection has it."""
        row = self._plan.row
        return (key,) if row and (key := study_of(row, self.session)) else ()

    def _in_basket(self, row: Row) -> bool:
        return bool(row.citekey) and row.citekey in self.app.baskets.marked()

    def memory(self) -> dict[str, object]:
        """Return the name of the file that was typed last."""
        return {"file": self.query_one(PathInput).value if self.is_mounted else self._file}

    def recall(self, memory: Mapping[str, object]) -> None:
        """Take up what was kept."""
        name = memory.get("file")
        self._file = clean_text(name) if isinstance(name, str) else ""

    # The source.

    @on(Input.Submitted, "#file")
    def _file_named(self) -> None:
        name = self.query_one(PathInput).value
        if name.strip():
            self._read(name)
        else:
            self.tell("Name a file first, or paste text below.")

    def action_read(self) -> None:
        """Read the pasted text, else the file."""
        if text := self.query_one(PasteArea).text:
            self._read(Source("pasted text", text.encode("utf-8", "replace")))
        else:
            self._file_named()

    def _read(self, source: Source | str) -> None:
        if not self._busy:
            self._busy = "reading"
            self.tell(f"Reading {source if isinstance(source, str) else source.name} ...")
            self._compare(source)

    def plan_again(self) -> None:
        """Compare again after files changed."""
        if self.proposal:
            self._outcome = ""
            self._read(self.proposal.source)

    @work(thread=True, exclusive=True, group="plan")
    def _compare(self, source: Source | str) -> None:
        worker, app = get_current_worker(), self.app

        def then(deed: Callable[[], None]) -> None:
            app.call_from_thread(lambda: None if worker.is_cancelled else deed())

        def progress(done: int, total: int) -> None:
            if worker.is_cancelled:
                raise IntakeError("Stopped.")
            then(lambda: self.tell(f"Comparing with the collection: {done} of {total} entries. Esc stops."))

        try:
            if isinstance(source, str):
                source = read_source(source)
            plan = plan_of(self.desk.collection, source, progress)
        except KnowledgeBaseError as error:
            message = str(error)
            then(lambda: self._fail(message))
        else:
            proposal = Proposal(source, plan, self.proposal.marks if self.proposal else ())
            then(lambda: self._show(proposal))

    def _fail(self, message: str) -> None:
        self._busy = ""
        self.tell(message)

    # The plan.

    def _show(self, proposal: Proposal) -> None:
        if not is_here(self):
            return
        self._busy = ""
        if not proposal.plan.rows:
            remarks = " ".join(proposal.plan.remarks)
            self.tell(f"{proposal.source.name} holds no BibTeX entry; look whether it is the right file. {remarks}")
            return
        first = self.proposal is None
        there = {row.citekey for row in proposal.plan.rows if row.status in ("same", "changed")}
        self._added = tuple(key for key in self._added if key in there)
        self._plan.show(proposal)
        self._show_step()
        self._tell_plan()
        if first:
            self.set_focus(self._plan.table)

    def action_mark(self) -> None:
        """Mark the chosen row, or take its mark off."""
        self._mark(alike=False)

    def action_mark_all(self) -> None:
        """Mark all rows like the chosen one, or take the marks off."""
        self._mark(alike=True)

    def _mark(self, *, alike: bool) -> None:
        if self._busy:
            return
        if self._plan.mark(alike=alike):
            self._tell_plan()
        else:
            self.tell(
                "Only probable and changed entries need a mark: new ones are added, the same and broken ones not."
            )

    def action_status(self) -> None:
        """Show the next status alone."""
        self._plan.next_status()
        self._tell_plan()

    def action_detail(self) -> None:
        """Go to the entry below, or back to the table."""
        self._plan.switch()

    # The deed.

    def action_write(self) -> None:
        """Ask, and write."""
        from tui.screens.confirm import ConfirmScreen

        proposal = self.proposal
        if not proposal or self._busy:
            return
        if not any(proposal.files()):
            self.tell("Nothing would be written. Mark probable or changed entries with Space.")
            return

        def answered(yes: bool | None) -> None:
            if yes and not self._busy:
                self._busy = "writing"
                self.tell("Writing ...")
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
        if self.proposal:
            self._read(self.proposal.source)

    def action_code(self) -> None:
        """Code what was added, from the chosen row on; else the study that the chosen row is."""
        from tui.screens.code import CodeScreen

        row = self._plan.row
        here = row.citekey if row and row.status in ("same", "changed") else ""
        start = self._added.index(here) if here in self._added else 0
        queue = [*self._added[start:], *self._added[:start]]
        if here and here not in queue:
            queue.insert(0, here)
        if queue:
            self.app.push_screen(CodeScreen(self.desk, queue))
        else:
            self.tell("There is nothing to code yet: write the new studies first, with w.")

    def action_back(self) -> None:
        """Stop reading; leave the entry below; show all entries; leave the plan; go back to the evidence."""
        if self._busy == "writing":
            return
        was_reading, self._busy = bool(self._busy), ""
        self.workers.cancel_group(self, "plan")
        if self.proposal is None and was_reading:
            self.tell(f"Stopped. {self._hello}")
        elif self.proposal is None:
            self.app.go("evidence")
        elif not was_reading and self._plan.step_back():
            self._tell_plan()
        else:
            self._added, self._outcome = (), ""
            self._plan.show(None)
            self._show_step()
            self.tell(self._hello)
            self.set_focus(self.query_one("#paste" if self.query_one(PasteArea).text else "#file"))
