"""Take away what a screen shows: as files in one or several formats, through the clipboard, or as text to select."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from kb.errors import KnowledgeBaseError
from kb.sheet import SHEET_FORMATS
from kb.text import counted
from tui.export import BINARY, RAW, Parcel, recall, remember, write
from tui.keys import all_keys, bindings
from tui.leaving import is_here
from tui.plain import plain
from tui.widgets.folder_input import FolderInput
from tui.widgets.key_bar import KeyBar
from tui.widgets.ticks import Tick, Ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from kb.session import Session
    from kb.sheet import Sheet


class ExportScreen(ModalScreen[None]):
    """Formats to tick, the name of the file, and what was written."""

    CSS_PATH = "../styles/takeaway.tcss"
    AUTO_FOCUS: ClassVar[str] = "#forms"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("export"))

    def __init__(
        self,
        session: Session,
        sheet: Sheet,
        raw: Mapping[str, Callable[[], bytes]] | None = None,
        ticked: tuple[str, ...] = (),
        raw_label: str = "{}",
    ) -> None:
        """Offer ``sheet``, and further formats by ending; ``ticked`` are those of them that are ticked at first.

        ``raw_label`` is what they are called, with ``{}`` for the ending.
        """
        super().__init__()
        self._raw_label = raw_label
        self._parcel = Parcel(session, sheet, raw or {})
        self.wish, self._folder = recall()
        self.wish = self.wish._replace(raw=ticked, forms=() if ticked else self.wish.forms)

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        sheet = self._parcel.sheet
        with VerticalScroll(classes="parcel", can_focus=False):
            rows, studies = counted(len(sheet.rows), "row"), counted(len(sheet.studies), "study", "studies")
            title = Text.assemble(plain(f"Export: {sheet.title}", "bold"), f" ({rows}, {studies})")
            yield Static(title, markup=False)
            yield Ticks(23, id="forms")
            yield Ticks(44, id="ways")
            with Vertical(id="where"):
                yield Static("File, without ending (Tab completes folders):", markup=False)
                yield FolderInput(self._parcel.stem(self._folder), id="stem", select_on_focus=False)
            yield Static(id="targets", markup=False)
            yield Static(id="export-said", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is ticked."""
        self._refresh()

    def _refresh(self) -> None:
        wish, parcel = self.wish, self._parcel
        keys = {key.action: key for key in all_keys() if key.scope == "export"}
        forms = [
            Tick(form, key.shown, key.label, form in wish.forms)
            for form in SHEET_FORMATS
            if (key := keys[f"tick('{form}')"])
        ]
        raw = [Tick(RAW + name, "", self._raw_label.format(name), name in wish.raw) for name in parcel.raw]
        self.query_one("#forms", Ticks).show([*forms, *raw])
        whole, record = keys["tick('whole')"], keys["tick('record')"]
        ways = [Tick("whole", whole.shown, whole.label, wish.whole)] if parcel.has_more else []
        self.query_one("#ways", Ticks).show([*ways, Tick("record", record.shown, record.label, wish.record)])
        self._show_targets()

    @on(Input.Changed, "#stem")
    def _show_targets(self) -> None:
        try:
            said = self._parcel.announced(self.query_one("#stem", Input).value, self.wish)
        except KnowledgeBaseError as error:
            said = str(error)
        self._tell("#targets", said or "Nothing is ticked.")

    def _tell(self, where: str, text: str) -> None:
        if is_here(self):
            line = self.query_one(where, Static)
            line.update(plain(text))
            if text:
                self.call_after_refresh(line.scroll_visible, animate=False)

    def say(self, text: str) -> None:
        """Say what was done, or why not."""
        self._tell("#export-said", text)

    @on(Ticks.Asked)
    def _asked(self, event: Ticks.Asked) -> None:
        self.action_tick(event.name)

    def action_tick(self, name: str) -> None:
        """Tick something, or take its tick off."""
        wish = self.wish
        if name == "whole":
            self.wish = wish._replace(whole=not wish.whole and self._parcel.has_more)
        elif name == "record":
            self.wish = wish._replace(record=not wish.record)
        else:
            raw = name.removeprefix(RAW)
            self.wish = wish.toggled(name) if name in SHEET_FORMATS else wish.toggled_raw(raw)
        self._refresh()

    def action_name(self) -> None:
        """Go to the name of the file."""
        self.query_one("#stem").focus()

    def action_back(self) -> None:
        """Stop writing; leave the name of the file; leave."""
        if any(worker.is_running and worker.node is self for worker in self.workers):
            self.workers.cancel_node(self)
            self.say("Stopped.")
        elif isinstance(self.focused, FolderInput):
            self.query_one("#forms").focus()
        else:
            self.dismiss()

    @on(Input.Submitted, "#stem")
    def action_write(self) -> None:
        """Write the files, after a question where some exist."""
        from tui.screens.confirm import ConfirmScreen

        try:
            files = self._parcel.files(self.query_one("#stem", Input).value, self.wish)
        except KnowledgeBaseError as error:
            self.say(str(error))
            return
        if not files:
            self.say("Tick a format first: press its letter, or click it.")
            return
        there = [str(path) for path in files.values() if path.exists()]

        def answered(yes: bool | None) -> None:
            if yes:
                self._write(files, force=True)

        if there:
            self.app.push_screen(ConfirmScreen(f"Replace {', '.join(there)}?", "Replace"), answered)
        else:
            self._write(files, force=False)

    @work(thread=True, exclusive=True, group="export")
    def _write(self, files: dict[str, Path], *, force: bool) -> None:
        worker, wish, app = get_current_worker(), self.wish, self.app
        made: list[tuple[Path, bytes]] = []
        try:
            for number, (form, path) in enumerate(files.items(), 1):
                if worker.is_cancelled:
                    return
                app.call_from_thread(self.say, f"Making {path.name} ({number} of {len(files)}); Esc stops ...")
                made.append((path, self._parcel.content(form, wish)))
            if worker.is_cancelled:
                return
            write(made, force=force)
        except KnowledgeBaseError as error:
            app.call_from_thread(self.say, str(error))
        else:
            remember(wish, str(next(iter(files.values())).absolute().parent))
            app.call_from_thread(self.say, f"{self._parcel.said(files, wish)} Esc closes.")
            app.call_from_thread(self._show_targets)

    def action_copy(self) -> None:
        """Send the first ticked format to the clipboard of the terminal."""
        self._make(self._copy)

    def action_show(self) -> None:
        """Show the first ticked format as text that can be selected."""
        self._make(self._show)

    def _make(self, then: Callable[[str, str], None]) -> None:
        form = next(
            (form for form in (*self.wish.forms, *(RAW + name for name in self.wish.raw)) if form not in BINARY), ""
        )
        if form:
            self._prepare(form, then)
        else:
            self.say("Tick a format that is text first, such as CSV.")

    @work(thread=True, exclusive=True, group="export")
    def _prepare(self, form: str, then: Callable[[str, str], None]) -> None:
        worker, app = get_current_worker(), self.app
        try:
            text = self._parcel.content(form, self.wish).decode("utf-8", "replace")
        except KnowledgeBaseError as error:
            app.call_from_thread(self.say, str(error))
        else:
            if not worker.is_cancelled:
                app.call_from_thread(then, form, text)

    def _copy(self, form: str, text: str) -> None:
        form = form.removeprefix(RAW)
        from tui.screens.text import harmless

        self.app.copy_to_clipboard(harmless(text))
        self.say(f"{form} was sent to the terminal's clipboard, {counted(len(text), 'character')}; v shows it as text.")

    def _show(self, form: str, text: str) -> None:
        from tui.screens.text import TextScreen

        if self.is_current:
            wrap = form.endswith("md")
            self.app.push_screen(TextScreen(f"{self._parcel.sheet.title}: {form.removeprefix(RAW)}", text, wrap=wrap))
