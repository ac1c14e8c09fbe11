"""``mipex-kb code``: one finding by options, findings asked for on a terminal, and whole coding sheets."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kb.bibtex import read
from tests.kb.intake.test_coding import GOOD, KEY
from tests.kb.running import CONTROL, is_one_plain_sentence

if TYPE_CHECKING:
    from kb.collection import Collection
    from tests.kb.running import Line, Run

OPTIONS = [word for name, value in GOOD.items() for word in (f"--{name}", value)]
ROW = {"study": KEY, **GOOD}


class Coding:
    """The command line on a copy of the toy collection, and the file of one study in it."""

    def __init__(self, line: Line, collection: Collection) -> None:
        self._line = line
        self.collection = collection
        self.folder = collection.studies[0]
        self.path = self.folder / f"{KEY}.bib"
        self.old = self.path.read_bytes()

    def __call__(self, *words: str, command: str = "code") -> Run:
        return self._line(command, *words, "--studies", str(self.folder), toy=False)

    def keys(self) -> list[str]:
        return [entry.key for entry in read(self.path.read_text("utf-8")).entries]

    def sheet(self, *rows: dict[str, str]) -> str:
        path = self.folder.parent / "sheet.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(ROW))
            writer.writeheader()
            writer.writerows(rows)
        return str(path)


@pytest.fixture
def code(line: Line, copy_of_toy: Collection, monkeypatch: pytest.MonkeyPatch) -> Coding:
    monkeypatch.delenv("MIPEX_KB_CODER", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    return Coding(line, copy_of_toy)


def test_a_finding_by_options_is_shown_written_and_taken_back(code: Coding) -> None:
    done = code(KEY, *OPTIONS, "--yes")
    assert done.code == 0
    assert done.out.startswith(f"@finding{{{KEY}-4,")
    assert "The appraisal follows: favourable." in done.err
    assert f"Written: {KEY}-4" in done.err
    assert code.keys()[-1] == f"{KEY}-4"
    assert code.path.read_bytes().startswith(code.old)
    assert code("--quiet", command="check").code == 0
    assert code(command="undo").code == 0
    assert code.path.read_bytes() == code.old


def test_without_yes_and_without_a_terminal_nothing_is_written(code: Coding) -> None:
    done = code(KEY, *OPTIONS)
    assert (done.code, code.path.read_bytes()) == (1, code.old)
    assert "Add --yes" in done.err


def test_a_dry_run_shows_the_finding_and_writes_nothing(code: Coding) -> None:
    done = code(KEY, *OPTIONS, "--yes", "--dry-run")
    assert (done.code, code.path.read_bytes()) == (0, code.old)
    assert done.out.startswith("@finding{")


def test_labels_repeated_options_and_the_coder_of_the_environment_are_understood(
    code: Coding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIPEX_KB_CODER", "c5")
    words = [word for word in OPTIONS if word not in ("--coder", "c1")]
    done = code(
        KEY, *words, "--policy", "Family Reunion", "--population", "refugees", "--estimate", "-0.10", "--dry-run"
    )
    assert done.code == 0
    assert "{family-reunion}" in done.out
    assert "{immigrants; refugees}" in done.out
    assert "{-0.10}" in done.out
    assert "{c5}" in done.out


def test_a_copy_takes_what_the_findings_share(code: Coding) -> None:
    words = ["--outcome", "generalised-trust", "--role", "direct", "--direction", "null", "--coder", "c1"]
    done = code(KEY, "--copy", f"{KEY}-2", *words, "--statement", GOOD["statement"], "--dry-run")
    assert done.code == 0
    assert "{majority}" in done.out
    assert "{abstract}" in done.out


WRONG = [
    (
        [KEY],
        2,
        "--policy, --outcome, --population, --role, --direction, --statement, --source, --sourcelevel are missing",
    ),
    ([KEY, *OPTIONS, "--role", "moderator"], 2, "--relation, --appraisal are missing"),
    ([], 2, "Name one study"),
    ([KEY, KEY], 2, "Name one study"),
    (["alpha2001trst", *OPTIONS], 2, "Did you mean alpha2001trust?"),
    ([KEY, *OPTIONS, "--copy", "9"], 2, "It has: alpha2001trust-1"),
    ([KEY, *OPTIONS, "--format", "json"], 2, "Add --sheet FILE"),
    ([KEY, *OPTIONS, "-o", "x.csv"], 2, "Add --template"),
    (["--sheet", "x.csv", KEY], 2, "Give --sheet alone"),
    (["--sheet", "nowhere.csv"], 2, "nowhere.csv cannot be read"),
    (["--template", "--role", "direct"], 2, "A template is empty"),
    (["--template", "-o", "x.ods"], 2, "is .csv or .xlsx"),
    (["--template", "nobody"], 2, "There is no study 'nobody'"),
]


@pytest.mark.parametrize(("words", "number", "hint"), WRONG, ids=range(len(WRONG)))
def test_wrong_usage_is_one_plain_sentence(words: list[str], number: int, hint: str, code: Coding) -> None:
    done = code(*words)
    assert (done.code, done.out) == (number, "")
    assert is_one_plain_sentence(done.err)
    assert hint in done.err


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (["--policy", "helth"], "Did you mean health"),
        (["--statement", "Too short."], "20 to 600 characters"),
        (["--source", "page 3"], "is no address"),
        (["--appraisal", "mixed"], "Take appraisal out"),
        (["--policy", "\x1b[31mred\u202e"], "is no policy"),
    ],
)
def test_a_finding_with_mistakes_is_not_written(change: list[str], hint: str, code: Coding) -> None:
    done = code(KEY, *OPTIONS, *change, "--yes")
    assert (done.code, code.path.read_bytes()) == (1, code.old)
    assert hint in done.err
    assert CONTROL.search(done.err + done.out) is None


def test_a_sheet_is_planned_written_once_and_taken_back(code: Coding) -> None:
    path = code.sheet(ROW, {**ROW, "study": "delta2004reform"})
    other = code.folder / "delta2004reform.bib"
    before = other.read_bytes()
    planned = code("--sheet", path, "--dry-run")
    assert (planned.code, code.path.read_bytes()) == (0, code.old)
    assert "2 new, 0 same, 0 broken" in planned.out
    assert code("--sheet", path).code == 1
    done = code("--sheet", path, "--yes")
    assert (done.code, code.keys()[-1]) == (0, f"{KEY}-4")
    assert "Written: 2 findings in 2 files" in done.err
    again = code("--sheet", path, "--yes")
    assert (again.code, code.keys()[-1]) == (0, f"{KEY}-4")
    assert "0 new, 2 same" in again.out
    assert code(command="undo").code == 0
    assert (code.path.read_bytes(), other.read_bytes()) == (code.old, before)


def test_a_sheet_with_broken_rows_is_written_only_when_they_may_be_skipped(code: Coding) -> None:
    path = code.sheet(ROW, {**ROW, "direction": "postive"})
    done = code("--sheet", path, "--yes")
    assert (done.code, code.path.read_bytes()) == (1, code.old)
    assert "Row 3, column F (direction): 'postive' is no direction" in done.out
    assert code("--sheet", path, "--yes", "--skip-broken").code == 1
    assert code.keys()[-1] == f"{KEY}-4"


def test_the_plan_as_json_has_one_object_a_row(code: Coding) -> None:
    done = code("--sheet", code.sheet(ROW, {**ROW, "study": "nobody"}), "--format", "json", "--dry-run")
    first, second = json.loads(done.out)
    assert list(first) == ["row", "study", "policy", "outcome", "direction", "appraisal", "status", "problems"]
    assert (first["row"], first["appraisal"], first["status"], first["problems"]) == (2, "favourable", "new", [])
    assert (done.code, second["status"]) == (1, "broken")
    assert second["problems"][0].startswith("Row 3, column A (study): There is no study 'nobody'.")


def test_a_template_goes_to_the_screen_as_csv_and_to_a_file_as_workbook(code: Coding) -> None:
    done = code("--template", KEY)
    assert (done.code, done.out.splitlines()[-1].partition(",")[0]) == (0, KEY)
    path = code.folder.parent / "sheet.xlsx"
    assert code("--template", KEY, "-o", str(path)).code == 0
    assert openpyxl.load_workbook(path)["Findings"]["A2"].value == KEY
    assert is_one_plain_sentence(code("--template", "-o", str(path)).err)


def test_a_terminal_asks_for_what_is_missing_and_then_for_the_next_finding(code: Coding) -> None:
    given = [word for name in GOOD if name != "direction" for word in (f"--{name}", GOOD[name])]
    command = [sys.executable, "-m", "kb.cli", "code", KEY, *given, "--studies", str(code.folder)]
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "dumb"}
    running = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    shown = ""
    for prompt, answer in (("direction: $", "pos"), ("add: $", "y"), (r"\[y/N\] $", "n")):
        while not re.search(prompt, shown):
            shown += os.read(master, 4096).decode()
        shown = ""
        os.write(master, f"{answer}\n".encode())
    assert running.wait(60) == 0
    os.close(master)
    assert code.keys()[-1] == f"{KEY}-4"
