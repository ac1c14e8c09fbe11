"""The application: opens the collection and shows the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import App

from kb.errors import KnowledgeBaseError
from tui.screens.evidence import EvidenceScreen
from tui.session import Session, open_session

if TYPE_CHECKING:
    from concurrent.futures import Future

    from textual.screen import Screen

    from kb.collection import Collection


class EvidenceApp(App[str]):
    """The terminal user interface of one collection. It returns a message where it could not open it."""

    TITLE = "MIPEX evidence"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, collection: Collection, opening: Future[Session | None] | None = None) -> None:
        """Show ``collection``; ``opening`` is its session where that is being opened already."""
        super().__init__()
        self._collection = collection
        self._opening = opening
        self._session: Session | None = None
        self._failure = ""

    def get_default_screen(self) -> Screen[Any]:
        """Return the evidence where the store is up to date, else the screen that shows how it is built."""
        try:
            self._session = self._opening.result() if self._opening else open_session(self._collection)
        except KnowledgeBaseError as error:
            self._failure = str(error)
        if self._session:
            return EvidenceScreen(self._session)
        from tui.screens.loading import LoadingScreen

        return LoadingScreen()

    def on_mount(self) -> None:
        """Build the store where that is needed; else bring it into memory behind the screen."""
        if self._failure:
            self.exit(self._failure)
        elif self._session is None:
            self._build()
        else:
            warm = self._session.warm
            self.set_timer(1, lambda: self.run_worker(warm, thread=True, exit_on_error=False))

    @work(thread=True, exclusive=True)
    def _build(self) -> None:
        from kb.build import ensure

        def progress(done: int, total: int, name: str) -> None:
            self.call_from_thread(self._advance, done, total)

        try:
            reader, _ = ensure(self._collection, progress)
            session = Session(reader)
        except KnowledgeBaseError as error:
            self.call_from_thread(self.exit, str(error))
        else:
            self.call_from_thread(self._open, session)

    def _advance(self, done: int, total: int) -> None:
        from tui.screens.loading import LoadingScreen

        if isinstance(self.screen, LoadingScreen):
            self.screen.advance(done, total)

    def _open(self, session: Session) -> None:
        self._session = session
        self.push_screen(EvidenceScreen(session))

    def on_unmount(self) -> None:
        """Let the store go."""
        if self._session:
            self._session.close()

    def action_help(self) -> None:
        """Show the keys."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen())
