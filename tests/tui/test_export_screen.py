"""Export: formats are ticked by letter, cursor and mouse; files are whole, announced, and never replaced unasked."""

from __future__ import annotations

import csv
import io
import json
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, Static, TextArea

from kb.evidence import Row
from kb.sheet import SHEET_FORMATS, Sheet, about, file_stem, findings_sheet, render_sheet
from kb.user_folder import read_json, write_text
from tests.tui.conftest import still
from tests.tui.driving import SIZES, SMALL, enter, finish, press, until
from tests.tui.test_app_hostile import safe
from tui.export import Parcel, Wish, recall, remember
from tui.screens.confirm import ConfirmScreen
from tui.screens.export import ExportScreen
from tui.screens.text import TextScreen
from tui.widgets.folder_input import FolderInput, completed_folder
from tui.widgets.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.session import Session
    from tests.tui.conftest import Lines, Opener

LETTERS = {
    "csv": "c", "tsv": "t", "xlsx": "x", "json": "j", "md": "m", "bibtex": "b", "biblatex": "l", "ris": "r",
    "csl-json": "s",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def shown(session: Session) -> Sheet:
    """Return findings with the columns that a screen might show."""
    rows = session.findings()
    whole = findings_sheet("Evidence: all", rows, "all there is", "ASK { ?x a ev:Finding }")
    return whole._replace(header=("Direction", "Study"), rows=[(row.direction, row.study) for row in rows])


@asynccontextmanager
async def exporting(
    opener: Opener,
    collection: Collection,
    size: tuple[int, int] = SMALL,
    *,
    sheet: Callable[[Session], Sheet] = shown,
    raw: Mapping[str, Callable[[], bytes]] | None = None,
) -> AsyncIterator[Pilot[str]]:
    async with opener(collection, size, "add") as pilot:  # the least below it
        app: Any = pilot.app
        app.push_screen(ExportScreen(app.session, sheet(app.session), raw))
        await finish(pilot)
        yield pilot


def screen_of(pilot: Pilot[str]) -> ExportScreen:
    assert isinstance(pilot.app.screen, ExportScreen)
    return pilot.app.screen


def said(pilot: Pilot[str], name: str = "#export-said") -> str:
    return str(pilot.app.screen.query_one(name, Static).content)


def ticked(pilot: Pilot[str], name: str = "#forms") -> list[str]:
    return [tick.name for tick in pilot.app.screen.query_one(name, Ticks).ticks if tick.on]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def parcel_of(pilot: Pilot[str]) -> Parcel:
    app: Any = pilot.app
    return Parcel(app.session, shown(app.session), {})


@pytest.mark.parametrize("size", SIZES)
async def test_enter_writes_the_ticked_format_and_says_what_where(
    toy: Collection, opened: Opener, lines: Lines, folder: Path, size: tuple[int, int]
) -> None:
    async with exporting(opened, toy, size) as pilot:
        stem = file_stem(parcel_of(pilot).about)
        assert ticked(pilot) == ["csv"]
        assert said(pilot, "#targets") == f"Writes {folder / stem} with .csv"
        await enter(pilot, "enter")
        rows = len(shown(pilot.app.session).rows)  # type: ignore[attr-defined]
        assert said(pilot) == f"Written: {rows} rows to {stem}.csv in {folder}. Esc closes."
        assert "Written:" in "\n".join(lines(pilot.app))
        assert said(pilot, "#targets").endswith("with .csv (exists)")
        text = (folder / f"{stem}.csv").read_text("utf-8")
        assert text == render_sheet("csv", shown(pilot.app.session), parcel_of(pilot).about)  # type: ignore[attr-defined]
        assert "# ASK { ?x a ev:Finding }" in text
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, ExportScreen)


