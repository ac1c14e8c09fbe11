"""Studies: to their pages, to the basket and to files, and how it all has room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static

import tui.browser
from kb.sheet import about, render_sheet
from kb.study_list import HEADER
from tests.tui.driving import SMALL, finish, press, until
from tests.tui.test_studies_screen import HUGE, KEYS, cited, go, look_for, notes, said, screen_of, shown, table
from tui.screens.cite import Manner
from tui.screens.code import CodeScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.studies import StudiesScreen
from tui.state import State

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener


async def test_the_doi_is_opened_and_sent_to_the_clipboard(
    toy: Collection, opened: Opener, launched: list[list[str]]
) -> None:
    async with opened(toy, first="studies") as pilot:
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
    async with opened(toy, first="studies") as pilot:
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
    async with opened(own, first="studies") as pilot:
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
    async with opened(toy, first="studies") as pilot:
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
    async with opened(toy, first="studies") as pilot:
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
    async with opened(toy, first="studies") as pilot:
        await go(pilot)
        await press(pilot, "b")
        assert "alpha2001trust" in pilot.app.baskets.marked()  # type: ignore[attr-defined]
        assert any(line.startswith("●Alpha") for line in lines(pilot.app))


async def test_what_was_chosen_is_found_again_and_rubbish_is_passed_over(toy: Collection, opened: Opener) -> None:
    async with opened(toy, first="studies") as pilot:
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

    async with opened(toy, first="studies") as pilot:
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
    async with opened(hostile, size, "studies") as pilot:
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
    async with opened(toy, size, "studies") as pilot:
        await go(pilot)
        last = lines(pilot.app)[-1]
        for label in ("Search", "Findings", "Cite", "Web", "Help", "Quit"):
            assert label in last


async def test_a_table_wide_enough_has_journal_and_year(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, (240, 40), "studies") as pilot:
        await go(pilot)
        header = next(line for line in lines(pilot.app) if "Circle" in line)
        assert "Year" in header
        assert "Journal or book" in header
