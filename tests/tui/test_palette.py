"""The command palette holds every key of the screen and of its parts, and does what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.command import CommandPalette
from textual.widgets import Input

from tests.tui.driving import enter, press, screen_of, until
from tui.app import EvidenceApp
from tui.keys import all_keys
from tui.palette import ScreenCommands
from tui.screens.evidence import EvidenceScreen
from tui.themes import themes

if TYPE_CHECKING:
    from textual.pilot import Pilot
    from textual.screen import Screen

    from kb.collection import Collection
    from kb.store import Reader
    from tests.tui.conftest import Opener


def offered(screen: Screen[Any]) -> dict[str, str]:
    """Return what the palette would offer on a screen: what it does, and its key."""
    return {command.help: command.key for command in ScreenCommands(screen).commands()}


async def type_in(pilot: Pilot[str], words: str) -> None:
    """Open the palette, type words, and take the first that fits."""
    await press(pilot, "ctrl+p")
    assert isinstance(pilot.app.screen, CommandPalette)
    pilot.app.screen.query_one(Input).value = words
    await until(pilot, lambda: bool(pilot.app.screen.query("CommandList")[0].option_count))  # type: ignore[attr-defined]
    await enter(pilot, "enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))


async def test_every_key_of_the_screen_and_its_parts_is_in_it(
    toy: Collection, toy_reader: Reader, opened: Opener
) -> None:
    async with opened(toy) as pilot:
        there = {command.action for command in ScreenCommands(screen_of(pilot)).commands()}
        assert {key.action for key in all_keys() if key.scope in ("work", "screen", "table")} <= there


async def test_it_does_what_it_says(toy: Collection, toy_reader: Reader, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await type_in(pilot, "Theme")
        assert pilot.app.theme == themes()[1].name
        await type_in(pilot, "Studies")
        assert isinstance(pilot.app, EvidenceApp)
        await until(pilot, lambda: not isinstance(pilot.app.screen, EvidenceScreen))
        assert pilot.app.screen is pilot.app.work_screen("studies")


async def test_it_lists_everything_before_anything_is_typed(
    toy: Collection, toy_reader: Reader, opened: Opener
) -> None:
    async with opened(toy) as pilot:
        number = len(offered(screen_of(pilot)))
        await press(pilot, "ctrl+p")
        options = pilot.app.screen.query("CommandList")[0]
        await until(pilot, lambda: options.option_count == number)  # type: ignore[attr-defined]
        assert options.option_count == number  # type: ignore[attr-defined]
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EvidenceScreen)