async def test_every_letter_ticks_its_format_and_all_are_written(toy: Collection, opened: Opener, folder: Path) -> None:
    async with exporting(opened, toy) as pilot:
        await press(pilot, *[letter for form, letter in LETTERS.items() if form != "csv"])
        assert ticked(pilot) == list(LETTERS) == list(SHEET_FORMATS)
        await enter(pilot, "enter")
        stem = file_stem(parcel_of(pilot).about)
        assert names(folder) == sorted(f"{stem}.{ending}" for ending in SHEET_FORMATS.values())
        assert "rows and" in said(pilot)
        assert "references to" in said(pilot)
        assert "csl-json has no place for the query and the date." in said(pilot)
        app: Any = pilot.app
        sheet, parcel = shown(app.session), parcel_of(pilot)
        documents = app.session.documents(sheet.studies)
        for form, ending in SHEET_FORMATS.items():
            expected = render_sheet(form, sheet, parcel.about, documents)
            found = (folder / f"{stem}.{ending}").read_bytes()
            assert found == (expected.encode() if isinstance(expected, str) else expected)


async def test_a_letter_pressed_twice_takes_the_tick_off(toy: Collection, opened: Opener, folder: Path) -> None:
    async with exporting(opened, toy) as pilot:
        await press(pilot, "c")
        assert ticked(pilot) == []
        assert said(pilot, "#targets") == "Nothing is ticked."
        await enter(pilot, "enter")
        assert said(pilot) == "Tick a format first: press its letter, or click it."
        assert names(folder) == []


async def test_the_cursor_and_space_tick_too(toy: Collection, opened: Opener) -> None:
    async with exporting(opened, toy, raw={"srx": lambda: b"raw"}) as pilot:
        await press(pilot, "space", "down", "right", "space", "up", "left", "up", "space", "space")
        assert ticked(pilot) == ["xlsx"]
        await press(pilot, *["down"] * 20, "space")
        assert ticked(pilot) == ["xlsx", "raw srx"]


@pytest.mark.parametrize("size", SIZES)
async def test_the_mouse_ticks_too(toy: Collection, opened: Opener, size: tuple[int, int]) -> None:
    async with exporting(opened, toy, size) as pilot:
        await pilot.click("#forms", offset=(24, 1))
        await still(pilot)
        assert ticked(pilot) == ["csv", "md"]
        await pilot.click("#forms", offset=(2, 0))
        await pilot.click("#ways", offset=(2, 0))
        await still(pilot)
        assert ticked(pilot) == ["md"]
        assert screen_of(pilot).wish.whole
        await pilot.click("#forms", offset=(72, 1))
        await still(pilot)
        assert ticked(pilot) == ["md"]


async def test_all_columns_and_no_record(toy: Collection, opened: Opener, folder: Path) -> None:
    async with exporting(opened, toy) as pilot:
        await enter(pilot, "a", "w", "enter")
        (path,) = folder.iterdir()
        found = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
        assert found[0] == list(Row._fields)
        assert [Row(*line) for line in found[1:]] == pilot.app.session.findings()  # type: ignore[attr-defined]


async def test_all_columns_are_offered_only_where_there_are_more(toy: Collection, opened: Opener) -> None:
    async with exporting(opened, toy, sheet=lambda session: shown(session)._replace(keys=())) as pilot:
        assert [tick.name for tick in pilot.app.screen.query_one("#ways", Ticks).ticks] == ["record"]
        await press(pilot, "a")
        assert not screen_of(pilot).wish.whole
    async with exporting(opened, toy, sheet=lambda session: findings_sheet("x", session.findings())) as pilot:
        assert [tick.name for tick in pilot.app.screen.query_one("#ways", Ticks).ticks] == ["record"]


async def test_further_formats_of_a_screen_are_written_as_they_come(
    toy: Collection, opened: Opener, folder: Path
) -> None:
    raw = {"csv": lambda: b"a\r\n1\r\n", "sparql/results": lambda: b"<x/>"}
    async with exporting(opened, toy, raw=raw) as pilot:
        await press(pilot, *["down"] * 9, "space", "down", "space")
        await enter(pilot, "enter")
        stem = file_stem(parcel_of(pilot).about)
        assert names(folder) == [f"{stem}.csv", f"{stem}.sparql-results", f"{stem}.w3c.csv"]
        assert (folder / f"{stem}.w3c.csv").read_bytes() == b"a\r\n1\r\n"
        assert (folder / f"{stem}.csv").read_bytes().startswith(b"# MIPEX")


