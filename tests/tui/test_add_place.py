"""Adding as one of the numbered screens: what it shows taken away, its studies in the basket, keys, mouse, memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from kb.sheet import about, render_sheet
from tests.tui.conftest import still
from tests.tui.driving import enter, focused, press
from tests.tui.intake import HOSTILE, adding, mixed_file, plan, plan_rows, said
from tui.app import EvidenceApp
from tui.screens.add import AddScreen
from tui.screens.evidence import EvidenceScreen
from tui.screens.export import ExportScreen
from tui.screens.help import HelpScreen
from tui.screens.query_behind import QueryBehindScreen
from tui.screens.studies import StudiesScreen
from tui.state import read_state
from tui.widgets.plan_table import PlanDetail
from tui.widgets.row_table import RowTable
from tui.widgets.tab_bar import TabBar
from tui.widgets.text_fields import PathInput

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.sheet import Sheet
    from tests.tui.conftest import Lines, Opener

ALPHA = "alpha2001trust"
NEW = "@misc{x, author = {Gamma, Gil and Zeta, Zoe}, title = {Schools and belonging}, year = 2020}"


def sheet_of(pilot: Pilot[str]) -> Sheet:
    """Return what can be taken away."""
    sheet = adding(pilot).sheet()
    assert sheet is not None
    return sheet


async def test_the_plan_is_taken_away_as_it_is_shown(toy: Collection, opened: Opener, tmp_path: Path) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "6")
        assert adding(pilot).sheet() is None
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "down", "down", "space")
        sheet = sheet_of(pilot)
        assert sheet.title == "Plan for mixed.bib"
        assert sheet.header == (
            "status", "to_write", "line", "key", "study", "title", "year", "first_author", "remark",
        )  # fmt: skip
        rows = {row[3]: row for row in sheet.rows}
        assert list(rows) == [row.key for row in plan_rows(pilot)]
        assert rows["gamma2020"][:8] == (
            "new", "yes", "1", "gamma2020", "", "Schools and belonging", "2020", "Gamma"
        )  # fmt: skip
        assert (rows["same"][4], rows["same"][8]) == (ALPHA, f"is {ALPHA}")
        assert rows["like"][1:5] == ("yes", "7", "like", "")
        assert rows["better"][8].startswith(f"is {ALPHA}; better: author")
        assert rows["broken"][8].startswith("The closing brace is missing")
        assert sheet.studies == (ALPHA,)
        assert sheet.summary == adding(pilot).proposal.summary()  # type: ignore[union-attr]
        assert [row[0] for row in pilot.app.session.reader.rows(sheet.query)] == [ALPHA]  # type: ignore[attr-defined]


async def test_only_what_is_shown_is_taken_away_in_its_order(toy: Collection, opened: Opener, tmp_path: Path) -> None:
    async with opened(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        adding(pilot).query_one("#plan", RowTable).sort("Title", reverse=True)
        assert [row[3] for row in sheet_of(pilot).rows] == [row.key for row in plan_rows(pilot)]
        assert [row[3] for row in sheet_of(pilot).rows][-1] == "broken"
        await press(pilot, "f")
        sheet = sheet_of(pilot)
        assert {row[0] for row in sheet.rows} == {"new"}
        assert (sheet.studies, sheet.query) == ((), "")
        assert sheet.summary.endswith("Shown: new.")


async def test_the_plan_is_exported_and_its_query_shown_where_there_is_one(
    toy: Collection, opened: Opener, tmp_path: Path
) -> None:
    (tmp_path / "new.bib").write_text(NEW, "utf-8")
    async with opened(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await adding(pilot).run_action("export")
        await enter(pilot)
        assert isinstance(pilot.app.screen, ExportScreen)
        await enter(pilot, "escape")
        await adding(pilot).run_action("query")
        await enter(pilot)
        assert isinstance(pilot.app.screen, QueryBehindScreen)
        await enter(pilot, "escape", "escape")
        await plan(pilot, tmp_path / "new.bib")
        await adding(pilot).run_action("query")
        await enter(pilot)
        assert isinstance(pilot.app.screen, AddScreen)
        assert [note.message for note in pilot.app._notifications] == ["There is no query behind what is shown."]


async def test_b_puts_a_study_of_the_collection_into_the_basket_and_nothing_else(
    toy: Collection, opened: Opener, lines: Lines, tmp_path: Path
) -> None:
    async with opened(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        baskets = pilot.app.baskets  # type: ignore[attr-defined]
        before = set(baskets.marked())
        assert adding(pilot).chosen() == ()
        await press(pilot, "b")
        assert set(baskets.marked()) == before
        await press(pilot, "down")
        assert adding(pilot).chosen() == (ALPHA,)
        await press(pilot, "b")
        assert set(baskets.marked()) - before == {ALPHA}
        assert sum("●" in line for line in lines(pilot.app)) == 2, "the same study twice in the file"
        await press(pilot, "b")
        assert set(baskets.marked()) == before


async def test_what_was_written_is_a_study_of_the_collection_then(
    own: Collection, opened: Opener, tmp_path: Path
) -> None:
    async with opened(own) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        assert adding(pilot).chosen() == ()
        await enter(pilot, "w", "y")
        assert adding(pilot).chosen() == ("gamma2020schools",)
        sheet = sheet_of(pilot)
        assert sheet.studies == ("gamma2020schools", ALPHA, "delta2019book")
        found = pilot.app.session.reader.rows(sheet.query)  # type: ignore[attr-defined]
        assert {row[0] for row in found} == set(sheet.studies)
        await enter(pilot, "u", "y")
        assert adding(pilot).chosen() == ()


async def test_digits_are_text_in_the_field_and_screens_from_the_plan(
    toy: Collection, opened: Opener, tmp_path: Path
) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "6", *"136bseq?")
        assert adding(pilot).query_one(PathInput).value == "136bseq?"
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "down", "3")
        assert isinstance(pilot.app.screen, StudiesScreen)
        await press(pilot, "6")
        assert len(plan_rows(pilot)) == 6
        assert adding(pilot).query_one("#plan", RowTable).cursor == 1


async def test_the_keys_of_the_plan_are_not_offered_before_there_is_one(
    toy: Collection, opened: Opener, lines: Lines, tmp_path: Path
) -> None:
    async with opened(toy, (120, 40)) as pilot:
        await press(pilot, "6")
        assert "Ctrl+R Read" in lines(pilot.app)[-1]
        assert "Basket" not in lines(pilot.app)[-1]
        await plan(pilot, mixed_file(tmp_path))
        assert "Ctrl+R Read" not in lines(pilot.app)[-1]
        for part in ("Space Mark", "w Write", "n Code", "Esc Back", "b Basket", "? Help", "q Quit"):
            assert part in lines(pilot.app)[-1], part


async def test_escape_leaves_the_entry_then_the_status_then_the_plan_then_the_screen(
    toy: Collection, opened: Opener, tmp_path: Path
) -> None:
    async with opened(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "f", "d")
        assert focused(pilot) is PlanDetail
        await press(pilot, "escape")
        assert focused(pilot) is RowTable
        assert len(plan_rows(pilot)) == 2
        await press(pilot, "escape")
        assert len(plan_rows(pilot)) == 6
        assert "Shown" not in said(pilot)
        await press(pilot, "escape")
        assert adding(pilot).proposal is None
        assert focused(pilot) is PathInput
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EvidenceScreen)


async def test_f1_helps_where_a_question_mark_would_be_typed(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "6", "f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        await press(pilot, "escape")
        assert focused(pilot) is PathInput


async def test_a_click_on_a_tab_goes_there_and_back(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        for label, screen in (("6 Add", AddScreen), ("3 Studies", StudiesScreen), ("6 Add", AddScreen)):
            await pilot.click(TabBar, offset=(lines(pilot.app)[0].index(label) + 1, 0))
            await still(pilot)
            assert isinstance(pilot.app.screen, screen)


async def test_the_name_typed_last_is_there_in_the_next_run_and_gives_way_to_another(
    toy: Collection, opened: Opener
) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "6", *"refs.bib")
        assert isinstance(pilot.app, EvidenceApp)
        pilot.app.remember()
    assert read_state().screens["add"] == {"file": "refs.bib"}
    async with opened(toy) as pilot:
        assert adding(pilot).query_one(PathInput).value == "refs.bib"
        await press(pilot, "end", "x")
        assert adding(pilot).query_one(PathInput).value == "refs.bibx"
    async with opened(toy) as pilot:
        await press(pilot, "a")
        assert adding(pilot).query_one(PathInput).value == "a"


async def test_rubbish_in_the_memory_is_passed_over(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        assert isinstance(pilot.app, EvidenceApp)
        for memory, name in (({"file": 7}, ""), ({}, ""), ({"file": "\x1b[31ma\nb"}, "[31ma b")):
            screen = AddScreen(pilot.app.session, pilot.app.desk)
            screen.recall(memory)
            assert screen.memory() == {"file": name}
            await pilot.app.push_screen(screen)
            assert screen.query_one("#file", Input).value == name


async def test_a_hostile_plan_is_taken_away_disarmed(toy: Collection, opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "[bold]evil\x1b[31m.bib"
    path.write_text(HOSTILE, "utf-8")
    async with opened(toy) as pilot:
        await plan(pilot, path)
        sheet = sheet_of(pilot)
        text = render_sheet("csv", sheet, about(sheet, "abc", "2026-11-28"))
        assert isinstance(text, str)
        assert "[red]=HYPERLINK(1)[/red]" in text
        assert not {"\x1b", "\x07", "\u202e", "\x9b"} & {*text, *"".join(map("".join, sheet.rows)), *sheet.title}
