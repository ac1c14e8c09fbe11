"""A disk that is full, or a right that is missing, at any step: one sentence, and everything as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import pytest

from kb.errors import IntakeError
from kb.intake.transaction import apply, recover, undo, writing
from tests.kb.intake.files import leftovers, state

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
AFTER: dict[str, str | None] = {"a.bib": "A2", "b.bib": None, "c.bib": "C", "d.bib": "D"}


class Disk:
    """Fails at one step (``failing``), or from it on (``lasting``)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failing = 0
        self.lasting = False
        self.steps = 0
        for owner, name in ((os, "fsync"), (os, "open"), (Path, "open"), (Path, "replace"), (Path, "unlink")):
            monkeypatch.setattr(owner, name, self._counting(getattr(owner, name)))

    def _counting(self, call: Callable[P, T]) -> Callable[P, T]:
        def counted(*arguments: P.args, **named: P.kwargs) -> T:
            self.steps += 1
            if self.failing and (self.steps == self.failing or (self.lasting and self.steps > self.failing)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))
            return call(*arguments, **named)

        return counted

    def fail(self, step: int, *, lasting: bool) -> None:
        self.failing, self.lasting, self.steps = step, lasting, 0

    def mend(self) -> None:
        self.failing, self.steps = 0, 0


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    (tmp_path / "a.bib").write_text("A", "utf-8")
    (tmp_path / "b.bib").write_text("B", "utf-8")
    return tmp_path


def change(studies: Path) -> None:
    with writing(studies):
        apply(studies, "change", AFTER)


def take_back(studies: Path) -> None:
    with writing(studies):
        undo(studies)


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("act", [change, take_back])
def test_a_full_disk_changes_nothing(studies: Path, disk: Disk, act: Callable[[Path], None], lasting: bool) -> None:
    if act is take_back:
        change(studies)
    before = state(studies)
    refused: list[str] = []
    for step in range(1, 100):
        disk.fail(step, lasting=lasting)
        try:
            act(studies)
        except IntakeError as error:
            refused.append(str(error))
        else:
            disk.mend()
            break
        disk.mend()
        if lasting:
            recover(studies)
        assert state(studies) == before
        with writing(studies):
            assert leftovers(studies) == []
    assert len(refused) > 12
    assert all("No space left on device" in text for text in refused)
    assert state(studies) != before
    assert leftovers(studies) == []


def test_a_change_that_could_not_be_recorded_is_done_all_the_same_on_the_next_try(studies: Path, disk: Disk) -> None:
    disk.fail(4, lasting=True)
    with pytest.raises(IntakeError):
        change(studies)
    disk.mend()
    change(studies)
    assert state(studies) == {"a.bib": b"A2", "c.bib": b"C", "d.bib": b"D"}
    take_back(studies)
    assert state(studies) == {"a.bib": b"A", "b.bib": b"B"}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_is_not_ours_is_one_sentence(studies: Path) -> None:
    studies.chmod(0o500)
    try:
        with pytest.raises(IntakeError, match="mipex-kb init"):
            change(studies)
    finally:
        studies.chmod(0o700)
