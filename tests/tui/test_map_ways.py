"""The map: to the findings and back, by the mouse, what is taken away and remembered, and what has no room."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import OptionList, Static

from kb.build import ensure
from kb.collection import Collection
from kb.facets import Choice
from kb.gap_map import ALL
from kb.tables import make_tables
from tests.tui.conftest import still
from tests.tui.driving import LARGE, SMALL, finish, press, screen_of, until
from tests.tui.test_map_screen import ANTI, HUGE, LABOUR, TRUST, detail, go_to, grid, made, of_grid, open_map, screen
from tui.app import EvidenceApp
from tui.map_columns import lay_out
from tui.screens.map import MapScreen
from tui.screens.pick import PickScreen
from tui.widgets.map_bar import MapBar
from tui.widgets.map_grid import MapGrid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.store import Reader
    from tests.tui.conftest import Lines, Opener, Wheel


@pytest.mark.parametrize(("down", "across"), [("outcome", "policy"), ("country", "data"), ("year", "design")])
async def test_enter_shows_exactly_the_findings_of_the_cell(
    toy: Collection, opened: Opener, down: str, across: str
) -> None:
    async with opened(toy, LARGE, "map") as pilot:
        await open_map(pilot)
        shown = screen(pilot)
        shown.down, shown.across = down, across
        await press(pilot, "c", "c", "c", "c")
        assert shown.choice.circle == "all"
        for where in list(made(pilot).cells)[:12]:
            await go_to(pilot, *where)
            wanted = shown.chosen()
            await press(pilot, "enter")
            assert tuple(row.finding for row in pilot.app.session.select(screen_of(pilot).choice)) == wanted  # type: ignore[attr-defined]
            await press(pilot, "2")


async def test_the_mouse_chooses_opens_and_scrolls(toy: Collection, opened: Opener, lines: Lines, wheel: Wheel) -> None:
    async with opened(toy, SMALL, "map") as pilot:
        await open_map(pilot, "v", "v")
        top = lines(pilot.app)
        row = next(number for number, line in enumerate(top) if line.startswith(" Employment")) - 2
        labour = top[2].index("Labo")
        await pilot.click(MapGrid, offset=(labour, row))
        await still(pilot)
        assert grid(pilot).place == ("employment", LABOUR)
        await pilot.click(MapGrid, offset=(labour, 0))
        await still(pilot)
        assert grid(pilot).place == (ALL, LABOUR)
        await pilot.click(MapGrid, offset=(3, row))
        await still(pilot)
        assert grid(pilot).place == ("employment", ALL)
        await wheel(pilot, MapGrid)
        assert not any(line.startswith(" Employment") for line in of_grid(lines(pilot.app)))
        await wheel(pilot, MapGrid, down=False)
        assert any(line.startswith(" Employment") for line in of_grid(lines(pilot.app)))
        await pilot.click(MapGrid, offset=(labour, row))
        await still(pilot)
        await pilot.click(MapGrid, offset=(labour, row))
        await still(pilot)
        assert screen_of(pilot).choice == Choice().only("outcome", "employment").only("policy", LABOUR)


async def test_the_line_above_can_be_clicked(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, SMALL, "map") as pilot:
        await open_map(pilot)
        line = lines(pilot.app)[1]
        await pilot.click(MapBar, offset=(line.index("circle"), 0))
        await still(pilot)
        assert screen(pilot).choice.circle == "comparable"
        await pilot.click(MapBar, offset=(line.index("Outcome"), 0))
        await still(pilot)
        assert isinstance(pilot.app.screen, PickScreen)
        await pilot.click(OptionList, offset=(3, 2))
        await still(pilot)
        assert screen(pilot).down == "population"
        await pilot.click(MapBar, offset=(78, 0))
        await still(pilot)
        assert screen(pilot).choice == Choice().only("circle", "comparable")


async def test_the_table_to_take_away_is_the_map(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "map") as pilot:
        await open_map(pilot, "x")
        sheet = screen(pilot).sheet()
        assert sheet
        assert sheet.title == "Gap map: policy areas by outcome groups"
        assert len(sheet.rows) == 1 + len(made(pilot).down)
        assert "2: ▲1 m1" in {cell for row in sheet.rows for cell in row}
        assert sheet.query == pilot.app.session.query(Choice())  # type: ignore[attr-defined]


async def test_it_is_found_as_it_was_left(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "map") as pilot:
        await open_map(pilot, "x", "c", "v")
        await go_to(pilot, "overall", "identity-and-belonging")
        kept = json.loads(json.dumps(screen(pilot).memory()))
    async with opened(toy, SMALL) as pilot:
        pilot.app.work_screen("map").recall(kept)  # type: ignore[attr-defined]
        await open_map(pilot)
        assert (screen(pilot).down, screen(pilot).choice.circle) == ("policy", "comparable")
        assert grid(pilot).place == ("overall", "identity-and-belonging")
        assert grid(pilot).whole
        assert json.loads(json.dumps(screen(pilot).memory())) == kept


@pytest.mark.parametrize(
    "memory",
    [
        {}, {"down": "policy", "across": "policy"}, {"down": "x", "across": []}, {"place": ["gone", "away"]},
        {"place": 7, "choice": {"picked": 3}, "whole": "yes"}, {"place": [1, 2]}, {"choice": []},
    ],
)  # fmt: skip
async def test_rubbish_is_passed_over(toy: Collection, opened: Opener, memory: dict[str, object]) -> None:
    async with opened(toy, SMALL) as pilot:
        pilot.app.work_screen("map").recall(memory)  # type: ignore[attr-defined]
        await open_map(pilot)
        assert (screen(pilot).down, screen(pilot).across) == ("outcome", "policy")
        assert grid(pilot).place == (ALL, ALL)
        assert screen(pilot).choice == Choice()


async def test_another_state_of_the_collection_is_mapped(own: Collection, opened: Opener) -> None:
    async with opened(own, SMALL, "map") as pilot:
        await open_map(pilot)
        await go_to(pilot, TRUST, ANTI)
        before = made(pilot)
        screen(pilot).take(pilot.app.session)  # type: ignore[attr-defined]
        await finish(pilot)
        await until(pilot, lambda: made(pilot) is not before)
        assert made(pilot).cells == before.cells
        assert grid(pilot).place == (TRUST, ANTI)


async def test_a_collection_without_findings_is_a_map_of_gaps(
    toy: Collection,
    tmp_path: Path,
    opened: Opener,
    lines: Lines,
) -> None:
    (tmp_path / "studies").mkdir()
    empty = Collection((tmp_path / "studies",), toy.ontology)
    with ensure(empty)[0] as reader:
        make_tables(reader)
    async with opened(empty, SMALL, "map") as pilot:
        await open_map(pilot, "down", "right", "enter")
        assert detail(pilot).startswith("Employment × Overall MIPEX score\nNo study: a gap.")
        assert screen(pilot).chosen() == ()
        for key in ("x", "v", "c"):
            await press(pilot, key)
        for down in ("country", "year", "data"):
            screen(pilot).down = down
            await press(pilot, "c", "down", "end")
        assert "[2 Map]" in lines(pilot.app)[0]


@pytest.mark.parametrize("size", [SMALL, HUGE], ids=str)
async def test_hostile_text_is_shown_and_not_obeyed(
    hostile: Collection, hostile_reader: Reader, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with opened(hostile, size, "map") as pilot:
        await open_map(pilot, "c", "c", "c", "c")
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "".join(lines(pilot.app)))
        assert not pilot.app.screen.query_one("#map-text", Static)._render_markup
        assert made(pilot).cell(ALL, ALL).counts.findings > 0


async def test_it_can_be_looked_at_before_it_is_made(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL) as pilot:
        found = pilot.app.work_screen("map")  # type: ignore[attr-defined]
        assert isinstance(found, MapScreen)
        assert (found.sheet(), found.chosen()) == (None, ())
        assert found.memory()["place"] == [ALL, ALL]
        found.show_session()


@pytest.mark.parametrize("width", [40, 80, 120, 200])
async def test_columns_have_room_for_every_cell(toy: Collection, opened: Opener, width: int) -> None:
    async with opened(toy, SMALL, "map") as pilot:
        await open_map(pilot)
        for whole in (True, False):
            plan = lay_out(made(pilot), width, whole=whole)
            assert plan.left <= max(20, width // 3)
            assert [column.name for column in plan.columns][:2] == [ALL, "overall"]
            assert all(len(line) < column.width for column in plan.columns for line in column.head)
        for name in ("left", "right"):
            await press(pilot, *[name] * 14)


async def test_it_is_drawn_in_the_colours_of_the_theme(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "map") as pilot:
        await open_map(pilot)
        seen = set()
        for theme in ("dark", "light"):
            pilot.app.theme = theme
            await still(pilot)
            seen |= {segment.style for segment in grid(pilot).render_line(2) if "Employment" in segment.text}
        assert len(seen) == 2


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_picture(toy: Collection, toy_reader: Reader, snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    async def look(pilot: Pilot[Any]) -> None:
        pilot.app.theme = "textual-dark"
        await still(pilot)
        await open_map(pilot)
        await go_to(pilot, TRUST, ANTI)

    assert snap_compare(EvidenceApp(toy), terminal_size=size, run_before=look)
