"""Code a study: a form for one finding after the other, checked while it is filled, and the next study with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.screen import Screen
from textual.widgets import Static

from kb.errors import KnowledgeBaseError
from tui.desk import CollectionChanged
from tui.form import Form
from tui.keys import bindings
from tui.leaving import is_here
from tui.plain import plain
from tui.widgets.entry_form import EntryForm
from tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.intake.coding import Coded
    from tui.desk import Desk


class CodeScreen(Screen[None]):
    """One study of a queue after the other: read, filled in, saved, and on to the next."""

    CSS_PATH = "../styles/code.tcss"
    AUTO_FOCUS: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("code"))

    def __init__(self, desk: Desk, queue: Sequence[str]) -> None:
        """Begin with the first study of ``queue``; the others come after it, as far as they have no finding yet."""
        super().__init__()
        #: What is filled in.
        self.entry = EntryForm()
        self._desk = desk
        self._queue = list(dict.fromkeys(queue))
        self._said = ""
        self._busy = False
        self._changed = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Static("Reading the study ...", id="study", markup=False)
        yield Static(id="state", markup=False)
        yield self.entry
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the first study."""
        self._load(self._queue[:1], uncoded=False)

    @property
    def form(self) -> Form | None:
        """The study that is being coded, none while the first is read."""
        return self.entry.form

    # Reading a study.

    @work(thread=True, exclusive=True, group="form")
    def _load(self, keys: Sequence[str], *, uncoded: bool) -> None:
        """Read the first study of some; with ``uncoded``, the first that has no finding."""
        failure = ""
        for key in keys:
            try:
                form = Form(self._desk, key)
            except KnowledgeBaseError as error:
                failure = str(error)
                continue
            if not (uncoded and form.coded):
                self.app.call_from_thread(self._show, form)
                return
        self.app.call_from_thread(self._stay, failure or "No further study of this list is without findings.")

    def _stay(self, message: str) -> None:
        self._busy = False
        self._say(message)
        if self.form is None and is_here(self):
            self.query_one("#study", Static).update(plain(self._queue[0]))

    def _show(self, form: Form, said: str = "", *, copy: bool = False) -> None:
        if is_here(self):
            self._busy = False
            self.query_one("#study", Static).update(plain(form.title))
            self.entry.begin(form, copy=copy)
            self._say(said)

    @on(EntryForm.Judged)
    def _show_state(self) -> None:
        text = " ".join(part for part in (self._said, self.entry.verdict) if part)
        self.query_one("#state", Static).update(plain(text), layout=False)

    def _say(self, message: str) -> None:
        self._said = message
        if is_here(self):
            self._show_state()

    # Saving, copying, leaving.

    def action_save(self) -> None:
        """Check everything, and write the finding."""
        form = self.form
        if not form or self._busy:
            return
        if not self.entry.finish():
            self._say("Nothing was written.")
            return
        self._busy = True
        self._say("Writing ...")
        self._save(form, self.entry.values())

    @work(thread=True, exclusive=True, group="writing")
    def _save(self, form: Form, values: dict[str, str]) -> None:
        try:
            coded = form.save(values)
            self._desk.coder = values.get("finding-coder", "") or self._desk.coder
            following = Form(self._desk, form.citekey)
        except KnowledgeBaseError as error:
            self.app.call_from_thread(self._stay, str(error))
        else:
            self.app.call_from_thread(self._saved, coded, following)

    def _saved(self, coded: Coded, following: Form) -> None:
        self._changed = True
        self._desk.folder = coded.folder
        self._show(following, f"Written: {', '.join(coded.keys)}. Ctrl+N: next study. Now:", copy=True)

    def action_needed(self) -> None:
        """Go to the next field that is still needed."""
        if self.form and not self.entry.go_to_needed():
            self._say("Nothing that is needed is missing; Ctrl+S saves.")

    def action_copy(self) -> None:
        """Fill empty fields from the last finding of the study."""
        if self.form and not self._busy:
            copied = self.entry.copy_last()
            self._say(
                "Copied from the last finding." if copied else "This study has no finding yet that could be copied."
            )

    def would_lose(self) -> bool:
        """Say whether something was filled in that is not saved."""
        return self.entry.would_lose()

    def _ask(self, question: str, yes: str, deed: Callable[[], None]) -> None:
        """Do something, after a question where what is in the form would be lost."""
        from tui.screens.confirm import ConfirmScreen

        if self._busy:
            return
        if not self.would_lose():
            deed()
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                deed()

        self.app.push_screen(ConfirmScreen(question, yes, "Stay"), answered)

    def action_next(self) -> None:
        """Go to the next study of the queue without findings."""
        self._ask("What is in the form is not saved. Go to the next study?", "Go on", self._next)

    def _next(self) -> None:
        here = self._queue.index(self.form.citekey) if self.form else 0
        self._busy = True
        self._load([*self._queue[here + 1 :], *self._queue[:here]], uncoded=True)

    def action_back(self) -> None:
        """Leave the form."""
        self._ask("What is in the form is not saved. Leave the form?", "Leave", self._leave)

    def _leave(self) -> None:
        if self._changed:
            self.app.post_message(CollectionChanged())
        self.dismiss()
