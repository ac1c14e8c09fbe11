"""The studies: every key and the mouse, searching, citing, opening, coding, and what odd collections do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static

import tui.browser
from kb.citations import citation_styles
from kb.export import short_citation
from kb.facets import EVERYTHING
from kb.sheet import about, render_sheet
from kb.study_list import HEADER, Line
from tests.tui.conftest import still
from tests.tui.driving import SMALL, finish, press, until
from tui.screens.cite import CiteScreen, Manner
from tui.screens.code import CodeScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.evidence import EvidenceScreen
from tui.screens.studies import StudiesScreen
from tui.state import State
from tui.widgets.row_table import RowTable
from tui.widgets.study_detail import StudyDetail

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener

HUGE = (200, 60)
KEYS = ["alpha2001trust", "beta2002moderator", "delta2004reform", "epsilon2005review", "gamma2003index"]
ALPHA = (
    "Alpha, A., Müller, J., & O'Neil, P. (2001). Made-up study of equal treatment and trust. "
    "Journal of Made-up Results, 12(3), 1–20. https://doi.org/10.5555/toy.2001.1"
)


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test open a browser."""
    monkeypatch.setattr(tui.browser, "opener", list)


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands with which a browser would have been started; nothing is."""
    commands: list[list[str]] = []

    def start(command: list[str], **_: object) -> None:
        commands.append(command)

    monkeypatch.setattr(tui.browser, "opener", lambda: ["xdg-open"])
    monkeypatch.setattr("subprocess.Popen", start)
    return commands


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
    """Go to the studies, and wait until they can be searched."""
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
    async with opened(toy, size) as pilot:
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
    async with opened(toy, HUGE) as pilot:
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
    async with opened(toy) as pilot:
        await go(pilot)
        await look_for(pilot, "treatmnet")
        assert shown(pilot) == ["alpha2001trust"]
        assert "Taken, because nothing was found: treatment for 'treatmnet'." in said(pilot)


async def test_nothing_found_is_said(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
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
    async with opened(toy) as pilot:
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
    async with opened(toy) as pilot:
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
    async with opened(toy, HUGE) as pilot:
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
    async with opened(toy) as pilot:
        await go(pilot)
        await press(pilot, "d")
        assert isinstance(pilot.app.focused, StudyDetail)
        await press(pilot, "end")
        assert screen_of(pilot).query_one(StudyDetail).scroll_y > 0
        assert table(pilot).cursor == 0
        await press(pilot, "d")
        assert isinstance(pilot.app.focused, RowTable)


async def test_enter_shows_the_findings_as_evidence(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
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
    async with opened(toy) as pilot:
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
    async with opened(toy) as pilot:
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
    async with opened(toy) as pilot:
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
    async with opened(toy) as pilot:
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
    async with opened(toy) as pilot:
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


async def test_the_doi_is_opened_and_sent_to_the_clipboard(
    toy: Collection, opened: Opener, launched: list[list[str]]
) -> None:
    async with opened(toy) as pilot:
        await go(pilot)
        await press(pilot, "w")
        assert launched == [["xdg-open", "https://doi.org/10.5555/toy.2001.1"]]
        assert pilot.app.clipboard == "https://doi.org/10.5555/toy.2001.1"
        assert notes(pilot)[-1].startswith("Opened in the browser: https://doi.org/10.5555/toy.2001.1 ")


async def test_served_to_a_browser_the_program_opens_the_page_there(
    toy: Collection, opened: Opener, launched: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(toy) as pilot:
        shown_there: list[str] = []
        monkeypatch.setattr(type(pilot.app), "is_web", True)
        monkeypatch.setattr(pilot.app, "open_url", shown_there.append)
        await go(pilot)
        await press(pilot, "w")
        assert shown_there == ["https://doi.org/10.5555/toy.2001.1"]
        assert launched == []


async def test_without_a_desktop_the_address_is_shown(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await go(pilot)
        await press(pilot, "w")
        assert pilot.app.clipboard == "https://doi.org/10.5555/toy.2001.1"
        assert notes(pilot)[-1].startswith("No browser can be opened from here: https://doi.org/10.5555/toy.2001.1 ")


async def test_an_address_that_is_no_doi_is_opened_only_after_a_question(
    own: Collection, opened: Opener, launched: list[list[str]]
) -> None:
    path = own.studies[0] / "alpha2001trust.bib"
    text = path.read_text("utf-8").replace("doi", "note", 1)
    path.write_text(text, "utf-8")
    async with opened(own) as pilot:
        await go(pilot)
        await press(pilot, "w")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await press(pilot, "n")
        assert launched == []
        assert pilot.app.clipboard == ""
        await press(pilot, "w", "y")
        ((command, address),) = launched
        assert command == "xdg-open"
        assert address.startswith("https://")
        assert pilot.app.clipboard == address


@pytest.mark.parametrize(
    ("doi", "address"),
    [
        ("10.1000/xyz", "https://doi.org/10.1000/xyz"),
        ("10.1002/(SICI)1097<1::AID>3.0;2-#", "https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0;2-%23"),
        ("10.1000/a\x1b]0;x", "https://doi.org/10.1000/a%5D0;x"),
        ("10.1000/a?x=1&y", "https://doi.org/10.1000/a%3Fx%3D1%26y"),
        ("javascript:alert(1)", ""),
        ("10.1000/a b", ""),
        ("--help", ""),
        ("", ""),
    ],
)
def test_an_address_is_made_of_a_doi_only(doi: str, address: str) -> None:
    assert tui.browser.doi_address(doi) == address


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"url": "https://example.org/a?b=c"}, "https://example.org/a?b=c"),
        ({"bibsource": "file:///etc/passwd; http://example.org/"}, "http://example.org/"),
        ({"url": "ftp://example.org"}, ""),
        ({"bibsource": 'https://example.org/"onload=x'}, ""),
        ({"url": "-http://example.org"}, ""),
        ({"url": "https://example.org/\x1bx"}, "https://example.org/x"),
        ({}, ""),
    ],
)
def test_only_addresses_of_the_web_are_opened(fields: dict[str, str], address: str) -> None:
    assert tui.browser.web_address(fields) == address


def test_a_browser_that_does_not_start_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tui.browser, "opener", lambda: [str(tmp_path / "none")])
    assert not tui.browser.open_address("https://example.org/")
    assert not tui.browser.open_address("file:///etc/passwd")


async def test_n_codes_the_chosen_study_first(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await go(pilot)
        await press(pilot, "down", "n")
        await finish(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, CodeScreen)
        assert screen.form is not None
        assert screen.form.citekey == "beta2002moderator"
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, StudiesScreen)


async def test_the_sheet_has_the_rows_as_shown_and_the_query_behind_them(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await go(pilot)
        await press(pilot, "O")
        sheet = screen_of(pilot).sheet()
        assert sheet is not None
        assert sheet.header == HEADER
        assert [row[0] for row in sheet.rows] == list(sheet.studies) == list(sheet.keys) == KEYS[::-1]
        assert sheet.summary == said(pilot)
        assert "VALUES ?study" not in sheet.query
        assert screen_of(pilot).chosen() == (KEYS[0],)
        for key, part in (("c", "?circleConcept"), ("v", '"epsilon2005review"')):
            await press(pilot, key)
            sheet = screen_of(pilot).sheet()
            assert sheet is not None
            assert part in sheet.query
        written = render_sheet("bibtex", sheet, about(sheet, "v"), screen_of(pilot).session.documents(sheet.studies))
        assert "@article{epsilon2005review," in str(written)
        found = {row[0] for row in pilot.app.session.reader.rows(sheet.query)}  # type: ignore[attr-defined]
        assert found == set(sheet.studies)


async def test_b_puts_the_study_into_the_basket(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await go(pilot)
        await press(pilot, "b")
        assert "alpha2001trust" in pilot.app.baskets.marked()  # type: ignore[attr-defined]
        assert any(line.startswith("●Alpha") for line in lines(pilot.app))


async def test_what_was_chosen_is_found_again_and_rubbish_is_passed_over(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await go(pilot)
        await press(pilot, "c", "v", "v", "o", "O")
        await look_for(pilot, "made")
        screen = screen_of(pilot)
        screen.manner = Manner("ieee", markdown=True)
        memory = screen.memory()
        again = StudiesScreen(screen.session, screen.desk)
        again.recall(memory)
        assert again.memory() == memory
        assert memory["order"] == ["Study", True]
        odd: list[dict[str, object]] = [
            {}, {"search": 3, "circle": "x", "order": [1, 2], "style": "mla", "markdown": 1, "uncoded": "yes"},
            {"order": ["None", True]}, {"order": "ab", "circle": None, "style": []},
        ]  # fmt: skip
        for rubbish in odd:
            again = StudiesScreen(screen.session, screen.desk)
            again.recall(rubbish)
            assert again.memory() == {
                "search": "", "circle": "", "uncoded": False, "order": ["", False], "style": "apa", "markdown": False,
            }  # fmt: skip


async def test_a_remembered_search_is_shown_when_the_search_is_ready(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        kept: dict[str, dict[str, object]] = {"studies": {"search": "beta", "order": ["Title", False]}}
        pilot.app._remembered = State(screens=kept)  # type: ignore[attr-defined]
        await go(pilot)
        assert screen_of(pilot).query_one("#study-search", Input).value == "beta"
        assert shown(pilot) == ["beta2002moderator"]
        assert table(pilot).order == ("Title", False)


async def test_another_state_of_the_collection_is_shown_and_searched(
    toy: Collection, hostile: Collection, opened: Opener
) -> None:
    from kb.session import make_session

    async with opened(toy) as pilot:
        await go(pilot)
        await look_for(pilot, "mallory")
        assert shown(pilot) == []
        session = make_session(hostile)
        screen = screen_of(pilot)
        screen.take(session)
        await until(pilot, lambda: screen._index is not None)
        await finish(pilot)
        assert shown(pilot) == ["hostile2007record"]
        session.close()


@pytest.mark.parametrize("size", [SMALL, HUGE])
async def test_a_hostile_record_is_shown_as_text(
    hostile: Collection, opened: Opener, lines: Lines, size: tuple[int, int], launched: list[list[str]]
) -> None:
    async with opened(hostile, size) as pilot:
        await go(pilot)
        drawn = "\n".join(lines(pilot.app))
        assert "[/x] Mallory" in drawn
        assert not any(ord(letter) < 32 and letter != "\n" for letter in drawn)
        await press(pilot, "y")
        screen = await cited(pilot)
        assert "[@click=app.quit]" in str(screen.query_one("#citation", Static).content)
        await press(pilot, "x", "escape", "escape", "w")
        assert launched == [["xdg-open", "https://doi.org/10.5555/hostile.2007"]]
        await press(pilot, "d", "end", "slash", *"[/x]", "enter")
        assert pilot.app.return_code is None


async def test_a_collection_without_studies_can_be_looked_at(
    toy: Collection, tmp_path: Path, opened: Opener
) -> None:  # fmt: skip
    from kb.collection import Collection as Place

    (tmp_path / "empty").mkdir()
    async with opened(Place((tmp_path / "empty",), toy.ontology)) as pilot:
        await go(pilot)
        assert shown(pilot) == []
        assert said(pilot) == "0 studies, 0 findings. Shown: all circles."
        await press(pilot, "slash", *"abc", "escape", "escape", "c", "v", "o", "enter", "y", "w", "b")
        assert isinstance(pilot.app.screen, StudiesScreen)


@pytest.mark.parametrize("size", [SMALL, HUGE])
async def test_the_keys_at_the_bottom_fit(
    toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:  # fmt: skip
    async with opened(toy, size) as pilot:
        await go(pilot)
        last = lines(pilot.app)[-1]
        for label in ("Search", "Findings", "Cite", "Web", "Help", "Quit"):
            assert label in last


async def test_a_table_wide_enough_has_journal_and_year(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, (240, 40)) as pilot:
        await go(pilot)
        header = next(line for line in lines(pilot.app) if "Circle" in line)
        assert "Year" in header
        assert "Journal or book" in header
