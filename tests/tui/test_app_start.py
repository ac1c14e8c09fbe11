"""The start: progress while the collection is read, keys pressed too early, and what changed since the last time."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest

import kb.build
from kb.facets import Choice
from kb.session import Session
from tests.tui.conftest import still
from tests.tui.driving import CORE, choice, focused, has_left, press, screen_of, table, until
from tui.app import EvidenceApp
from tui.screens.help import HelpScreen
from tui.screens.loading import LoadingScreen
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from kb.build import BuildReport
    from kb.collection import Collection
    from kb.stamps import Scan
    from kb.store import Reader
    from tests.tui.conftest import Lines, Opener

    Progress = Callable[[int, int, str], None]


class Gate:
    """Stands before the real build, so that a test can look at the screen meanwhile."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.real = kb.build.build

    def __call__(self, collection: Collection, progress: Progress, *, seen: Scan) -> BuildReport:
        """Tell how far it is, wait, and build."""
        progress(3, 12, "made-up.bib")
        assert self.open.wait(30)
        return self.real(collection, progress, seen=seen)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Return a gate before the build of the application."""
    gate = Gate()
    monkeypatch.setattr(kb.build, "build", gate)
    return gate


async def at_the_gate(app: EvidenceApp, pilot: Pilot[str], lines: Lines) -> str:
    """Wait until the progress told at the gate is on the screen, and return the screen."""
    await until(pilot, lambda: "25%" in "\n".join(lines(app)))
    return "\n".join(lines(app))


async def test_the_first_start_shows_that_it_reads_and_then_the_evidence(
    copy_of_toy: Collection, gate: Gate, lines: Lines
) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            text = await at_the_gate(app, pilot, lines)
            assert isinstance(app.screen, LoadingScreen)
            assert "Reading the collection" in text
        finally:
            gate.open.set()
        await app.workers.wait_for_complete()
        await still(pilot)
        assert len(table(pilot).rows) == CORE
        assert focused(pilot) is RowTable
        assert "Reading the collection" not in "\n".join(lines(app))
        await press(pilot, "q")
    assert app.return_code == 0


@pytest.mark.usefixtures("warmed")
async def test_what_is_asked_for_next_is_prepared_behind_the_first_screen(
    toy: Collection, toy_reader: Reader, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed: list[tuple[Session, bool]] = []
    real = Session.warm

    def warm(session: Session) -> None:
        real(session)
        warmed.append((session, threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(Session, "warm", warm)
    gc.disable()
    try:
        async with opened(toy) as pilot:
            await until(pilot, lambda: bool(warmed))
            assert warmed == [(screen_of(pilot).session, False)]
            assert gc.isenabled()
            await press(pilot, "slash", *"muslims")
            assert [row.finding for row in table(pilot).rows] == ["beta2002moderator-1"]
    finally:
        gc.enable()
        gc.unfreeze()


async def test_keys_pressed_too_early_do_no_harm(copy_of_toy: Collection, gate: Gate, lines: Lines) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            await at_the_gate(app, pilot, lines)
            await press(pilot, "slash", "p", "f", "d", "c", "y", "escape", "escape", "down", "end")
            assert isinstance(app.screen, LoadingScreen)
        finally:
            gate.open.set()
        await app.workers.wait_for_complete()
        await still(pilot)
        assert choice(pilot) == Choice()
        assert app.clipboard == ""


async def test_help_opened_while_reading_does_not_hide_the_evidence_for_good(
    copy_of_toy: Collection, gate: Gate, lines: Lines
) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            await at_the_gate(app, pilot, lines)
            await press(pilot, "question_mark")
            assert isinstance(app.screen, HelpScreen)
        finally:
            gate.open.set()
        await app.workers.wait_for_complete()
        await still(pilot)
        if isinstance(app.screen, HelpScreen):
            await press(pilot, "escape")
        assert len(table(pilot).rows) == CORE
        await press(pilot, "q")
        assert has_left(app)


async def test_leaving_while_the_collection_is_read_is_quiet(copy_of_toy: Collection, gate: Gate, lines: Lines) -> None:
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        try:
            await at_the_gate(app, pilot, lines)
            await press(pilot, "q")
            assert has_left(app)
        finally:
            gate.open.set()
    assert app.return_code == 0
    assert app.return_value is None


async def test_progress_of_a_quick_build_may_come_before_the_screen_is_laid_out(
    copy_of_toy: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = kb.build.build

    def quick(collection: Collection, progress: Progress, *, seen: Scan) -> BuildReport:
        for number in range(50):
            progress(number, 50, "made-up.bib")
        return real(collection, progress, seen=seen)

    monkeypatch.setattr(kb.build, "build", quick)
    app = EvidenceApp(copy_of_toy)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await still(pilot)
        assert len(table(pilot).rows) == CORE


async def test_a_changed_file_is_read_again_at_the_next_start(copy_of_toy: Collection, opened: Opener) -> None:
    async with opened(copy_of_toy) as pilot:
        assert len(table(pilot).rows) == CORE
    (copy_of_toy.studies[0] / "alpha2001trust.bib").unlink()
    async with opened(copy_of_toy) as pilot:
        assert [row.study for row in table(pilot).rows] == ["beta2002moderator"] * 2


async def test_an_empty_collection_opens(copy_of_toy: Collection, opened: Opener, lines: Lines) -> None:
    for path in copy_of_toy.studies[0].iterdir():
        path.unlink()
    async with opened(copy_of_toy) as pilot:
        await press(pilot, "down", "y", "p", "down", "c", "question_mark", "escape")
        assert table(pilot).rows == []
        assert "0 All policies" in "\n".join(lines(pilot.app))
