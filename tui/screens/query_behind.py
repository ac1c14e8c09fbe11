"""The query behind a screen: to read, to copy, to run as it is or changed, and to write to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from kb.errors import KnowledgeBaseError
from kb.sparql_text import portable, tokens, without_header
from kb.text import counted, has_unsafe
from tui.export import recall, write
from tui.keys import bindings
from tui.plain import plain
from tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.app import EvidenceApp

#: Kind of token -> colour of the theme, and whether it is bold; what is not here is drawn as text.
_STYLES = {
    "keyword": ("primary", True), "function": ("primary", False), "string": ("success", False),
    "iri": ("secondary", False), "variable": ("warning", False), "comment": ("", False),
}  # fmt: skip


class QueryBehindScreen(ModalScreen[None]):
    """Shows a query."""

    CSS_PATH = "../styles/takeaway.tcss"
    AUTO_FOCUS: ClassVar[str] = "#behind-query"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("behind"))
    app: EvidenceApp

    def __init__(self, title: str, query: str) -> None:
        """Show ``query`` with no more prefixes than it needs."""
        super().__init__()
        self._title = title
        self._body = without_header(query).strip("\n") + "\n"
        self._query = portable(self._body)

    def compose(self) -> ComposeResult:
        """Show the title and the query."""
        with Vertical(classes="parcel parcel-whole"):
            yield Static(plain(f"The query behind: {self._title}", "bold"), markup=False)
            if number := self._query.count("\n") - self._body.count("\n"):
                along = f"{counted(number, 'line')} of prefixes are copied, written and run with it."
                yield Static(plain(along, "dim"), markup=False)
            with VerticalScroll(id="behind-query"):
                yield Static(self._coloured(), id="behind-text", markup=False)
        yield KeyBar()

    def _coloured(self) -> Text:
        variables, query = self.app.theme_variables, self._body
        text = Text()
        last = 0
        for token in tokens(query):
            colour, bold = _STYLES.get(token.kind, ("", False))
            style = Style(color=variables.get(colour) if colour else None, bold=bold, dim=token.kind == "comment")
            text.append(_shown(query[last : token.start])).append(_shown(query[token.start : token.end]), style)
            last = token.end
        return text.append(_shown(query[last:]))

    def action_copy(self) -> None:
        """Send the query to the clipboard of the terminal."""
        self.app.copy_to_clipboard(_shown(self._query))
        self.notify("The query was sent to the terminal's clipboard.", markup=False)

    def action_run(self) -> None:
        """Open the query on the screen for SPARQL."""
        self.dismiss()
        self.app.open_query(self._query)

    def action_text(self) -> None:
        """Show the query as text that can be selected."""
        from tui.screens.text import TextScreen

        self.app.push_screen(TextScreen(self._title, self._query))

    def action_write(self) -> None:
        """Write the query to a file, after asking for its name."""
        from tui.screens.ask import AskScreen

        folder = recall()[1]
        place = Path(folder) if folder and Path(folder).is_dir() else Path.cwd()
        self.app.push_screen(
            AskScreen("Write the query to:", str(place / "mipex-query.rq"), is_path=True), self._name_given
        )

    def _name_given(self, name: str | None) -> None:
        from tui.screens.confirm import ConfirmScreen

        if not name or not name.strip():
            return
        path = Path(name.strip()).expanduser()

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(path, force=True)

        if path.is_file():
            self.app.push_screen(ConfirmScreen(f"Replace {path}?", "Replace"), answered)
        else:
            self._write(path, force=False)

    def _write(self, path: Path, *, force: bool) -> None:
        try:
            write([(path, self._query.encode("utf-8", "replace"))], force=force)
        except KnowledgeBaseError as error:
            self.notify(plain(str(error)).plain, severity="error", markup=False)
        else:
            self.notify(plain(f"Written: the query to {path.absolute()}").plain, markup=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()


def _shown(text: str) -> str:
    """Return a part of a query without what a terminal could obey."""
    text = text.replace("\r\n", "\n")
    return "".join("\ufffd" if has_unsafe(letter) else letter for letter in text) if has_unsafe(text) else text
