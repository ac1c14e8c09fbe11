"""The command line: exit codes, data apart from narration, no traceback, and options where people write them."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest

from kb import __version__
from kb.cli import COMMANDS, main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.collection import Collection
    from kb.store import Reader

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COLOUR = re.compile(r"\x1b\[[0-9;]*(3[0-9]|4[0-7]|9[0-7])[0-9;]*m")
LIBRARY_COMMANDS = [name for name in COMMANDS if name != "tui"]


class Run(NamedTuple):
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


class Line:
    """Runs the command line in this process, on the toy collection unless told otherwise."""

    def __init__(self, studies: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._toy = ["--studies", str(studies)]
        self._capsys = capsys

    def __call__(self, *words: str, toy: bool = True) -> Run:
        try:
            code = main([*words, *self._toy] if toy else list(words))
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        printed = self._capsys.readouterr()
        return Run(code, printed.out, printed.err)


@pytest.fixture
def line(toy: Collection, toy_reader: Reader, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(toy.studies[0], capsys)


def process(words: Sequence[str], text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kb.cli", *words]
    known = {**os.environ, **environment}
    return subprocess.run(command, input=text, capture_output=True, text=True, env=known, timeout=60, check=False)


def is_one_plain_sentence(text: str) -> bool:
    return text.startswith("mipex-kb: ") and text.count("\n") == 1 and "Traceback" not in text


@pytest.mark.parametrize("name", LIBRARY_COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str, line: Line) -> None:
    done = line(name, "--help", toy=False)
    assert (done.code, done.err) == (0, "")
    assert re.search(rf"^examples?:\n +mipex-kb {name}\b", done.out, re.MULTILINE)
    assert "--studies" in done.out
    assert max(len(text) for text in done.out.splitlines()) <= 120


def test_the_help_lists_every_command(line: Line) -> None:
    done = line("--help", toy=False)
    assert (done.code, done.err) == (0, "")
    for name, meaning in COMMANDS.items():
        assert re.search(rf"^ +{name} +{re.escape(meaning)}$", done.out, re.MULTILINE)
    assert "example" in done.out


def test_the_version_is_printed(line: Line) -> None:
    assert line("--version", toy=False) == (0, f"mipex-kb {__version__}\n", "")


def examples() -> list[str]:
    found = []
    for name in ("evidence", "show", "sparql", "vocab", "build"):
        text = import_module(f"kb.commands.{name}").EXAMPLE
        found += [part.strip() for part in text.splitlines() if part.startswith("  mipex-kb ")]
    return found


@pytest.mark.parametrize("example", examples())
def test_every_example_of_the_help_works(
    example: str, line: Line, whole_reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "query.rq").write_text("SELECT ?s { ?s a ev:Study } LIMIT 1", "utf-8")
    (tmp_path / "my-studies").mkdir()
    monkeypatch.chdir(tmp_path)
    words = shlex.split(example)[1:]
    done = line(*words, toy=words[0] == "build")
    assert done.code == 0, done.err


def test_evidence_prints_data_alone_and_narrates_apart(line: Line) -> None:
    done = line("evidence", "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert done.code == 0
    assert [len(row) for row in rows] == [27] * 6
    assert done.err.startswith("5 findings of 2 studies; circle shown: core.")


@pytest.mark.parametrize("form", ["table", "tsv", "json", "md", "bibtex"])
def test_narration_never_mixes_with_data(form: str, line: Line) -> None:
    done = line("evidence", "anti-discrimination", "--format", form)
    assert done.code == 0
    assert done.out
    assert done.err == "2 findings of 2 studies; circle shown: core.\n"
    assert form == "md" or "circle shown" not in done.out


def test_evidence_takes_all_its_filters(line: Line) -> None:
    words = (
        "evidence anti-discrimination --outcome generalised-trust --population immigrants --direction positive "
        "--appraisal favourable --role direct --design cross-sectional --measure mipex:2007 --source-level fulltext "
        "--country AT --since 2001 --until 2001 --search trust --exact --format json"
    )
    done = line(*words.split())
    assert [row["finding"] for row in json.loads(done.out)] == ["alpha2001trust-1"]


def test_options_may_be_repeated(line: Line) -> None:
    done = line("evidence", "--direction", "mixed", "--direction", "null", "--format", "json")
    assert [row["direction"] for row in json.loads(done.out)] == ["null", "mixed"]


def test_an_empty_answer_is_no_mistake(line: Line) -> None:
    done = line("evidence", "family-reunion", "--format", "csv")
    assert (done.code, done.out.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.csv", b"finding,"), ("x.tsv", b"finding\t"), ("x.json", b"[\n"), ("x.md", b"| Policy"), ("x.bib", b"@"),
     ("X.XLSX", b"PK")],
)  # fmt: skip
def test_the_ending_of_the_file_says_the_format(name: str, start: bytes, line: Line, tmp_path: Path) -> None:
    done = line("evidence", "-o", str(tmp_path / name))
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(start)
    assert str(tmp_path / name) in done.err


def test_an_ending_that_names_no_format_is_refused(line: Line, tmp_path: Path) -> None:
    done = line("evidence", "-o", str(tmp_path / "x.doc"))
    assert done.code == 2
    assert is_one_plain_sentence(done.err)
    assert list(tmp_path.iterdir()) == []


def test_a_format_wins_over_the_ending(line: Line, tmp_path: Path) -> None:
    assert line("evidence", "-o", str(tmp_path / "x.doc"), "--format", "csv").code == 0
    assert (tmp_path / "x.doc").read_bytes().startswith(b"finding,")


def test_a_file_is_not_replaced_without_force(line: Line, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("mine", "utf-8")
    done = line("evidence", "-o", str(tmp_path / "x.csv"))
    assert done.code == 1
    assert "--force" in done.err
    assert (tmp_path / "x.csv").read_text("utf-8") == "mine"
    assert line("evidence", "-o", str(tmp_path / "x.csv"), "--force").code == 0
    assert (tmp_path / "x.csv").read_text("utf-8").startswith("finding,")


WRONG = [
    (["evidence", "helth"], 2, "Did you mean health"),
    (["evidence", "--since", "abc"], 2, "four digits"),
    (["evidence", "--format", "doc"], 2, "table"),
    (["evidence", "--nonsense"], 2, "mipex-kb evidence --help"),
    (["evidence", "--outcome"], 2, "mipex-kb evidence --help"),
    (["evidence", "--measure", "nonsense"], 2, "vocab measure"),
    (["show"], 2, "mipex-kb show --help"),
    (["show", "alpha2001trst"], 2, "Did you mean alpha2001trust"),
    (["sparql", "-e", "SELECT * {"], 2, "line 1, column"),
    (["sparql", "-e", "CLEAR ALL"], 2, "Updates are refused"),
    (["sparql", "-e", "ASK {}", "--named", "counts"], 2, "not both"),
    (["sparql", "a.rq", "b.rq"], 2, "one query"),
    (["sparql", "-e", "ASK {}", "a.rq"], 2, "one query"),
    (["sparql", "nowhere.rq"], 2, "nowhere.rq cannot be read"),
    (["sparql", "--named", "nothing"], 2, "There are:"),
    (["sparql", "--named", "counts", "health"], 2, "NAME=VALUE"),
    (["sparql", "--named", "counts", "polcy=health"], 2, "It has: policy"),
    (["sparql", "-e", "ASK {}", "--timeout", "0"], 2, "number of seconds"),
    (["sparql", "-e", "ASK {}", "--timeout", "soon"], 2, "number of seconds"),
    (["sparql", "-e", "ASK {}", "--timeout", "nan"], 2, "number of seconds"),
    (["sparql", "-e", "ASK {}", "--format", "ttl"], 2, "rows, not a graph"),
    (["vocab", "nothing"], 2, "There are: "),
    (["check", "--format", "xml"], 2, "mipex-kb check --help"),
    (["build", "stray"], 2, "mipex-kb build --help"),
]


@pytest.mark.parametrize(
    ("words", "code", "hint"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_usage_is_one_plain_sentence_and_a_code(words: list[str], code: int, hint: str, line: Line) -> None:
    done = line(*words)
    assert (done.code, done.out) == (code, "")
    assert is_one_plain_sentence(done.err)
    assert hint in done.err


@pytest.mark.parametrize(
    ("word", "hint"),
    [("evidnce", "Did you mean evidence?"), ("sparkle", "sparql"), ("xyz", "Commands: evidence"), ("Show", "show")],
)
def test_an_unknown_command_gets_a_suggestion(word: str, hint: str, line: Line) -> None:
    done = line(word, toy=False)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)
    assert hint in done.err


def test_an_unknown_option_before_the_command_is_refused(line: Line) -> None:
    done = line("--nonsense", "evidence", toy=False)
    assert (done.code, done.out) == (2, "")
    assert is_one_plain_sentence(done.err)


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
@pytest.mark.parametrize("name", LIBRARY_COMMANDS)
def test_a_folder_that_is_not_there_is_wrong_usage(option: str, name: str, line: Line, tmp_path: Path) -> None:
    more = {"show": ["alpha2001trust"], "sparql": ["-e", "ASK {}"]}.get(name, [])
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


def test_an_error_nobody_foresaw_is_one_sentence(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("surprise")

    monkeypatch.delenv("MIPEX_KB_DEBUG", raising=False)
    monkeypatch.setattr("kb.evidence.answer", broken)
    done = line("evidence")
    assert (done.code, done.out) == (1, "")
    assert is_one_plain_sentence(done.err)
    assert "MIPEX_KB_DEBUG" in done.err
    monkeypatch.setenv("MIPEX_KB_DEBUG", "1")
    with pytest.raises(KeyError):
        line("evidence")


def test_an_interrupt_is_no_traceback(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kb.evidence.answer", interrupted)
    assert line("evidence") == (130, "", "mipex-kb: Stopped.\n")


def test_show_prints_one_study_whole(line: Line) -> None:
    done = line("show", "alpha2001trust-2")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("alpha2001trust\n")
    assert done.out.count("alpha2001trust-") == 3
    found = json.loads(line("show", "alpha2001trust", "gamma2003index", "--format", "json").out)
    assert [thing["key"] for thing in found] == ["alpha2001trust", "gamma2003index"]
    assert line("show", "alpha2001trust", "--format", "bibtex").out.startswith("@article{alpha2001trust,\n")


def test_sparql_prints_a_table_or_what_is_asked_for(line: Line, tmp_path: Path) -> None:
    query = "SELECT ?k { study:alpha2001trust dcterms:identifier ?k }"
    assert line("sparql", "-e", query) == (0, "k\n--------------\nalpha2001trust\n", "")
    assert line("sparql", "-e", query, "--format", "csv").out.split() == ["k", "alpha2001trust"]
    (tmp_path / "q.rq").write_text("\ufeff" + query, "utf-8")
    assert line("sparql", str(tmp_path / "q.rq"), "--format", "tsv").out == '?k\n"alpha2001trust"\n'
    assert line("sparql", "-e", "ASK { ?s a ev:Study }").out.split() == ["answer", "------", "yes"]


def test_sparql_reads_a_query_from_standard_input(toy: Collection, toy_reader: Reader) -> None:
    done = process(["sparql", "--studies", str(toy.studies[0]), "--format", "csv"], "ASK { ?s a ev:Study }")
    assert (done.returncode, done.stdout, done.stderr) == (0, "true\n", "")


def test_a_named_query_runs_and_shows_itself(line: Line) -> None:
    assert "alpha2001trust" in line("sparql", "--named", "references").out
    shown = line("sparql", "--named", "counts", "policy=health", "--show").out
    assert shown.startswith("PREFIX ")
    assert "health>" in shown
    listed = line("sparql", "--named", "list").out
    assert re.search(r"^uncoded: ", listed, re.MULTILINE)


def test_a_query_that_takes_too_long_ends_with_1(line: Line) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }"
    done = line("sparql", "-e", query, "--timeout", "0.5")
    assert (done.code, done.out) == (1, "")
    assert is_one_plain_sentence(done.err)


def test_vocab_lists_kinds_and_concepts(line: Line) -> None:
    assert re.search(r"^policy +\d+ concepts$", line("vocab").out, re.MULTILINE)
    assert re.search(r"^health: Health\. ", line("vocab", "policy").out, re.MULTILINE)
    rows = list(csv.DictReader(io.StringIO(line("vocab", "outcome", "generalised", "TRUST", "--format", "csv").out)))
    assert [row["notation"] for row in rows] == ["generalised-trust"]
    assert rows[0]["valence"] == "1"
    assert {thing["kind"] for thing in json.loads(line("vocab", "role", "--format", "json").out)} == {"role"}


def test_build_says_what_it_did_and_dumps_the_graph(line: Line, toy_reader: Reader, tmp_path: Path) -> None:
    done = line("build", "--dump", str(tmp_path / "graph.nq"))
    assert (done.code, done.out) == (0, "")
    assert re.match(r"\d+ files, 0 read, \d+ quads, [\d.]+ s\.\n", done.err)
    assert (tmp_path / "graph.nq").read_bytes() == toy_reader.dump()
    assert line("build", "--dump", "-").out.encode() == toy_reader.dump()


HOSTILE = [
    *(["evidence", "--format", form] for form in ("csv", "tsv", "json", "md", "table", "bibtex")),
    *(["show", "hostile2007record", "--format", form] for form in ("text", "json", "bibtex")),
    ["check"],
    ["check", "--format", "json"],
    ["build"],
    ["sparql", "-e", "SELECT ?s ?o { ?s ?p ?o . FILTER(CONTAINS(STR(?s), 'hostile')) }"],
    ["evidence", "\x1b[31mred\u202e"],
    ["show", "\x1b]0;pwn\x07"],
    ["sparql", "--named", "\x9b31m"],
    ["\x1b[31mcommand"],
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: " ".join(words)[:40].encode("ascii", "replace").decode())
def test_hostile_data_and_words_print_no_control_character(words: list[str], hostile: Collection, line: Line) -> None:
    done = line(*words, "--studies", str(hostile.studies[0]), toy=False)
    assert done.code in (0, 1, 2)
    assert done.out or done.err
    assert CONTROL.search(done.out) is None
    assert CONTROL.search(done.err) is None
    assert "should not have happened" not in done.err


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "text"])
def test_hostile_labels_of_an_own_ontology_print_no_control_character(
    form: str, copy_of_toy: Collection, line: Line
) -> None:
    skos = "http://www.w3.org/2004/02/skos/core#"
    label = f'<https://w3id.org/mipex-kb/policy/health> <{skos}altLabel> "=1+1 \\u001B[31mred\\u202Eevil\\rreturn" .'
    (copy_of_toy.ontology / "own.ttl").write_text(label, "utf-8")
    done = line("vocab", "policy", "health", "--format", form, "--ontology", str(copy_of_toy.ontology))
    assert done.code == 0
    assert "1+1" in done.out
    assert CONTROL.search(done.out) is None


def test_hostile_data_goes_into_a_workbook_as_text(hostile: Collection, line: Line, tmp_path: Path) -> None:
    done = line("evidence", "-o", str(tmp_path / "x.xlsx"), "--studies", str(hostile.studies[0]), toy=False)
    assert done.code == 0
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "x.xlsx")["Findings"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["evidence", "--format", "csv"], 0),
        (["evidence", "helth"], 2),
        (["nonsense"], 2),
        (["show", "--help"], 0),
        (["evidence", "-o", "/nowhere/at/all.csv"], 1),
    ],
)
def test_the_program_ends_with_the_code_of_its_command(
    words: list[str], code: int, toy: Collection, toy_reader: Reader
) -> None:
    done = process(["--studies", str(toy.studies[0]), *words])
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) is (code == 0)
    assert bool(done.stderr) is (words != ["show", "--help"])


@pytest.mark.parametrize(
    "words",
    [
        ["evidence", "--format", "csv"],
        ["evidence"],
        ["vocab", "country"],
        ["sparql", "--named", "concepts"],
        ["--help"],
    ],
)
def test_a_closed_pipe_is_no_error(words: list[str], toy: Collection, toy_reader: Reader) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    studies = [] if words == ["--help"] else ["--studies", str(toy.studies[0])]
    command = [sys.executable, "-m", "kb.cli", *words, *studies]
    try:
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    finally:
        os.close(writing)
    assert done.returncode == 0
    assert "Broken" not in done.stderr
    assert "Error" not in done.stderr


def on_terminal(words: Sequence[str], **environment: str) -> str:
    """Return what a run shows on a terminal of 100 columns."""
    master, slave = pty.openpty()
    known = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    known |= {"TERM": "xterm-256color", "COLUMNS": "100", **environment}
    command = [sys.executable, "-m", "kb.cli", *words]
    running = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=known)
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    assert running.wait(60) == 0
    return shown.decode()


def test_a_terminal_sees_colours_unless_they_are_not_wanted(toy: Collection, toy_reader: Reader) -> None:
    words = ["evidence", "--studies", str(toy.studies[0])]
    assert COLOUR.search(on_terminal(words))
    assert COLOUR.search(on_terminal(words, NO_COLOR="1")) is None


def test_a_terminal_never_sees_the_controls_of_hostile_data(hostile: Collection) -> None:
    for words in (["evidence"], ["evidence", "--format", "csv"], ["show", "hostile2007record"]):
        shown = on_terminal([*words, "--studies", str(hostile.studies[0])], NO_COLOR="1")
        assert "[@click=app.quit]" in shown
        assert CONTROL.search(re.sub(r"\x1b\[[0-9;]*m|\r", "", shown)) is None
        assert "\x1b]" not in shown


def test_a_workbook_does_not_go_to_a_terminal(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.output.to_terminal", lambda: True)
    done = line("evidence", "--format", "xlsx")
    assert (done.code, done.out) == (2, "")
    assert "-o FILE.xlsx" in done.err


def test_without_a_query_on_a_terminal_sparql_asks_for_one(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    done = line("sparql")
    assert done.code == 2
    assert "--named" in done.err
