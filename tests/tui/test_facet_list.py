"""The filters: they fold, count, combine, are found by name, and take key and mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from kb.facets import CIRCLE, EVERYTHING, Choice, facets
from kb.session import make_session
from tests.tui.conftest import still
from tests.tui.driving import LARGE, choice, failing, focused, press, screen_of, table
from tui.facet_lines import FIRST_OPEN, FacetLines
from tui.state import State, write_state
from tui.widgets.facet_list import FacetList
from tui.widgets.policy_tree import PolicyTree
from tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.session import Session
    from tests.tui.conftest import Lines, Opener, Wheel

HEADINGS = [facet.label for name, facet in facets().items() if name != "policy"]


@pytest.fixture(scope="module")
def session(toy: Collection) -> Iterator[Session]:
    """Return the session of the toy collection."""
    found = make_session(toy)
    yield found
    found.close()


def filters(pilot: Pilot[str]) -> FacetList:
    """Return the list of filters."""
    return screen_of(pilot).query_one(FacetList)


def names(lines: FacetLines) -> list[tuple[str, str]]:
    """Return what the lines are."""
    return [line.name for line in lines.lines()]


def place(pilot: Pilot[str], facet: str, value: str = "") -> int:
    """Return where a line stands in the list."""
    return next(number for number, line in enumerate(filters(pilot).lines) if line.name == (facet, value))


def shown(lines: list[str], label: str) -> str:
    """Return the line of the filters that has a label, without what stands beside it."""
    return next(line for line in lines if label in line).split("▕")[0].rstrip()


def test_all_facets_but_the_policy_have_a_heading(session: Session) -> None:
    assert names(FacetLines(session.index, ())) == [(name, "") for name in facets() if name != "policy"]


def test_values_stand_below_their_heading_and_fold_in_their_tree(session: Session) -> None:
    lines = FacetLines(session.index, [("outcome", "")])
    tops = [line for line in lines.lines() if line.facet == "outcome" and line.value]
    assert {line.value.depth for line in tops if line.value} == {0}
    (folded,) = [line for line in tops if line.name == ("outcome", "receiving-society")]
    assert folded.more
    assert not folded.is_open
    lines.opened.add(folded.name)
    below = [line.value for line in lines.lines() if line.value and line.value.above == "receiving-society"]
    assert below
    assert {value.depth for value in below} == {1}


def test_words_find_values_with_what_lies_above_them(session: Session) -> None:
    lines = FacetLines(session.index)
    lines.words = "TRUST generalised"
    assert names(lines)[0] == ("outcome", "")
    assert names(lines)[-1] == ("outcome", "generalised-trust")
    assert all(line.is_open for line in lines.lines())
    lines.words = "no-such-filter"
    assert lines.lines() == []
    lines.words = " "
    assert names(lines) == names(FacetLines(session.index))


def test_a_folded_value_knows_of_picked_ones_below(session: Session) -> None:
    lines = FacetLines(session.index)
    picked = EVERYTHING.only("outcome", "generalised-trust")
    above = [concept.notation for concept in session.vocabulary().ancestors("outcome", "generalised-trust")]
    assert above
    assert all(lines.below("outcome", name, picked) for name in above)
    assert not lines.below("outcome", "generalised-trust", picked)
    assert not lines.below("outcome", above[-1], EVERYTHING)


async def test_a_small_screen_shows_one_of_both_and_a_large_one_both(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        tree = screen_of(pilot).query_one(PolicyTree)
        assert (bool(tree.region), bool(filters(pilot).region)) == (True, False)
        await press(pilot, "f")
        assert (bool(tree.region), bool(filters(pilot).region)) == (False, True)
        await press(pilot, "p")
        assert (bool(tree.region), bool(filters(pilot).region)) == (True, False)
        assert focused(pilot) is PolicyTree
        await pilot.click("#side-tabs", offset=(14, 0))
        await still(pilot)
        assert (bool(tree.region), bool(filters(pilot).region)) == (False, True)
        for size in (LARGE, (160, 24), (200, 60)):
            await pilot.resize_terminal(*size)
            await still(pilot)
            assert (bool(tree.region), bool(filters(pilot).region)) == (True, True)


async def test_lines_show_picks_and_counts(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy, LARGE) as pilot:
        text = lines(pilot.app)
        assert shown(text, "Circle: Core").startswith("▾ Circle: Core")
        assert shown(text, "Core: MIPEX").split() == ["[x]", "Core:", "MIPEX", "5"]
        assert shown(text, "Comparable").split()[:2] == ["[", "]"]
        assert shown(text, "▸ Outcome") == "▸ Outcome"
        assert {cell_len(line) for line in text} == {LARGE[0]}
        screen_of(pilot).choose(Choice(search="no-such-word"))
        await still(pilot)
        assert shown(lines(pilot.app), "] Negative").endswith(" 0")
        screen_of(pilot).choose(Choice())
        number = screen_of(pilot).session.index.counts(Choice(), "direction")
        assert shown(text, "] Negative").split()[-1] == str(number["negative"])


async def test_filters_combine_and_are_taken_off(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "f")
        filters(pilot).cursor = place(pilot, "direction", "negative")
        await press(pilot, "space", "down", "enter")
        assert choice(pilot).of("direction") == ("negative", "null")
        assert {row.direction for row in table(pilot).rows} == {"negative", "null"}
        filters(pilot).cursor = place(pilot, CIRCLE, "core")
        await press(pilot, "down", "space")
        assert choice(pilot).of(CIRCLE) == ("comparable", "core")
        filters(pilot).cursor = place(pilot, "direction", "null")
        await press(pilot, "x")
        assert choice(pilot) == Choice().only(CIRCLE, "comparable", "core")
        await press(pilot, "backspace")
        assert choice(pilot).of("direction") == ("negative", "null")
        await press(pilot, "X")
        assert choice(pilot) == Choice()


async def test_headings_and_values_unfold_and_fold_by_key(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "f")
        filters(pilot).cursor = place(pilot, "outcome")
        before = len(filters(pilot).lines)
        await press(pilot, "right")
        assert ("outcome", "") in filters(pilot).opened
        await press(pilot, "right")
        assert filters(pilot).line == filters(pilot).lines[place(pilot, "outcome") + 1]
        await press(pilot, "right", "right", "l")
        line = filters(pilot).line
        assert line is not None
        assert line.value is not None
        assert (line.value.depth, line.is_open) == (1, True)
        await press(pilot, "left", "left", "h", "left")
        assert filters(pilot).cursor == place(pilot, "outcome")
        await press(pilot, "enter")
        assert len(filters(pilot).lines) == before
        await press(pilot, "space")
        assert len(filters(pilot).lines) > before


async def test_folding_away_the_cursor_leaves_it_on_the_heading(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "f")
        filters(pilot).cursor = place(pilot, "direction", "null")
        await press(pilot, "space", "left")
        assert filters(pilot).line is not None
        assert filters(pilot).line.name == ("direction", "")  # type: ignore[union-attr]
        await press(pilot, "left")
        assert "▸ Direction: Null" in "\n".join(lines(pilot.app))


async def test_a_folded_value_shows_that_one_below_is_picked(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "F", *"generalised", "enter", "space", "escape")
        assert choice(pilot).of("outcome") == ("generalised-trust",)
        text = "\n".join(lines(pilot.app))
        assert "[x] Generalised" in text
        await press(pilot, "left", "left")
        assert shown(lines(pilot.app), "▸ [-] ").strip().startswith("▸ [-] Trust")
        await press(pilot, "left", "left", "left", "left")
        assert "▸ Outcome: Generalised trust" in "\n".join(lines(pilot.app))


MOVES: list[tuple[list[str], int]] = [
    (["down", "j"], 2),
    (["down", "down", "k"], 1),
    (["up"], 0),
    (["end"], -1),
    (["G", "g"], 0),
    (["end", "home"], 0),
    (["end", "down"], -1),
    (["end", "pageup", "pageup"], 0),
    (["pagedown", "pagedown"], -1),
]


async def test_keys_move_over_the_lines(toy: Collection, opened: Opener) -> None:
    failed: list[str] = []
    async with opened(toy) as pilot:
        await press(pilot, "f")
        for keys, at in MOVES:
            filters(pilot).cursor = 0
            await still(pilot)
            with failing(failed, " ".join(keys)):
                await press(pilot, *keys)
                assert filters(pilot).cursor == at % len(filters(pilot).lines)
                top = round(filters(pilot).scroll_y)
                assert top <= filters(pilot).cursor < top + filters(pilot).size.height
    assert failed == []


async def test_a_click_ticks_and_one_on_a_sign_or_heading_folds(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "f")
        await pilot.click(FacetList, offset=(8, place(pilot, "direction", "negative")))
        await still(pilot)
        assert choice(pilot).of("direction") == ("negative",)
        await pilot.click(FacetList, offset=(8, place(pilot, CIRCLE)))
        await still(pilot)
        assert (CIRCLE, "") not in filters(pilot).opened
        await pilot.click(FacetList, offset=(3, place(pilot, "outcome")))
        await still(pilot)
        first = place(pilot, "outcome") + 1
        await pilot.click(FacetList, offset=(0, first))
        await still(pilot)
        assert filters(pilot).lines[first].is_open
        assert choice(pilot).of("outcome") == ()
        await pilot.click(FacetList, offset=(6, first))
        await still(pilot)
        assert len(choice(pilot).of("outcome")) == 1


async def test_the_wheel_scrolls_and_ticks_nothing(toy: Collection, opened: Opener, wheel: Wheel) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "f")
        filters(pilot).unfold_only([(name, "") for name in facets()])
        await wheel(pilot, FacetList)
        assert filters(pilot).scroll_y > 0
        assert choice(pilot) == Choice()


async def test_a_filter_is_found_by_name_and_the_list_comes_back(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        before = [line.name for line in filters(pilot).lines]
        await press(pilot, "F", *"xyzzy")
        assert "No filter has these words." in "\n".join(lines(pilot.app))
        await press(pilot, "down", "down", "space", "enter", "left", "right", "x")
        assert choice(pilot) == Choice()
        await press(pilot, "escape")
        assert [line.name for line in filters(pilot).lines] == before
        assert not screen_of(pilot).query_one("#find-filter", Input).display
        await press(pilot, "F", *"mixed", "down", "space")
        assert focused(pilot) is FacetList
        assert choice(pilot) != Choice()


@pytest.mark.usefixtures("drawn")
async def test_only_lines_in_sight_are_counted(
    toy: Collection, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(toy) as pilot:
        index = screen_of(pilot).session.index
        asked: list[str] = []
        real = index.counts

        def counts(chosen: Choice, facet: str):  # type: ignore[no-untyped-def] # noqa: ANN202
            asked.append(facet)
            return real(chosen, facet)

        monkeypatch.setattr(index, "counts", counts)
        await press(pilot, "c")
        assert asked == ["policy"]
        await press(pilot, "f")
        assert set(asked) == {"policy", *(facet for facet, _ in FIRST_OPEN)}


async def test_what_is_unfolded_and_picked_comes_back_with_the_next_run(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "f")
        filters(pilot).cursor = place(pilot, "role")
        await press(pilot, "right", "down", "space")
        kept = screen_of(pilot).memory()
        picked = choice(pilot)
    write_state(State("evidence", "dark", {"evidence": kept}))
    async with opened(toy) as pilot:
        assert choice(pilot) == picked
        assert {row.role for row in table(pilot).rows} == set(picked.of("role"))
        await press(pilot, "f")
        assert ("role", "") in filters(pilot).opened


@pytest.mark.parametrize("opened_before", [None, 7, ["x", 3, ["a"], ["a", 1], ["gone", ""], [["x"], ""]]])
async def test_rubbish_in_memory_is_passed_over(toy: Collection, opened: Opener, opened_before: object) -> None:
    memory = {"picked": [["gone", "x"]], "opened": opened_before, "columns": 3, "widths": [1], "order": {}}
    write_state(State("evidence", "dark", {"evidence": memory}))
    async with opened(toy) as pilot:
        await press(pilot, "f", "down", "up")
        assert focused(pilot) is FacetList
        await press(pilot, "escape")
        assert focused(pilot) is RowTable


async def test_an_empty_collection_has_headings(copy_of_toy: Collection, opened: Opener, lines: Lines) -> None:
    for path in copy_of_toy.studies[0].iterdir():
        path.unlink()
    async with opened(copy_of_toy) as pilot:
        await press(pilot, "f", "end", "right", "space", "x", "left")
        text = "\n".join(lines(pilot.app))
        assert all(label in text for label in HEADINGS)
