"""The screen of the map: moving, choosing dimensions and circles, filters of the evidence, and the way to findings."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import OptionList, Static, TextArea

from kb.build import ensure
from kb.collection import Collection
from kb.facets import EVERYTHING, Choice
from kb.gap_map import ALL
from kb.tables import make_tables
from tests.tui.conftest import still
from tests.tui.driving import LARGE, SMALL, finish, focused, press, screen_of, until
from tui.app import EvidenceApp
from tui.keys import Key, all_keys
from tui.map_columns import lay_out
from tui.screens.evidence import EvidenceScreen
from tui.screens.map import MapScreen
from tui.screens.pick import PickScreen
from tui.screens.text import TextScreen
from tui.widgets.map_bar import MapBar
from tui.widgets.map_detail import MapDetail
from tui.widgets.map_grid import MapGrid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.gap_map import GapMap
    from kb.store import Reader
    from tests.tui.conftest import Lines, Opener, Wheel

HUGE = (200, 60)
TRUST, ANTI, LABOUR = "social-cohesion", "anti-discrimination", "labour-market-mobility"
WORDS = "Trust and contact between people × Anti-discrimination"


def screen(pilot: Pilot[str]) -> MapScreen:
    found = pilot.app.screen
    assert isinstance(found, MapScreen)
    return found


def grid(pilot: Pilot[str]) -> MapGrid:
    return screen(pilot).query_one(MapGrid)


def made(pilot: Pilot[str]) -> GapMap:
    found = screen(pilot).made
    assert found
    return found


def detail(pilot: Pilot[str]) -> str:
    return str(screen(pilot).query_one("#map-text", Static).content)


async def open_map(pilot: Pilot[str], *keys: str) -> None:
    """Go to the map and wait for it, then press keys."""
    await press(pilot, "2")
    await until(pilot, lambda: screen(pilot).made is not None)
    await press(pilot, *keys)


def of_grid(found: list[str]) -> list[str]:
    """Return the lines of a screen without those that tell of one cell."""
    return [line for line in found if " × " not in line]


async def go_to(pilot: Pilot[str], down: str, across: str) -> None:
    grid(pilot).go_to(down, across)
    await still(pilot)
    assert grid(pilot).place == (down, across)


@pytest.mark.parametrize("size", [SMALL, LARGE, (160, 40), HUGE], ids=str)
async def test_it_opens_with_outcome_groups_by_policy_areas(
    toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with opened(toy, size) as pilot:
        await open_map(pilot)
        shown = of_grid(lines(pilot.app))
        assert "[2 Map]" in shown[0]
        assert shown[1].split() == [
            *"d↓",
            "Outcome",
            "group",
            *"a→",
            "Policy",
            "area",
            "c",
            "circle",
            "core",
            "f",
            "filters",
            "none",
        ]
        assert all(len(line) <= size[0] for line in shown)
        assert focused(pilot) is MapGrid
        assert grid(pilot).place == (ALL, ALL)
        (total,) = [line for line in shown if line.startswith(" All outcome groups ")]
        assert total.split()[3] == "2"
        assert "A cell counts each study once" in detail(pilot)
        assert "Enter Findings" in shown[-1]
        assert "Gaps" in shown[-1]
        assert "Quit" in shown[-1]


async def test_the_heads_stay_while_the_cells_move(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, SMALL) as pilot:
        await open_map(pilot, "end")
        assert grid(pilot).place == (ALL, "visa-policy")
        await press(pilot, *["pagedown"] * 4)
        assert grid(pilot).place == ("origin-ties", "visa-policy")
        shown = lines(pilot.app)
        assert re.match(r" ↕ \d+–25/25 ↔ \d+–13/13 +All .* Visa", shown[2])
        assert shown[3].startswith(" All outcome groups ")
        assert any(line.startswith(" Ties with the country") for line in shown)
        assert not any(line.startswith(" Employment") for line in of_grid(shown))
        assert detail(pilot).startswith(
            "Ties with the country of origin × Visa policy (outside MIPEX)\nNo study: a gap."
        )
        await press(pilot, "home", *["pageup"] * 4)
        assert grid(pilot).place == (ALL, ALL)
        assert any(line.startswith(" Employment") for line in of_grid(lines(pilot.app)))


async def test_numbers_signs_and_gaps_stand_in_the_cells(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, LARGE) as pilot:
        await open_map(pilot, "v", "v")
        (trust,) = [line for line in lines(pilot.app) if line.startswith(" Trust and contact")]
        assert trust.split("people")[1].split() == ["2m", *["·"] * 8, "2▲m", *["·"] * 4]
        await press(pilot, "v")
        (trust,) = [line for line in lines(pilot.app) if line.startswith(" Trust and contact")]
        assert "2 m1" in trust
        await go_to(pilot, TRUST, ANTI)
        assert any("2 ▲1m1" in line for line in lines(pilot.app))


async def test_the_cell_in_words_names_its_studies(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL) as pilot:
        await open_map(pilot)
        await go_to(pilot, TRUST, ANTI)
        told = detail(pilot).splitlines()
        assert told[0] == WORDS
        assert told[1] == (
            "2 studies (2 findings, 1 evidence base): positive 1, negative 0, null 0, mixed 0, unclear 0, "
            "moderator only 1. 50% read in full text."
        )
        assert told[2:4] == [
            "▲ Alpha et al. 2001: Made-up study of equal treatment and trust",
            "▼m Made-up Institute of Examples and Beta 2012: Made-up moderator: policy and discrimination",
        ]
        assert screen(pilot).chosen() == ("alpha2001trust-1", "beta2002moderator-1")


# Every key.


async def proves_move(pilot: Pilot[str], down: int, right: int) -> None:
    await go_to(pilot, "education", "health")
    rows = [ALL, *(value.name for value in made(pilot).down)]
    columns = [ALL, *(value.name for value in made(pilot).across)]
    row, column = rows.index("education"), columns.index("health")
    name = {(1, 0): "down", (-1, 0): "up", (0, 1): "right", (0, -1): "left"}[down, right]
    for key in (name, {"down": "j", "up": "k", "right": "l", "left": "h"}[name]):
        await press(pilot, key)
        row, column = row + down, column + right
        assert grid(pilot).place == (rows[row], columns[column])
    await press(pilot, *[name] * 40)
    ends = {"down": (rows[-1], columns[column]), "up": (ALL, columns[column])}
    ends |= {"right": (rows[row], columns[-1]), "left": (rows[row], ALL)}
    assert grid(pilot).place == ends[name]


async def proves_page(pilot: Pilot[str], pages: int) -> None:
    await go_to(pilot, "health", "health")
    await press(pilot, "pagedown" if pages > 0 else "pageup")
    moved = (
        [value.name for value in made(pilot).down].index(grid(pilot).place[0]) if grid(pilot).place[0] != ALL else -1
    )
    assert (moved > 7) == (pages > 0)
    assert abs(moved - 7) >= 8 or grid(pilot).place[0] == ALL


async def proves_edge(pilot: Pilot[str], last: int) -> None:
    await go_to(pilot, "health", "health")
    await press(pilot, "end" if last else "home")
    assert grid(pilot).place == ("health", "visa-policy" if last else ALL)


async def proves_open(pilot: Pilot[str]) -> None:
    await go_to(pilot, TRUST, ANTI)
    await press(pilot, "enter")
    assert screen_of(pilot).choice == Choice().only("outcome", TRUST).only("policy", ANTI)
    await press(pilot, "2")
    await go_to(pilot, ALL, LABOUR)
    await press(pilot, "enter")
    assert screen_of(pilot).choice == Choice().only("policy", LABOUR)
    await press(pilot, "2")
    await go_to(pilot, ALL, "education")
    await press(pilot, "enter")
    assert screen(pilot)


async def proves_down(pilot: Pilot[str]) -> None:
    await press(pilot, "d")
    assert isinstance(pilot.app.screen, PickScreen)
    assert pilot.app.screen.query_one(OptionList).highlighted == 1
    await press(pilot, "down", "down", "enter")
    assert [value.name for value in made(pilot).down] == ["AT", "BE", "CA", "DE", ""]
    await press(pilot, "d", "escape")
    assert (screen(pilot).down, screen(pilot).across) == ("country", "policy")


async def proves_across(pilot: Pilot[str]) -> None:
    await press(pilot, "a", "j", "j", "k", "enter")
    assert (screen(pilot).down, screen(pilot).across) == ("policy", "outcome")
    await press(pilot, "a", *["down"] * 5, "enter")
    assert (screen(pilot).down, screen(pilot).across) == ("policy", "circle")
    assert [value.name for value in made(pilot).across] == ["core"]


async def proves_swap(pilot: Pilot[str]) -> None:
    await go_to(pilot, TRUST, ANTI)
    await press(pilot, "x")
    assert (screen(pilot).down, screen(pilot).across) == ("policy", "outcome")
    assert grid(pilot).place == (ANTI, TRUST)
    assert detail(pilot).startswith("Anti-discrimination × Trust and contact between people\n2 studies")


async def proves_circle(pilot: Pilot[str]) -> None:
    numbers = []
    for _ in range(5):
        numbers.append((screen(pilot).choice.circle, made(pilot).cell(ALL, ALL).counts.findings))
        await press(pilot, "c")
    assert numbers == [("core", 5), ("comparable", 1), ("reform", 1), ("status", 0), ("all", 7)]
    assert screen(pilot).choice == Choice()


async def proves_take_filters(pilot: Pilot[str]) -> None:
    evidence = pilot.app.work_screen("evidence")  # type: ignore[attr-defined]
    assert isinstance(evidence, EvidenceScreen)
    evidence.choose_when_ready(EVERYTHING.only("country", "DE")._replace(search="made-up"))
    await press(pilot, "2", "f")
    assert screen(pilot).choice == EVERYTHING.only("country", "DE")._replace(search="made-up")
    assert made(pilot).cell(ALL, ALL).counts.findings == 4
    bar = screen(pilot).query_one(MapBar)
    assert "f filters Country Germany; " in bar.render_line(0).text


async def proves_gaps(pilot: Pilot[str]) -> None:
    await press(pilot, "g")
    assert isinstance(pilot.app.screen, TextScreen)
    text = pilot.app.screen.query_one(TextArea).text
    assert "Employment: no study on 3 policy areas: Overall MIPEX score; Health; Anti-discrimination." in text
    await press(pilot, "escape")
    assert screen(pilot)


async def proves_view(pilot: Pilot[str]) -> None:
    before = grid(pilot).whole
    await press(pilot, "v")
    assert grid(pilot).whole is not before
    await press(pilot, "v")
    assert grid(pilot).whole is before


async def proves_back(pilot: Pilot[str]) -> None:
    await press(pilot, "c", "tab")
    assert focused(pilot) is MapDetail
    await press(pilot, "escape")
    assert focused(pilot) is MapGrid
    assert screen(pilot).choice.circle == "comparable"
    await press(pilot, "escape", "escape")
    assert screen(pilot).choice == Choice()


async def proves_pick_move(pilot: Pilot[str], steps: int) -> None:
    await press(pilot, "d", "j" if steps > 0 else "k")
    assert pilot.app.screen.query_one(OptionList).highlighted == 1 + steps


async def proves_leave(pilot: Pilot[str]) -> None:
    await press(pilot, "d", "escape")
    assert screen(pilot).down == "outcome"


OWN = [key for key in all_keys() if key.scope in ("map", "grid", "pick")]


@pytest.mark.parametrize("size", [SMALL, HUGE], ids=str)
@pytest.mark.parametrize("key", OWN, ids=lambda key: f"{key.scope}-{key.action}")
async def test_every_key_does_what_the_help_says(
    toy: Collection, opened: Opener, key: Key, size: tuple[int, int]
) -> None:
    name, _, rest = key.action.partition("(")
    numbers = [int(text) for text in rest.rstrip(")").split(",") if text]
    proof = globals()["proves_pick_move" if (key.scope, name) == ("pick", "move") else f"proves_{name}"]
    async with opened(toy, size) as pilot:
        await open_map(pilot)
        await proof(pilot, *numbers)


# The way to the findings and back.


@pytest.mark.parametrize(("down", "across"), [("outcome", "policy"), ("country", "data"), ("year", "design")])
async def test_enter_shows_exactly_the_findings_of_the_cell(
    toy: Collection, opened: Opener, down: str, across: str
) -> None:
    async with opened(toy, LARGE) as pilot:
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
    async with opened(toy, SMALL) as pilot:
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
    async with opened(toy, SMALL) as pilot:
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


# What it tells of itself.


async def test_the_table_to_take_away_is_the_map(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL) as pilot:
        await open_map(pilot, "x")
        sheet = screen(pilot).sheet()
        assert sheet
        assert sheet.title == "Gap map: policy areas by outcome groups"
        assert len(sheet.rows) == 1 + len(made(pilot).down)
        assert "2: ▲1 m1" in {cell for row in sheet.rows for cell in row}
        assert sheet.query == pilot.app.session.query(Choice())  # type: ignore[attr-defined]


async def test_it_is_found_as_it_was_left(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL) as pilot:
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
    async with opened(own, SMALL) as pilot:
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
    async with opened(empty, SMALL) as pilot:
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
    async with opened(hostile, size) as pilot:
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
    async with opened(toy, SMALL) as pilot:
        await open_map(pilot)
        for whole in (True, False):
            plan = lay_out(made(pilot), width, whole=whole)
            assert plan.left <= max(20, width // 3)
            assert [column.name for column in plan.columns][:2] == [ALL, "overall"]
            assert all(len(line) < column.width for column in plan.columns for line in column.head)
        for name in ("left", "right"):
            await press(pilot, *[name] * 14)


async def test_it_is_drawn_in_the_colours_of_the_theme(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL) as pilot:
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
