"""A process killed at every step of its writing: the collection is as before or as after, never between."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from kb.build import build
from kb.intake.deed import Decisions
from kb.intake.transaction import recover, undo, writing
from tests.kb.intake.files import add, leftovers, state
from tests.kb.intake.killing import MOST, survives

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.collection import Collection

NEW = "".join(
    f"@article{{k{n}, author = {{{name}, A}}, title = {{A study of subject {name}}}, year = {{201{n}}}}}\n\n"
    for n, name in enumerate(("Omega", "Psi", "Chi"))
)


@pytest.fixture
def studies(small_copy: Collection) -> Path:
    return small_copy.studies[0]


def addition(studies: Path) -> Callable[[], object]:
    """Return the addition of three studies together with better metadata for one of the folder."""
    path = studies / "alpha2001trust.bib"
    text = path.read_text("utf-8").partition("@finding")[0]
    better = text.replace("{3}", "{77}", 1)
    return lambda: add(studies, NEW + better, Decisions(update=True))


def undoing(studies: Path) -> Callable[[], object]:
    def act() -> None:
        with writing(studies):
            undo(studies)

    return act


def rounds(act: Callable[[], object], studies: Path, spare: Path, *, torn: bool = False) -> list[dict[str, bytes]]:
    """Kill ``act`` at step 1, 2, 3 and so on until it survives; return what each death left after recovery."""
    shutil.copytree(studies, spare)
    found = []
    for step in range(1, MOST):
        shutil.rmtree(studies)
        shutil.copytree(spare, studies)
        done = survives(step, act, studies, torn=torn)
        if step % 2:
            recover(studies)
        else:
            with writing(studies):
                pass
        assert leftovers(studies) == []
        found.append(state(studies))
        if done:
            return found
    raise AssertionError


@pytest.mark.parametrize("torn", [False, True])
def test_an_addition_is_whole_or_was_never_there(studies: Path, tmp_path: Path, torn: bool) -> None:
    before = state(studies)
    found = rounds(addition(studies), studies, tmp_path / "spare", torn=torn)
    after = found[-1]
    assert len(after) == len(before) + 3
    assert b"{77}" in after["alpha2001trust.bib"]
    turn = next(number for number, left in enumerate(found) if left == after)
    assert found[:turn] == [before] * turn
    assert found[turn:] == [after] * (len(found) - turn)
    assert turn > 15


@pytest.mark.parametrize("torn", [False, True])
def test_an_undo_is_whole_or_was_never_begun(studies: Path, tmp_path: Path, torn: bool) -> None:
    before = state(studies)
    addition(studies)()
    after = state(studies)
    found = rounds(undoing(studies), studies, tmp_path / "spare", torn=torn)
    assert found[-1] == before
    turn = next(number for number, left in enumerate(found) if left == before)
    assert found[:turn] == [after] * turn
    assert found[turn:] == [before] * (len(found) - turn)
    assert turn > 10


def test_an_undo_after_one_that_was_killed_at_its_end_takes_back_no_more(studies: Path, tmp_path: Path) -> None:
    addition(studies)()
    with_one = state(studies)
    add(studies, NEW.replace("A study of", "Another paper on"))
    shutil.copytree(studies, tmp_path / "spare")
    for step in range(1, MOST):
        shutil.rmtree(studies)
        shutil.copytree(tmp_path / "spare", studies)
        if survives(step, undoing(studies), studies):
            break
        recover(studies)
        if state(studies) != with_one:
            undoing(studies)()
        assert state(studies) == with_one
    assert step > 10


def test_recovery_that_is_killed_is_taken_up_by_the_next(studies: Path, tmp_path: Path) -> None:
    before = state(studies)
    spare = tmp_path / "spare"
    shutil.copytree(studies, spare)
    act = addition(studies)
    act()
    after = state(studies)
    cut_short = 0
    for step in range(6, MOST, 4):
        shutil.rmtree(studies)
        shutil.copytree(spare, studies)
        if survives(step, act, studies):
            break
        for again in range(1, MOST):
            if survives(again, lambda: recover(studies), studies):
                break
            cut_short += 1
        assert state(studies) in (before, after)
        assert leftovers(studies) == []
    assert cut_short > 10


def test_a_collection_cut_short_builds_as_before(small_copy: Collection) -> None:
    studies = small_copy.studies[0]
    known = build(small_copy, clean=True).problems
    act = addition(studies)
    for step in (8, 14, 18):
        assert not survives(step, act, studies)
    recover(studies)
    assert build(small_copy, clean=True).problems == known
