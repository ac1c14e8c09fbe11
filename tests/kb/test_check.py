"""The check: ten planted mistakes are named with file and line, and a sound collection is clean."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from kb.check import CheckReport, check, short_path
from kb.cli import main
from kb.collection import Collection
from kb.errors import CollectionError

if TYPE_CHECKING:
    from kb.problems import Problem

TEMPLATE = """@article{KEY,
  author        = {Planted, Pat},
  title         = {Made-up study on KEY},
  journal       = {Journal of Made-up Results},
  year          = {2003},
  doi           = {10.5555/toy.KEY},
  measure       = {mipex},
  measurestatus = {seen},
  design        = {cross-sectional},
  data          = {ess},
  countries     = {AT; BE},
  bibstatus     = {confirmed},
  bibsource     = {https://example.org/KEY}
}

@finding{KEY-1,
  study       = {KEY},
  policy      = {health},
  outcome     = {mortality},
  population  = {immigrants},
  role        = {direct},
  direction   = {negative},
  statement   = {A higher score goes with lower mortality in this made-up study.},
  source      = {https://example.org/KEY},
  sourcelevel = {abstract},
  locator     = {abstract},
  coder       = {c1},
  coded       = {2026-11-25}
}
"""


class Mistake(NamedTuple):
    """A mistake in a file of its own: what is replaced by what, where it must be reported, and in which words."""

    file: str
    old: str
    new: str
    at: str
    words: str


MISTAKES = [
    Mistake("planted1concept", "{health}", "{helth}", "  policy", "'helth' is no policy"),
    Mistake("planted2statement", "  statement   = {A higher score goes with lower mortality in this made-up study.},\n",
            "", "@finding", "statement is missing"),
    Mistake("planted3key", "planted3key", "alpha2001trust", "@article", "alpha2001trust is already used"),
    Mistake("planted4doi", "10.5555/toy.planted4doi", "10.5555/TOY.2001.1", "  doi", "same DOI"),
    Mistake("planted5year", "{2003}", "{20x3}", "  year", "'20x3' is no year"),
    Mistake("planted6study", "  study       = {planted6study}", "  study       = {nowhere2000}", "  study ",
            "belongs to nowhere2000"),
    Mistake("planted7brace", "{Made-up study on planted7brace}", "{Made-up study on planted7brace", "@article",
            "braces of this entry do not balance"),
    Mistake("planted8country", "{AT; BE}", "{AT; XX}", "  countries", "'XX' is no country"),
    Mistake("planted9direction", "{negative}", "{negtive}", "  direction", "'negtive' is no direction"),
    Mistake("planted10latex", "{Made-up study", "{Made-up \\mystery study", "  title", "LaTeX is left in title"),
]  # fmt: skip


def number_of(mistake: Mistake, folder: Path) -> int:
    text = (folder / f"{mistake.file}.bib").read_text("utf-8")
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(mistake.at))


@pytest.fixture(scope="module")
def planted(toy: Collection, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("planted") / "studies"
    shutil.copytree(toy.studies[0], folder)
    for mistake in MISTAKES:
        text = TEMPLATE.replace("KEY", mistake.file)
        assert mistake.old in text
        (folder / f"{mistake.file}.bib").write_text(text.replace(mistake.old, mistake.new), "utf-8")
    return Collection((folder,), toy.ontology)


@pytest.fixture(scope="module")
def report(planted: Collection) -> CheckReport:
    return check(planted)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.file)
def test_each_planted_mistake_is_named_with_file_and_line(
    mistake: Mistake, report: CheckReport, planted: Collection
) -> None:
    found = [p for p in report.problems if mistake.words in p.message and p.severity == "error"]
    path = planted.studies[0] / f"{mistake.file}.bib"
    assert [(p.file, p.line) for p in found] == [(str(path), number_of(mistake, planted.studies[0]))]


def test_no_sound_file_is_blamed(report: CheckReport) -> None:
    blamed = {Path(problem.file).stem for problem in report.problems}
    assert blamed == {mistake.file for mistake in MISTAKES}


def test_a_mistake_is_not_reported_twice(report: CheckReport) -> None:
    errors: dict[str, list[str]] = {}
    for problem in report.problems:
        if problem.severity == "error":
            errors.setdefault(Path(problem.file).stem, []).append(problem.message)
    followed = {"planted5year", "planted7brace"}  # the finding of a study that cannot be read is left out, too
    assert {name: found for name, found in errors.items() if len(found) > 1 and name not in followed} == {}


def test_every_problem_has_a_remedy(report: CheckReport) -> None:
    assert [problem for problem in report.problems if not problem.remedy or not problem.message] == []


def test_problems_come_in_the_order_of_files_and_lines(report: CheckReport) -> None:
    places = [(problem.file, problem.line) for problem in report.problems]
    assert places == sorted(places)


def test_the_command_ends_with_1_and_prints_file_and_line(
    planted: Collection, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "--studies", str(planted.studies[0]), "--quiet"])
    printed = capsys.readouterr()
    assert code == 1
    for mistake in MISTAKES:
        start = f"{planted.studies[0] / mistake.file}.bib:{number_of(mistake, planted.studies[0])}: error: "
        lines = [line for line in printed.out.splitlines() if line.startswith(start) and mistake.words in line]
        assert len(lines) == 1
    assert "warning" not in printed.out
    assert "studies" in printed.err


def test_the_toy_collection_is_clean_and_ends_with_0(toy: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--studies", str(toy.studies[0]), "--strict"]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("5 studies, 7 findings, ")
    assert printed.err.endswith(" concepts: 0 errors, 0 warnings.\n")


@pytest.fixture(scope="module")
def warned(small_toy: Path, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Return the toy with warnings alone: a wrong file name, a study that is not there, an unknown field."""
    folder = tmp_path_factory.mktemp("warned") / "studies"
    shutil.copytree(small_toy / "studies", folder)
    (folder / "delta2004reform.bib").rename(folder / "wrong.bib")
    review = folder / "epsilon2005review.bib"
    text = review.read_text("utf-8").replace("{alpha2001trust}", "{alpha2001trust; nowhere2000}")
    review.write_text(text.replace("  note ", "  tags          = {one, two},\n  note "), "utf-8")
    return Collection((folder,), small_toy / "ontology")


@pytest.fixture(scope="module")
def warnings(warned: Collection) -> list[Problem]:
    return check(warned).problems


def test_warnings_alone_are_no_errors(warnings: list[Problem]) -> None:
    assert {problem.severity for problem in warnings} == {"warning"}
    assert len(warnings) == 3


def test_a_file_that_is_not_named_after_its_study_is_warned_of(warnings: list[Problem]) -> None:
    (found,) = [problem for problem in warnings if Path(problem.file).name == "wrong.bib"]
    assert (found.line, found.key) == (1, "delta2004reform")
    assert "delta2004reform.bib" in found.remedy


def test_a_review_of_a_study_that_is_not_here_is_warned_of(warnings: list[Problem], warned: Collection) -> None:
    (found,) = [problem for problem in warnings if "nowhere2000" in problem.message]
    text = (warned.studies[0] / "epsilon2005review.bib").read_text("utf-8").splitlines()
    assert text[found.line - 1].startswith("  includes")


def test_an_unknown_field_is_warned_of_at_its_line(warnings: list[Problem], warned: Collection) -> None:
    (found,) = [problem for problem in warnings if "tags" in problem.message]
    text = (warned.studies[0] / "epsilon2005review.bib").read_text("utf-8").splitlines()
    assert text[found.line - 1].startswith("  tags")


def test_strict_and_quiet_and_json(warned: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--studies", str(warned.studies[0]), "--ontology", str(warned.ontology)]
    code = main(["check", *place, "--strict", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 1
    assert len(found) == 3
    assert list(found[0]) == ["severity", "file", "line", "key", "message", "remedy"]


def test_two_studies_with_one_title_year_and_author_are_reported(toy: Collection, tmp_path: Path) -> None:
    (tmp_path / "studies").mkdir()
    for key in ("first2003study", "second2003study"):
        text = TEMPLATE.replace(
            "study on KEY", "study on the SAME: thing" if key[0] == "f" else "study, on the same Thing"
        )
        (tmp_path / "studies" / f"{key}.bib").write_text(text.replace("KEY", key), "utf-8")
    problems = check(Collection((tmp_path / "studies",), toy.ontology)).problems
    assert [(p.severity, p.key, p.line) for p in problems] == [("error", "second2003study", 3)]
    assert "first2003study" in problems[0].message


def test_a_collection_that_cannot_be_read_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--studies", str(tmp_path / "nowhere")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    with pytest.raises(CollectionError):
        check(Collection((tmp_path / "nowhere",), tmp_path))


def test_paths_below_the_working_folder_are_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert short_path(str(tmp_path / "studies" / "a.bib")) == "studies/a.bib"
    assert short_path("/elsewhere/a.bib") == "/elsewhere/a.bib"
