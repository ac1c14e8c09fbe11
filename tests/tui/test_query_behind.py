"""The query behind a screen: read, copied, opened to be run, written; hostile text in it is shown, never obeyed."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, Static, TextArea

from kb.facets import EVERYTHING
from tests.tui.driving import SIZES, SMALL, finish, press
from tests.tui.test_app_hostile import safe
from tui.screens.ask import AskScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.query_behind import QueryBehindScreen
from tui.screens.text import TextScreen, harmless

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from tests.tui.conftest import Lines, Opener

PREFIXES = "PREFIX ev: <https://w3id.org/mipex-kb/evidence#>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
BODY = 'SELECT ?x WHERE { ?x a ev:Finding # why\n  FILTER(?x != "a") }\n'
NEEDED = PREFIXES.splitlines()[0] + "\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@asynccontextmanager
async def showing(
    opener: Opener, collection: Collection, query: str = PREFIXES + BODY, size: tuple[int, int] = SMALL
) -> AsyncIterator[Pilot[str]]:
    async with opener(collection, size) as pilot:
        pilot.app.push_screen(QueryBehindScreen("Findings: all", query))
        await finish(pilot)
        yield pilot


def shown(pilot: Pilot[str]) -> str:
    return str(pilot.app.screen.query_one("#behind-text", Static).content)


@pytest.mark.parametrize("size", SIZES)
async def test_the_query_is_shown_and_what_goes_with_it_said(
    toy: Collection, opened: Opener, lines: Lines, size: tuple[int, int]
) -> None:
    async with showing(opened, toy, size=size) as pilot:
        text = "\n".join(lines(pilot.app))
        assert "The query behind: Findings: all" in text
        assert "1 line of prefixes are copied" in text
        assert "SELECT ?x WHERE { ?x a ev:Finding # why" in text
        assert "PREFIX" not in text
        assert shown(pilot) == BODY
        assert "Enter Open in SPARQL" in text
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, QueryBehindScreen)


async def test_parts_of_the_query_are_told_apart_by_colour(toy: Collection, opened: Opener) -> None:
    async with showing(opened, toy) as pilot:
        content: Any = pilot.app.screen.query_one("#behind-text", Static).content
        styles = {shown(pilot)[span.start : span.end]: span.style for span in content.spans}
        assert styles["SELECT"].bold
        assert styles["# why"].dim
        assert len({styles[word].color for word in ("SELECT", "?x", '"a"')}) == 3


async def test_the_query_is_copied_with_its_prefixes(toy: Collection, opened: Opener) -> None:
    async with showing(opened, toy) as pilot:
        await press(pilot, "y")
        assert pilot.app.clipboard == NEEDED + BODY


@pytest.mark.parametrize("key", ["enter", "r"])
async def test_the_query_is_opened_to_be_run(
    toy: Collection, opened: Opener, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    asked: list[str] = []
    async with showing(opened, toy) as pilot:
        monkeypatch.setattr(pilot.app, "open_query", asked.append)
        await press(pilot, key)
        assert asked == [NEEDED + BODY]
        assert not isinstance(pilot.app.screen, QueryBehindScreen)


async def test_the_query_is_shown_as_text_to_select(toy: Collection, opened: Opener) -> None:
    async with showing(opened, toy) as pilot:
        await press(pilot, "v")
        assert isinstance(pilot.app.screen, TextScreen)
        assert pilot.app.screen.query_one(TextArea).text == NEEDED + BODY
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, QueryBehindScreen)


async def test_the_query_is_written_and_replaced_only_after_a_yes(
    toy: Collection, opened: Opener, folder: Path
) -> None:
    path = folder / "mipex-query.rq"
    async with showing(opened, toy) as pilot:
        await press(pilot, "w")
        assert isinstance(pilot.app.screen, AskScreen)
        assert pilot.app.screen.query_one(Input).value == str(path)
        await press(pilot, "escape")
        assert not path.exists()
        await press(pilot, "w", "enter")
        assert path.read_text("utf-8") == NEEDED + BODY
        path.write_bytes(b"mine")
        await press(pilot, "w", "enter")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await press(pilot, "n")
        assert path.read_bytes() == b"mine"
        await press(pilot, "w", "enter", "y")
        assert path.read_text("utf-8") == NEEDED + BODY
        assert isinstance(pilot.app.screen, QueryBehindScreen)


async def test_a_place_that_cannot_be_written_is_said(toy: Collection, opened: Opener) -> None:
    async with showing(opened, toy) as pilot:
        await press(pilot, "w")
        pilot.app.screen.query_one(Input).value = "missing/query.rq"
        await press(pilot, "enter")
        (told,) = pilot.app._notifications
        assert "missing/query.rq cannot be written" in told.message


async def test_a_hostile_query_is_shown_and_never_obeyed(toy: Collection, opened: Opener) -> None:
    evil = 'SELECT * { ?s ?p "[bold]x[/] [@click=app.quit]y[/] \x1b[31m\u202e\r\n\x07" }'
    async with showing(opened, toy, evil) as pilot:
        assert safe(pilot.app)
        assert "[@click=app.quit]y[/] \ufffd[31m\ufffd\n\ufffd" in shown(pilot)
        await press(pilot, "y")
        assert "\x1b" not in pilot.app.clipboard
        await press(pilot, "v")
        assert safe(pilot.app)
        assert "\x1b" not in pilot.app.screen.query_one(TextArea).text


async def test_the_query_of_the_evidence_gives_its_findings(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        app: Any = pilot.app
        app.push_screen(QueryBehindScreen("x", app.session.query(EVERYTHING)))
        await finish(pilot)
        await press(pilot, "y")
        found = app.session.reader.rows(pilot.app.clipboard)
        assert [row[0] for row in found] == [row.finding for row in app.session.findings()]


def test_a_text_is_made_harmless_line_by_line() -> None:
    assert harmless("a  b\r\n\tc\rd\x1b\u202e") == "a  b\n\tc\nd"
