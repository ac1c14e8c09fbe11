"""Adding: a file or pasted text, the plan, marks, the deed after a question, and the way back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from tests.tui.driving import CORE, SIZES, enter, finish, focused, press, table, until
from tests.tui.intake import (
    HOSTILE,
    MIXED,
    adding,
    chosen,
    coding,
    mixed_file,
    plan,
    plan_rows,
    said,
    text_of,
    workplace,
)
from tests.tui.test_app_hostile import safe
from tui.plan import plan_of
from tui.screens.confirm import ConfirmScreen
from tui.screens.evidence import EvidenceScreen
from tui.widgets.plan_table import PlanDetail
from tui.widgets.row_table import RowTable
from tui.widgets.text_fields import PasteArea, PathInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.collection import Collection
    from kb.intake.plan import Plan
    from tests.tui.conftest import Lines, Opener
    from tui.plan import Source


def files(collection: Collection) -> dict[str, bytes]:
    """Return what the folder of studies holds."""
    return {path.name: path.read_bytes() for path in collection.studies[0].glob("*.bib")}


@pytest.mark.parametrize("size", SIZES)
async def test_the_plan_says_what_every_entry_is(
    toy: Collection, lines: Lines, tmp_path: Path, size: tuple[int, int]
) -> None:
    before = files(toy)
    async with workplace(toy, size=size) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        assert [(row.key, row.status) for row in plan_rows(pilot)] == [
            ("gamma2020", "new"), ("same", "same"), ("like", "probable"), ("better", "changed"), ("broken", "broken"),
            ("delta2019", "new"),
        ]  # fmt: skip
        text = " ".join(" ".join(lines(pilot.app)).split())
        for part in ("+ new", "= same", "? probable", "~ changed", "! broken", "Would write 2 new files."):
            assert part in text, part
        assert focused(pilot) is RowTable
        assert "Space Mark" in lines(pilot.app)[-1]
    assert files(toy) == before


async def test_the_entry_below_tells_what_is_written_how_it_differs_and_what_it_is_like(
    toy: Collection, tmp_path: Path
) -> None:
    async with workplace(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        seen = {}
        for _ in plan_rows(pilot):
            seen[chosen(pilot).key] = " ".join(text_of(pilot, "#plan-text").split())
            await press(pilot, "down")
        assert "file gamma2020schools.bib" in seen["gamma2020"]
        assert "otherwise left out: abstract" in seen["gamma2020"]
        assert "@article{gamma2020schools," in seen["gamma2020"]
        assert "is alpha2001trust (the same DOI, 1.00)" in seen["same"]
        assert "like alpha2001trust (a similar title by the same author, 0.9" in seen["like"]
        assert "-> Alpha, Anna and" in seen["better"]
        assert "problem The closing brace is missing (line 10)." in seen["broken"]


async def test_tab_completes_the_name_and_then_goes_on_to_the_text(
    toy: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed_file(tmp_path)
    (tmp_path / "mixture").mkdir()
    (tmp_path / "mixed.pdf").write_text("")
    (tmp_path / "mix\x1b[31med.bib").write_text("")
    monkeypatch.chdir(tmp_path)
    async with workplace(toy) as pilot:
        await press(pilot, "m", "tab")
        name = adding(pilot).query_one(PathInput)
        assert name.value == "mix"
        await press(pilot, "e", "tab")
        assert name.value == "mixed.bib"
        await press(pilot, "tab")
        assert focused(pilot) is PasteArea


async def test_pasted_text_is_read_and_control_characters_stay_out(toy: Collection) -> None:
    async with workplace(toy) as pilot:
        await press(pilot, "tab")
        pilot.app.post_message(Paste(MIXED + "\x1b[31m\u202e"))
        await enter(pilot, "ctrl+r")
        assert said(pilot).startswith("pasted text: 2 new, 1 same, 1 probable, 1 changed, 1 broken.")
        await press(pilot, "escape")
        assert adding(pilot).query_one(PasteArea).text == MIXED + "[31m"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Name a file first, or paste text below."),
        ("nowhere.bib", "nowhere.bib cannot be read: No such file or directory. Check the name."),
        ("/tmp", "/tmp is a folder. Name a file in it."),
        ("/dev/null", "/dev/null is no file. Name a BibTeX or biblatex file."),
        ("a\x00b", "ab cannot be read: its name cannot be used. Check the name."),
        ("~nobody-of-this-name/x", "~nobody-of-this-name/x cannot be read: its name cannot be used. Check the name."),
    ],
)
async def test_what_cannot_be_read_is_one_sentence(toy: Collection, name: str, sentence: str) -> None:
    async with workplace(toy) as pilot:
        await plan(pilot, name)
        assert said(pilot) == sentence
        assert focused(pilot) is PathInput


@pytest.mark.parametrize("content", [b"", b"No entry here.", b"<html></html>", bytes(range(256)) * 4])
async def test_a_file_without_an_entry_is_said_to_be_so(toy: Collection, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.bib").write_bytes(content)
    async with workplace(toy) as pilot:
        await plan(pilot, tmp_path / "x.bib")
        assert said(pilot).startswith("x.bib holds no BibTeX entry; look whether it is the right file.")


async def test_space_marks_what_needs_a_decision_and_nothing_else(toy: Collection, tmp_path: Path) -> None:
    async with workplace(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "space")
        assert said(pilot).startswith("Only probable and changed entries need a mark")
        await press(pilot, "down", "down", "space")
        assert "Would write 3 new files." in said(pilot)
        await press(pilot, "down", "space")
        assert "Would write 3 new files and 1 changed file." in said(pilot)
        await press(pilot, "space", "up", "space")
        assert "Would write 2 new files." in said(pilot)
        await press(pilot, "m")
        assert "Would write 3 new files." in said(pilot)
        await press(pilot, "m")
        assert "Would write 2 new files." in said(pilot)


async def test_f_shows_one_status_after_the_other(toy: Collection, tmp_path: Path) -> None:
    async with workplace(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        seen = []
        for _ in range(6):
            await press(pilot, "f")
            seen.append([row.key for row in plan_rows(pilot)])
        assert seen[:5] == [["gamma2020", "delta2019"], ["same"], ["like"], ["better"], ["broken"]]
        assert len(seen[5]) == 6


async def test_d_goes_to_the_entry_below_and_back(toy: Collection, tmp_path: Path) -> None:
    async with workplace(toy) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "d")
        assert focused(pilot) is PlanDetail
        await press(pilot, "d")
        assert focused(pilot) is RowTable


async def test_escape_goes_back_step_by_step_and_keeps_the_name(
    toy: Collection, opened: Opener, tmp_path: Path
) -> None:
    async with opened(toy) as pilot:
        path = mixed_file(tmp_path)
        await plan(pilot, path)
        await press(pilot, "escape")
        assert adding(pilot).query_one(PathInput).value == str(path)
        assert focused(pilot) is PathInput
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EvidenceScreen)


async def test_writing_asks_says_what_was_done_and_can_be_taken_back(
    own: Collection, lines: Lines, tmp_path: Path
) -> None:
    before = files(own)
    async with workplace(own) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "down", "down", "space", "down", "space", "w")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        assert "Write 3 new files and change 1 file in" in "\n".join(lines(pilot.app))
        await press(pilot, "n")
        assert files(own) == before
        await press(pilot, "w", "escape")
        assert files(own) == before
        await press(pilot, "w", "enter")
        assert files(own) == before, "Enter alone must not write"
        await enter(pilot, "w", "y")
        assert said(pilot).startswith(
            f"Written: 3 new files and 1 changed file, in {own.studies[0]}; n codes what is new"
        )
        after = files(own)
        assert set(after) - set(before) == {"gamma2020schools.bib", "alpha2003made.bib", "delta2019book.bib"}
        assert b"Zeta, Zoe" in after["alpha2001trust.bib"]
        assert [row.status for row in plan_rows(pilot)] == ["same"] * 4 + ["broken", "same"]
        await enter(pilot, "w")
        assert said(pilot) == "Nothing would be written. Mark probable or changed entries with Space."
        await press(pilot, "u")
        text = " ".join(" ".join(lines(pilot.app)).split())
        assert "Take back: add mixed.bib (4 files:" in text
        await press(pilot, "n")
        assert files(own) == after
        await enter(pilot, "u", "y")
        assert files(own) == before
        assert [note.message for note in pilot.app._notifications][-1] == (
            "Taken back: add mixed.bib. 4 files as before."
        )
        assert [row.status for row in plan_rows(pilot)] == ["new", "same", "probable", "changed", "broken", "new"]


async def test_the_evidence_shows_what_was_added(own: Collection, opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "ours.bib"
    text = (own.studies[0] / "alpha2001trust.bib").read_text("utf-8")
    (own.studies[0] / "alpha2001trust.bib").unlink()
    path.write_text(text, "utf-8")
    async with opened(own) as pilot:
        assert len(table(pilot).rows) == CORE - 3
        await press(pilot, "p", "end")
        where = table(pilot).app.screen
        assert isinstance(where, EvidenceScreen)
        choice = where.choice
        await plan(pilot, path)
        await enter(pilot, "w", "y", "escape", "escape")
        assert where.choice == choice
        await press(pilot, "escape", "escape")
        assert len(table(pilot).rows) == CORE


async def test_undo_refuses_where_a_file_changed_since(own: Collection, tmp_path: Path) -> None:
    async with workplace(own) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await enter(pilot, "w", "y")
        path = own.studies[0] / "delta2019book.bib"
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        await enter(pilot, "u", "y")
        message = [note.message for note in pilot.app._notifications][-1]
        assert message.startswith("delta2019book.bib changed since, and undoing would lose that.")
        assert path.exists()


async def test_a_folder_that_cannot_be_written_is_one_sentence(own: Collection, tmp_path: Path) -> None:
    (own.studies[0] / ".intake").write_text("no folder")
    before = files(own)
    async with workplace(own) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await enter(pilot, "w", "y")
        assert said(pilot).startswith(f"The folder {own.studies[0]} cannot be written: ")
        assert files(own) == before


async def test_a_file_made_in_the_meantime_is_not_overwritten(own: Collection, tmp_path: Path) -> None:
    async with workplace(own) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        (own.studies[0] / "delta2019book.bib").write_text("mine")
        await enter(pilot, "w", "y")
        assert "was made in the meantime. Nothing was written" in said(pilot)
        assert (own.studies[0] / "delta2019book.bib").read_text() == "mine"
        assert not (own.studies[0] / "gamma2020schools.bib").exists()


async def test_n_codes_what_was_added_from_the_chosen_one_on(own: Collection, tmp_path: Path) -> None:
    async with workplace(own) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await press(pilot, "n")
        assert said(pilot) == "There is nothing to code yet: write the new studies first, with w."
        await enter(pilot, "w", "y", "end", "n")
        form = coding(pilot).form
        assert form is not None
        assert form.citekey == "delta2019book"
        await enter(pilot, "ctrl+n")
        form = coding(pilot).form
        assert form is not None
        assert form.citekey == "gamma2020schools"


async def test_a_hostile_file_is_shown_and_never_obeyed(own: Collection, lines: Lines, tmp_path: Path) -> None:
    path = tmp_path / "[bold]evil[x].bib"
    path.write_text(HOSTILE, "utf-8")
    async with workplace(own) as pilot:
        await plan(pilot, path)
        assert "[bold]evil[x].bib" in said(pilot)
        assert "[red]=HYPERLINK(1)[/red]" in text_of(pilot, "#plan-text")
        for _ in plan_rows(pilot):
            assert safe(pilot.app)
            await press(pilot, "down")
        await press(pilot, "w")
        assert safe(pilot.app)
        await enter(pilot, "y")
        assert said(pilot).startswith("Written: ")
        await press(pilot, "u")
        assert "[bold]evil[x]" in "\n".join(lines(pilot.app))
        assert safe(pilot.app)
        await press(pilot, "n", "home")
        await enter(pilot, "n")
        assert coding(pilot).form is not None
        assert safe(pilot.app)
        assert pilot.app.return_code is None


async def test_a_long_file_is_counted_while_it_is_read_and_escape_stops_that(
    toy: Collection, opened: Opener, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    told = threading.Event()

    def slow(collection: Collection, source: Source, progress: Callable[[int, int], None]) -> Plan:
        progress(50, 5000)
        told.set()
        assert gate.wait(30)
        progress(100, 5000)
        return plan_of(collection, source, progress)

    monkeypatch.setattr("tui.screens.add.plan_of", slow)
    async with opened(toy) as pilot:
        await press(pilot, "a")
        adding(pilot).query_one(PathInput).value = str(mixed_file(tmp_path))
        await press(pilot, "enter")
        await until(pilot, told.is_set)
        assert said(pilot) == "Comparing with the collection: 50 of 5000 entries. Esc stops."
        await press(pilot, "enter", "escape")
        assert said(pilot).startswith("Stopped.")
        gate.set()
        await finish(pilot)
        assert said(pilot).startswith("Stopped.")
        assert adding(pilot).proposal is None
        assert adding(pilot).query_one(PathInput).value.endswith("mixed.bib")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, EvidenceScreen)


async def test_the_mouse_chooses_and_answers(own: Collection, tmp_path: Path) -> None:
    async with workplace(own) as pilot:
        await plan(pilot, mixed_file(tmp_path))
        await pilot.click("#plan", offset=(5, 3))
        await finish(pilot)
        assert chosen(pilot).key == "like"
        await press(pilot, "w")
        await pilot.click("#no")
        await finish(pilot)
        assert not (own.studies[0] / "delta2019book.bib").exists()
        await press(pilot, "w")
        await pilot.click("#yes")
        await finish(pilot)
        assert (own.studies[0] / "delta2019book.bib").exists()
