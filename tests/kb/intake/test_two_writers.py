"""Two additions at once, each in a process of its own: both land, and nothing is overwritten."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kb.bibtex import read
from kb.collection import Collection
from kb.errors import IntakeError
from kb.intake.deed import Decisions, carry_out
from kb.intake.existing import read_existing
from tests.kb.intake.files import ONTOLOGY, leftovers, plan_of, state

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("wages", "votes", "trust", "health", "schools")


def studies_of(author: str, word: str = "") -> str:
    return "".join(
        f"@article{{k{n}, author = {{{author}, A}}, title = {{{topic} {word} of a group}}, year = {{2011}}}}\n\n"
        for n, topic in enumerate(WORDS)
    )


def at_once(folder: Path, *texts: str) -> list[subprocess.CompletedProcess[str]]:
    """Add each text in a process of its own, all at the same time."""
    folder.mkdir()
    command = [sys.executable, "-m", "kb.cli", "add", "-", "--yes", "--studies", str(folder)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in texts
    ]
    said = [process.communicate(text, timeout=60) for process, text in zip(running, texts, strict=True)]
    return [
        subprocess.CompletedProcess(command, process.returncode, *streams)
        for process, streams in zip(running, said, strict=True)
    ]


def test_two_additions_both_land(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    runs = at_once(folder, studies_of("Alpha"), studies_of("Beta"))
    assert [(run.returncode, run.stderr.count("5 new")) for run in runs] == [(0, 1), (0, 1)]
    names = {f"{author}2011{word}.bib" for author in ("alpha", "beta") for word in WORDS}
    assert set(state(folder)) == names
    assert leftovers(folder) == []


def test_two_additions_of_studies_with_the_same_keys_overwrite_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    texts = (studies_of("Alpha", "and the many sorrows"), studies_of("Alpha", "but no other thing at all"))
    runs = at_once(folder, *texts)
    landed = [run for run in runs if run.returncode == 0]
    assert landed
    for run in runs:
        refused = run.returncode == 1 and "Nothing was written" in run.stderr and run.stderr.count("mipex-kb: ") == 1
        assert run in landed or refused
    titles = [entry.fields["title"] for content in state(folder).values() for entry in read(content.decode()).entries]
    assert len(titles) == len(set(titles)) == 5 * len(landed)


def test_a_plan_made_before_another_addition_is_refused_and_made_again(tmp_path: Path) -> None:
    collection = Collection((tmp_path,), ONTOLOGY)
    first, second = studies_of("Alpha", "and the many sorrows"), studies_of("Alpha", "but no other thing at all")
    late = plan_of(second, read_existing(collection))
    carry_out(collection, plan_of(first, read_existing(collection)), Decisions(), "first.bib")
    before = state(tmp_path)
    with pytest.raises(IntakeError, match="made in the meantime"):
        carry_out(collection, late, Decisions(), "second.bib")
    assert state(tmp_path) == before
    deed = carry_out(collection, plan_of(second, read_existing(collection)), Decisions(), "second.bib")
    assert deed.added == tuple(f"alpha2011{word}b" for word in WORDS)
