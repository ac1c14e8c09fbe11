"""An error that nobody expected: the log is written, the user learns where it is, and no basket is lost."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from kb.baskets import Baskets
from kb.user_folder import user_folder
from tests.tui.driving import press
from tui.app import EvidenceApp
from tui.crash import crash_message, log_crash
from tui.screens.evidence import EvidenceScreen

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader


async def test_a_crash_tells_where_its_log_is_and_keeps_the_basket(
    toy: Collection, toy_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError("made up")

    async def crash(app: EvidenceApp) -> None:
        async with app.run_test() as pilot:
            await press(pilot, "b")
            monkeypatch.setattr(EvidenceScreen, "action_detail", fail)
            await press(pilot, "d")

    app = EvidenceApp(toy)
    with pytest.raises(ZeroDivisionError):
        await crash(app)
    (log,) = user_folder().glob("crash-*.log")
    assert "ZeroDivisionError: made up" in log.read_text("utf-8")
    assert app.return_code == 1
    assert Baskets().marked() == {"alpha2001trust-2"}
    assert app.farewell == crash_message(log)
    assert str(log) in app.farewell


def test_where_no_log_can_be_written_the_user_learns_that() -> None:
    user_folder().parent.mkdir(parents=True, exist_ok=True)
    user_folder().write_text("no folder")
    assert log_crash(ZeroDivisionError()) is None
    assert "could not be written" in crash_message(None)


def test_a_log_is_for_its_user_alone() -> None:
    path = log_crash(ZeroDivisionError("x"))
    assert path is not None
    if os.name == "posix":
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
