"""Fixtures of the interface: an opened application, the lines of its screen, and made-up findings."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.css.stylesheet import Stylesheet
from textual.events import MouseScrollDown, MouseScrollUp
from textual.worker import WorkerCancelled

import tui.browser
from kb.build import ensure
from kb.collection import Collection
from kb.evidence import Row
from kb.tables import make_tables
from tui.app import EvidenceApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from textual.app import App
    from textual.css.model import RuleSet
    from textual.pilot import Pilot
    from textual.widget import Widget

    from kb.store import Reader

    Opener = Callable[..., AbstractAsyncContextManager[Pilot[str]]]
    Lines = Callable[[App[Any]], list[str]]
    MakeRow = Callable[..., Row]
    Sparql = Callable[..., AbstractAsyncContextManager[Pilot[str]]]
    Wheel = Callable[..., Awaitable[None]]


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch animation off: Textual reads its environment when it is imported, before any fixture runs."""
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")


_WARM_LATER = EvidenceApp._warm_later


@pytest.fixture
def warmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare behind the screen what will be asked for next, as the program does."""
    monkeypatch.setattr(EvidenceApp, "_warm_later", _WARM_LATER)


@pytest.fixture(autouse=True, scope="session")
def cold() -> Iterator[None]:
    """Prepare nothing behind the screen: that takes as long as a test, and most want little of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EvidenceApp, "_warm_later", lambda *_: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """Let all applications of a run share what they parse of style sheets, which takes longer than most tests."""
    original = Stylesheet._parse_rules
    parsed: dict[object, list[RuleSet]] = {}

    def parse(sheet: Stylesheet, css: str, *places: Any, **more: Any) -> list[RuleSet]:  # noqa: ANN401
        key = (css, places, tuple(more.items()), tuple(sheet._variables.items()))
        if key not in parsed:
            parsed[key] = original(sheet, css, *places, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse)
        yield


_DRAW = Compositor.render_update


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw after every key: for tests of what is drawn, and for clicks that find their place in what was drawn."""
    monkeypatch.setattr(Compositor, "render_update", _DRAW)


@pytest.fixture(autouse=True, scope="session")
def drawn_on_demand() -> Iterator[None]:
    """Draw a screen where a test looks at it, and when an application is left, and not after every key.

    Without a terminal nothing is shown anyway; drawing takes half the time of a test.
    """

    def nothing(compositor: Compositor, full: bool = False, screen_stack: Any = None, simplify: bool = False) -> None:  # noqa: ANN401
        visible_screen_stack.set(screen_stack or [])
        compositor._dirty_regions.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", nothing)
        yield


ROUNDS = 12
A_MOMENT = 0.004  # seconds in which whatever is under way goes on


async def still(pilot: Pilot[Any]) -> None:
    """Wait until every message is handled, and those that it led to, and the screen is laid out and drawn.

    The pilot's own pause waits for one round of messages and then until the process is idle, which takes long and which
    a loaded machine fakes; here a message may bubble up and start others until, twice in turn, nothing is left.
    """
    quiet: object = None
    for _ in range(ROUNDS):
        if await pilot._wait_for_screen() and pilot.app.screen_stack:
            screen = pilot.app.screen
            screen._on_timer_update()
            if not is_quiet(pilot.app):
                quiet = None
            elif quiet is screen:
                return
            else:
                quiet = screen
        await asyncio.sleep(A_MOMENT)
    await pilot.pause()


def is_quiet(app: App[Any]) -> bool:
    """Say whether no widget has a message left, and nothing is left to be laid out or called."""
    screen = app.screen
    left: object = screen._callbacks or screen._layout_required or screen._dirty_widgets
    left = left or app.animator._animations or app.animator._scheduled
    nodes = (app, *screen.walk_children(with_self=True))
    return not left and all(node._message_queue.empty() and not node._next_callbacks for node in nodes)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory, toy: Collection) -> Collection:
    """Return a place for a collection that tests change one after the other, so that little is built anew."""
    return Collection((tmp_path_factory.mktemp("workshop") / "studies",), toy.ontology)


@pytest.fixture
def own(workshop: Collection, toy: Collection) -> Collection:
    """Return a copy of the toy collection that may be changed, built already."""
    (folder,) = workshop.studies
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(toy.studies[0], folder)
    ensure(workshop)[0].close()
    return workshop


@pytest.fixture
def hostile_reader(hostile: Collection) -> Iterator[Reader]:
    """Return the opened hostile collection."""
    reader, _ = ensure(hostile)
    make_tables(reader)
    with reader:
        yield reader


@pytest.fixture
def opened() -> Opener:
    """Return a context manager that opens a collection in the application and waits until it stands still.

    Where a numbered screen is named, it opens first, as after a run that ended there.
    """

    @asynccontextmanager
    async def open_it(
        collection: Collection, size: tuple[int, int] = (80, 24), first: str = ""
    ) -> AsyncIterator[Pilot[str]]:
        app = EvidenceApp(collection)
        if first:
            app._remembered = app._remembered._replace(place=first)
        async with app.run_test(size=size) as pilot:
            with suppress(WorkerCancelled):  # work that gave way to newer work
                await app.workers.wait_for_complete()
            await still(pilot)
            yield pilot
            if app.screen_stack:
                app.screen._compositor.render_strips()

    return open_it


@pytest.fixture
def lines() -> Lines:
    """Return a function that gives the lines of the screen as they would be drawn."""

    def read(app: App[Any]) -> list[str]:
        return [strip.text for strip in app.screen._compositor.render_strips()]

    return read


@pytest.fixture
def make_row() -> MakeRow:
    """Return a function that makes a finding up; what is not given is empty."""

    def make(number: int, **fields: str) -> Row:
        return Row._make([""] * len(Row._fields))._replace(
            finding=f"made{number}-1", study=f"made{number}", direction="positive", **fields
        )

    return make


@pytest.fixture
def wheel() -> Wheel:
    """Return a function that turns the wheel of the mouse one notch over a widget."""

    async def turn(pilot: Pilot[Any], over: type[Widget], *, down: bool = True) -> None:
        await pilot._post_mouse_events([MouseScrollDown if down else MouseScrollUp], over, offset=(3, 1))
        await still(pilot)

    return turn


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test open a browser."""
    monkeypatch.setattr(tui.browser, "opener", list)


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands with which a browser would have been started; nothing is."""
    commands: list[list[str]] = []

    def start(command: list[str], **_: object) -> None:
        commands.append(command)

    monkeypatch.setattr(tui.browser, "opener", lambda: ["xdg-open"])
    monkeypatch.setattr("subprocess.Popen", start)
    return commands


@pytest.fixture
def sparql(opened: Opener) -> Sparql:
    """Return a context manager that opens a collection at the screen for SPARQL."""

    from tests.tui.driving import until
    from tests.tui.test_sparql_screen import screen_of
    from tui.screens.sparql import SparqlScreen

    @asynccontextmanager
    async def open_it(collection: Collection, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[str]]:
        async with opened(collection, size, "sparql") as pilot:
            await until(pilot, lambda: isinstance(pilot.app.screen, SparqlScreen))
            await until(pilot, lambda: screen_of(pilot).editor.completer is not None)
            yield pilot

    return open_it
