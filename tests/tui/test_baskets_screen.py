"""The baskets on screen: looked at, tidied up, named, taken back, taken away, by key and by mouse."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, Static, TextArea

from kb.baskets import Baskets
from kb.user_folder import write_text
from tests.tui.conftest import still
from tests.tui.driving import SIZES, SMALL, choice, enter, finish, press, screen_of, table, until
from tests.tui.test_app_hostile import safe
from tui.screens.ask import AskScreen
from tui.screens.baskets import BasketsScreen
from tui.screens.evidence import EvidenceScreen
from tui.screens.export import ExportScreen
from tui.widgets.row_table import MARK, RowTable
from tui.widgets.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def filled() -> Baskets:
    baskets = Baskets(lambda: "2026-11-28")
    baskets.add(["alpha2001trust-1"], note="to cite")
    baskets.add(["epsilon2005review", "gone2000study", "beta2002moderator-2"])
    baskets.create("Two")
    baskets.add(["gamma2003index"])
    baskets.choose("Reading")
    return baskets


@asynccontextmanager
async def baskets_of(
    opener: Opener, collection: Collection, size: tuple[int, int] = SMALL
) -> AsyncIterator[Pilot[str]]:
    async with opener(collection, size) as pilot:
        app: Any = pilot.app
        app.push_screen(BasketsScreen(app.session))
        await finish(pilot)
        yield pilot


def names(pilot: Pilot[str]) -> RowTable[Any]:
    return pilot.app.screen.query_one("#basket-names", RowTable)


def items(pilot: Pilot[str]) -> RowTable[Any]:
    return pilot.app.screen.query_one("#basket-items", RowTable)


def under_cursor(table: RowTable[Any]) -> Any:  # noqa: ANN401 - of any kind
    return table.row


def keys(pilot: Pilot[str]) -> list[str]:
    return [line.item.key for line in items(pilot).rows]


def said(pilot: Pilot[str]) -> str:
    return str(pilot.app.screen.query_one("#baskets-said", Static).content)


def kept() -> dict[str, list[str]]:
    return {basket.name: [item.key for item in basket.items] for basket in Baskets().all}


async def type_in(pilot: Pilot[str], text: str) -> None:
    assert isinstance(pilot.app.screen, AskScreen)
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")


@pytest.mark.parametrize("size", [*SIZES, pytest.param((200, 60), id="200x60")])
async def test_baskets_are_shown_with_counts_and_what_is_in_them(
    toy: Collection, opened: Opener, lines: Lines, filled: Baskets, size: tuple[int, int]
) -> None:
    async with baskets_of(opened, toy, size) as pilot:
        text = "\n".join(lines(pilot.app))
        for word in (f"{MARK}Reading", "Two", "Alpha et al. 2001", "▲ positive", "A higher", "(no longer in", "study"):
            assert word in text, word
        assert said(pilot).startswith("Reading: 4 entries, 1 no longer in the collection; the current basket.")
        detail = str(pilot.app.screen.query_one("#basket-item", Static).content)
        assert detail.splitlines()[0] == "Alpha et al. 2001"
        assert detail.endswith("alpha2001trust-1, added 2026-11-28; note: to cite")
        assert "Esc Back" in lines(pilot.app)[-1]
        assert "? Help" in lines(pilot.app)[-1]


async def test_an_empty_basket_says_how_it_is_filled(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with baskets_of(opened, toy) as pilot:
        assert "Nothing here yet: b puts the row" in "\n".join(lines(pilot.app))
        await enter(pilot, "e")
        assert "There is nothing to export." in said(pilot)
        await enter(pilot, "enter")
        assert "There is nothing to show." in said(pilot)
        await enter(pilot, "d", "m")
        assert isinstance(pilot.app.screen, BasketsScreen)


async def test_the_cursor_on_the_names_shows_another_basket(toy: Collection, opened: Opener, filled: Baskets) -> None:
    async with baskets_of(opened, toy) as pilot:
        names(pilot).focus()
        await press(pilot, "down")
        assert keys(pilot) == ["gamma2003index"]
        assert "c makes it current" in said(pilot)
        await press(pilot, "c")
        assert Baskets().current.name == "Two"
        assert "the current basket" in said(pilot)


async def test_the_mouse_chooses_baskets_and_entries(toy: Collection, opened: Opener, filled: Baskets) -> None:
    async with baskets_of(opened, toy) as pilot:
        await pilot.click("#basket-items", offset=(3, 2))
        await still(pilot)
        assert under_cursor(items(pilot)).item.key == "epsilon2005review"
        await pilot.click("#basket-names", offset=(3, 2))
        await still(pilot)
        assert keys(pilot) == ["gamma2003index"]


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_an_entry_is_taken_out_and_put_back(toy: Collection, opened: Opener, filled: Baskets, key: str) -> None:
    async with baskets_of(opened, toy) as pilot:
        await press(pilot, "down", key)
        assert kept()["Reading"] == ["alpha2001trust-1", "gone2000study", "beta2002moderator-2"] == keys(pilot)
        assert "epsilon2005review taken out; u puts it back." in said(pilot)
        await press(pilot, "u")
        assert keys(pilot) == ["alpha2001trust-1", "epsilon2005review", "gone2000study", "beta2002moderator-2"]
        assert "Taken back: 1 entry taken out of Reading." in said(pilot)
        await press(pilot, "u")
        assert "no change of a basket to take back" in said(pilot)


async def test_a_basket_is_deleted_from_the_names_and_brought_back(
    toy: Collection, opened: Opener, filled: Baskets
) -> None:
    async with baskets_of(opened, toy) as pilot:
        names(pilot).focus()
        await press(pilot, "down", "d")
        assert list(kept()) == ["Reading"]
        assert [basket.name for basket in names(pilot).rows] == ["Reading"]
        await press(pilot, "u")
        assert kept()["Two"] == ["gamma2003index"]


async def test_a_basket_is_made_and_renamed(toy: Collection, opened: Opener, filled: Baskets) -> None:
    async with baskets_of(opened, toy) as pilot:
        await press(pilot, "n")
        await type_in(pilot, "Chapter 3")
        assert Baskets().current.name == "Chapter 3"
        assert under_cursor(names(pilot)).name == "Chapter 3"
        assert keys(pilot) == []
        await press(pilot, "r")
        await type_in(pilot, "Chapter 4")
        assert list(kept()) == ["Reading", "Two", "Chapter 4"]
        assert under_cursor(names(pilot)).name == "Chapter 4"
        await press(pilot, "r")
        await type_in(pilot, "two")
        assert "There is a basket two already." in said(pilot)
        await press(pilot, "n", "escape")
        assert list(kept()) == ["Reading", "Two", "Chapter 4"]
        await press(pilot, "n")
        await type_in(pilot, "x" * 100)
        assert "60 characters at most" in said(pilot)


async def test_a_note_is_written_and_taken_away(toy: Collection, opened: Opener, filled: Baskets) -> None:
    async with baskets_of(opened, toy) as pilot:
        await press(pilot, "down", "m")
        await type_in(pilot, "for Ann")
        assert [item.note for item in Baskets().current.items] == ["to cite", "for Ann", "", ""]
        await press(pilot, "m")
        assert pilot.app.screen.query_one(Input).value == "for Ann"
        await type_in(pilot, "-")
        assert [item.note for item in Baskets().current.items] == ["to cite", "", "", ""]


async def test_enter_shows_one_finding_among_the_evidence(toy: Collection, opened: Opener, filled: Baskets) -> None:
    async with baskets_of(opened, toy) as pilot:
        await enter(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EvidenceScreen))
        assert choice(pilot).findings == ("alpha2001trust-1",)
        assert [row.finding for row in table(pilot).rows] == ["alpha2001trust-1"]


async def test_enter_on_the_names_shows_all_findings_of_a_basket(
    toy: Collection, opened: Opener, filled: Baskets
) -> None:
    async with baskets_of(opened, toy) as pilot:
        names(pilot).focus()
        await enter(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EvidenceScreen))
        assert {row.finding for row in table(pilot).rows} == {"alpha2001trust-1", "beta2002moderator-2"}


async def test_enter_on_a_study_without_findings_says_so(toy: Collection, opened: Opener, filled: Baskets) -> None:
    async with baskets_of(opened, toy) as pilot:
        await press(pilot, "down", "enter")
        assert "1 study without a finding yet." in said(pilot)
        assert isinstance(pilot.app.screen, BasketsScreen)


async def test_a_basket_is_exported_as_a_reading_list(
    toy: Collection, opened: Opener, filled: Baskets, folder: Path
) -> None:
    async with baskets_of(opened, toy) as pilot:
        await enter(pilot, "e")
        assert isinstance(pilot.app.screen, ExportScreen)
        ticks = pilot.app.screen.query_one("#forms", Ticks).ticks
        assert [tick.label for tick in ticks if tick.on] == ["reading-list.md"]
        assert "by-policy.md" in [tick.label for tick in ticks]
        await enter(pilot, "enter", "b", "enter", "y")
        assert sorted(path.suffix for path in folder.iterdir()) == [".bib", ".md"]
        assert all(path.name.startswith("mipex-basket-reading-") for path in folder.iterdir())
        listed = next(path for path in folder.iterdir() if path.suffix == ".md").read_text("utf-8")
        assert listed.startswith("# Reading\n")
        assert "*Note: to cite*" in listed
        assert "No longer in the collection: gone2000study." in listed
        assert "## About" in listed
        await enter(pilot, "b", "w", "v")
        assert "## About" not in pilot.app.screen.query_one(TextArea).text
        assert pilot.app.screen.query_one(TextArea).text.startswith("# Reading\n")
        await press(pilot, "escape")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, BasketsScreen)


async def test_leaving_goes_back_and_rows_in_the_basket_are_marked(
    toy: Collection, opened: Opener, lines: Lines, filled: Baskets
) -> None:
    async with baskets_of(opened, toy) as pilot:
        await press(pilot, "B")
        assert isinstance(pilot.app.screen, EvidenceScreen)
        marked = [row.finding for row in table(pilot).rows if table(pilot).marked(row)]
        assert "alpha2001trust-1" in marked
        assert screen_of(pilot).session.findings()


async def test_what_another_program_did_is_seen(toy: Collection, opened: Opener, filled: Baskets) -> None:
    async with opened(toy) as pilot:
        app: Any = pilot.app
        assert app.baskets.current.name == "Reading"
        Baskets().add(["alpha2001trust-2"])
        app.push_screen(BasketsScreen(app.session))
        await finish(pilot)
        assert keys(pilot)[-1] == "alpha2001trust-2"


async def test_a_damaged_file_is_said(toy: Collection, opened: Opener) -> None:
    write_text("baskets.json", "{half")
    async with baskets_of(opened, toy) as pilot:
        assert "The file of the baskets was damaged" in said(pilot)
        assert keys(pilot) == []


async def test_a_folder_that_cannot_be_written_is_said(
    toy: Collection, opened: Opener, filled: Baskets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with baskets_of(opened, toy) as pilot:
        (tmp_path / "file").write_bytes(b"")
        monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "file" / "home"))
        await press(pilot, "d")
        assert "cannot be written" in said(pilot)
        assert len(keys(pilot)) == 4


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_notes_and_records_are_never_obeyed(
    hostile: Collection, opened: Opener, size: tuple[int, int]
) -> None:
    evil = "[bold]x[/] [@click=app.quit]y[/]"
    baskets = Baskets()
    baskets.create(evil)
    baskets.add(["hostile2007record", "hostile2007record-1", "[/x]gone"], note=evil)
    async with baskets_of(opened, hostile, size) as pilot:
        assert safe(pilot.app)
        assert evil in said(pilot)
        for number in range(1, 4):
            await pilot.click("#basket-items", offset=(4, number))
            await press(pilot, "m")
            assert safe(pilot.app)
            await press(pilot, "escape")
        await press(pilot, "r")
        assert safe(pilot.app)
        await enter(pilot, "escape", "e")
        assert safe(pilot.app)
        await enter(pilot, "v")
        assert safe(pilot.app)
        assert not pilot.app.return_code