async def test_a_file_that_is_there_is_replaced_only_after_a_yes(toy: Collection, opened: Opener, folder: Path) -> None:
    async with exporting(opened, toy) as pilot:
        path = folder / f"{file_stem(parcel_of(pilot).about)}.csv"
        path.write_bytes(b"mine")
        await enter(pilot, "j", "enter")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await enter(pilot, "n")
        assert names(folder) == [path.name]
        assert path.read_bytes() == b"mine"
        await enter(pilot, "enter", "y")
        assert path.read_bytes().startswith(b"# MIPEX")
        assert len(names(folder)) == 2


async def test_the_name_is_typed_and_an_ending_taken_off(toy: Collection, opened: Opener, folder: Path) -> None:
    async with exporting(opened, toy) as pilot:
        await press(pilot, "n")
        assert isinstance(pilot.app.focused, FolderInput)
        pilot.app.focused.value = ""
        await enter(pilot, *"out.csv", "enter")
        assert names(folder) == ["out.csv"]
        await press(pilot, "escape")
        assert isinstance(pilot.app.focused, Ticks)
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, ExportScreen)


@pytest.mark.parametrize("name", ["", "  ", "/", "../", "~nobody-of-this-name/x", "missing/out"])
async def test_a_name_that_cannot_be_written_is_said(toy: Collection, opened: Opener, folder: Path, name: str) -> None:
    async with exporting(opened, toy) as pilot:
        screen_of(pilot).query_one("#stem", Input).value = name
        await enter(pilot, "enter")
        assert "Name a" in said(pilot) or "cannot be written" in said(pilot)
        assert names(folder) == []


async def test_tab_completes_folders_then_goes_on(toy: Collection, opened: Opener, folder: Path) -> None:
    for name in ("reports", "reports-old", "figures", ".hidden"):
        (folder / name).mkdir()
    (folder / "rep.txt").write_bytes(b"")
    async with exporting(opened, toy) as pilot:
        field = screen_of(pilot).query_one("#stem", FolderInput)
        await press(pilot, "n")
        field.value = f"{folder}/fi"
        field.cursor_position = len(field.value)
        await press(pilot, "tab")
        assert field.value == f"{folder}/figures/"
        await press(pilot, "tab")
        assert pilot.app.focused is not field


def test_folders_are_completed_as_far_as_it_is_clear(folder: Path) -> None:
    for name in ("reports", "reports-old", "figures", ".hidden", "evil\x1b[31m"):
        (folder / name).mkdir()
    assert completed_folder("re") == "reports"
    assert completed_folder(f"{folder}/reports-") == f"{folder}/reports-old/"
    assert completed_folder("x") == "x"
    assert completed_folder("") == ""
    assert completed_folder(".h") == ".hidden/"
    assert completed_folder("evil") == "evil"
    assert completed_folder("missing/x") == "missing/x"
    assert completed_folder("\0") == "\0"


async def test_formats_and_folder_are_remembered(toy: Collection, opened: Opener, folder: Path) -> None:
    (folder / "reports").mkdir()
    async with exporting(opened, toy) as pilot:
        screen_of(pilot).query_one("#stem", Input).value = "reports/one"
        await enter(pilot, "c", "j", "b", "a", "w", "enter")
        assert names(folder / "reports") == ["one.bib", "one.json"]
    async with exporting(opened, toy) as pilot:
        assert ticked(pilot) == ["json", "bibtex"]
        assert ticked(pilot, "#ways") == ["whole"]
        stem = file_stem(parcel_of(pilot).about)
        assert screen_of(pilot).query_one("#stem", Input).value == str(folder / "reports" / stem)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"forms": 7, "folder": []}', '{"forms": ["nosuch"], "folder": "/nowhere"}']
)
async def test_a_memory_of_rubbish_is_the_usual_wish(toy: Collection, opened: Opener, folder: Path, text: str) -> None:
    write_text("export.json", text)
    async with exporting(opened, toy) as pilot:
        assert ticked(pilot) == ["csv"]
        assert Path(screen_of(pilot).query_one("#stem", Input).value).parent == folder


def test_a_wish_that_cannot_be_remembered_is_no_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "file" / "home"))
    remember(Wish(), "")
    assert recall() == (Wish(), "")


