"""SPARQL: named, saved and former queries, forms, other screens, and how it all has room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.text import Text
from textual.widgets import Input

from kb.named_queries import named_query
from kb.query_parameters import filled
from kb.saved_queries import save_query, saved_query
from kb.sparql_text import without_header
from kb.text import has_unsafe
from tests.tui.driving import enter, press, until
from tests.tui.test_sparql_screen import SIZES, STUDIES, WIDE, app_of, ask, screen_of, state, write
from tui.screens.confirm import ConfirmScreen
from tui.screens.query_form import ParameterInput, QueryFormScreen
from tui.screens.query_list import QueryListScreen
from tui.screens.save_query import SaveQueryScreen
from tui.screens.sparql import SparqlScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener

    Sparql = Callable[..., AbstractAsyncContextManager[Pilot[str]]]


async def test_the_list_is_worked_with_keys_and_left(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        before = screen_of(pilot).editor.text
        await press(pilot, "ctrl+l", "down", "pagedown", "pageup", "down", "up")
        screen = pilot.app.screen
        assert isinstance(screen, QueryListScreen)
        assert screen._table.cursor == 1
        await press(pilot, "f8")
        assert isinstance(pilot.app.screen, QueryListScreen)
        await press(pilot, *"zzz", "enter")
        assert isinstance(pilot.app.screen, QueryListScreen)
        await press(pilot, "escape")
        assert screen_of(pilot).editor.text == before


async def test_a_form_asks_for_parameters_with_names_and_checks(sparql: Sparql, toy: Collection, lines: Lines) -> None:
    async with sparql(toy) as pilot:
        session = screen_of(pilot).session
        await press(pilot, "ctrl+l", *"findings", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, QueryFormScreen)
        first = screen.focused
        assert isinstance(first, ParameterInput)
        assert first.parameter.name == "policy"
        await press(pilot, *"natural")
        assert any("Access to nationality" in line for line in lines(pilot.app))
        await press(pilot, "enter")
        assert first.value == "access-to-nationality"
        since = next(entry for entry in screen._inputs if entry.parameter.name == "since")
        since.focus()
        await press(pilot, *"20x", "ctrl+r")
        assert pilot.app.screen is screen
        assert screen.focused is since
        assert any("no whole number" in line for line in lines(pilot.app))
        since.value = "2001"
        await press(pilot, "ctrl+r")
        values = {"policy": "access-to-nationality", "since": "2001", "circle": "core"}
        expected = without_header(filled(named_query("findings"), values, session.vocabulary()))
        assert screen_of(pilot).editor.text == expected
        await enter(pilot, "ctrl+r")
        assert "rows in" in state(pilot) or "row in" in state(pilot)


async def test_a_form_is_walked_with_enter_and_arrows_and_left(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        before = screen_of(pilot).editor.text
        await press(pilot, "ctrl+l", *"studies", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, QueryFormScreen)
        await press(pilot, "down", "down", "up", "enter")
        entry = screen._inputs[0]
        assert entry.value in [study.study for study in app_of(pilot).session.studies()]
        await press(pilot, "escape")
        assert screen_of(pilot).editor.text == before


async def test_a_second_value_is_added_with_a_semicolon(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await press(pilot, "ctrl+l", *"findings", "enter", *"health", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, QueryFormScreen)
        screen._inputs[0].focus()
        await press(pilot, "end", "semicolon", *"educ", "enter")
        assert screen._inputs[0].value == "health; education"


async def test_a_name_of_the_form_is_taken_with_the_mouse(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await press(pilot, "ctrl+l", *"findings", "enter", *"health")
        screen = pilot.app.screen
        assert isinstance(screen, QueryFormScreen)
        await pilot.click("#parameter-names", offset=(3, 0))
        await press(pilot)
        assert screen._inputs[0].value == "health"


async def test_a_query_is_saved_found_again_replaced_and_deleted(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, STUDIES)
        await press(pilot, "ctrl+s", *"All studies", "enter", *"With titles", "enter")
        assert saved_query("all-studies").body.strip() == STUDIES
        assert saved_query("all-studies").description == "With titles"
        await write(pilot, "ASK {}")
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, SaveQueryScreen)
        assert pilot.app.screen.query_one("#save-title", Input).value == "All studies"
        await press(pilot, "ctrl+s")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await press(pilot, "n")
        assert saved_query("all-studies").body.strip() == STUDIES
        await press(pilot, "ctrl+s", "y")
        assert saved_query("all-studies").body.strip() == "ASK {}"
        await press(pilot, "ctrl+l", *"all studies", "enter")
        assert screen_of(pilot).editor.text.strip() == "ASK {}"
        await press(pilot, "ctrl+l", "f8", "n", "f8", "y")
        assert isinstance(pilot.app.screen, QueryListScreen)
        assert "All studies" not in [row.title for row in pilot.app.screen._table.rows]


async def test_a_name_that_is_none_is_not_saved(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await press(pilot, "ctrl+s", *"..", "ctrl+s")
        assert isinstance(pilot.app.screen, SaveQueryScreen)
        await press(pilot, "escape")
        assert screen_of(pilot)


async def test_history_is_in_the_list(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await ask(pilot, "ASK { ?once ?asked ?this }")
        await write(pilot, "")
        await press(pilot, "ctrl+l", *"once asked", "enter")
        assert screen_of(pilot).editor.text == "ASK { ?once ?asked ?this }"


async def test_hostile_saved_queries_are_plain_in_the_list(sparql: Sparql, toy: Collection, lines: Lines) -> None:
    save_query("[/red] [@click=app.quit]x", "ASK { ?s ?p '[/bold]' }", "[red]\x1b[31m")
    async with sparql(toy) as pilot:
        await press(pilot, "ctrl+l")
        found = lines(pilot.app)
        assert any("[/red] [@click=app.quit]x" in line for line in found)
        assert any("[red][31m" in line for line in found)
        assert not [line for line in found if has_unsafe(line)]


async def test_a_query_comes_from_another_screen(opened: Opener, toy: Collection) -> None:
    async with opened(toy) as pilot:
        app_of(pilot).open_query(named_query("outcomes").text())
        await enter(pilot)
        assert screen_of(pilot).editor.text == without_header(named_query("outcomes").text())
        app_of(pilot).open_query("ASK {}")
        await enter(pilot)
        assert screen_of(pilot).editor.text == "ASK {}"


async def test_the_text_is_kept_between_runs(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, STUDIES)
        app_of(pilot).remember()
    async with sparql(toy) as pilot:
        assert screen_of(pilot).editor.text == STUDIES


async def test_rubbish_in_memory_is_passed_over(sparql: Sparql, toy: Collection) -> None:
    rubbish: list[dict[str, object]] = [{}, {"text": 5}, {"text": "  "}, {"other": []}]
    async with sparql(toy) as pilot:
        for memory in rubbish:
            screen = SparqlScreen(screen_of(pilot).session, screen_of(pilot).desk)
            screen.recall(memory)
            assert screen.memory() == {}


@pytest.mark.parametrize("size", SIZES)
async def test_everything_has_room(size: tuple[int, int], sparql: Sparql, toy: Collection, lines: Lines) -> None:
    async with sparql(toy, size) as pilot:
        await ask(pilot, STUDIES)
        screen = screen_of(pilot)
        found = lines(pilot.app)
        assert len(found) == size[1]
        assert "Ctrl+R" in found[-1]
        assert "Ctrl+S Save" in found[-1]
        await press(pilot, "escape")
        assert "Ctrl+L Queries" in lines(pilot.app)[-1]
        beside = screen.editor.region.y == screen.query_one("#answer").region.y
        assert beside is (size == WIDE)
        assert screen.editor.size.height >= 8
        assert screen.table.size.height >= 7


async def test_parts_of_a_query_differ_in_style(sparql: Sparql, toy: Collection) -> None:
    async with sparql(toy) as pilot:
        await write(pilot, "SELECT ?x { ?x a ev:Study , 'text' } # why\n'''two\nlines''' 5")
        editor = screen_of(pilot).editor
        line = editor.get_line(0)
        assert isinstance(line, Text)
        styled = {line.plain[span.start : span.end]: span.style for span in line.spans}
        assert {"SELECT", "?x", "a", "ev:Study", "'text'", "# why"} <= set(styled)
        assert len({str(styled[part]) for part in ("SELECT", "?x", "ev:Study", "'text'", "# why")}) == 5
        assert [span.end for span in editor.get_line(2).spans] == [8, 10]
        app_of(pilot).theme = "light"
        await until(pilot, lambda: editor.get_line(0).spans[0].style != line.spans[0].style)
        assert editor.get_line(0).spans[0].style != line.spans[0].style


async def test_a_pasted_text_is_plain(sparql: Sparql, toy: Collection) -> None:
    from textual.events import Paste

    async with sparql(toy) as pilot:
        await write(pilot, "")
        pilot.app.post_message(Paste("ASK {\r\n\x1b[31m}\x07"))
        await until(pilot, lambda: bool(screen_of(pilot).editor.text))
        assert screen_of(pilot).editor.text == "ASK {\n[31m}"


async def test_another_session_is_asked_from_now_on(sparql: Sparql, own: Collection) -> None:
    from kb.session import make_session

    async with sparql(own) as pilot:
        screen = screen_of(pilot)
        await ask(pilot, "SELECT (COUNT(?s) AS ?n) { ?s a ev:Study }")
        assert screen.table.rows == [("5",)]
        (own.studies[0] / "epsilon2005review.bib").unlink()
        session = make_session(own)
        before = screen.session
        screen.take(session)
        before.close()
        await enter(pilot, "ctrl+r")
        assert screen.table.rows == [("4",)]
        screen.take(before)
        session.close()
