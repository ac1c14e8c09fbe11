"""A screen that is left while work behind it goes on: what comes of it late does no harm, at whatever moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.tui.driving import finish, press
from tests.tui.intake import coding
from tui.leaving import is_here
from tui.screens.cite import CiteScreen
from tui.screens.export import ExportScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.screen import Screen

    from kb.collection import Collection
    from tests.tui.conftest import Opener


async def leave(pilot: Pilot[str], screen: Screen[Any], late: Callable[[], None]) -> None:
    """Leave a screen, and do something late after each step on its way out."""
    assert is_here(screen)
    pilot.app.pop_screen()
    steps = 0
    while screen.is_attached or steps < 50:
        late()
        await asyncio.sleep(0)
        steps += 1
    assert not is_here(screen)
    assert pilot.app.is_running


async def test_a_study_that_was_read_too_late_changes_nothing(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "n")
        await finish(pilot)
        screen = coding(pilot)
        form = screen.form
        assert form is not None

        def late() -> None:
            screen._show(form)
            screen._stay("Too late.")
            screen.entry.check()

        await leave(pilot, screen, late)


async def test_what_an_export_says_too_late_is_said_to_nobody(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "e")
        screen = pilot.app.screen
        assert isinstance(screen, ExportScreen)
        await leave(pilot, screen, lambda: screen.say("Too late."))


async def test_a_citation_that_is_made_too_late_is_shown_to_nobody(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "y")
        await finish(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, CiteScreen)
        manner = screen.manner
        await leave(pilot, screen, lambda: screen._made(manner, "Too late."))
