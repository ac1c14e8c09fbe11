"""The application: opens the collection, shows its numbered screens, and remembers where its user was."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from rich.text import Text
from textual import on, work
from textual.app import App

from kb.errors import KnowledgeBaseError, StoreError, UserFolderError
from kb.session import Session, make_session, open_session, remote_session
from kb.text import clean_text, counted
from tui.crash import crash_message, log_crash
from tui.desk import CollectionChanged, Desk
from tui.places import FIRST, place_of, places
from tui.screens.evidence import EvidenceScreen
from tui.state import State, read_state, write_state
from tui.style_sheet import StyleSheet
from tui.themes import next_theme, themes

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from textual.command import Provider
    from textual.screen import Screen

    from kb.baskets import Baskets
    from kb.collection import Collection
    from kb.facets import Choice
    from tui.screens.work import WorkScreen


ELSEWHERE = (
    "This collection is in a store elsewhere, and is not changed here. Add to the files, and send them there with: "
    "mipex-kb push"
)


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


def _commands() -> type[Provider]:
    from tui.palette import ScreenCommands

    return ScreenCommands


class EvidenceApp(App[str]):
    """The terminal user interface of one collection. It returns a message where it could not open it."""

    TITLE = "MIPEX evidence"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    DEFAULT_MODE: ClassVar[str] = "start"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}

    def __init__(
        self, collection: Collection, opening: Future[Session | None] | None = None, endpoint: str = ""
    ) -> None:
        """Show ``collection``; ``opening`` is its session where that is being opened already.

        With ``endpoint``, what is shown comes from there.
        """
        super().__init__()
        self._endpoint = endpoint
        self._collection = collection
        self._opening = opening
        self._session: Session | None = None
        self._failure = ""
        #: What the user is told after a crash.
        self.farewell = ""
        self._numbered: dict[str, WorkScreen] = {}
        self._mode_of: dict[str, str] = {}
        self._remembered = read_state()
        self._baskets: Baskets | None = None
        self.desk = Desk(collection, ELSEWHERE if endpoint else "")
        for theme in themes():
            self.register_theme(theme)
        names = [theme.name for theme in themes()]
        self.theme = self._remembered.theme if self._remembered.theme in names else names[0]
        self.stylesheet = StyleSheet(variables=self.get_css_variables())

    # Opening.

    def get_default_screen(self) -> Screen[Any]:
        """Return the screen used last where the store is up to date, else the one that shows how it is built."""
        try:
            if not self._endpoint:
                self._session = self._opening.result() if self._opening else open_session(self._collection)
        except KnowledgeBaseError as error:
            self._failure = str(error)
        if self._session:
            first = place_of(self._remembered.place or FIRST).name
            self._mode_of[first] = self.DEFAULT_MODE
            screen = self.work_screen(first)
            self.stylesheet.read_all(screen.css_path)  # Textual leaves out that of a default screen
            return screen
        from tui.screens.loading import LoadingScreen

        return LoadingScreen()

    def on_mount(self) -> None:
        """Build the store where that is needed; else prepare behind the screen what will be asked for next."""
        self.add_mode(self.DEFAULT_MODE, lambda: self.screen)  # so that one can come back to it
        if self._failure:
            self.exit(self._failure)
        elif self._session is None:
            self._build()
        else:
            self._warm_later(self._session)

    def _warm_later(self, session: Session) -> None:
        def settled() -> None:
            gc.freeze()
            gc.enable()
            self.run_worker(session.warm, thread=True, exit_on_error=False)

        self.set_timer(0.5, settled)

    @work(thread=True, exclusive=True)
    def _build(self) -> None:
        def progress(done: int, total: int, name: str) -> None:
            self.call_from_thread(self._advance, done, total)

        try:
            session = self._make(progress)
        except KnowledgeBaseError as error:
            self.call_from_thread(self.exit, str(error))
        else:
            self.call_from_thread(self._open, session)

    def _make(self, progress: Callable[[int, int, str], None] | None = None) -> Session:
        if self._endpoint:
            return remote_session(self._endpoint, self._collection)
        return make_session(self._collection, progress)

    def _advance(self, done: int, total: int) -> None:
        from tui.screens.loading import LoadingScreen

        if isinstance(self.screen, LoadingScreen):
            self.screen.advance(done, total)

    def _open(self, session: Session) -> None:
        self._session = session
        self.go(self._remembered.place or FIRST)
        self._warm_later(session)

    # Going from screen to screen.

    @property
    def session(self) -> Session:
        """The opened collection."""
        assert self._session is not None
        return self._session

    def work_screen(self, name: str) -> WorkScreen:
        """Return a numbered screen, made when it is first asked for."""
        place = place_of(name)
        if place.name not in self._numbered:
            screen = place.screen()(self.session, self.desk)
            screen.recall(self._remembered.screens.get(place.name, {}))
            self._numbered[place.name] = screen
        return self._numbered[place.name]

    def go(self, name: str) -> WorkScreen:
        """Show a numbered screen with whatever lies on it, and return it."""
        screen = self.work_screen(name)
        place = place_of(name).name
        if place not in self._mode_of:
            self.add_mode(place, lambda: screen)
            self._mode_of[place] = place
        if self.current_mode != self._mode_of[place]:
            self.switch_mode(self._mode_of[place])
        return screen

    def show_evidence(self, choice: Choice) -> None:
        """Show the findings of a choice."""
        screen = self.go("evidence")
        assert isinstance(screen, EvidenceScreen)
        screen.choose_when_ready(choice)

    def open_query(self, text: str) -> None:
        """Show a query on the screen for SPARQL."""
        screen: Any = self.go("sparql")
        screen.open_text(text)

    def action_jump(self) -> None:
        """Show a letter beside every part of the screen."""
        from tui.screens.jump import JumpScreen

        def jumped(key: str | None) -> None:
            if key:
                self.go(next(place.name for place in places() if place.key == key))

        if not self.screen.is_modal:
            self.push_screen(JumpScreen(self.screen), jumped)

    def action_help(self) -> None:
        """Show the keys, those of what has the focus first."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_next_theme(self) -> None:
        """Show other colours."""
        self.theme = next_theme(self.theme)
        self.notify(f"Colours: {self.theme}", markup=False)

    # The basket.

    @property
    def baskets(self) -> Baskets:
        """The baskets of the user."""
        if self._baskets is None:
            from kb.baskets import Baskets

            self._baskets = Baskets()
        return self._baskets

    def toggle_in_basket(self, keys: tuple[str, ...]) -> str:
        """Put keys into the current basket or take them out, and return what was done in words."""
        try:
            done = self.baskets.toggle(keys)
        except KnowledgeBaseError as error:
            return clean_text(str(error))
        what = keys[0] if len(keys) == 1 else counted(len(keys), "key")
        return clean_text(f"{what}: put into {done.basket}." if done.added else f"{what}: taken out of {done.basket}.")

    # The collection changes.

    @on(CollectionChanged)
    @work(thread=True, exclusive=True, group="reading")
    def _read_again(self) -> None:
        """Bring the store up to date behind the screens, and show what it holds then."""
        try:
            session = self._make()
        except KnowledgeBaseError as error:
            self.call_from_thread(self.notify, clean_text(str(error)), severity="error", markup=False)
        else:
            self.call_from_thread(self._replace, session)

    def _replace(self, session: Session) -> None:
        before, self._session = self._session, session
        for screen in self._numbered.values():
            screen.take(session)
        if before:
            before.close()

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
        for screen in self._all_screens():
            if isinstance(screen, Replans):
                screen.plan_again()

    # Leaving.

    async def action_quit(self) -> None:
        """Leave; asks first where a form would be lost."""
        from tui.screens.confirm import ConfirmScreen

        if not any(isinstance(screen, Holds) and screen.would_lose() for screen in self._all_screens()):
            self.leave()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.leave()

        self.push_screen(
            ConfirmScreen("What is in the form is not saved. Leave the program?", "Leave", "Stay"), answered
        )

    def _all_screens(self) -> list[Screen[Any]]:
        return [screen for stack in self._screen_stacks.values() for screen in stack]

    def leave(self) -> None:
        """Remember where the user was, and end."""
        try:
            self.remember()
        except UserFolderError as error:
            self.exit(str(error))
        else:
            self.exit()

    def remember(self) -> None:
        """Remember the screen, the colours and what each screen wants to find again.

        Raises:
            UserFolderError: the user's folder cannot be written.
        """
        if not self._numbered:
            return
        here = next((name for name, mode in self._mode_of.items() if mode == self.current_mode), FIRST)
        kept = {name: screen.memory() for name, screen in self._numbered.items()}
        write_state(State(here, self.theme, {**self._remembered.screens, **kept}))

    def on_unmount(self) -> None:
        """Let the store go."""
        if self._session:
            self._session.close()

    def _handle_exception(self, error: Exception) -> None:
        """Write what happened to a file, and tell the user which; a store that cannot be read is no crash."""
        if isinstance(error, StoreError):
            self.exit(str(error))
            return
        self.farewell = crash_message(log_crash(error))
        super()._handle_exception(error)
        self._exit_renderables = [Text(self.farewell)]
