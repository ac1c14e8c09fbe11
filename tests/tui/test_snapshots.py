"""Pictures of the screens: what changes in them is seen before it is accepted (``pytest --snapshot-update``)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from textual.app import App
from textual.widgets import Input

from tests.tui.conftest import still
from tests.tui.driving import enter, press
from tests.tui.intake import coding, fill, go_to, mixed_file, plan
from tui.app import EvidenceApp
from tui.screens.help import HelpScreen
from tui.screens.loading import LoadingScreen
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.store import Reader

SMALL, LARGE = (80, 24), (120, 40)
BOTH = [pytest.param(SMALL, id="80x24"), pytest.param(LARGE, id="120x40")]


class Loading(App[None]):
    """The application before its collection is read, as far as a third of the way."""

    CSS_PATH = EvidenceApp.CSS_PATH
    TITLE = EvidenceApp.TITLE

    def on_mount(self) -> None:
        """Show the screen alone."""
        self.push_screen(LoadingScreen())


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until the evidence stands still, in the theme of the pictures and with a cursor that does not blink."""
    pilot.app.theme = "textual-dark"
    await still(pilot)
    pilot.app.screen.query_one("#search", Input).cursor_blink = False
    assert pilot.app.focused is pilot.app.screen.query_one(RowTable)


@pytest.mark.parametrize("size", BOTH)
def test_evidence(
    toy: Collection, toy_reader: Reader, snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    assert snap_compare(EvidenceApp(toy), terminal_size=size, run_before=settle)


def test_help(toy: Collection, toy_reader: Reader, snap_compare: Callable[..., bool]) -> None:
    async def open_help(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("question_mark")
        await still(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)

    assert snap_compare(EvidenceApp(toy), terminal_size=SMALL, run_before=open_help)


def test_empty_search_result(toy: Collection, toy_reader: Reader, snap_compare: Callable[..., bool]) -> None:
    async def search(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("slash", *"xyzzy")
        await still(pilot)
        assert pilot.app.screen.query_one(RowTable).rows == []

    assert snap_compare(EvidenceApp(toy), terminal_size=SMALL, run_before=search)


def test_hostile_collection(hostile: Collection, hostile_reader: Reader, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(EvidenceApp(hostile), terminal_size=SMALL, run_before=settle)


def test_loading(snap_compare: Callable[..., bool]) -> None:
    async def advance(pilot: Pilot[Any]) -> None:
        pilot.app.theme = "textual-dark"
        screen = pilot.app.screen
        assert isinstance(screen, LoadingScreen)
        screen.advance(4, 12)
        await still(pilot)

    assert snap_compare(Loading(), terminal_size=SMALL, run_before=advance)


@pytest.mark.parametrize("size", BOTH)
def test_add(
    toy: Collection, toy_reader: Reader, tmp_path: Path, snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    async def read_file(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "down", "down", "space")

    assert snap_compare(EvidenceApp(toy), terminal_size=size, run_before=read_file)


def test_add_before_a_file_is_named(toy: Collection, toy_reader: Reader, snap_compare: Callable[..., bool]) -> None:
    async def open_it(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, "a")
        pilot.app.screen.query_one("#file", Input).cursor_blink = False

    assert snap_compare(EvidenceApp(toy), terminal_size=SMALL, run_before=open_it)


class FixedDate(date):
    """A day that does not pass."""

    @classmethod
    def today(cls) -> FixedDate:
        """Return the day of the pictures."""
        return cls(2026, 11, 25)


@pytest.mark.parametrize("size", BOTH)
def test_code(
    toy: Collection,
    toy_reader: Reader,
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr("kb.intake.coding.date", FixedDate)
    monkeypatch.setenv("MIPEX_KB_CODER", "c1")

    async def fill_in(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await enter(pilot, "n")
        await fill(pilot, finding_policy="overall", finding_role="direct", finding_direction="positive")
        coding(pilot).query_one("#finding-outcome", Input).cursor_blink = False
        await go_to(pilot, "finding-outcome")
        await press(pilot, *"trust")
        await fill(pilot, finding_population="martians")

    assert snap_compare(EvidenceApp(toy), terminal_size=size, run_before=fill_in)


def test_question(
    toy: Collection, toy_reader: Reader, snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.intake.coding.date", FixedDate)

    async def leave(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await enter(pilot, "n", "x")
        coding(pilot).query_one("#finding-policy", Input).cursor_blink = False
        coding(pilot).entry.check()
        await press(pilot, "escape")

    assert snap_compare(EvidenceApp(toy), terminal_size=SMALL, run_before=leave)
