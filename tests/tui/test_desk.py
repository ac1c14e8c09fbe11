"""What adding and coding share, and the parts that need no screen: names completed, and undo that looks twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.errors import IntakeError
from kb.intake.transaction import apply, writing
from tests.tui.driving import press
from tests.tui.intake import adding, coding
from tui.desk import Desk
from tui.screens.help import HelpScreen
from tui.widgets.text_fields import completed

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.tui.conftest import Opener


@pytest.mark.parametrize(
    ("beginning", "end"),
    [
        ("a", "alpha"),
        ("alpha", "alpha"),
        ("alpha1", "alpha1.bib"),
        ("alpha2", "alpha2.BIB"),
        ("b", "b"),
        ("d", "deep/"),
        ("deep/", "deep/only.txt"),
        (".h", ".hidden.bib"),
        ("nowhere/x", "nowhere/x"),
        ("x\x00", "x\x00"),
    ],
)
def test_a_name_is_completed_as_far_as_it_is_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beginning: str, end: str
) -> None:
    for name in ("alpha1.bib", "alpha2.BIB", "alpha3.pdf", "b.py", ".hidden.bib"):
        (tmp_path / name).write_text("")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "only.txt").write_text("")
    monkeypatch.chdir(tmp_path)
    assert completed(beginning) == end


def test_undo_takes_back_only_what_was_asked_about(own: Collection) -> None:
    (folder,) = own.studies
    desk = Desk(own)
    with pytest.raises(IntakeError, match="There is nothing to undo"):
        desk.newest()
    for name in ("first", "second"):
        with writing(folder):
            apply(folder, f"add {name}", {f"{name}.bib": "@misc{x, title = {Made up}}\n"})
        if name == "first":
            asked = desk.newest()
    assert asked == "add first (1 file: first.bib)"
    with pytest.raises(IntakeError, match="Something else was written in the meantime"):
        desk.undo(asked)
    assert desk.undo(desk.newest()) == "Taken back: add second. 1 file as before."
    assert not (folder / "second.bib").exists()


def test_the_coder_comes_from_the_environment(own: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIPEX_KB_CODER", "c7")
    assert Desk(own).coder == "c7"
    monkeypatch.delenv("MIPEX_KB_CODER")
    assert Desk(own).coder == ""


async def test_f1_shows_the_keys_while_something_is_typed(toy: Collection, opened: Opener) -> None:
    async with opened(toy) as pilot:
        for key, screen in (("a", adding), ("n", coding)):
            await press(pilot, key, "f1")
            assert isinstance(pilot.app.screen, HelpScreen)
            await press(pilot, "escape")
            screen(pilot)
            await press(pilot, "escape")
