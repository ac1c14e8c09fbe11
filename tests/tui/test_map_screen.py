"""The screen of the map: moving, choosing dimensions and circles, filters of the evidence, and the way to findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList, Static, TextArea

from kb.facets import EVERYTHING, Choice
from kb.gap_map import ALL
from tests.tui.conftest import still
from tests.tui.driving import LARGE, SMALL, failing, focused, press, screen_of, until
from tui.keys import all_keys
from tui.screens.evidence import EvidenceScreen
from tui.screens.map import MapScreen
from tui.screens.pick import PickScreen
from tui.screens.text import TextScreen
from tui.widgets.map_bar import MapBar
from tui.widgets.map_detail import MapDetail
from tui.widgets.map_grid import MapGrid

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.gap_map import GapMap
    from tests.tui.conftest import Lines, Opener

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
    """Go to the map where it is not in front and wait for it, then press keys."""
    if not isinstance(pilot.app.screen, MapScreen):
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
    async with opened(toy, size, "map") as pilot:
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
    async with opened(toy, SMALL, "map") as pilot:
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
    async with opened(toy, LARGE, "map") as pilot:
        await open_map(pilot, "v", "v")
        (trust,) = [line for line in lines(pilot.app) if line.startswith(" Trust and contact")]
        assert trust.split("people")[1].split() == ["2m", *["·"] * 8, "2▲m", *["·"] * 4]
        await press(pilot, "v")
        (trust,) = [line for line in lines(pilot.app) if line.startswith(" Trust and contact")]
        assert "2 m1" in trust
        await go_to(pilot, TRUST, ANTI)
        assert any("2 ▲1m1" in line for line in lines(pilot.app))


async def test_the_cell_in_words_names_its_studies(toy: Collection, opened: Opener) -> None:
    async with opened(toy, SMALL, "map") as pilot:
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


async def as_at_first(pilot: Pilot[str]) -> None:
    """Bring the map back to how it opens."""
    pilot.app.go("map")  # type: ignore[attr-defined]
    while not isinstance(pilot.app.screen, MapScreen):
        pilot.app.pop_screen()
    shown = screen(pilot)
    shown.down, shown.across, shown._whole = "outcome", "policy", None
    shown._choose(Choice())
    grid(pilot).focus()
    await go_to(pilot, ALL, ALL)


OWN = [key for key in all_keys() if key.scope in ("map", "grid", "pick")]


@pytest.mark.parametrize("size", [SMALL, HUGE], ids=str)
async def test_every_key_does_what_the_help_says(toy: Collection, opened: Opener, size: tuple[int, int]) -> None:
    failed: list[str] = []
    async with opened(toy, size, "map") as pilot:
        await open_map(pilot)
        for key in OWN:
            name, _, rest = key.action.partition("(")
            numbers = [int(text) for text in rest.rstrip(")").split(",") if text]
            proof = globals()["proves_pick_move" if (key.scope, name) == ("pick", "move") else f"proves_{name}"]
            await as_at_first(pilot)
            with failing(failed, f"{key.scope} {key.action}"):
                await proof(pilot, *numbers)
    assert failed == []
