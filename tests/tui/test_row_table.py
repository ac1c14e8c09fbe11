"""The table of findings: it draws what is in sight, and its cursor is always on a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from kb.evidence import Row
from tests.tui.conftest import still
from tests.tui.driving import press
from tui.app import EvidenceApp
from tui.finding_columns import finding_columns
from tui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from kb.session import Session
    from tests.tui.conftest import Lines, MakeRow, Wheel

MANY = 10_000


class Bench(App[None]):
    """A table on its own, which counts the cells that are read and remembers what the table tells."""

    CSS_PATH = EvidenceApp.CSS_PATH

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.told: list[Row | None] = []

    def compose(self) -> ComposeResult:
        """Show the table alone."""
        columns = (Column[Row]("Finding", self.cell, 0), Column[Row]("Direction", lambda row: row.direction, 10))
        yield RowTable(columns, lambda row: row.finding, "No finding fits.")

    def cell(self, row: Row) -> str:
        """Return the key of a finding, and note that it was asked for."""
        self.read.append(row.finding)
        return row.finding

    def on_row_table_chosen(self, event: RowTable.Chosen) -> None:
        """Remember the finding."""
        self.told.append(event.row)

    @property
    def table(self) -> RowTable[Row]:
        """The table."""
        return self.query_one(RowTable)


def no_session() -> Session:
    """Stand for the session, which none of the columns shown here asks."""
    raise AssertionError


@pytest.fixture
def many(make_row: MakeRow) -> list[Row]:
    """Return ten thousand findings."""
    return [make_row(number) for number in range(MANY)]


@pytest.fixture
def few(make_row: MakeRow) -> list[Row]:
    """Return five findings."""
    return [make_row(number) for number in range(5)]


@pytest.mark.usefixtures("drawn")
async def test_of_ten_thousand_findings_only_those_in_sight_are_drawn(many: list[Row], lines: Lines) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.show(many)
        await still(pilot)
        assert set(app.read) == {row.finding for row in many[:23]}
        assert len(app.read) <= 5 * 23
        app.read.clear()
        await press(pilot, "down")
        await still(pilot)
        assert app.read
        assert len(app.read) <= 2 * 23
        assert "made0-1" in lines(app)[1]
        assert "made22-1" in lines(app)[23]


async def test_the_end_of_ten_thousand_findings_is_one_key_away(many: list[Row], lines: Lines) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.focus()
        app.table.show(many)
        await still(pilot)
        app.read.clear()
        await press(pilot, "end")
        await still(pilot)
        assert app.table.row == many[-1]
        assert app.told[-1] == many[-1]
        assert lines(app)[23].split()[0] == many[-1].finding
        assert lines(app)[1].split()[0] == many[-23].finding
        assert set(app.read) <= {row.finding for row in [*many[:23], *many[-23:]]}
        await press(pilot, "pageup")
        await still(pilot)
        assert app.table.cursor == MANY - 1 - 22
        await press(pilot, "home")
        await still(pilot)
        assert app.table.row == many[0]
        assert lines(app)[1].split()[0] == many[0].finding


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["down"], 1),
        (["j", "j"], 2),
        (["down", "down", "up"], 1),
        (["j", "k"], 0),
        (["up"], 0),
        (["end"], 4),
        (["G"], 4),
        (["end", "down"], 4),
        (["G", "g"], 0),
        (["end", "home"], 0),
        (["pagedown"], 4),
        (["pagedown", "pageup"], 0),
    ],
)
async def test_keys_move_the_cursor_and_stop_at_the_ends(few: list[Row], keys: list[str], cursor: int) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.focus()
        app.table.show(few)
        await press(pilot, *keys)
        await still(pilot)
        assert app.table.cursor == cursor
        assert app.told[-1] == few[cursor]


async def test_a_page_keeps_one_line_of_the_last_in_sight(many: list[Row]) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.focus()
        app.table.show(many)
        await press(pilot, "pagedown")
        assert app.table.cursor == 22


@pytest.mark.parametrize("keys", [["down"], ["up"], ["end"], ["home"], ["pagedown"], ["pageup"]])
async def test_an_empty_table_stands_every_key(keys: list[str], lines: Lines) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.focus()
        app.table.show([])
        await press(pilot, *keys)
        await still(pilot)
        assert app.table.row is None
        assert app.table.cursor == 0
        assert app.told[-1] is None
        assert "No finding fits" in "\n".join(lines(app))


async def test_the_cursor_keeps_its_finding_when_others_are_shown(many: list[Row], lines: Lines) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.show(many)
        app.table.cursor = 5000
        await still(pilot)
        app.table.show(many[4000:])
        await still(pilot)
        assert app.table.row == many[5000]
        assert app.table.cursor == 1000
        assert any(line.startswith(f" {many[5000].finding}") for line in lines(app))
        assert app.told[-1] == many[5000]


async def test_the_cursor_goes_to_the_first_when_its_finding_is_gone(many: list[Row], lines: Lines) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.show(many)
        app.table.cursor = MANY - 1
        await still(pilot)
        app.table.show(many[:9000])
        await still(pilot)
        assert app.table.row == many[0]
        assert lines(app)[1].split()[0] == many[0].finding


async def test_fewer_findings_after_many_leave_none_of_the_old_on_the_screen(
    many: list[Row], few: list[Row], lines: Lines
) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.show(many)
        await press(pilot, "end")
        await still(pilot)
        app.table.show(few)
        await still(pilot)
        assert [line.split()[0] for line in lines(app)[1:] if line.strip()] == [row.finding for row in few]


async def test_a_click_puts_the_cursor_on_the_row(many: list[Row]) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.show(many)
        await still(pilot)
        await pilot.click(RowTable, offset=(3, 4))
        assert app.table.cursor == 3
        app.table.cursor = 5000
        await still(pilot)
        top = round(app.table.scroll_y)
        await pilot.click(RowTable, offset=(3, 1))
        assert app.table.cursor == top


async def test_a_click_on_the_titles_or_below_the_last_row_moves_nothing(few: list[Row]) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.show(few)
        app.table.cursor = 2
        await still(pilot)
        await pilot.click(RowTable, offset=(3, 0))
        assert app.table.cursor == 2
        await pilot.click(RowTable, offset=(3, 12))
        assert app.table.cursor == 2


async def test_the_wheel_scrolls_and_leaves_the_cursor(many: list[Row], lines: Lines, wheel: Wheel) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.show(many)
        await still(pilot)
        await wheel(pilot, RowTable)
        top = round(app.table.scroll_y)
        assert top > 0
        assert lines(app)[1].split()[0] == many[top].finding
        assert lines(app)[0].split()[0] == "Finding"
        assert app.table.cursor == 0
        await wheel(pilot, RowTable, down=False)
        assert round(app.table.scroll_y) == 0


@pytest.mark.parametrize("width", [20, 47, 66, 78, 90, 108, 140])
async def test_every_line_fills_the_width_exactly(make_row: MakeRow, lines: Lines, width: int) -> None:
    class Real(App[None]):
        CSS_PATH = EvidenceApp.CSS_PATH

        def compose(self) -> ComposeResult:
            yield RowTable(finding_columns(no_session))

    rows = [
        make_row(1, outcome_label="Generalised trust " * 9, authors="信頼, A; B, C; D, E", year="2001", population="x"),
        make_row(2, outcome_label="信頼" * 30, policy_label="a\u0301" * 40, source_level="fulltext"),
    ]
    app = Real()
    async with app.run_test(size=(width, 10)) as pilot:
        app.query_one(RowTable).show(rows)
        await still(pilot)
        assert {cell_len(line) for line in lines(app)} == {width}
        assert ("Policy" in lines(app)[0]) == (width >= 78)
        assert ("Population" in lines(app)[0]) == (width >= 108)
        assert ("Read in" in lines(app)[0]) == (width >= 66)
        assert lines(app)[1].split()[:2] == ["▲", "positive"]


def test_a_relation_stands_beside_its_outcome(make_row: MakeRow) -> None:
    column = finding_columns(no_session)[1]
    assert column.cell(make_row(1, outcome_label="Trust", relation="a -> b")) == "Trust (a -> b)"
    assert column.cell(make_row(1, outcome_label="Trust")) == "Trust"


async def test_another_size_of_the_terminal_keeps_the_table_in_step(many: list[Row], lines: Lines) -> None:
    app = Bench()
    async with app.run_test(size=(80, 24)) as pilot:
        app.table.focus()
        app.table.show(many)
        await press(pilot, "end")
        await pilot.resize_terminal(120, 12)
        await still(pilot)
        assert app.table.row == many[-1]
        await press(pilot, "up")
        await still(pilot)
        shown = [line.split()[0] for line in lines(app)[1:]]
        assert many[-2].finding in shown
