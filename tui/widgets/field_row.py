"""One field of a form: its name, a line to type in, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from tui.form import split
from tui.keys import bindings
from tui.plain import plain
from tui.widgets.text_fields import PlainInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.form import Field, Form, Suggestion


class FieldInput(PlainInput):
    """The line of a field. The list of names belongs to the form that it was last given."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("field"))

    class Done(Message):
        """The field is filled: go to the next one, or (-1) to the one before."""

        def __init__(self, field: FieldInput, steps: int) -> None:
            super().__init__()
            self.field = field
            self.steps = steps

        @property
        def control(self) -> FieldInput:
            """The field that tells."""
            return self.field

    class Moved(Message):
        """Another name of the list is chosen."""

        def __init__(self, field: FieldInput) -> None:
            super().__init__()
            self.field = field

    def __init__(self, field: Field) -> None:
        super().__init__(id=field.id, select_on_focus=False)
        self.field = field
        self.form: Form | None = None
        self.chosen = 0
        self.pointed = False
        self.touched = False
        self._settled = ""

    def load(self, form: Form, value: str) -> None:
        """Begin anew."""
        self.form, self.chosen, self.touched = form, 0, False
        self._settle(value)

    @property
    def is_listed(self) -> bool:
        """Whether the field has a list of names."""
        return bool(self.field.kinds) or self.field.name in ("measurestatus", "source")

    def names(self) -> list[Suggestion]:
        """Return the names that fit what is typed; all of them where nothing was typed since the last one was taken."""
        if not self.form or not self.is_listed:
            return []
        text = "" if self.value == self._settled and self.field.separator != "->" else self.value
        return self.form.suggestions(self.field, text)

    @property
    def is_typed(self) -> bool:
        """Whether something was typed since a name was taken."""
        return self.value != self._settled

    def action_take(self) -> None:
        """Take the chosen name where something was typed or chosen; then go on."""
        if self._take(self.chosen) and self.field.separator == "->" and "->" not in self.value:
            self._settle(f"{self.value} -> ")
        else:
            self.post_message(self.Done(self, 1))

    def action_match(self, steps: int) -> None:
        """Choose another name; without a list, go to another field."""
        found = len(self.names())
        if not found:
            self.post_message(self.Done(self, steps))
            return
        first = not self.is_typed and not self.chosen and steps > 0 and not self.pointed
        self.pointed = True
        self.chosen = 0 if first else max(0, min(found - 1, self.chosen + steps))
        self.post_message(self.Moved(self))

    def action_another(self) -> None:
        """Take the chosen name and begin another value; in other fields, type a semicolon."""
        if self.field.separator == ";" and self.is_typed and self._take(self.chosen):
            self.value = f"{self.value}; "
            self.cursor_position = len(self.value)
        else:
            self.insert_text_at_cursor(";")

    def pick(self, number: int) -> None:
        """Take a name of the list as the mouse does."""
        self.pointed = True
        if self._take(number):
            self.post_message(self.Done(self, 1))

    def _take(self, number: int) -> bool:
        before, segment = split(self.field, self.value)
        found = self.names()
        if not found or not (self.pointed or (segment and self.is_typed)):
            return False
        text = found[min(number, len(found) - 1)].text
        if self.field.name == "data" and segment.partition(":")[1] and self.is_typed:
            text += f":{segment.partition(':')[2]}"
        self._settle(before + text)
        return True

    def _settle(self, value: str) -> None:
        self._settled, self.chosen, self.pointed = value, 0, False
        self.value = value
        self.cursor_position = len(value)

    def tidy(self) -> None:
        """Write names as the coding format does."""
        if self.form and (text := self.form.tidy(self.field, self.value)) != self.value:
            self._settle(text)


class FieldRow(Vertical):
    """The name of a field (which the row itself draws), its line, and what is wrong with it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"field-row--name"}

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.input = FieldInput(field)
        self.complaint = ""
        self._problem: Static | None = None

    def compose(self) -> ComposeResult:
        """Hold the line; the problem comes when there is one."""
        yield self.input

    def render(self) -> Text:
        """Draw the name; what is needed has a star."""
        star = "*" * (self.field.needed == "yes")
        return Text(f"{self.field.name}{star}", self.get_component_rich_style("field-row--name"))

    def complain(self, sentence: str) -> None:
        """Show what is wrong, or nothing."""
        if sentence == self.complaint:
            return
        self.complaint = sentence
        if self._problem is None:
            self._problem = Static(classes="problem", markup=False)
            self.mount(self._problem)
        self._problem.display = bool(sentence)
        self._problem.update(plain(sentence))
