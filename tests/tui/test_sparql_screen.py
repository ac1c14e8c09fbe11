"""The screen for SPARQL: every key, queries that end, fail or never end, and what comes out of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph
from textual.widgets import Static

from kb.named_queries import named_query, names
from kb.saved_queries import history
from kb.sparql_text import without_header
from kb.text import has_unsafe
from tests.tui.driving import LARGE, SMALL, enter, press, until
from tui.app import EvidenceApp
from tui.screens.query_list import QueryListScreen
from tui.screens.sparql import SparqlScreen
from tui.widgets.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines

    Sparql = Callable[..., AbstractAsyncContextManager[Pilot[str]]]

STUDIES = "SELECT ?s ?t { ?s a ev:Study ; dcterms:title ?t } ORDER BY ?s"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?l) }"
WIDE = (200, 60)
SIZES = [pytest.param(SMALL, id="80x24"), pytest.param(LARGE, id="120x40"), pytest.param(WIDE, id="200x60")]


def screen_of(pilot: Pilot[str]) -> SparqlScreen:
    screen = pilot.app.screen
    assert isinstance(screen, SparqlScreen)
    return screen


def app_of(pilot: Pilot[str]) -> EvidenceApp:
    assert isinstance(pilot.app, EvidenceApp)
    return pilot.app


def state(pilot: Pilot[str]) -> str:
    """Return the line that says how things stand."""
    return str(screen_of(pilot).query_one("#state", Static).content)


async def write(pilot: Pilot[str], text: str) -> None:
    """Put a text into the editor, the cursor at its end."""
    editor = screen_of(pilot).editor
    editor.exchange(text)
    editor.move_cursor(editor.document.end)
    await press(pilot)


async def ask(pilot: Pilot[str], text: str) -> None:
    """Ask a query and wait for its end."""
    await write(pilot, text)
    await enter(pilot, "ctrl+r")


def offered(pilot: Pilot[str]) -> list[str]:
    """Return the names offered at the cursor."""
    completion = screen_of(pilot).editor._completion
    return [suggestion.text for suggestion in completion.suggestions] if completion else []


async def test_the_screen_opens_with_a_query_that_runs(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        screen = screen_of(pilot)
        assert screen.editor.has_focus
        await enter(pilot, "ctrl+r")
        assert screen.table.rows
        assert f"{len(screen.table.rows)} rows in" in state(pilot)


async def test_a_query_is_asked_and_its_rows_are_shown(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, STUDIES)
        await enter(pilot, "f5")
        table = screen_of(pilot).table
        assert [column.title for column in table.columns] == ["s", "t"]
        assert [row[0] for row in table.rows][:2] == ["study:alpha2001trust", "study:beta2002moderator"]
        assert "5 rows in" in state(pilot)
        assert history()[0].text == STUDIES


async def test_letters_are_typed_and_no_keys_while_the_query_is_written(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, "")
        await press(pilot, *"1bqe?s")
        assert screen_of(pilot).editor.text == "1bqe?s"


async def test_escape_goes_from_the_query_to_its_answer_and_back(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, STUDIES)
        await press(pilot, "escape")
        assert screen_of(pilot).table.has_focus
        await press(pilot, "j")
        assert screen_of(pilot).table.cursor == 1
        assert screen_of(pilot).chosen() == ("beta2002moderator",)
        await press(pilot, "escape")
        assert screen_of(pilot).editor.has_focus


async def test_a_query_that_never_ends_is_stopped_at_once(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, STUDIES)
        await write(pilot, ENDLESS)
        await press(pilot, "ctrl+r")
        await until(pilot, lambda: "Asking for 0.3" in state(pilot))
        assert "Esc stops it" in state(pilot)
        await press(pilot, "ctrl+r")
        started = time.monotonic()
        await enter(pilot, "escape")
        assert time.monotonic() - started < 5
        assert state(pilot).startswith("Stopped after")
        assert len(screen_of(pilot).table.rows) == 5
        assert history()[0].text == STUDIES
        assert not any(worker.is_running for worker in pilot.app.workers)
        await ask(pilot, "ASK {}")
        assert screen_of(pilot).table.rows == [("yes",)]


async def test_leaving_the_program_stops_what_is_under_way(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, ENDLESS)
        await press(pilot, "ctrl+r")
        run = screen_of(pilot)._run
        assert run is not None
        await until(pilot, lambda: run._process is not None)
    assert run._process is not None
    assert run._process.wait(10) < 0


MISTAKES: list[tuple[str, str, tuple[int, int] | None]] = [
    ("SELECT *\n{ ?s ?p }", "line 2, column 3", (1, 2)),
    ("SELECT * {\n  ?s a nowhere:Study }", "no prefix nowhere", (1, 7)),
    ("SELECT *\n{ ?s ?p 'é }", "never closed", (1, 8)),
    ("CLEAR ALL", "Updates are refused", None),
    ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", "SERVICE is refused", None),
    ("", "The query is empty", None),
]


async def test_a_mistake_is_one_sentence_and_the_cursor_goes_there(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        for text, said, cursor in MISTAKES:
            await ask(pilot, text)
            assert said in state(pilot)
            assert state(pilot).startswith("✗ ")
            assert screen_of(pilot).query_one("#state").has_class("wrong")
            if cursor:
                assert screen_of(pilot).editor.cursor_location == cursor
            await press(pilot, "space")
            assert not screen_of(pilot).query_one("#state").has_class("wrong")


async def test_tab_completes_a_name_and_its_list_is_worked_with_keys(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        editor = screen_of(pilot).editor
        await write(pilot, "SELECT * { ?f ev:policy policy:natural")
        await press(pilot, "tab")
        assert editor.names.display
        assert offered(pilot)[0] == "policy:access-to-nationality"
        second = offered(pilot)[1]
        await press(pilot, "down", "down", "up", "enter")
        assert editor.text == f"SELECT * {{ ?f ev:policy {second}"
        assert not editor.names.display
        await press(pilot, *" }")
        assert editor.text.endswith(" }")


async def test_the_list_follows_what_is_typed_and_escape_closes_it(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        editor = screen_of(pilot).editor
        await write(pilot, "SELECT * { ?f ev:po")
        await press(pilot, "ctrl+@")
        before = offered(pilot)
        assert {"ev:policy", "ev:population"} <= set(before)
        await press(pilot, "p")
        assert "ev:policy" not in offered(pilot)
        await press(pilot, "escape")
        assert not editor.names.display
        assert editor.has_focus
        assert editor.text == "SELECT * { ?f ev:pop"


async def test_a_clear_name_is_written_at_once_and_a_prefix_goes_on(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        editor = screen_of(pilot).editor
        await write(pilot, "SELECT * { ?f dcterms:ident")
        await press(pilot, "tab")
        assert editor.text == "SELECT * { ?f dcterms:identifier"
        await write(pilot, "SELECT * { ?f ev:outcome outc")
        await press(pilot, "tab", "enter")
        assert editor.text == "SELECT * { ?f ev:outcome outcome:"
        assert offered(pilot)[0].startswith("outcome:")


async def test_tab_goes_on_where_there_is_nothing_to_complete(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, "SELECT * { ")
        await press(pilot, "tab")
        assert not screen_of(pilot).editor.has_focus
        assert not screen_of(pilot).editor.names.display


async def test_a_name_is_taken_with_the_mouse(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, "SELECT * { ?f skos:")
        await press(pilot, "ctrl+@")
        third = offered(pilot)[2]
        await pilot.click("#names", offset=(3, 2))
        await press(pilot)
        assert screen_of(pilot).editor.text == f"SELECT * {{ ?f {third}"


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_stands_beside_the_cursor_and_inside_the_screen(
    size: tuple[int, int], sparql: Sparql, toy: Collection
) -> None:
    async with sparql(toy, size) as pilot:
        editor = screen_of(pilot).editor
        for text in ("SELECT * { ?f ev:", "#\n" * 40 + " " * 70 + "ev:"):
            await write(pilot, text)
            await press(pilot, "ctrl+@")
            region = editor.names.region
            assert editor.names.display
            assert screen_of(pilot).region.contains_region(region)
            assert editor.cursor_screen_offset.y not in range(region.y, region.bottom)
            await press(pilot, "escape")


async def test_a_graph_is_shown_as_turtle(sparql: Sparql, toy: Collection, lines: Lines) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, "CONSTRUCT { ?s a ev:Study } WHERE { ?s a ev:Study }")
        assert any("study:alpha2001trust a ev:Study" in line for line in lines(pilot.app))
        assert "5 triples" in state(pilot)
        await press(pilot, "escape", "down")
        assert screen_of(pilot)._graph.cursor_location == (1, 0)
        sheet = screen_of(pilot).sheet()
        assert sheet is not None
        assert sheet.header == ("subject", "predicate", "object")
        found = screen_of(pilot).raw_formats()
        assert len(Graph().parse(data=found["ttl"](), format="turtle")) == 5
        await ask(pilot, "ASK {}")
        assert screen_of(pilot).table.display


async def test_what_is_taken_away_is_what_is_shown(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        assert screen_of(pilot).sheet() is None
        assert screen_of(pilot).raw_formats() == {}
        await ask(pilot, STUDIES)
        await press(pilot, "escape", "o", "O")
        sheet = screen_of(pilot).sheet()
        assert sheet is not None
        assert [row[0] for row in sheet.rows] == sorted((row[0] for row in sheet.rows), reverse=True)
        assert len(sheet.studies) == 5
        assert "PREFIX ev:" in sheet.query
        assert screen_of(pilot).raw_formats()["csv"]().startswith(b"s,t\r\n")
        await press(pilot, "e")
        offered = [tick.label for tick in pilot.app.screen.query_one("#forms", Ticks).ticks]
        assert offered[-4:] == ["csv (W3C)", "tsv (W3C)", "json (W3C)", "xml (W3C)"]


async def test_a_limit_is_announced(sparql: Sparql, toy: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.sparql.LIMIT", 3)
    async with sparql(toy) as pilot:
        await ask(pilot, STUDIES)
        assert len(screen_of(pilot).table.rows) == 3
        assert "The first 3 rows" in state(pilot)
        assert "there are more" in state(pilot)


async def test_columns_that_have_no_room_come_with_the_arrow_keys(
    sparql: Sparql, toy: Collection, lines: Lines
) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, named_query("findings").text())
        table = screen_of(pilot).table
        assert [column.title for column in table.columns][:2] == ["finding", "study"]
        assert "Columns 1 to" in state(pilot)
        await press(pilot, "escape", "right")
        assert next(column.title for column in table.columns) == "study"
        await press(pilot, "l")
        table.action_columns(60)
        last = [column.title for column in table.columns]
        assert last[-1] == "measure_status"
        await press(pilot, "h")
        table.action_columns(-60)
        assert next(column.title for column in table.columns) == "finding"
        await press(pilot, "left")
        assert next(column.title for column in table.columns) == "finding"
        assert max(len(line) for line in lines(pilot.app)) <= 80


async def test_a_row_can_be_read_whole(sparql: Sparql, toy: Collection, lines: Lines) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, STUDIES)
        await press(pilot, "escape", "enter")
        assert any("study:alpha2001trust" in line for line in lines(pilot.app))
        assert not isinstance(pilot.app.screen, SparqlScreen)
        await press(pilot, "escape")
        assert screen_of(pilot).table.has_focus


async def test_numbers_are_sorted_by_their_value(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, "SELECT ?n { VALUES ?n { 10 9 'a' -1 2.5 UNDEF } }")
        await press(pilot, "escape", "o")
        assert [row[0] for row in screen_of(pilot).table.rows] == ["-1", "2.5", "9", "10", "", "a"]


async def test_no_rows_are_said(sparql: Sparql, toy: Collection, lines: Lines) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, "SELECT ?s { ?s ev:nothing ?o }")
        assert "0 rows" in state(pilot)
        assert any("The query fits nothing." in line for line in lines(pilot.app))
        await press(pilot, "escape", "enter", "j")
        assert screen_of(pilot).chosen() == ()


async def test_hostile_results_are_shown_and_never_obeyed(sparql: Sparql, hostile: Collection, lines: Lines) -> None:
    nasty = "SELECT ?x ?y { ?s ?p ?x BIND('[/red][@click=app.quit]x[/] \\u001b]0;pwn\\u0007 \\u202e' AS ?y) }"
    async with sparql(hostile) as pilot:
        await ask(pilot, nasty)
        assert any("[/red][@click=app.quit]x[/]" in line for line in lines(pilot.app))
        assert not [line for line in lines(pilot.app) if has_unsafe(line)]
        await press(pilot, "escape", "enter")
        assert not [line for line in lines(pilot.app) if has_unsafe(line)]
        await press(pilot, "escape", "escape")
        await ask(pilot, "CONSTRUCT { <a:a> <b:b> ?y } WHERE { BIND('[/red]\\u001b[2J\\u009b' AS ?y) }")
        assert any("[/red]" in line for line in lines(pilot.app))
        assert not [line for line in lines(pilot.app) if has_unsafe(line)]
        await ask(pilot, "SELECT * { ?s ?p '\x1b[31m[/red] }")
        assert not [line for line in lines(pilot.app) if has_unsafe(line)]


async def test_a_query_of_the_list_is_found_by_its_words_and_written(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await press(pilot, "ctrl+l")
        screen = pilot.app.screen
        assert isinstance(screen, QueryListScreen)
        assert len(screen._table.rows) >= len(names())
        await press(pilot, *"outcomes in use")
        assert [row.title for row in screen._table.rows] == ["Outcomes in use"]
        await press(pilot, "enter")
        assert screen_of(pilot).editor.text == without_header(named_query("outcomes").text())
        await press(pilot, "ctrl+z")
        assert screen_of(pilot).editor.text.startswith("# Counts by policy")
