"""The application: opens the collection and shows the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App

from kb.errors import KnowledgeBaseError
from kb.stamps import is_fresh
from kb.store import open_store
from tui.keys import bindings
from tui.screens.evidence import EvidenceScreen
from tui.session import Session

if TYPE_CHECKING:
    from textual.binding import BindingType

    from kb.collection import Collection


class EvidenceApp(App[str]):
    """The terminal user interface of one collection. It returns a message where it could not open it."""

    TITLE = "MIPEX evidence"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("app"))

    def __init__(self, collection: Collection) -> None:
        super().__init__()
        self._collection = collection
        self._session: Session | None = None

    def on_mount(self) -> None:
        """Show the evidence at once where the store is up to date, else build it first."""
        if is_fresh(self._collection):
            self._open(Session(open_store(self._collection)))
        else:
            from tui.screens.loading import LoadingScreen

            loading = LoadingScreen()
            self.push_screen(loading)
            self._build(loading.advance)

    @work(thread=True, exclusive=True)
    def _build(self, advance: object) -> None:
        from kb.build import ensure

        def progress(done: int, total: int, name: str) -> None:
            self.call_from_thread(advance, done, total)  # type: ignore[arg-type]

        try:
            reader, _ = ensure(self._collection, progress)
            session = Session(reader)
        except KnowledgeBaseError as error:
            self.call_from_thread(self.exit, str(error))
        else:
            self.call_from_thread(self._open, session)

    def _open(self, session: Session) -> None:
        self._session = session
        if len(self.screen_stack) > 1:
            self.switch_screen(EvidenceScreen(session))
        else:
            self.push_screen(EvidenceScreen(session))

    def on_unmount(self) -> None:
        """Let the store go."""
        if self._session:
            self._session.close()

    def action_help(self) -> None:
        """Show the keys."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen())