async def test_the_first_text_is_copied_and_shown(toy: Collection, opened: Opener, lines: Lines) -> None:
    async with exporting(opened, toy) as pilot:
        await enter(pilot, "x", "y")
        app: Any = pilot.app
        expected = render_sheet("csv", shown(app.session), parcel_of(pilot).about)
        assert pilot.app.clipboard == expected
        assert "sent to the terminal's clipboard" in said(pilot)
        await enter(pilot, "v")
        assert isinstance(pilot.app.screen, TextScreen)
        assert pilot.app.screen.query_one(TextArea).text == expected
        assert "# MIPEX evidence" in "\n".join(lines(pilot.app))
        pilot.app.copy_to_clipboard("")
        await enter(pilot, "y")
        assert pilot.app.clipboard == expected
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ExportScreen)
        await enter(pilot, "c", "y")
        assert said(pilot) == "Tick a format that is text first, such as CSV."


async def test_esc_stops_and_nothing_is_written(toy: Collection, opened: Opener, folder: Path) -> None:
    begun, go_on = Event(), Event()

    def slow() -> bytes:
        begun.set()
        go_on.wait(60)
        return b""

    async with exporting(opened, toy, raw={"slow": slow}) as pilot:
        await press(pilot, *["down"] * 9, "space", "enter")
        await until(pilot, begun.is_set)
        assert ".slow (2 of 2); Esc stops" in said(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ExportScreen)
        assert said(pilot) == "Stopped."
        go_on.set()
        await still(pilot)
        await until(pilot, lambda: not any(worker.is_running for worker in pilot.app.workers))
        assert names(folder) == []
        await enter(pilot, "enter")
        assert len(names(folder)) == 2


async def test_a_failure_of_one_format_writes_none(toy: Collection, opened: Opener, folder: Path) -> None:
    from kb.errors import StoreError

    def failing() -> bytes:
        raise StoreError("The store is gone. \x1b[31mBuild it.")

    async with exporting(opened, toy, raw={"x": failing}) as pilot:
        await enter(pilot, *["down"] * 9, "space", "enter")
        assert said(pilot) == "The store is gone. [31mBuild it."
        assert names(folder) == []


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_titles_and_rows_are_never_obeyed(
    hostile: Collection, opened: Opener, folder: Path, size: tuple[int, int]
) -> None:
    evil = "[bold]x[/] [@click=app.quit]y[/] \x1b[31m\u202e\n../../z"

    def sheet(session: Session) -> Sheet:
        return shown(session)._replace(title=evil, query=evil, summary=evil)

    async with exporting(opened, hostile, size, sheet=sheet, raw={"[bold]\x1b": lambda: b"\x1b[31m"}) as pilot:
        assert safe(pilot.app)
        await enter(pilot, *LETTERS.values(), *["down"] * 9, "space", "enter")
        assert safe(pilot.app)
        assert len(names(folder)) == 9
        assert all(name.startswith("mipex-bold-x-") for name in names(folder))
        await enter(pilot, "c", "v")
        assert safe(pilot.app)


@pytest.mark.parametrize("size", [*SIZES, pytest.param((200, 60), id="200x60")])
async def test_nothing_is_out_of_sight(toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]) -> None:
    async with exporting(opened, toy, size) as pilot:
        await enter(pilot, "x", "b", "enter")
        region = pilot.app.screen.query_one(".parcel").region
        rows = lines(pilot.app)
        inside = [row[region.x + 1 : region.right - 1] for row in rows[region.y + 1 : region.bottom - 1]]
        text = " ".join(" ".join([*inside, rows[-1]]).split())
        for word in ("Export: Evidence: all", "[x] x Excel workbook", "with query, date", "Esc closes.", "Enter Write"):
            assert word in text, word


def test_the_record_of_a_parcel_has_the_version_of_the_data(toy_session: Session) -> None:
    sheet = shown(toy_session)
    assert Parcel(toy_session, sheet, {}).about == about(sheet, toy_session.version())
    assert json.loads(Parcel(toy_session, sheet, {}).content("json", Wish()))["about"]["data_version"]


@pytest.fixture
def toy_session(toy: Collection) -> Any:  # noqa: ANN401 - a generator of a session
    from kb.session import make_session

    session = make_session(toy)
    yield session
    session.close()


async def test_what_is_remembered_is_plain(toy: Collection, opened: Opener) -> None:
    async with exporting(opened, toy) as pilot:
        await enter(pilot, "enter")
    assert read_json("export.json") == {"forms": ["csv"], "whole": False, "record": True, "folder": str(Path.cwd())}
