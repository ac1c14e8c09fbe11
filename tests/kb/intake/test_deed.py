"""The deed: what is wanted is written, better metadata go into a file whose other letters stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.bibtex import read
from kb.collection import Collection
from kb.errors import IntakeError
from kb.intake.deed import Decisions, carry_out, improved
from kb.intake.difference import Difference
from kb.intake.existing import read_existing
from tests.kb.intake.files import ONTOLOGY, add, plan_of, state
from tests.kb.intake.test_plan import STUDY

if TYPE_CHECKING:
    from pathlib import Path

BETTER = STUDY.replace("pages", "doi = {10.9999/x},\n  pages")
PROBABLE = STUDY.replace("2014", "2012").replace("Journal of Made-up Results", "Working papers")


@pytest.mark.parametrize("choice", [True, frozenset({"x1"}), frozenset({"alpha2012integration"})])
def test_a_probable_study_is_added_when_it_is_chosen(tmp_path: Path, choice: bool | frozenset[str]) -> None:
    add(tmp_path, STUDY)
    assert add(tmp_path, PROBABLE).added == ()
    assert add(tmp_path, PROBABLE, Decisions(add_probable=choice)).added == ("alpha2012integration",)


def test_better_metadata_are_taken_when_they_are_chosen(tmp_path: Path) -> None:
    add(tmp_path, STUDY)
    before = state(tmp_path)
    assert add(tmp_path, BETTER).updated == ()
    assert add(tmp_path, BETTER, Decisions(update=frozenset({"other"}))).updated == ()
    assert state(tmp_path) == before
    assert add(tmp_path, BETTER, Decisions(update=True)).updated == ("alpha2014integration",)
    text = before["alpha2014integration.bib"].decode()
    assert state(tmp_path)["alpha2014integration.bib"].decode() == text.replace(
        "{unconfirmed}", "{unconfirmed},\n  doi = {10.9999/x}"
    )


def test_a_study_of_another_folder_is_not_changed(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    ours.mkdir()
    add(theirs, STUDY)
    both = Collection((ours, theirs), ONTOLOGY)
    with pytest.raises(IntakeError, match="another folder"):
        carry_out(both, plan_of(BETTER, read_existing(both)), Decisions(update=True), "x.bib")
    assert state(ours) == {}


def test_a_file_that_was_made_since_the_plan_is_not_overwritten(tmp_path: Path) -> None:
    collection = Collection((tmp_path,), ONTOLOGY)
    plan = plan_of(STUDY + PROBABLE, read_existing(collection))
    (tmp_path / "alpha2014integration.bib").write_text("mine", "utf-8")
    with pytest.raises(IntakeError, match="made in the meantime"):
        carry_out(collection, plan, Decisions(add_probable=True), "x.bib")
    assert state(tmp_path) == {"alpha2014integration.bib": b"mine"}


@pytest.mark.parametrize("since", ["gone", "emptied"])
def test_a_study_that_was_taken_away_since_the_plan_is_one_sentence(tmp_path: Path, since: str) -> None:
    add(tmp_path, STUDY)
    collection = Collection((tmp_path,), ONTOLOGY)
    plan = plan_of(BETTER, read_existing(collection))
    path = tmp_path / "alpha2014integration.bib"
    path.unlink() if since == "gone" else path.write_text("", "utf-8")
    with pytest.raises(IntakeError, match="Nothing was written"):
        carry_out(collection, plan, Decisions(update=True), "x.bib")


TEXT = "% kept\n@article{k,\n\tVolume = 1 ,\n\tnote = {x, volume = {2}}\n}\n@finding{k-1, study = {k}}\n"


@pytest.mark.parametrize(
    ("difference", "after"),
    [
        (Difference("volume", "1", "2"), TEXT.replace("Volume = 1", "Volume = {2}")),
        (Difference("doi", "", "10.1/x"), TEXT.replace("{2}}\n}", "{2}},\n  doi = {10.1/x}\n}")),
        (Difference("note", "", "a\n  b \\} c"), TEXT.replace("x, volume = {2}", "a b \\textbraceright{} c")),
    ],
)  # fmt: skip
def test_only_the_field_that_is_better_changes(difference: Difference, after: str) -> None:
    assert improved(TEXT, "k", [difference]) == after
    assert [problem for problem in read(after).problems if problem.severity == "error"] == []


def test_line_ends_of_the_file_are_kept() -> None:
    text = improved(TEXT.replace("\n", "\r\n"), "k", [Difference("doi", "", "10.1/x"), Difference("volume", "1", "2")])
    assert text.count("\n") == text.count("\r\n") == TEXT.count("\n") + 1
