"""The field in which a query is written: coloured by its parts, and completed at the cursor."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message
from textual.widgets import TextArea

from kb.sparql_text import tokens
from kb.text import clean_lines
from tui.keys import bindings
from tui.widgets.match_list import MatchList

if TYPE_CHECKING:
    from rich.text import Text
    from textual import events
    from textual.binding import BindingType

    from kb.completion import Completer, Completion

_COLOURED = ("keyword", "function", "variable", "name", "iri", "string", "language", "number", "comment")
_LONGEST = 100_000  # letters; a longer text stays without colours
_HEIGHT, _WIDTH = 8, 64  # of the list of names, at most


class QueryText(TextArea):
    """A query or its answer as coloured text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"query-text--{kind}" for kind in _COLOURED}

    def __init__(self, *, read_only: bool = False, soft_wrap: bool = True, id: str | None = None) -> None:
        super().__init__(
            soft_wrap=soft_wrap, read_only=read_only, tab_behavior="focus", show_line_numbers=True, compact=True, id=id
        )
        self._coloured = ""
        self._parts: dict[int, list[tuple[int, int, str]]] = {}

    def show(self, text: str) -> None:
        """Show another text."""
        self.load_text(clean_lines(text))

    def get_line(self, line_index: int) -> Text:
        """Return a line with the colours of its parts."""
        if self._coloured != self.text:
            self._coloured = self.text
            self._parts = _parts_by_line(self.text) if len(self.text) <= _LONGEST else {}
        line = super().get_line(line_index)
        for start, end, kind in self._parts.get(line_index, ()):
            line.stylize(self.get_component_rich_style(f"query-text--{kind}", partial=True), start, end)
        return line

    def on_paste(self, event: events.Paste) -> None:
        """Take away what the terminal could obey."""
        event.text = clean_lines(event.text)


class QueryEditor(QueryText):
    """Where a query is written. ``names`` is the list of what may stand at the cursor; the screen lays it out."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("completion"), *bindings("editor")]

    class Keep(Message):
        """The query is to be saved."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = MatchList(id="names")
        self.completer: Completer | None = None
        self._completion: Completion | None = None
        self._chosen = 0

    @property
    def completing(self) -> bool:
        """Whether the list of names is open."""
        return self._completion is not None

    def exchange(self, text: str) -> None:
        """Write another text in the place of this one, such that it can be taken back."""
        self.history.checkpoint()
        self.replace(clean_lines(text), (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor((0, 0))

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor on a place, line and column counted from 1."""
        self.move_cursor((line - 1, column - 1), center=True)
        self.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the keys of the list of names work only while it is open."""
        return self.completing if action in ("take", "other", "close") else True

    def action_complete(self, onward: int) -> None:
        """Show what may stand at the cursor; what is clear is written at once, and ``onward`` leaves an empty place."""
        before = self.document.get_line(self.cursor_location[0])[: self.cursor_location[1]]
        if onward and not before.strip()[-1:].isalnum() and before[-1:] not in (":", "?", "$", "_", "-"):
            self.screen.focus_next()
            return
        found = self._at_cursor()
        if found and len(found.suggestions) == 1:
            self._completion, self._chosen = found, 0
            self.action_take()
        else:
            self._show(found)

    def action_other(self, steps: int) -> None:
        """Choose another name of the list."""
        if self._completion:
            self._chosen = (self._chosen + steps) % len(self._completion.suggestions)
            self.names.show(self._completion.suggestions, self._chosen)

    def action_take(self) -> None:
        """Write the chosen name in the place of what was typed."""
        self.take(self._chosen)

    def take(self, number: int) -> None:
        """Write a name of the list in the place of what was typed."""
        if self._completion is None or number >= len(self._completion.suggestions):
            return
        completion = self._completion
        text = completion.suggestions[number].text
        self._show(None)
        start, end = self._location(completion.start), self._location(completion.end)
        done = self.replace(text, start, end, maintain_selection_offset=False)
        self.move_cursor(done.end_location)
        if text.endswith(":"):
            self._show(self._at_cursor())

    def action_save(self) -> None:
        """Ask for the query to be saved."""
        self.post_message(self.Keep())

    def action_close(self) -> None:
        """Close the list of names."""
        self._show(None)

    def on_blur(self) -> None:
        """Close the list of names."""
        self._show(None)

    @on(TextArea.SelectionChanged)
    def _moved(self) -> None:
        if self._completion is not None:
            self._show(self._at_cursor())

    def _at_cursor(self) -> Completion | None:
        if self.completer is None:
            return None
        row, column = self.cursor_location
        return self.completer.at(self.text, len("\n".join([*self.text.split("\n")[:row], ""])) + column)

    def _location(self, position: int) -> tuple[int, int]:
        before = self.text[:position].split("\n")
        return len(before) - 1, len(before[-1])

    def _show(self, completion: Completion | None) -> None:
        was_open = self.completing
        self._completion = completion if completion and completion.suggestions else None
        self._chosen = 0
        if self._completion is None:
            self.names.display = False
        else:
            self._place(len(self._completion.suggestions))
            self.names.display = True
            self.names.show(self._completion.suggestions, 0)
        if was_open != self.completing:
            self.refresh_bindings()

    def _place(self, number: int) -> None:
        """Put the list below the cursor, or above it where there is no room."""
        x, y = self.cursor_screen_offset
        width, height = min(_WIDTH, self.screen.size.width), min(_HEIGHT, number)
        top = y + 1 if y + 1 + height < self.screen.size.height else max(y - height, 0)
        styles = self.names.styles
        styles.width, styles.height = width, height
        styles.offset = (min(x, self.screen.size.width - width), top)


def _parts_by_line(text: str) -> dict[int, list[tuple[int, int, str]]]:
    """Return the coloured parts of each line: from which letter to which, and the kind."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    number = 0
    for token in tokens(text):
        if token.kind not in _COLOURED:
            continue
        while starts[number + 1] <= token.start:
            number += 1
        last = number
        while starts[last] < token.end:
            begin = max(token.start - starts[last], 0)
            found[last].append((begin, min(token.end, starts[last + 1] - 1) - starts[last], token.kind))
            last += 1
    return found
