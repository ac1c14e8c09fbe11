"""The columns of the table of findings: chosen, moved, widened by key and mouse, sorted, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.widgets import Static

from kb.session import make_session
from tests.tui.conftest import still
from tests.tui.driving import LARGE, failing, press, screen_of, table
from tui.finding_columns import finding_columns
from tui.keys import all_keys
from tui.screens.columns import ColumnsScreen, ColumnTable
from tui.screens.finding import FindingScreen
from tui.state import State, write_state
from tui.table_look import Look
from tui.widgets.detail import Detail

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.evidence import Row
    from tests.tui.conftest import Lines, Opener
    from tui.widgets.row_table import RowTable

FIRST = ["Direction", "Outcome", "Study"]  # in a table of 46 columns


def findings(pilot: Pilot[str]) -> RowTable[Row]:
    """Return the table of findings, whatever is in front of it."""
    found: RowTable[Row] = pilot.app.work_screen("evidence").table()  # type: ignore[attr-defined]
    return found


def titles(pilot: Pilot[str]) -> list[str]:
    """Return the titles of the columns shown."""
    return [column.title for column in findings(pilot).columns]


def listed(pilot: Pilot[str]) -> list[str]:
    """Return the titles in the list of columns."""
    return [line.title for line in pilot.app.screen.query_one(ColumnTable).rows]


async def on(pilot: Pilot[str], title: str) -> None:
    """Put the cursor of the list on a column."""
    pilot.app.screen.query_one(ColumnTable).cursor = listed(pilot).index(title)
    await still(pilot)


async def proves_tick(pilot: Pilot[str], key: str) -> None:
    await on(pilot, "Year")
    await press(pilot, key)
    assert titles(pilot) == [*FIRST, "Year"]
    await on(pilot, "Outcome")
    await press(pilot, key)
    assert titles(pilot) == ["Direction", "Study", "Year"]


async def proves_earlier(pilot: Pilot[str], key: str) -> None:
    await on(pilot, "Study")
    await press(pilot, key, key, key)
    assert titles(pilot) == ["Study", "Direction", "Outcome"]
    assert pilot.app.screen.query_one(ColumnTable).cursor == 0


async def proves_later(pilot: Pilot[str], key: str) -> None:
    await on(pilot, "Direction")
    await press(pilot, key)
    assert titles(pilot) == ["Outcome", "Direction", "Study"]


async def proves_narrower(pilot: Pilot[str], key: str) -> None:
    await on(pilot, "Direction")
    await press(pilot, key, key)
    assert findings(pilot).look.width_of(findings(pilot).columns[0]) == 8


async def proves_wider(pilot: Pilot[str], key: str) -> None:
    await on(pilot, "Outcome")
    before = dict(findings(pilot).look.laid_out(findings(pilot).all_columns, findings(pilot).size.width))
    column = findings(pilot).columns[1]
    await press(pilot, key)
    assert findings(pilot).look.width_of(column) == before[column] + 1


async def proves_sort(pilot: Pilot[str], key: str) -> None:
    await on(pilot, "Year")
    await press(pilot, key)
    assert findings(pilot).order == ("Year", False)
    years = [row.year for row in findings(pilot).rows]
    assert years == sorted(years)
    await press(pilot, key)
    assert findings(pilot).order == ("Year", True)
    assert [row.year for row in findings(pilot).rows] == sorted(years, reverse=True)
    assert listed(pilot)[0] == "Direction"


async def proves_reverse(pilot: Pilot[str], key: str) -> None:
    before = [row.finding for row in findings(pilot).rows]
    await press(pilot, key)
    assert [row.finding for row in findings(pilot).rows] == before[::-1]


async def proves_reset(pilot: Pilot[str], key: str) -> None:
    await press(pilot, "space", "J", "greater_than_sign", "o", key)
    assert titles(pilot) == FIRST
    assert findings(pilot).look == type(findings(pilot).look)()


async def proves_leave(pilot: Pilot[str], key: str) -> None:
    await press(pilot, key)
    assert not isinstance(pilot.app.screen, ColumnsScreen)


PROOFS: dict[str, Callable[[Pilot[str], str], Any]] = {
    "tick": proves_tick,
    "shift(-1)": proves_earlier,
    "shift(1)": proves_later,
    "width(-1)": proves_narrower,
    "width(1)": proves_wider,
    "sort(1)": proves_sort,
    "sort(0)": proves_reverse,
    "reset": proves_reset,
    "leave": proves_leave,
}
CASES = [(key.action, name) for key in all_keys() if key.scope == "columns" for name in key.keys.split(",")]


async def test_every_key_of_the_columns(toy: Collection, opened: Opener) -> None:
    failed: list[str] = []
    async with opened(toy) as pilot:
        for action, name in CASES:
            findings(pilot).set_look(Look())
            await press(pilot, "v")
            with failing(failed, f"{name} {action}"):
                await PROOFS[action](pilot, name)
            if isinstance(pilot.app.screen, ColumnsScreen):
                pilot.app.pop_screen()
    assert failed == []


async def test_the_last_column_stays(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "v", "space", "down", "space", "down", "space", "space")
        assert titles(pilot) == ["Study"]


async def test_a_click_on_a_box_ticks_and_one_beside_it_only_goes_there(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "v")
        row = listed(pilot).index("Policy") + 1
        await pilot.click(ColumnTable, offset=(20, row))
        await still(pilot)
        assert titles(pilot) == FIRST
        await pilot.click(ColumnTable, offset=(2, row))
        await still(pilot)
        assert titles(pilot) == [*FIRST, "Policy"]
        await pilot.click(ColumnTable, offset=(2, 0))
        await still(pilot)
        assert titles(pilot) == [*FIRST, "Policy"]


async def drag(pilot: Pilot[str], start: int, end: int) -> None:
    """Drag on the titles of the table."""
    await pilot.mouse_down("#findings", offset=(start, 0))
    await pilot.hover("#findings", offset=(end, 0))
    await pilot.mouse_up("#findings", offset=(end, 0))
    await still(pilot)


async def test_the_mouse_drags_the_edge_of_a_title(toy: Collection, opened: Opener) -> None:
    async with opened(toy, LARGE) as pilot:
        first = findings(pilot).columns[0]
        await drag(pilot, 11, 16)
        assert findings(pilot).look.width_of(first) == 15
        assert findings(pilot).order == ("", False)
        await drag(pilot, 16, 0)
        assert findings(pilot).look.width_of(first) == 3
        await pilot.click("#findings", offset=(2, 0))
        await still(pilot)
        assert findings(pilot).order == ("Direction", False)
        await pilot.click("#findings", offset=(2, 0))
        await still(pilot)
        assert findings(pilot).order == ("Direction", True)


async def test_columns_without_room_are_counted(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "v")
        for title in ("Countries", "Locator", "Title"):
            await on(pilot, title)
            await press(pilot, "space")
        await press(pilot, "escape")
        assert lines(pilot.app)[4].endswith("+2 ")
        assert {cell_len(line) for line in lines(pilot.app)} == {80}
        assert [column.title for column in table(pilot).columns] == [*FIRST, "Countries", "Locator", "Title"]


async def test_the_look_of_the_table_comes_back_with_the_next_run(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "v")
        await on(pilot, "Year")
        await press(pilot, "space", "o", "o", "greater_than_sign", "escape")
        kept, shown = screen_of(pilot).memory(), [row.finding for row in table(pilot).rows]
    write_state(State("evidence", "dark", {"evidence": kept}))
    async with opened(toy) as pilot:
        assert titles(pilot) == [*FIRST, "Year"]
        assert table(pilot).order == ("Year", True)
        assert [row.finding for row in table(pilot).rows] == shown
        assert dict(table(pilot).look.widths) == {"Year": 5}
        sheet = screen_of(pilot).sheet()
        assert sheet.header == (*FIRST, "Year", "Statement", "Finding")
        assert [row[-1] for row in sheet.rows] == shown


def test_every_column_reads_every_finding(whole: Collection) -> None:
    session = make_session(whole)
    columns = finding_columns(lambda: session)
    for column in columns:
        cells = [column.cell(row) for row in session.findings()]
        assert any(cells), column.title
        assert len(column.sorted(session.findings(), reverse=True)) == len(cells)
    assert len({column.title for column in columns}) == len(columns)
    session.close()


async def test_a_finding_is_read_whole_and_the_next_one_after_it(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with opened(toy) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FindingScreen)
        assert isinstance(pilot.app.focused, Detail)
        assert "1 of 5 findings" in "\n".join(lines(pilot.app))
        for key in ("right", "l", "n"):
            await press(pilot, key)
        assert findings(pilot).cursor == 3
        for key in ("left", "h"):
            await press(pilot, key)
        row = findings(pilot).rows[1]
        assert str(pilot.app.screen.query_one("#detail-text", Static).content).startswith(row.statement)
        await press(pilot, "p", "p", "p", "down")
        assert findings(pilot).cursor == 0
        await press(pilot, "q")
        assert screen_of(pilot).focused is table(pilot)
