"""A hundred studies added and coded by keyboard alone, step by step, and the last step taken back."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

import pytest
from textual.events import Key as KeyEvent

from kb.bibtex import read
from kb.check import check
from kb.intake.coding import FieldProblem, problems_of
from tests.tui.driving import CHARACTERS, enter, finish, press, until
from tests.tui.intake import text_of
from tui.app import EvidenceApp
from tui.screens.add import AddScreen
from tui.screens.code import CodeScreen
from tui.screens.evidence import EvidenceScreen
from tui.widgets.field_row import FieldInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from kb.collection import Collection
    from kb.vocabulary import Vocabulary
    from tests.tui.conftest import Lines

MANY = 100
ROUNDS = 20_000


class Step(NamedTuple):
    """Keys, the field that has the focus after them, the value that they leave, and what the screen then shows."""

    keys: tuple[str, ...]
    goes_to: str
    leaves: str = ""
    shows: tuple[str, ...] = ()


def typed(text: str, *keys: str) -> tuple[str, ...]:
    """Return a text as the keys that type it, and further keys."""
    names = {letter: name for name, letter in CHARACTERS.items()}
    return (*(names.get(letter, letter) for letter in text), *keys)


#: One study: its measure, then one finding. Names are taken from the list after their first letters.
STEPS = (
    Step(typed("mipex:2015", "enter"), "study-measurestatus", "mipex:2015", ("measurestatus: where",)),
    Step(("ctrl+t",), "finding-policy", "", ("policy: the most specific", "labour-market-mobility")),
    Step(typed("over", "enter"), "finding-outcome", "overall", ("outcome: the outcome",)),
    Step(typed("generalised", "enter"), "finding-population", "generalised-trust", ("Needed: population, role",)),
    Step(typed("imm", "enter"), "finding-role", "immigrants", ("only for moderators",)),
    Step(typed("d", "enter"), "finding-direction", "direct", ("direction: sign of more",)),
    Step(typed("pos", "enter"), "finding-statement", "positive", ("The appraisal follows: favourable.",)),
    Step(typed("Goes with more trust.", "enter"), "finding-source", "Goes with more trust.", ("› https://doi.org/10",)),
    Step(
        typed("h", "enter"), "finding-sourcelevel", "https://doi.org/10.5555/made.{number}", ("Needed: sourcelevel.",)
    ),
    Step(typed("ab", "enter"), "finding-locator", "abstract", ("The appraisal follows: favourable.",)),
)


def entries() -> str:
    """Return a file of a hundred made-up studies by a hundred authors."""
    names = [f"{a}{b}{c}" for a in ("Ba", "Ke", "Li", "Mo", "Tu") for b in ("da", "fe", "go", "lu") for c in "klmrs"]
    return "\n".join(
        f"@article{{x{number},\n  author = {{{name}, Ann}},\n  title = {{{name} on policy and trust}},\n"
        f"  journal = {{Made-up Letters}},\n  year = {{2021}},\n  doi = {{10.5555/made.{number}}}\n}}\n"
        for number, name in enumerate(names)
    )


async def soon(pilot: Pilot[str], condition: Callable[[], bool]) -> None:
    """Wait until something is so, and no longer: nothing is drawn meanwhile."""
    for _ in range(ROUNDS):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError(pilot.app.screen)


async def shown(pilot: Pilot[str], lines: Lines, *parts: str) -> None:
    """Wait until the screen shows some texts."""

    def text() -> str:
        return " ".join(" ".join(lines(pilot.app)).split())

    await until(pilot, lambda: all(part in text() for part in parts))
    assert [part for part in parts if part not in text()] == []


async def go(pilot: Pilot[str], key: str, screen: CodeScreen, goes_to: str) -> None:
    """Press a key that brings another form, and wait for it and its first field."""
    form = screen.form
    pilot.app.post_message(KeyEvent(key, None))
    await soon(pilot, lambda: screen.form is not form and getattr(pilot.app.focused, "id", "") == goes_to)


async def take(pilot: Pilot[str], step: Step, number: int) -> None:
    """Press the keys of a step, and see what they led to."""
    before = pilot.app.focused
    for key in step.keys:
        pilot.app.post_message(KeyEvent(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
    await soon(pilot, lambda: pilot.app.focused is not before)
    assert pilot.app.focused is not None
    assert pilot.app.focused.id == step.goes_to
    if step.leaves:
        assert isinstance(before, FieldInput)
        assert before.value == step.leaves.format(number=number)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the shapes out while findings are written; the whole folder is checked by them at the end."""

    def read_alone(files: dict[str, str], _: Collection, vocabulary: Vocabulary) -> dict[str, list[FieldProblem]]:
        return {path: problems_of(text, path, vocabulary) for path, text in files.items()}

    monkeypatch.setattr("kb.intake.coding.full_problems", read_alone)


