"""The form of one study as widgets: its fields, what may stand in the present one, what is wrong, and the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from kb.fields import FINDING
from tui.form import STUDY, form_fields, split
from tui.leaving import is_here
from tui.plain import plain
from tui.widgets.field_row import FieldInput, FieldRow
from tui.widgets.match_list import MatchList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.form import Checked, Form

_PAUSE = 0.15  # seconds after the last letter until the form is checked


class EntryForm(Vertical):
    """What is filled in for one finding. It checks itself a moment after the last letter, and tells that it did."""

    class Judged(Message):
        """The form was checked as it stands; its ``verdict`` may be another one now."""

    def __init__(self) -> None:
        super().__init__()
        self._form: Form | None = None
        self._at_start: dict[str, str] = {}
        self._checked: Checked | None = None
        self._asked = False
        self._timer: Timer | None = None
        self._rows = {field.id: FieldRow(field) for field in form_fields()}

    def compose(self) -> ComposeResult:
        """Lay out the fields, and below them the help for the present one and the entry."""
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

    def on_mount(self) -> None:
        """Show no field before there is a study."""
        self.query_one("#form").display = False

    # What the screen around it asks and does.

    @property
    def form(self) -> Form | None:
        """The study that is being coded, none before the first."""
        return self._form

    @property
    def verdict(self) -> str:
        """What is wrong, needed and follows, in a line; empty before the first study."""
        return self._checked.in_words(self._form.key) if self._form and self._checked else ""

    def begin(self, form: Form, *, copy: bool = False) -> None:
        """Take up a study; with ``copy``, begin with what its last finding is likely to share."""
        self._form, self._asked = form, False
        self._at_start = form.start(copy=copy)
        shown = {field.id for field in form.fields()}
        with self.prevent(Input.Changed):
            for name, row in self._rows.items():
                row.display = name in shown
                row.input.load(form, self._at_start.get(name, ""))
        self.query_one("#study-section").display = any(name.startswith(STUDY) for name in shown)
        self.query_one("#form").display = True
        self.check()
        first = "study-measure" if "study-measure" in shown else f"finding-{'outcome' if copy else 'policy'}"
        self.screen.set_focus(self._rows[first].input, scroll_visible=False)
        self.call_after_refresh(self._begin_at_top)

    def values(self) -> dict[str, str]:
        """Return what stands in the fields."""
        return {field.id: self._rows[field.id].input.value for field in self._form.fields()} if self._form else {}

    def would_lose(self) -> bool:
        """Say whether something was filled in since the beginning."""
        filled = {name: value.strip() for name, value in self.values().items() if value.strip()}
        return self._form is not None and filled != self._at_start

    def finish(self) -> bool:
        """Say whether the finding is whole; where not, show all that is wrong and go to the first of it."""
        form = self._form
        if not form:
            return False
        for row in self._rows.values():
            row.input.tidy()
        self._asked = True
        checked = self.check()
        if not checked or not (checked.errors or checked.needed):
            return checked is not None
        wrong = {name for name, found in checked.problems.items() if found.is_error}
        wrong |= {field.id for field in form.needed(self.values())}
        for field in form.fields():
            if field.id in wrong and not self._rows[field.id].input.disabled:
                self._rows[field.id].input.focus()
                break
        return False

    def go_to_needed(self) -> bool:
        """Go to the next field that is still needed, and say whether there is one."""
        if not self._form:
            return False
        self._open_fields()
        order, focused = list(self._rows), self.screen.focused
        here = order.index(focused.field.id) if isinstance(focused, FieldInput) else -1
        needed = [order.index(field.id) for field in self._form.needed(self.values())]
        if needed:
            self._rows[order[next((place for place in needed if place > here), needed[0])]].input.focus()
        return bool(needed)

    def copy_last(self) -> bool:
        """Fill empty fields from the last finding of the study, and say whether there is one."""
        form = self._form
        if not form or not form.coded:
            return False
        for name, value in form.start(copy=True).items():
            line = self._rows[name].input
            if not line.value:
                line.load(form, value)
        return True

    def check(self) -> Checked | None:
        """Check the form as it stands, and show what is wrong; none where there is no study."""
        form = self._form
        if not form or not is_here(self):
            return None
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
        self.post_message(self.Judged())
        return checked

    # What happens in the fields.

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(event.input, FieldInput) and event.input.has_focus:
            event.input.chosen = 0
            self._show_help(event.input)
        self._check_later()

    def _check_later(self) -> None:
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, self.check)

    @on(FieldInput.Moved)
    def _moved(self, event: FieldInput.Moved) -> None:
        self._show_help(event.field)

    @on(FieldInput.Done)
    def _done(self, event: FieldInput.Done) -> None:
        self._open_fields()
        if self.screen.focused is event.field:
            (self.screen.focus_next if event.steps > 0 else self.screen.focus_previous)(FieldInput)

    @on(MatchList.Picked)
    def _picked(self, event: MatchList.Picked) -> None:
        if isinstance(self.screen.focused, FieldInput):
            self.screen.focused.pick(event.number)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show what the field is for, and which names may stand in it."""
        if isinstance(event.widget, FieldInput):
            self._show_help(event.widget)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Write names as the coding format does; from now on, show what is wrong here."""
        if isinstance(event.widget, FieldInput):
            event.widget.touched = True
            event.widget.tidy()
            self._check_later()

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

    def _begin_at_top(self) -> None:
        """Show the form from its beginning, as far as the field with the focus allows."""
        form = self.query_one("#form", VerticalScroll)
        form.scroll_to(y=0, animate=False, immediate=True)
        if isinstance(self.screen.focused, FieldInput):
            form.scroll_to_widget(self.screen.focused, animate=False, immediate=True)


def plain_lines(text: str) -> Text:
    """Return several lines of data as text that is drawn letter by letter."""
    return Text("\n").join(Text("  " * line.startswith(" ")).append_text(plain(line)) for line in text.splitlines())
