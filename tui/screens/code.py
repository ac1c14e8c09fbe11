"""Code a study: a form for one finding after the other, checked while it is filled, and the next study with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from kb.errors import KnowledgeBaseError
from kb.fields import FINDING
from tui.desk import CollectionChanged
from tui.form import STUDY, Form, form_fields, split
from tui.keys import bindings
from tui.plain import plain
from tui.widgets.field_row import FieldInput, FieldRow
from tui.widgets.key_bar import KeyBar
from tui.widgets.match_list import MatchList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from kb.intake.coding import Coded
    from tui.desk import Desk
    from tui.form import Checked

_PAUSE = 0.15  # seconds after the last letter until the form is checked


class CodeScreen(Screen[None]):
    """One study of a queue after the other. Names of concepts are completed from the list below the form."""

    AUTO_FOCUS: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("code"))

    def __init__(self, desk: Desk, queue: Sequence[str]) -> None:
        """Begin with the first study of ``queue``; the others come after it, as far as they have no finding yet."""
        super().__init__()
        self._desk = desk
        self._queue = list(dict.fromkeys(queue))
        self._form: Form | None = None
        self._at_start: dict[str, str] = {}
        self._checked: Checked | None = None
        self._said = ""
        self._asked = False
        self._busy = False
        self._changed = False
        self._timer: Timer | None = None
        self._rows = {field.id: FieldRow(field) for field in form_fields()}

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Static("Reading the study ...", id="study", markup=False)
        yield Static(id="state", markup=False)
        with VerticalScroll(id="form", can_focus=False):
            yield Static("Study", classes="section", id="study-section", markup=False)
            yield from (row for row in self._rows.values() if row.field.part == STUDY)
            yield Static("Finding", classes="section", id="finding-section", markup=False)
            yield from (row for row in self._rows.values() if row.field.part == FINDING)
        with Horizontal(id="below"):
            with Vertical(id="help-side"):
                yield Static(id="meaning", markup=False)
                yield MatchList()
            with VerticalScroll(id="entry-side", can_focus=False):
                yield Static(id="entry", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the first study."""
        self.query_one("#form").display = False
        self._load(self._queue[:1], uncoded=False)

    @property
    def form(self) -> Form | None:
        """The study that is being coded, none while it is read."""
        return self._form

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
        if self._form is None and self.is_attached:
            self.query_one("#study", Static).update(plain(self._queue[0]))

    def _show(self, form: Form, said: str = "", *, copy: bool = False) -> None:
        if not self.is_attached:
            return
        self._form, self._busy, self._asked, self._said = form, False, False, said
        self._at_start = form.start(copy=copy)
        shown = {field.id for field in form.fields()}
        with self.prevent(Input.Changed):
            for name, row in self._rows.items():
                row.display = name in shown
                row.input.load(form, self._at_start.get(name, ""))
        lacking = any(name.startswith(STUDY) for name in shown)
        self.query_one("#study-section").display = lacking
        self.query_one("#study", Static).update(plain(form.title))
        self.query_one("#form").display = True
        self.check()
        first = "study-measure" if "study-measure" in shown else f"finding-{'outcome' if copy else 'policy'}"
        self.set_focus(self._rows[first].input, scroll_visible=False)
        self.call_after_refresh(self._begin_at_top)

    def _begin_at_top(self) -> None:
        """Show the form from its beginning, as far as the field with the focus allows."""
        form = self.query_one("#form", VerticalScroll)
        form.scroll_to(y=0, animate=False, immediate=True)
        if isinstance(self.focused, FieldInput):
            form.scroll_to_widget(self.focused, animate=False, immediate=True)

    def _focus_on(self, name: str) -> None:
        self._rows[name].input.focus()

    # The fields.

    def values(self) -> dict[str, str]:
        """Return what stands in the fields."""
        return {field.id: self._rows[field.id].input.value for field in self._form.fields()} if self._form else {}

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, FieldInput) and event.input.has_focus:
            event.input.chosen = 0
            self._show_help(event.input)
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self.check)

    @on(FieldInput.Moved)
    def _moved(self, event: FieldInput.Moved) -> None:
        self._show_help(event.field)

    @on(FieldInput.Done)
    def _done(self, event: FieldInput.Done) -> None:
        self._open_fields()
        if self.focused is event.field:
            (self.focus_next if event.steps > 0 else self.focus_previous)(FieldInput)

    @on(MatchList.Picked)
    def _picked(self, event: MatchList.Picked) -> None:
        if isinstance(self.focused, FieldInput):
            self.focused.pick(event.number)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show what the field is for, and which names may stand in it."""
        if isinstance(event.widget, FieldInput):
            self._show_help(event.widget)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Write names as the coding format does; from now on, show what is wrong here."""
        if isinstance(event.widget, FieldInput):
            event.widget.touched = True
            event.widget.tidy()
            if self._timer:
                self._timer.stop()
            self._timer = self.set_timer(_PAUSE, self.check)

    def _show_help(self, line: FieldInput) -> None:
        names = line.names()
        table = self.query_one(MatchList)
        table.display = line.is_listed and (bool(names) or bool(line.field.kinds))
        chosen = min(line.chosen, max(len(names) - 1, 0))
        table.show(names, chosen)
        _, segment = split(line.field, line.value)
        exact = next((name for name in names if name.text == segment), None)
        shown = names[chosen] if names and (line.is_typed or line.pointed) else exact
        name, meaning = line.field.name, line.field.meaning
        if shown and (shown.definition or shown.label):
            name, meaning = shown.text, shown.definition or shown.label
        text = Text.assemble(plain(f"{name}:", "bold"), " ", plain(meaning))
        self.query_one("#meaning", Static).update(text, layout=False)

    def _open_fields(self) -> None:
        """Open relation and appraisal where they may be coded, and say in them why not elsewhere."""
        if not self._form:
            return
        values = self.values()
        appraisal = self._form.appraisal(values)
        relation, coded = self._rows["finding-relation"].input, self._rows["finding-appraisal"].input
        relation.disabled = values["finding-role"] != "moderator" and not relation.value
        relation.placeholder = "only for moderators" if relation.disabled else ""
        coded.disabled = appraisal.status in ("follows", "unknown") and not coded.value
        coded.placeholder = f"{appraisal.value} (follows)" if appraisal.status == "follows" else ""

    def check(self) -> None:
        """Check the form as it stands, and show what is wrong."""
        form = self._form
        if not form or not self.is_attached:
            return
        self._open_fields()
        checked = self._checked = form.check(self.values())
        for name, row in self._rows.items():
            found = checked.problems.get(name)
            line = row.input
            typing = line.has_focus and line.is_listed
            missing = not line.value.strip()
            shown = found and (self._asked or (not missing and not typing) or (line.touched and not missing))
            row.complain(found.sentence if found and shown else "")
        self.query_one("#entry", Static).update(plain_lines(checked.text))
        self._show_state()

    def _show_state(self) -> None:
        form, checked = self._form, self._checked
        parts = [self._said] if self._said else []
        if form and checked:
            wrong = [name.partition("-")[2] for name, found in checked.problems.items() if found.is_error]
            wrong = [name for name in wrong if name not in checked.needed]
            parts += [f"{form.key}."]
            parts += [f"Wrong: {', '.join(wrong)}."] if wrong else []
            parts += [found.sentence for found in checked.others[:1]]
            parts += [f"Needed: {', '.join(checked.needed)}."] if checked.needed else []
            parts += [str(checked.appraisal)]
        self.query_one("#state", Static).update(plain(" ".join(parts)), layout=False)

    def _say(self, message: str) -> None:
        self._said = message
        if self.is_attached:
            self._show_state()

    # Saving, copying, leaving.

    def action_save(self) -> None:
        """Check everything, and write the finding."""
        form = self._form
        if not form or self._busy:
            return
        for row in self._rows.values():
            row.input.tidy()
        self._asked, self._said = True, ""
        self.check()
        checked = self._checked
        if checked and (checked.errors or checked.needed):
            wrong = {name for name, found in checked.problems.items() if found.is_error}
            wrong |= {field.id for field in form.needed(self.values())}
            self._say("Nothing was written.")
            for field in form.fields():
                if field.id in wrong and not self._rows[field.id].input.disabled:
                    self._focus_on(field.id)
                    return
            return
        self._busy = True
        self._say("Writing ...")
        self._save(form, self.values())

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
        if not self._form:
            return
        self._open_fields()
        order = list(self._rows)
        here = order.index(self.focused.field.id) if isinstance(self.focused, FieldInput) else -1
        needed = [order.index(field.id) for field in self._form.needed(self.values())]
        if needed:
            self._focus_on(order[next((place for place in needed if place > here), needed[0])])
        else:
            self._say("Nothing that is needed is missing; Ctrl+S saves.")

    def action_copy(self) -> None:
        """Fill empty fields from the last finding of the study."""
        if not self._form or self._busy:
            return
        if not self._form.coded:
            self._say("This study has no finding yet that could be copied.")
            return
        for name, value in self._form.start(copy=True).items():
            line = self._rows[name].input
            if not line.value:
                line.load(self._form, value)
        self._say("Copied from the last finding.")

    def would_lose(self) -> bool:
        """Say whether something was filled in that is not saved."""
        filled = {name: value.strip() for name, value in self.values().items() if value.strip()}
        return self._form is not None and filled != self._at_start

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
        here = self._queue.index(self._form.citekey) if self._form else 0
        self._busy = True
        self._load([*self._queue[here + 1 :], *self._queue[:here]], uncoded=True)

    def action_back(self) -> None:
        """Leave the form."""
        self._ask("What is in the form is not saved. Leave the form?", "Leave", self._leave)

    def _leave(self) -> None:
        if self._changed:
            self.app.post_message(CollectionChanged())
        self.dismiss()


def plain_lines(text: str) -> Text:
    """Return several lines of data as text that is drawn letter by letter."""
    return Text("\n").join(Text("  " * line.startswith(" ")).append_text(plain(line)) for line in text.splitlines())
