"""The search: it narrows with every letter, takes every letter as it is, and may find nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from kb.facets import Choice
from tests.tui.conftest import still
from tests.tui.driving import CORE, choice, focused, has_left, look_for, press, screen_of, table
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener


async def test_search_narrows_with_every_letter(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "slash")
        numbers = []
        for letter in "threat":
            await press(pilot, letter)
            numbers.append(len(table(pilot).rows))
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[-1] == 1
        await press(pilot, *["backspace"] * 6)
        assert len(table(pilot).rows) == CORE


async def test_letters_of_other_keys_are_letters_in_the_search(toy: Collection, opened: Opener) -> None:
    words = "pfdcyqjkgG?/"
    names = {"?": "question_mark", "/": "slash"}
    async with opened(toy) as pilot:
        await press(pilot, "slash", *[names.get(letter, letter) for letter in words])
        assert not has_left(pilot.app)
        assert choice(pilot) == Choice(search=words)
        assert focused(pilot) is Input


async def test_enter_leaves_the_search_for_the_findings(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "slash", *"trust", "enter")
        assert focused(pilot) is RowTable
        assert choice(pilot).search == "trust"


async def test_an_empty_result_says_so_and_stands_every_key(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await look_for(pilot, "xyzzy")
        text = "\n".join(lines(pilot.app))
        assert "0 findings, 0 studies" in text
        assert "hidden: 7" in text
        assert "No finding fits" in text
        assert "No finding chosen." in text
        keys = ("down", "up", "pagedown", "pageup", "home", "end", "y", "w", "m", "enter", "v", "escape", "d", "p", "f")
        await press(pilot, *keys)
        assert table(pilot).row is None
        assert pilot.app.clipboard == ""
        await press(pilot, "escape", "escape")
        assert len(table(pilot).rows) == CORE


async def test_what_is_typed_is_never_markup(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "slash")
        screen_of(pilot).query_one("#search", Input).value = "[bold]x[/] [/x] [@click=app.quit]y"
        await still(pilot)
        assert "[bold]x[/] [/x] [@click=app.quit]y" in lines(pilot.app)[1]
        assert "No finding fits" in "\n".join(lines(pilot.app))
