"""The mouse: a click chooses what is under it, and the wheel scrolls what it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.facets import Choice
from tests.tui.conftest import still
from tests.tui.driving import CORE, SIZES, choice, detail_text, focused, press, screen_of, table
from tui.widgets.detail import Detail
from tui.widgets.policy_tree import PolicyTree
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from kb.collection import Collection
    from tests.tui.conftest import Opener, Wheel


@pytest.mark.parametrize("size", SIZES)
async def test_a_click_on_a_finding_chooses_it(toy: Collection, opened: Opener, size: tuple[int, int]) -> None:
    async with opened(toy, size) as pilot:
        await pilot.click(RowTable, offset=(5, 4))
        await still(pilot)
        row = table(pilot).row
        assert table(pilot).cursor == 3
        assert row is not None
        assert detail_text(pilot).startswith(row.statement)
        assert focused(pilot) is RowTable


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("size", SIZES)
async def test_a_click_on_a_policy_chooses_it(toy: Collection, opened: Opener, size: tuple[int, int]) -> None:
    async with opened(toy, size) as pilot:
        await pilot.click(PolicyTree, offset=(12, 1))
        await still(pilot)
        assert choice(pilot) == Choice().only("policy", "overall")
        assert [row.finding for row in table(pilot).rows] == ["alpha2001trust-2"]
        await pilot.click(PolicyTree, offset=(12, 0))
        await still(pilot)
        assert choice(pilot) == Choice()


async def test_a_click_on_the_search_goes_there(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await pilot.click("#search")
        await press(pilot, *"threat")
        assert choice(pilot) == Choice(search="threat")


async def test_the_wheel_scrolls_the_table_below_the_cursor(toy: Collection, opened: Opener, wheel: Wheel) -> None:
    async with opened(toy, (80, 12)) as pilot:
        shown = table(pilot).size.height - 1
        assert shown < CORE
        for _ in range(CORE):
            await wheel(pilot, RowTable)
        assert round(table(pilot).scroll_y) == CORE - shown
        assert table(pilot).cursor == 0
        for _ in range(CORE):
            await wheel(pilot, RowTable, down=False)
        assert round(table(pilot).scroll_y) == 0


async def test_the_wheel_scrolls_the_finding_below(toy: Collection, opened: Opener, wheel: Wheel) -> None:
    async with opened(toy) as pilot:
        await wheel(pilot, Detail)
        assert screen_of(pilot).query_one(Detail).scroll_y > 0
        assert round(table(pilot).scroll_y) == 0
