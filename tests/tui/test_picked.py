"""What is chosen, in words above the table: every part can be clicked away, and the summary is never cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from kb.facets import CIRCLE, EVERYTHING, POLICY, Choice
from kb.session import make_session
from kb.tally import Tally
from tests.tui.conftest import still
from tests.tui.driving import LARGE, SMALL, choice, press, screen_of, table
from tui.picked import FINDINGS, SEARCH, STUDIES, picked_of, without
from tui.widgets.picked_bar import PickedBar
from tui.widgets.summary_line import SummaryLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.session import Session
    from tests.tui.conftest import Lines, Opener

WHOLE = Choice(
    picked=(("circle", "core"), ("direction", "negative"), ("direction", "null"), ("year", "2000-2004")),
    search=" two  words ",
    findings=("a-1", "a-2"),
    studies=("alpha2001trust",),
).only(POLICY, "overall")


@pytest.fixture(scope="module")
def session(toy: Collection) -> Iterator[Session]:
    """Return the session of the toy collection."""
    found = make_session(toy)
    yield found
    found.close()


def test_every_part_of_a_choice_is_told(session: Session) -> None:
    assert [part.text for part in picked_of(WHOLE, session)] == [
        "policy Overall MIPEX score",
        "circle core",
        "direction Negative",
        "or Null",
        "year 2000–2004",
        "study alpha2001trust",
        "2 findings",
        "search “two words”",
    ]
    assert picked_of(EVERYTHING, session) == []


def test_taking_all_parts_away_leaves_everything(session: Session) -> None:
    left = WHOLE
    for part in picked_of(WHOLE, session):
        smaller = without(left, part.facet, part.value)
        assert smaller != left
        left = smaller
    assert left == EVERYTHING
    assert {part.facet for part in picked_of(WHOLE, session)} >= {SEARCH, STUDIES, FINDINGS, POLICY, CIRCLE}


async def click_away(pilot: Pilot[str], lines: Lines, text: str) -> None:
    """Click on a part of the choice, wherever it stands."""
    bar = screen_of(pilot).query_one(PickedBar)
    for row in range(bar.region.y, bar.region.bottom):
        if text in lines(pilot.app)[row]:
            await pilot.click(offset=(lines(pilot.app)[row].index(text) + len(text) - 1, row))
            await still(pilot)
            return
    raise AssertionError(text)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_parts_are_clicked_away(toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]) -> None:
    async with opened(toy, size) as pilot:
        screen_of(pilot).choose(
            Choice(search="a").only("direction", "negative", "null").only(POLICY, "overall").only("role", "direct")
        )
        await still(pilot)
        for text in ("search “a” ×", "or Null ×", "policy Overall MIPEX score ×", "role Direct ×", "circle core ×"):
            await click_away(pilot, lines, text)
        assert choice(pilot) == EVERYTHING.only("direction", "negative")
        await press(pilot, "backspace")
        assert choice(pilot) == Choice().only("direction", "negative")
        await pilot.click(PickedBar, offset=(size[0] - 2, 0))
        await still(pilot)
        assert choice(pilot) == Choice().only("direction", "negative")


async def test_many_parts_take_three_lines_and_then_are_counted(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        session = screen_of(pilot).session
        many = EVERYTHING
        for facet in ("outcome", "country", "population"):
            many = many.only(facet, *(value.name for value in session.index.values(facet)))
        screen_of(pilot).choose(many)
        await still(pilot)
        bar = screen_of(pilot).query_one(PickedBar)
        assert bar.size.height == 3
        assert " more" in lines(pilot.app)[bar.region.bottom - 1]
        assert {cell_len(line) for line in lines(pilot.app)} == {80}
        assert len(lines(pilot.app)) == 24
        screen_of(pilot).choose(Choice())
        await still(pilot)
        assert bar.size.height == 1


@pytest.mark.parametrize("width", [30, 60, 80, 100, 120, 200])
async def test_the_summary_is_never_cut(toy: Collection, opened: Opener, lines: Lines, width: int) -> None:
    wordings = Tally(17_100, 10_000, 1_234, 2_345, (9_000, 8_000, 7_000, 600, 500), 700).wordings()
    async with opened(toy, (width, 40)) as pilot:
        line = screen_of(pilot).query_one(SummaryLine)
        line.show(wordings)
        await still(pilot)
        shown = " ".join(" ".join(lines(pilot.app)[row] for row in range(line.region.y, line.region.bottom)).split())
        assert shown in [" ".join(text.split()) for text in wordings]
        assert (line.size.height == 1) == (len(wordings[-1]) <= width - 2)


async def test_the_summary_follows_what_is_chosen(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        screen = screen_of(pilot)
        for chosen in (EVERYTHING, Choice(), Choice(search="no-such-word")):
            screen.choose(chosen)
            await still(pilot)
            assert screen.query_one(SummaryLine).text in screen.session.tally(table(pilot).rows).wordings()
