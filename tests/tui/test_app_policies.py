"""The policies beside the findings, and the cursor, which keeps its finding when the selection changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.facets import Choice
from tests.tui.driving import CORE, choice, detail_text, look_for, press, screen_of, table
from tui.widgets.detail import Detail

if TYPE_CHECKING:
    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener


async def test_moving_over_the_policies_shows_their_findings(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down")
        assert choice(pilot) == Choice().only("policy", "overall")
        assert [row.finding for row in table(pilot).rows] == ["alpha2001trust-2"]
        assert "1 finding, 1 study" in lines(pilot.app)[2]
        assert "policy Overall MIPEX score ×  circle core ×" in lines(pilot.app)[3]
        await press(pilot, "down")
        assert choice(pilot) == Choice().only("policy", "labour-market-mobility")
        await press(pilot, "up", "up")
        assert choice(pilot) == Choice()


async def test_enter_on_a_policy_shows_it_and_what_lies_below(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down", "down", "enter")
        assert choice(pilot) == Choice().only("policy", "labour-market-mobility")
        assert [row.policy for row in table(pilot).rows] == ["aa1"]
        await press(pilot, "down", "enter", "down", "enter")
        assert choice(pilot) == Choice().only("policy", "aa1")
        assert [row.finding for row in table(pilot).rows] == ["alpha2001trust-3"]


async def test_policies_without_findings_can_be_chosen(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "p", "down", "down", "down")
        assert choice(pilot) == Choice().only("policy", "family-reunion")
        assert table(pilot).rows == []
        assert "0 findings, 0 studies" in lines(pilot.app)[2]
        assert "policy Family reunion ×" in lines(pilot.app)[3]


async def test_the_numbers_beside_the_policies_follow_search_and_circle(
    toy: Collection, opened: Opener, lines: Lines
) -> None:
    async with opened(toy) as pilot:
        await look_for(pilot, "muslims")
        assert any("1 All policies" in line for line in lines(pilot.app))
        assert any("1 Anti-discrimination" in line for line in lines(pilot.app))
        await press(pilot, "escape", "c", "c")
        assert any("1 Access to nationality" in line for line in lines(pilot.app))
        assert any("0 Anti-discrimination" in line for line in lines(pilot.app))


async def test_the_cursor_keeps_its_finding_when_the_selection_changes(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        keys = [row.finding for row in table(pilot).rows]
        assert keys[-1] == "beta2002moderator-1"
        await press(pilot, "end")
        await look_for(pilot, "trust")
        assert len(table(pilot).rows) < CORE
        assert table(pilot).row is not None
        assert table(pilot).row.finding == keys[-1]  # type: ignore[union-attr]
        assert detail_text(pilot).startswith("The link of perceived discrimination")
        await press(pilot, "escape")
        assert table(pilot).row.finding == keys[-1]  # type: ignore[union-attr]
        await press(pilot, "c", "c", "c", "c")
        assert choice(pilot).circle == "all"
        assert table(pilot).cursor == 0


async def test_detail_follows_the_cursor_and_starts_at_its_top(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "d", "end")
        assert screen_of(pilot).query_one(Detail).scroll_y > 0
        await press(pilot, "escape", "down")
        assert screen_of(pilot).query_one(Detail).scroll_y == 0
        assert detail_text(pilot).startswith("Immediate access to the labour market")
