"""mipex-kb add, undo and init: the plan, the question, the exit codes, and the way back."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.kb.intake.files import EXPECTED, FILES, leftovers, state
from tests.kb.running import Line, is_one_plain_sentence, process

FINE = str(FILES / "google_scholar.bib")
BROKEN = str(FILES / "missing_brace_middle.bib")
KEYS = ["key", "line", "type", "title", "status", "matches", "problems", "file"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a collection of one's own without studies."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def at(own: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    """Return the command line on the collection of one's own."""
    return Line(own, capsys)


def typed(monkeypatch: pytest.MonkeyPatch, content: bytes, *, terminal: bool = False) -> None:
    """Make this what stands on standard input."""

    class Stream(io.TextIOWrapper):
        def isatty(self) -> bool:
            return terminal

    monkeypatch.setattr(sys, "stdin", Stream(io.BytesIO(content), encoding="utf-8"))


@pytest.mark.parametrize(("name", "code"), [(FINE, 0), (BROKEN, 1), (str(FILES / "repec.bib"), 1)])
def test_a_dry_run_shows_the_plan_and_writes_nothing(at: Line, own: Path, name: str, code: int) -> None:
    run = at("add", name, "--dry-run")
    assert run.code == code
    assert "new" in run.out
    assert "Dry run: nothing was written." in run.err
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("name", ["google_scholar.bib", "duplicates.bib", "missing_brace_middle.bib", "empty.bib"])
def test_json_is_a_list_of_objects_with_the_agreed_keys(at: Line, name: str) -> None:
    run = at("add", str(FILES / name), "--dry-run", "--format", "json")
    rows = json.loads(run.out)
    assert len(rows) == int(EXPECTED[name]["entries"])
    for row in rows:
        assert list(row) == KEYS
        assert isinstance(row["line"], int)
        assert all(isinstance(problem, str) for problem in row["problems"])
        assert all({"key", "score", "reason"} <= set(match) for match in row["matches"])


def test_json_says_the_status_of_each_entry(at: Line) -> None:
    run = at("add", str(FILES / "duplicates.bib"), "--dry-run", "--format", "json")
    assert [row["status"] for row in json.loads(run.out)] == ["new", "new", "same", "probable", "new"]


@pytest.mark.parametrize("name", ["control_characters.bib", "binary.bib", "html_entities.bib"])
def test_a_plan_of_an_odd_file_is_data_that_can_be_read(at: Line, name: str) -> None:
    assert json.loads(at("add", str(FILES / name), "--dry-run", "--format", "json").out)
    assert "\x1b[" not in at("add", str(FILES / "control_characters.bib"), "--dry-run").out


def test_yes_writes_one_file_a_study_and_the_second_time_none(at: Line, own: Path) -> None:
    run = at("add", FINE, "--yes")
    assert (run.code, "2 new" in run.err) == (0, True)
    assert f"mipex-kb undo --studies {own}\n" in run.err
    assert f"mipex-kb code CITEKEY --studies {own}\n" in run.err
    before = state(own)
    assert list(before) == ["alpha2011health.bib", "beta2012dissertation.bib"]
    run = at("add", FINE, "--yes")
    assert (run.code, "2 same" in run.out, "Nothing was written." in run.err) == (0, True, True)
    assert state(own) == before


def test_sound_entries_are_written_beside_broken_ones_and_the_exit_code_tells(at: Line, own: Path) -> None:
    run = at("add", BROKEN, "--yes")
    assert run.code == 1
    assert "line 3: a2" in run.out
    assert "closing brace is missing" in run.out
    assert len(state(own)) == 2


def test_without_a_terminal_and_without_yes_nothing_is_written(
    at: Line, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, b"y\n")
    run = at("add", FINE)
    assert (run.code, "--yes" in run.err, state(own)) == (1, True, {})


@pytest.mark.parametrize(("answer", "files"), [(b"y\n", 2), (b"YES\n", 2), (b"n\n", 0), (b"\n", 0), (b"", 0)])
def test_a_terminal_is_asked(at: Line, own: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, files: int) -> None:
    typed(monkeypatch, answer, terminal=True)
    run = at("add", FINE)
    assert run.code == 0
    assert "[y/N]" in run.err
    assert len(state(own)) == files


def test_standard_input_is_a_file(at: Line, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, (FILES / "windows1252.bib").read_bytes())
    run = at("add", "-", "--yes")
    assert run.code == 0
    assert "Windows-1252" in run.out
    assert "“Política”" in state(own)["muller2011politica.bib"].decode()


@pytest.mark.parametrize("name", ["nowhere.bib", "."])
def test_a_file_that_cannot_be_read_is_wrong_usage(at: Line, own: Path, name: str) -> None:
    run = at("add", name, "--yes")
    assert run.code == 2
    assert run.out == ""
    assert is_one_plain_sentence(run.err)


@pytest.mark.parametrize("words", [("add",), ("add", FINE, "--format", "xml"), ("add", FINE, "x"), ("init",)])
def test_wrong_usage_is_one_sentence(at: Line, words: tuple[str, ...]) -> None:
    run = at(*words, toy=False)
    assert run.code == 2
    assert "Traceback" not in run.err


