"""The screens over a store elsewhere: they show the same, say that it is not changed here, and need the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.remote.address import Address
from kb.remote.push import Push
from tests.servers import free_port, oxigraph
from tests.tui.conftest import still
from tests.tui.driving import CORE, press, table, until
from tui.app import EvidenceApp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.store import Reader
    from tests.tui.conftest import Lines


ELSEWHERE = "store elsewhere"


@pytest.fixture(scope="module")
def server(toy_reader: Reader) -> Iterator[str]:
    with oxigraph() as url:
        with Push(toy_reader, Address(url)) as push:
            push.run(push.plan(), lambda done, total, name: None)
        yield url


async def seen(pilot: Pilot[str], words: str, lines: Lines) -> None:
    await until(pilot, lambda: words in "\n".join(lines(pilot.app)))
    assert words in "\n".join(lines(pilot.app))


async def test_every_screen_opens_and_shows_what_is_there(server: str, toy: Collection, lines: Lines) -> None:
    app = EvidenceApp(toy, endpoint=server)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await still(pilot)
        assert len(table(pilot).rows) == CORE
        for key, words in (
            ("2", "All outcome groups"),
            ("3", "5 studies"),
            ("5", "Studies that share"),
            ("6", ELSEWHERE),
        ):
            await press(pilot, key)
            await seen(pilot, words, lines)
        await press(pilot, "escape")
        app.go("sparql")
        await press(pilot, "ctrl+r")
        await seen(pilot, " rows in ", lines)


async def test_what_is_elsewhere_is_not_changed_here(server: str, toy: Collection, lines: Lines) -> None:
    before = {path: path.read_bytes() for path in toy.studies[0].iterdir() if path.is_file()}
    app = EvidenceApp(toy, endpoint=server)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await still(pilot)
        await press(pilot, "n")
        await seen(pilot, ELSEWHERE, lines)
        await press(pilot, "escape")
        assert ELSEWHERE not in "\n".join(lines(app))
        await press(pilot, "u")
        assert [ELSEWHERE in note.message for note in app._notifications] == [True]
    assert {path: path.read_bytes() for path in toy.studies[0].iterdir() if path.is_file()} == before


async def test_a_server_that_is_not_there_ends_the_program_with_one_sentence(toy: Collection) -> None:
    app = EvidenceApp(toy, endpoint=f"http://127.0.0.1:{free_port()}/query")
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.return_value is not None)
    assert str(app.return_value).count("\n") == 0
    assert "cannot be reached" in str(app.return_value)