async def test_a_hundred_studies_are_added_and_coded_by_keyboard_alone(
    own: Collection, tmp_path: Path, light: None, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own.studies[0]
    before = {path.name: path.read_bytes() for path in folder.glob("*.bib")}
    (tmp_path / "many.bib").write_text(entries(), "utf-8")
    monkeypatch.chdir(tmp_path)
    app = EvidenceApp(own)
    async with app.run_test(size=(80, 24)) as pilot:
        await finish(pilot)

        await press(pilot, "a", *typed("man", "tab"))
        assert isinstance(app.screen, AddScreen)
        assert "many.bib" in lines(app)[1]
        await enter(pilot, "enter")
        assert "many.bib: 100 new. Would write 100 new files." in lines(app)[1]
        await press(pilot, "w")
        assert "Write 100 new files in" in "\n".join(lines(app))
        assert {path.name for path in folder.glob("*.bib")} == set(before)
        await enter(pilot, "y")
        assert "Written: 100 new files" in lines(app)[1]
        added = {path.stem for path in folder.glob("*.bib")} - {name.removesuffix(".bib") for name in before}
        assert len(added) == MANY

        await enter(pilot, "n")
        screen = app.screen
        assert isinstance(screen, CodeScreen)
        coded = []
        for number in range(MANY):
            quick = number not in (0, MANY - 1)  # between the first and the last, nothing is drawn
            with app.batch_update() if quick else nullcontext():
                if number:
                    await go(pilot, "ctrl+n", screen, "study-measure")
                form = screen.form
                assert form is not None
                coded.append(form.citekey)
                for step in STEPS:
                    await take(pilot, step, number)
                    if not number:
                        await shown(pilot, lines, *step.shows)
                await go(pilot, "ctrl+s", screen, "finding-outcome")
                assert text_of(pilot, "#state").startswith(f"Written: {form.key}.")
                if not quick:
                    await shown(pilot, lines, f"Written: {form.key}.")
        await press(pilot, "ctrl+n")
        await finish(pilot)
        assert "No further study of this list is without findings." in "\n".join(lines(app)[1:3])
        assert set(coded) == added

        await enter(pilot, "escape", "escape", "escape")
        assert isinstance(app.screen, EvidenceScreen)
        assert "105 findings, 102 studies" in "\n".join(lines(app)[:4])

        for key in coded:
            found = read((folder / f"{key}.bib").read_text("utf-8"), key)
            assert [entry.key for entry in found.entries] == [key, f"{key}-1"]
            assert not found.problems
        monkeypatch.undo()
        problems = check(own).problems
        assert [found for found in problems if found.severity == "error" and found.key.partition("-")[0] in added] == []

        last = folder / f"{coded[-1]}.bib"
        whole = last.read_bytes()
        await press(pilot, "u")
        assert f"Take back: code {coded[-1]} (1 file" in "\n".join(lines(app))
        await enter(pilot, "y")
        assert "@finding" not in last.read_text("utf-8")
        assert whole != last.read_bytes()
        assert "104 findings, 101 studies" in "\n".join(lines(app)[:4])
        assert {name: (folder / name).read_bytes() for name in before} == before
