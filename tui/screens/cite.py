"""The styles in which a study can be cited, each with how that looks; one is taken to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on, work
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from kb.citations import citation_style, citation_styles, cite
from kb.errors import KnowledgeBaseError
from kb.text import clean_text
from tui.keys import bindings
from tui.leaving import is_here
from tui.plain import plain
from tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.studies import StudyDocument


class Manner(NamedTuple):
    """How studies are cited: the name of the style, and whether as Markdown."""

    style: str = "apa"
    markdown: bool = False


class CiteScreen(ModalScreen["Manner | None"]):
    """Shows the citation of a study in the chosen style; returns the manner in which it was copied, or none."""

    CSS_PATH = "../styles/studies.tcss"
    AUTO_FOCUS: ClassVar[str] = "#styles"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("cite"))

    def __init__(self, document: StudyDocument, manner: Manner) -> None:
        super().__init__()
        self._document = document
        self.manner = manner
        #: The citation as shown, empty until it is made.
        self.citation = ""
        self._is_wanted = False

    def compose(self) -> ComposeResult:
        """Lay out the list of styles and the citation below it."""
        with Vertical(id="cite"):
            yield Static(id="cite-title", markup=False)
            yield Static("Select with the mouse; most terminals want Shift held down.", id="cite-help", markup=False)
            yield OptionList(*(Option(plain(style.title), style.name) for style in citation_styles()), id="styles")
            with VerticalScroll(id="citation-frame", can_focus=False):
                yield Static(id="citation", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Choose the style used last."""
        names = [style.name for style in citation_styles()]
        styles = self.query_one("#styles", OptionList)
        styles.highlighted = names.index(self.manner.style) if self.manner.style in names else 0

    @on(OptionList.OptionHighlighted)
    def _style_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.manner = self.manner._replace(style=event.option.id or "plain")
        self._show()

    def _show(self) -> None:
        title = citation_style(self.manner.style).title
        kind = "Markdown" if self.manner.markdown else "plain text"
        self.query_one("#cite-title", Static).update(plain(f"{self._document.key} in {title} (as {kind})", "bold"))
        self.citation = ""
        self._make(self.manner)

    @work(thread=True, exclusive=True, group="citation")
    def _make(self, manner: Manner) -> None:
        """Make the citation behind the screen: the first one reads the style."""
        worker = get_current_worker()
        try:
            text = cite(self._document, manner.style, markdown=manner.markdown)
        except KnowledgeBaseError as error:
            self.app.call_from_thread(self.app.notify, clean_text(str(error)), severity="error", markup=False)
        else:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._made, manner, text)

    def _made(self, manner: Manner, text: str) -> None:
        if manner == self.manner and self.is_mounted and is_here(self):
            self.citation = text
            self.query_one("#citation", Static).update(plain(text))
            if self._is_wanted:
                self.action_copy()

    @on(OptionList.OptionSelected)
    def _style_clicked(self) -> None:
        """Copy where the style that was clicked is the one whose citation is shown."""
        if self.citation:
            self.action_copy()

    def action_copy(self) -> None:
        """Send the citation to the clipboard of the terminal, as soon as it is made."""
        self._is_wanted = True
        if self.citation:
            self.app.copy_to_clipboard(self.citation)
            self.app.notify("The citation was sent to the terminal's clipboard.", markup=False)
            self.dismiss(self.manner)

    def action_markdown(self) -> None:
        """Show the citation as Markdown, or as plain text again."""
        self.manner = self.manner._replace(markdown=not self.manner.markdown)
        self._show()

    def action_text(self) -> None:
        """Show the citation alone, without frames, so that the mouse can select it; again, show all."""
        self.toggle_class("-alone")

    def action_leave(self) -> None:
        """Show all again where the citation stands alone; else leave without copying."""
        if self.has_class("-alone"):
            self.remove_class("-alone")
        else:
            self.dismiss(None)
