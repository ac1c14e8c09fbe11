"""The form of a named query: one line for each parameter, completed and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from kb.errors import KnowledgeBaseError
from kb.query_parameters import filled, problems, suggestions, taken
from tui.keys import bindings
from tui.plain import plain
from tui.widgets.key_bar import KeyBar
from tui.widgets.match_list import MatchList
from tui.widgets.text_fields import PlainInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.completion import Completer, Suggestion
    from kb.named_queries import NamedQuery, Parameter
    from kb.vocabulary import Vocabulary

_KINDS = {"text": "text; several with ; between", "number": "a whole number"}


class ParameterInput(PlainInput):
    """The line of one parameter."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter.default, id=f"parameter-{parameter.name}", select_on_focus=False)
        self.parameter = parameter


class QueryFormScreen(ModalScreen[str]):
    """Returns the SPARQL of the query as it was filled in, none where the form was left."""

    CSS_PATH = "../styles/sparql.tcss"
    AUTO_FOCUS: ClassVar[str] = "ParameterInput"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("query-form"))

    def __init__(self, query: NamedQuery, vocabulary: Vocabulary, completer: Completer) -> None:
        super().__init__()
        self._query = query
        self._vocabulary = vocabulary
        self._completer = completer
        self._inputs = [ParameterInput(parameter) for parameter in query.parameters]
        self._settled = {entry.parameter.name: entry.value for entry in self._inputs}
        self._matches = MatchList(id="parameter-names")
        self._names: list[Suggestion] = []
        self._number = 0
        self._pointed = False

    def compose(self) -> ComposeResult:
        """Lay out the lines, what the present one means, and the names for it."""
        with Vertical(id="query-form"):
            yield Static(plain(f"{self._query.title}: {self._query.description}"), id="form-title", markup=False)
            with VerticalScroll(id="parameters", can_focus=False):
                for entry in self._inputs:
                    with Horizontal(classes="parameter"):
                        yield Static(plain(entry.parameter.name), classes="parameter-name", markup=False)
                        yield entry
            yield Static(id="parameter-help", markup=False)
            yield self._matches
            yield KeyBar()

    @property
    def _entry(self) -> ParameterInput | None:
        return self.focused if isinstance(self.focused, ParameterInput) else None

    def on_descendant_focus(self) -> None:
        """Show what the line means, and the names for it."""
        self._pointed = False
        self._list_names()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._pointed = False
        self._list_names()

    def _texts(self) -> dict[str, str]:
        return {entry.parameter.name: entry.value for entry in self._inputs}

    def _list_names(self) -> None:
        """Show names for what is typed; all of them where nothing was typed since the last one was taken."""
        entry = self._entry
        if entry is None:
            return
        parameter = entry.parameter
        typed = "" if entry.value == self._settled[parameter.name] else entry.value
        self._names = suggestions(parameter, typed, self._completer)
        self._number = 0
        self._matches.show(self._names, 0)
        wrong = problems(self._query, self._texts(), self._vocabulary)
        for other in self._inputs:
            other.set_class(other.parameter.name in wrong and other is not entry, "wrong")
        kind = _KINDS.get(parameter.kind, f"{parameter.kind}, by any of its names; several with ; between")
        text = f"{parameter.name}: {parameter.description} ({kind})"
        if problem := wrong.get(parameter.name):
            text += f"\n{problem}"
        self.query_one("#parameter-help", Static).update(plain_lines(text))

    def action_match(self, steps: int) -> None:
        """Choose another name of the list; without a list, go to another line."""
        if not self._names:
            self._go(steps)
            return
        first = not self._pointed and steps > 0 and not self._is_typed()
        self._pointed = True
        self._number = 0 if first else max(0, min(len(self._names) - 1, self._number + steps))
        self._matches.show(self._names, self._number)

    def _is_typed(self) -> bool:
        entry = self._entry
        return entry is not None and entry.value != self._settled[entry.parameter.name]

    def action_take(self) -> None:
        """Take the chosen name where something was typed or chosen; then go to the next line."""
        entry = self._entry
        typed = entry is not None and self._is_typed() and entry.value.rpartition(";")[2].strip()
        if entry and self._names and (self._pointed or typed):
            self._take(entry, self._number)
        self._go(1)

    def _take(self, entry: ParameterInput, number: int) -> None:
        text = entry.value if self._is_typed() or not entry.value else f"{entry.value};"
        self._settled[entry.parameter.name] = entry.value = taken(text, self._names[number])
        entry.cursor_position = len(entry.value)

    def _go(self, steps: int) -> None:
        entry = self._entry
        if entry is self._inputs[-1] and steps > 0:
            self.action_done()
        elif entry is not None:
            place = max(0, min(len(self._inputs) - 1, self._inputs.index(entry) + steps))
            self._inputs[place].focus()

    @on(MatchList.Picked)
    def _picked(self, event: MatchList.Picked) -> None:
        if (entry := self._entry) and event.number < len(self._names):
            self._take(entry, event.number)

    def action_done(self) -> None:
        """Return the query; where a line is wrong, go there instead."""
        wrong = problems(self._query, self._texts(), self._vocabulary)
        for entry in self._inputs:
            if entry.parameter.name in wrong:
                entry.focus()
                self._list_names()
                self.notify(plain(wrong[entry.parameter.name]).plain, severity="error", markup=False)
                return
        try:
            self.dismiss(filled(self._query, self._texts(), self._vocabulary))
        except KnowledgeBaseError as error:
            self.notify(plain(str(error)).plain, severity="error", markup=False)

    def action_cancel(self) -> None:
        """Leave the form."""
        self.dismiss(None)


def plain_lines(text: str) -> str:
    """Return a text whose lines stay apart, each made plain."""
    return "\n".join(plain(line).plain for line in text.split("\n"))
