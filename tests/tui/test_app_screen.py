"""What the screen shows: policies, findings and one finding whole, in terminals of every size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.conftest import still
from tests.tui.driving import LARGE, SIZES, detail_text, focused, look_for, press, table
from tui.keys import all_keys
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener


KEYS = [key for key in all_keys() if key.scope in ("screen", "table")]


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_screen_shows_policies_findings_and_one_finding_whole(
    toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with opened(toy, size) as pilot:
        text = "\n".join(lines(pilot.app))
        assert "5 All policies" in text
        assert "2 Anti-discrimination" in text
        assert "5 findings" in text
        assert "2 studies" in text
        assert "circle core ×" in text
        assert "▼ negative" in text
        assert "A higher overall score goes with less" in text
        assert "q Quit" in lines(pilot.app)[-1]
        assert focused(pilot) is RowTable
        assert len(lines(pilot.app)) == size[1]


async def test_the_footer_has_room_for_its_keys(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        footer = lines(pilot.app)[-1]
        places = [footer.index(f"{key.shown} {key.label}") for key in KEYS if key.footer]
        assert places == sorted(places)
        assert [key.label for key in KEYS if not key.footer and f" {key.label} " in footer] == []


async def test_detail_tells_all_that_is_known(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        rows = table(pilot).rows
        table(pilot).cursor = next(n for n, row in enumerate(rows) if row.finding == "alpha2001trust-1")
        await still(pilot)
        text = " ".join(detail_text(pilot).split())
        for part in (
            "A higher anti-discrimination score goes with more trust",
            "direction ▲ positive",
            "appraisal favourable, derived",
            "policy Anti-discrimination",
            "outcome Generalised trust [",
            "population immigrants",
            "role direct",
            "numbers estimate 0.25, SE 0.10, p <0.05, n 12,345",
            "measure mipex:2007",
            "read in fulltext, Table 1",
            "source https://example.org/alpha",
            "made-up model",
            "2026-11-25",
            "Journal of Made-up Results 12(3)",
            "https://doi.org/10.5555/toy.2001.1",
            "countries AT; BE; DE",
            "period 2004/2006",
            "2 other findings of this study",
            "▼ negative Overall MIPEX score | Perceived threat",
        ):
            assert part in text, part


async def test_detail_says_that_an_appraisal_was_coded_by_hand(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await look_for(pilot, "muslims")
        text = " ".join(detail_text(pilot).split())
        assert "appraisal favourable, coded by hand" in text
        assert "role moderator: perceived-discrimination -> generalised-trust" in text


async def test_the_terminal_may_become_small_and_large_again(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, LARGE) as pilot:
        for size in ((40, 10), (20, 5), LARGE):
            await pilot.resize_terminal(*size)
            await still(pilot)
            await press(pilot, "down")
            assert len(lines(pilot.app)) == size[1]
        assert table(pilot).cursor == 3
        assert "q Quit" in lines(pilot.app)[-1]