@pytest.mark.parametrize("choice", ["all", "RePEc:eee:jmures:v:12:y:2013:i:3:p:101-122", "alpha2013migration"])
def test_a_probable_study_is_left_out_or_added_on_demand(at: Line, own: Path, choice: str) -> None:
    name = str(FILES / "repec.bib")
    run = at("add", name, "--yes")
    assert (run.code, list(state(own))) == (1, ["alpha2011migration.bib"])
    assert "--add-probable" in run.out
    run = at("add", name, "--yes", "--add-probable", choice)
    assert (run.code, len(state(own))) == (0, 2)


def test_better_metadata_are_shown_and_taken_on_demand(at: Line, own: Path, tmp_path: Path) -> None:
    at("add", FINE, "--yes")
    better = tmp_path / "better.bib"
    text = Path(FINE).read_text("utf-8")
    better.write_text(text.replace("volume={12}", "volume={12},\n  doi={10.9999/h}"), "utf-8")
    before = state(own)
    run = at("add", str(better), "--yes")
    assert (run.code, state(own)) == (1, before)
    assert "doi: (empty) -> 10.9999/h" in run.out
    run = at("add", str(better), "--yes", "--update", "alpha2011health")
    assert (run.code, "1 improved" in run.err) == (0, True)
    assert "doi = {10.9999/h}" in state(own)["alpha2011health.bib"].decode()
    assert at("add", str(better), "--yes", "--update", "all").code == 0
    assert at("undo").code == 0
    assert state(own) == before


def test_undo_takes_the_last_addition_back_after_a_restart(own: Path) -> None:
    studies = ["--studies", str(own)]
    assert process(["add", FINE, "--yes", *studies]).returncode == 0
    one = state(own)
    assert process(["add", str(FILES / "dblp.bib"), "--yes", *studies]).returncode == 0
    dry = process(["undo", "--dry-run", *studies])
    assert (dry.returncode, "dblp.bib" in dry.stderr, "3 files" in dry.stderr) == (0, True, True)
    assert len(state(own)) == 5
    done = process(["undo", *studies])
    assert (done.returncode, done.stdout) == (0, "")
    assert state(own) == one


def test_undo_is_refused_where_a_file_changed_since(at: Line, own: Path) -> None:
    at("add", FINE, "--yes")
    (own / "alpha2011health.bib").write_text("by hand", "utf-8")
    before = state(own)
    run = at("undo")
    assert (run.code, is_one_plain_sentence(run.err), "alpha2011health.bib" in run.err) == (1, True, True)
    assert state(own) == before


@pytest.mark.parametrize("words", [("undo",), ("undo", "--dry-run")])
def test_undo_of_nothing_is_one_sentence(at: Line, words: tuple[str, ...]) -> None:
    run = at(*words)
    assert (run.code, is_one_plain_sentence(run.err)) == (1, True)


def test_a_change_cut_short_is_taken_back_by_whatever_command_comes_next(at: Line, own: Path) -> None:
    (own / ".intake").mkdir()
    (own / "a.bib").write_text("half", "utf-8")
    record = {"what": "add x.bib", "changes": [["a.bib", None, "half"], ["b.bib", None, "other"]]}
    (own / ".intake" / "pending.json").write_text(json.dumps(record), "utf-8")
    assert at("add", FINE, "--dry-run").code == 0
    assert state(own) == {}
    assert leftovers(own) == []


@pytest.mark.parametrize("made", [False, True])
def test_init_makes_a_new_or_empty_folder_a_collection(at: Line, tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "deep" / "ours {0} %s"
    if made:
        folder.mkdir(parents=True)
    run = at("init", str(folder), toy=False)
    assert (run.code, run.out) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "README.md"]
    assert f"--studies '{folder}'" in (folder / "README.md").read_text("utf-8")
    assert f"mipex-kb add FILE.bib --studies '{folder}'\n" in run.err
    assert at("add", FINE, "--yes", "--studies", str(folder), toy=False).code == 0
    assert len(state(folder)) == 2


def test_init_leaves_a_folder_alone_that_holds_something(at: Line, own: Path) -> None:
    (own / "notes.txt").write_text("mine", "utf-8")
    run = at("init", str(own), toy=False)
    assert (run.code, is_one_plain_sentence(run.err)) == (2, True)
    assert [path.name for path in own.iterdir()] == ["notes.txt"]
    run = at("init", str(own / "notes.txt"), toy=False)
    assert (run.code, is_one_plain_sentence(run.err)) == (2, True)


def test_what_the_bundled_collection_holds_is_known_beside_an_own_one(at: Line, own: Path, tmp_path: Path) -> None:
    from kb.collection import bundled

    folder = bundled().studies[0]
    known = sorted(folder.glob("*.bib"))[0].read_text("utf-8").partition("@finding")[0]
    both = tmp_path / "both.bib"
    both.write_text(known + "\n" + Path(FINE).read_text("utf-8"), "utf-8")
    folders = ("--studies", str(own), "--studies", "bundled")
    run = at("add", str(both), "--yes", "--format", "json", *folders, toy=False)
    rows = json.loads(run.out)
    assert [row["status"] for row in rows] == ["same", "new", "new"]
    assert rows[0]["file"].startswith(str(folder))
    assert [Path(row["file"]).parent for row in rows[1:]] == [own, own]
    assert len(state(own)) == 2
