"""The studies: every key and the mouse, searching, citing, opening, coding, and what odd collections do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static

from kb.citations import citation_styles
from kb.export import short_citation
from kb.facets import EVERYTHING
from tests.tui.conftest import still
from tests.tui.driving import SMALL, finish, press, until
from tui.screens.cite import CiteScreen, Manner
from tui.screens.evidence import EvidenceScreen
from tui.screens.studies import StudiesScreen
from tui.widgets.row_table import RowTable
from tui.widgets.study_detail import StudyDetail

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.study_list import Line
    from tests.tui.conftest import Lines, Opener

HUGE = (200, 60)
KEYS = ["alpha2001trust", "beta2002moderator", "delta2004reform", "epsilon2005review", "gamma2003index"]
ALPHA = (
    "Alpha, A., Müller, J., & O'Neil, P. (2001). Made-up study of equal treatment and trust. "
    "Journal of Made-up Results, 12(3), 1–20. https://doi.org/10.5555/toy.2001.1"
)


def screen_of(pilot: Pilot[str]) -> StudiesScreen:
    screen = pilot.app.screen
    assert isinstance(screen, StudiesScreen)
    return screen


def table(pilot: Pilot[str]) -> RowTable[Line]:
    return screen_of(pilot).query_one("#studies", RowTable)


def shown(pilot: Pilot[str]) -> list[str]:
    return [line.study.study for line in table(pilot).rows]


def detail(pilot: Pilot[str]) -> str:
    return str(screen_of(pilot).query_one("#study-text", Static).content)


def said(pilot: Pilot[str]) -> str:
    return str(screen_of(pilot).query_one("#studies-summary", Static).content)


def notes(pilot: Pilot[str]) -> list[str]:
    return [note.message for note in pilot.app._notifications]


async def go(pilot: Pilot[str], *, ready: bool = True) -> None:
    """Go to the studies where they are not in front, and wait until they can be searched."""
    if not isinstance(pilot.app.screen, StudiesScreen):
        await press(pilot, "3")
    if ready:
        await until(pilot, lambda: screen_of(pilot)._index is not None)
    await finish(pilot)


async def look_for(pilot: Pilot[str], words: str) -> None:
    screen_of(pilot).query_one("#study-search", Input).value = words
    await still(pilot)


async def cited(pilot: Pilot[str]) -> CiteScreen:
    """Return the choice of styles, once the citation is there."""
    await until(pilot, lambda: isinstance(pilot.app.screen, CiteScreen) and bool(pilot.app.screen.citation))
    screen = pilot.app.screen
    assert isinstance(screen, CiteScreen)
    return screen


@pytest.mark.parametrize("size", [SMALL, HUGE])
async def test_all_studies_are_shown_with_the_first_one_below(
    toy: Collection, opened: Opener, size: tuple[int, int]
) -> None:
    async with opened(toy, size, "studies") as pilot:
        await go(pilot)
        assert shown(pilot) == KEYS
        assert said(pilot) == "5 studies, 7 findings, 1 uncoded. Shown: all circles."
        assert isinstance(pilot.app.focused, RowTable)
        text = detail(pilot)
        assert text.startswith("Alpha, Anna; Müller, Jörg; O'Neil, Pat (2001). Made-up study")
        assert "https://doi.org/10.5555/toy.2001.1" in text
        assert "▲ positive" in text
        body = screen_of(pilot).query_one(StudyDetail).region
        assert (body.x > 0) == (size == HUGE)


async def test_a_search_ranks_narrows_and_says_why(toy: Collection, opened: Opener) -> None:
    async with opened(toy, HUGE, "studies") as pilot:
        await go(pilot)
        await press(pilot, "slash", *"alpha", "space", *"2001")
        assert shown(pilot) == ["alpha2001trust"]
        assert said(pilot).startswith("1 of 5 studies, ")
        assert "Found in" in detail(pilot)
        assert "authors       Alpha, Anna" in detail(pilot)
        assert set(table(pilot).rows[0].fields) == {"author", "year"}
        await press(pilot, "enter")
        assert isinstance(pilot.app.focused, RowTable)


async def test_a_slip_of_the_key_is_forgiven_and_said(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await look_for(pilot, "treatmnet")
        assert shown(pilot) == ["alpha2001trust"]
        assert "Taken, because nothing was found: treatment for 'treatmnet'." in said(pilot)


async def test_nothing_found_is_said(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await look_for(pilot, "zzzzzz")
        assert shown(pilot) == []
        assert "No study fits. Esc clears the search." in "\n".join(lines(pilot.app))
        assert detail(pilot) == "No study chosen."
        for key in ("enter", "y", "w", "b", "d", "o", "j"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, StudiesScreen)
        await press(pilot, "n")
        assert notes(pilot)[-1] == "There is no study to code. Add studies with 6."
        sheet = screen_of(pilot).sheet()
        assert sheet is not None
        assert (sheet.rows, sheet.studies) == ([], ())


async def test_escape_leaves_the_search_then_clears_it_then_the_filters_then_the_order(
    toy: Collection, opened: Opener
) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "c", "o", "slash", *"made")
        screen = screen_of(pilot)
        assert (screen.circle, table(pilot).order[0], screen.search) == ("core", "Study", "made")
        await press(pilot, "escape")
        assert isinstance(pilot.app.focused, RowTable)
        assert screen.search == "made"
        await press(pilot, "escape")
        assert (screen.search, screen.circle) == ("", "core")
        await press(pilot, "escape")
        assert (screen.circle, table(pilot).order[0]) == ("", "Study")
        await press(pilot, "escape")
        assert table(pilot).order == ("", False)
        await press(pilot, "escape")
        assert shown(pilot) == KEYS


async def test_circles_and_uncoded_studies_are_chosen_by_key(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        seen = []
        for _ in range(6):
            seen.append((screen_of(pilot).circle, len(shown(pilot))))
            await press(pilot, "c")
        assert [circle for circle, _ in seen] == ["", "core", "comparable", "reform", "status", "none"]
        assert sum(number for _, number in seen[1:]) == seen[0][1] == 5
        assert screen_of(pilot).circle == ""
        await press(pilot, "v")
        assert shown(pilot) == ["epsilon2005review"]
        assert "uncoded only" in said(pilot)
        assert "Uncoded: no finding yet." in detail(pilot)
        await press(pilot, "v")
        assert shown(pilot) == KEYS


async def test_the_table_is_sorted_by_key_and_by_mouse(toy: Collection, opened: Opener) -> None:
    async with opened(toy, HUGE, "studies") as pilot:
        await go(pilot)
        await press(pilot, "o")
        by_study = shown(pilot)
        assert [short_citation(line.study)[:2] for line in table(pilot).rows] == ["Al", "De", "Ep", "Ga", "Ma"]
        await press(pilot, "O")
        assert shown(pilot) == by_study[::-1]
        await press(pilot, "o", "o", "o")
        assert table(pilot).order[0] == "Findings"
        assert [line.findings for line in table(pilot).rows] == [3, 2, 1, 1, 0]
        await pilot.click("#studies", offset=(3, 0))
        await still(pilot)
        assert table(pilot).order == ("Study", False)
        await pilot.click("#studies", offset=(3, 3))
        await still(pilot)
        assert table(pilot).cursor == 2
        assert "key           epsilon2005review" in detail(pilot)


async def test_d_goes_to_the_study_and_back(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "d")
        assert isinstance(pilot.app.focused, StudyDetail)
        await press(pilot, "end")
        assert screen_of(pilot).query_one(StudyDetail).scroll_y > 0
        assert table(pilot).cursor == 0
        await press(pilot, "d")
        assert isinstance(pilot.app.focused, RowTable)


async def test_enter_shows_the_findings_as_evidence(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "down", "enter")
        await finish(pilot)
        evidence = pilot.app.screen
        assert isinstance(evidence, EvidenceScreen)
        assert evidence.choice == EVERYTHING._replace(search="beta2002moderator")
        assert [row.study for row in evidence.query_one(RowTable).rows] == ["beta2002moderator"] * 2
        await press(pilot, "3")
        await press(pilot, "v", "enter")
        assert isinstance(pilot.app.screen, StudiesScreen)
        assert notes(pilot)[-1] == "epsilon2005review has no finding yet. Code it with n."


async def test_a_citation_is_copied_in_a_style_that_is_remembered(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "y")
        screen = await cited(pilot)
        assert screen.citation == ALPHA
        assert str(screen.query_one("#citation", Static).content) == ALPHA
        await press(pilot, "enter")
        assert pilot.app.clipboard == ALPHA
        assert notes(pilot)[-1] == "The citation was sent to the terminal's clipboard."
        await press(pilot, "y", "down", "m")
        screen = await cited(pilot)
        assert screen.citation.startswith("Alpha, Anna, Jörg Müller, and Pat O'Neil. 2001. “Made-up Study")
        assert "*Journal of Made-up Results* 12 (3)" in screen.citation
        await press(pilot, "enter")
        await finish(pilot)
        assert pilot.app.clipboard == screen.citation
        assert screen_of(pilot).manner == Manner("chicago", markdown=True)
        await press(pilot, "y", "down", "escape")
        assert screen_of(pilot).manner == Manner("chicago", markdown=True)


async def test_every_style_can_be_seen_and_none_is_copied_on_leaving(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "y", "home")
        for style in citation_styles():
            screen = await cited(pilot)
            assert screen.manner.style == style.name
            assert style.title in str(screen.query_one("#cite-title", Static).content)
            assert "Alpha" in screen.citation
            assert screen.query_one("#citation").region.bottom <= pilot.app.size.height
            await press(pilot, "down")
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, StudiesScreen)
        assert pilot.app.clipboard == ""


async def test_enter_before_the_citation_is_made_copies_it_when_it_is(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "y")
        screen = await cited(pilot)
        screen.citation = ""
        screen.action_copy()
        assert pilot.app.clipboard == ""
        screen._made(screen.manner, "made")
        await still(pilot)
        assert pilot.app.clipboard == "made"
        assert isinstance(pilot.app.screen, StudiesScreen)


async def test_a_style_is_chosen_and_copied_by_mouse(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "y")
        screen = await cited(pilot)
        for _ in range(2):
            await pilot.click("#styles", offset=(2, 2))
            await until(pilot, lambda: bool(screen.citation) or not screen.is_current)
        await finish(pilot)
        assert isinstance(pilot.app.screen, StudiesScreen)
        assert screen_of(pilot).manner.style == citation_styles()[2].name
        assert pilot.app.clipboard.startswith("Alpha, Anna, ")


async def test_a_citation_is_shown_alone_to_be_selected(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "y")
        await cited(pilot)
        await press(pilot, "x")
        drawn = lines(pilot.app)
        assert " ".join(" ".join(drawn[2:-1]).split()) == ALPHA
        assert drawn[0].startswith("Select with the mouse")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, CiteScreen)
        assert any("IEEE" in line for line in lines(pilot.app))
        await press(pilot, "x", "x", "x", "enter")
        assert pilot.app.clipboard == ALPHA
