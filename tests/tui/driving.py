"""What tests of the application share: pressing its keys, and reading what it shows and what is chosen."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Key as KeyEvent
from textual.widgets import Input, Static
from textual.worker import WorkerCancelled

from tests.tui.conftest import still
from tui.screens.evidence import EvidenceScreen
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import App
    from textual.pilot import Pilot

    from kb.evidence import Row
    from kb.facets import Choice

SMALL, LARGE = (80, 24), (120, 40)
SIZES = [pytest.param(SMALL, id="80x24"), pytest.param(LARGE, id="120x40")]
CHARACTERS = {"slash": "/", "question_mark": "?", "space": " ", "semicolon": ";"}
CORE = 5  # findings of the toy collection in the core circle


def screen_of(pilot: Pilot[str]) -> EvidenceScreen:
    """Return the screen with the evidence, which must be the one in front."""
    screen = pilot.app.screen
    assert isinstance(screen, EvidenceScreen)
    return screen


def choice(pilot: Pilot[str]) -> Choice:
    """Return what is chosen."""
    return screen_of(pilot).choice


def table(pilot: Pilot[str]) -> RowTable[Row]:
    """Return the table of findings."""
    return screen_of(pilot).query_one(RowTable)


def focused(pilot: Pilot[str]) -> type | None:
    """Return what kind of widget has the focus."""
    return type(pilot.app.focused) if pilot.app.focused else None


def detail_text(pilot: Pilot[str]) -> str:
    """Return the text of the finding below, whole."""
    return str(screen_of(pilot).query_one("#detail-text", Static).content)


def has_left(app: App[Any]) -> bool:
    """Say whether the application was told to end."""
    return app.return_code is not None


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys and wait until the screen stands still after each; the pilot's own way waits four times as long.

    Letters that are typed into a field one after the other are waited for together.
    """
    for key, following in zip(keys, [*keys[1:], ""], strict=False):
        pilot.app.post_message(KeyEvent(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
        if not (len(key) == len(following) == 1 and isinstance(pilot.app.focused, Input)):
            await still(pilot)


@contextmanager
def failing(failed: list[str], name: str) -> Iterator[None]:
    """Note a proof that fails under a name, so that those after it are tried in the same application."""
    try:
        yield
    except Exception as error:
        failed.append(f"{name}: {error!r}")


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Wait until something is so, a minute at most; the caller looks whether it is."""
    for _ in range(6000):
        if condition():
            break
        await asyncio.sleep(0.01)
    await still(pilot)


async def finish(pilot: Pilot[str]) -> None:
    """Wait until the work behind the screen is done, and what it led to."""
    await still(pilot)
    while any(worker.is_running for worker in pilot.app.workers):
        with suppress(WorkerCancelled):  # one that gave way to a newer one, which is waited for in the next round
            await pilot.app.workers.wait_for_complete()
        await still(pilot)


async def enter(pilot: Pilot[str], *keys: str) -> None:
    """Press keys, and wait until the work behind the screen that they started is done."""
    for letters, group in groupby(keys, lambda key: len(key) == 1 and isinstance(pilot.app.focused, Input)):
        for part in [tuple(group)] if letters else [(key,) for key in group]:
            await press(pilot, *part)
            await finish(pilot)
    if not keys:
        await finish(pilot)


async def look_for(pilot: Pilot[str], words: str) -> None:
    """Search for words, all letters at once, and go back to the findings."""
    screen_of(pilot).query_one("#search", Input).value = words
    await still(pilot)
