"""The collection that a command works on: where it is named, and what is wrong with it."""

from __future__ import annotations

import errno
import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.kb.running import LIBRARY_COMMANDS, is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.kb.running import Line


def test_the_collection_may_be_named_before_and_after_the_command(toy: Collection, line: Line) -> None:
    studies, ontology = str(toy.studies[0]), str(toy.ontology)
    expected = line("evidence", "--format", "csv")
    for words in (
        ["--studies", studies, "evidence", "--format", "csv"],
        [f"--studies={studies}", "evidence", "--format", "csv"],
        ["evidence", "--studies", studies, "--format", "csv", "--ontology", ontology],
        ["--ontology", ontology, "evidence", "--format", "csv", f"--studies={studies}"],
        ["--studies", studies, "--ontology", ontology, "evidence", "--format", "csv"],
    ):
        assert line(*words, toy=False) == expected


def test_several_folders_of_studies_are_one_collection(toy: Collection, line: Line, tmp_path: Path) -> None:
    for folder, name in (("a", "alpha2001trust"), ("b", "beta2002moderator"), ("c", "delta2004reform")):
        (tmp_path / folder).mkdir()
        shutil.copy(toy.studies[0] / f"{name}.bib", tmp_path / folder)
    a, b, c = (str(tmp_path / folder) for folder in "abc")
    done = line(
        "--studies", a, "evidence", "--measure", "all", "--format", "json", "--studies", b, "--studies", c, toy=False
    )
    assert {row["study"] for row in json.loads(done.out)} == {"alpha2001trust", "beta2002moderator", "delta2004reform"}


@pytest.mark.parametrize("option", ["--studies", "--ontology"])
@pytest.mark.parametrize("name", [name for name in LIBRARY_COMMANDS if name != "init"])  # init asks no collection
def test_a_folder_that_is_not_there_is_wrong_usage(
    option: str, name: str, line: Line, toy: Collection, tmp_path: Path
) -> None:
    file = str(toy.studies[0] / "alpha2001trust.bib")
    more = {
        "show": ["alpha2001trust"],
        "sparql": ["-e", "ASK {}"],
        "add": [file],
        "synthesis": ["overall"],
        "brief": ["overall"],
        "push": ["http://127.0.0.1:9/query"],
    }.get(name, [])
    done = line(name, *more, option, str(tmp_path / "nowhere"), toy=False)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)
    assert "nowhere" in done.err


def test_a_file_instead_of_a_folder_is_wrong_usage(toy: Collection, line: Line) -> None:
    done = line("evidence", "--studies", str(toy.studies[0] / "alpha2001trust.bib"), toy=False)
    assert done.code == 2
    assert is_one_plain_sentence(done.err)


def test_a_folder_that_may_not_be_read_is_one_sentence(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(folder: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))

    monkeypatch.setattr(os, "scandir", forbidden)
    done = line("evidence", "--studies", str(tmp_path), toy=False)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)
    assert "permissions" in done.err


def test_an_empty_folder_of_studies_is_an_empty_collection(line: Line, tmp_path: Path) -> None:
    done = line("evidence", "--format", "csv", "--studies", str(tmp_path), toy=False)
    assert (done.code, done.out.count("\n")) == (0, 1)


def test_a_broken_ontology_is_one_sentence(toy: Collection, line: Line, tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text("this is no turtle", "utf-8")
    done = line("evidence", "--ontology", str(tmp_path))
    assert done.code in (1, 2)
    assert is_one_plain_sentence(done.err)
    assert "own.ttl" in done.err
    assert "should not have happened" not in done.err


def test_mistakes_in_the_collection_are_mentioned_but_stop_nothing(copy_of_toy: Collection, line: Line) -> None:
    path = copy_of_toy.studies[0] / "delta2004reform.bib"
    path.write_text(path.read_text("utf-8").replace("{positive}", "{positve}"), "utf-8")
    done = line("evidence", "--format", "csv", "--studies", str(copy_of_toy.studies[0]), toy=False)
    assert done.code == 0
    assert "1 mistake. List them with: mipex-kb check" in done.err
    assert line("build", "--studies", str(copy_of_toy.studies[0]), toy=False).code == 1
