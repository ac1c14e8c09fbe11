"""The application: opens the collection and shows the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual import on, work
from textual.app import App

from kb.errors import KnowledgeBaseError
from kb.text import clean_text
from tui.desk import CollectionChanged, Desk
from tui.screens.evidence import EvidenceScreen
from tui.session import Choice, Session, open_session

if TYPE_CHECKING:
    from concurrent.futures import Future

    from textual.screen import Screen

    from kb.collection import Collection


@runtime_checkable
class Replans(Protocol):
    """A screen whose plan has to be made again when files changed."""

    def plan_again(self) -> None:
        """Make the plan again."""


@runtime_checkable
class Holds(Protocol):
    """A screen with something that is not saved yet."""

    def would_lose(self) -> bool:
        """Say whether something would be lost."""


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
        self.desk = Desk(collection)

    def get_default_screen(self) -> Screen[Any]:
        """Return the evidence where the store is up to date, else the screen that shows how it is built."""
        try:
            self._session = self._opening.result() if self._opening else open_session(self._collection)
        except KnowledgeBaseError as error:
            self._failure = str(error)
        if self._session:
            return EvidenceScreen(self._session, self.desk)
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
        self.push_screen(EvidenceScreen(session, self.desk))

    @on(CollectionChanged)
    @work(thread=True, exclusive=True, group="reading")
    def _read_again(self) -> None:
        """Bring the store up to date behind the screens, and show what it holds then."""
        from kb.build import ensure

        try:
            session = Session(ensure(self._collection)[0])
            session.rows(Choice())
        except KnowledgeBaseError as error:
            self.call_from_thread(self.notify, str(error), severity="error", markup=False)
        else:
            self.call_from_thread(self._replace, session)

    def _replace(self, session: Session) -> None:
        before, self._session = self._session, session
        for screen in self.screen_stack:
            if isinstance(screen, EvidenceScreen):
                screen.take(session)
        if before:
            before.close()

    def on_unmount(self) -> None:
        """Let the store go."""
        if self._session:
            self._session.close()

    def action_help(self) -> None:
        """Show the keys."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen())

    def action_undo(self) -> None:
        """Take the last addition or coding back, after a question."""
        from tui.screens.confirm import ConfirmScreen

        try:
            what = self.desk.newest()
        except KnowledgeBaseError as error:
            self.notify(clean_text(str(error)), severity="error", markup=False)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._undo(what)

        self.push_screen(ConfirmScreen(f"Take back: {what}?", "Take it back"), answered)

    @work(thread=True, exclusive=True, group="writing")
    def _undo(self, what: str) -> None:
        try:
            said = self.desk.undo(what)
        except KnowledgeBaseError as error:
            self.call_from_thread(self.notify, clean_text(str(error)), severity="error", markup=False)
        else:
            self.call_from_thread(self._undone, said)

    def _undone(self, said: str) -> None:
        self.notify(clean_text(said), markup=False)
        self.post_message(CollectionChanged())
        for screen in self.screen_stack:
            if isinstance(screen, Replans):
                screen.plan_again()

    async def action_quit(self) -> None:
        """Leave; asks first where a form would be lost."""
        from tui.screens.confirm import ConfirmScreen

        screen = self.screen
        if not (isinstance(screen, Holds) and screen.would_lose()):
            self.exit()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.exit()

        self.push_screen(
            ConfirmScreen("What is in the form is not saved. Leave the program?", "Leave", "Stay"), answered
        )
