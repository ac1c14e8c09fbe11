"""Saved queries and history: nothing lost, nothing outside the folder, and damage does no harm."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from kb.errors import QueryError, UserFolderError
from kb.namespaces import PREFIXES
from kb.query_guard import check_query
from kb.saved_queries import (
    KEPT,
    delete_query,
    history,
    name_of,
    remember,
    save_query,
    saved_names,
    saved_queries,
    saved_query,
)

if TYPE_CHECKING:
    from pathlib import Path

QUERY = "SELECT ?s { ?s a ev:Study }"
WHEN = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_nothing_saved_is_nothing_found(home: Path) -> None:
    assert saved_queries() == []
    assert history() == []
    assert not home.exists()


def test_a_saved_query_is_a_named_query_that_runs_anywhere(home: Path) -> None:
    save_query("Every study, once", QUERY, "All of them.")
    text = (home / "queries" / "every-study-once.rq").read_text("utf-8")
    assert text == (
        f"# title: Every study, once\n# description: All of them.\nPREFIX ev: <{PREFIXES['ev']}>\n{QUERY}\n"
    )
    (query,) = saved_queries()
    assert query[:4] == ("every-study-once", "Every study, once", "All of them.", ())
    assert query.body == QUERY + "\n"
    check_query(query.text())


def test_a_query_with_parameters_keeps_them() -> None:
    text = (
        "# param: policy (policy = health) which\nSELECT * {\n  #if policy\n  VALUES ?p { $policy }\n  #end\n"
        "  ?s ev:policy ?p }"
    )
    query = save_query("On a policy", text)
    assert query.parameters == (("policy", "policy", "which", "health", "health"),)
    assert f"VALUES ?p {{ <{PREFIXES['policy']}health> }}" in query.text({"policy": ["health"]})
    assert "VALUES" not in query.text()


def test_an_old_title_in_the_text_gives_way_to_the_new_one(home: Path) -> None:
    save_query("New", "# title: Old\n# description: Long ago.\n" + QUERY)
    assert saved_query("new").title == "New"
    assert saved_query("new").description == ""
    assert "Old" not in (home / "queries" / "new.rq").read_text("utf-8")


def test_a_name_that_is_taken_is_replaced_only_when_told() -> None:
    save_query("Mine", QUERY)
    with pytest.raises(QueryError, match="saved as 'mine' already"):
        save_query("MINE!", "ASK {}")
    assert saved_query("mine").body.strip() == QUERY
    save_query("MINE!", "ASK {}", replace=True)
    assert saved_query("mine").body.strip() == "ASK {}"
    assert saved_names() == ["mine"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("/root/x", "root-x"),
        ("..", None),
        ("", None),
        ("   ", None),
        ("\x00\x1b", None),
        ("con.rq", "con-rq"),
        ("Über Vertrauen", "uber-vertrauen"),
        ("信頼", "信頼"),
        ("a" * 300, "a" * 50),
        ("a\nb", "a-b"),
        ("-x-", "x"),
    ],
)
def test_a_title_names_a_file_in_the_folder_and_nowhere_else(title: str, name: str | None, home: Path) -> None:
    if name is None:
        with pytest.raises(QueryError, match="no name"):
            name_of(title)
        return
    assert save_query(title, QUERY).name == name
    assert [path.name for path in (home / "queries").iterdir()] == [f"{name}.rq"]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", "", ".", "..", "a\x00b", "a b", "-a", "a.rq"])
def test_a_name_that_is_a_path_is_refused(name: str) -> None:
    for deed in (saved_query, delete_query):
        with pytest.raises(QueryError, match="no name"):
            deed(name)


def test_damaged_files_are_left_out_and_left_alone(home: Path) -> None:
    save_query("Good", QUERY)
    folder = home / "queries"
    (folder / "binary.rq").write_bytes(b"\xff\xfe\x00")
    (folder / "huge.rq").write_bytes(b"#" * 1_000_000)
    (folder / "folder.rq").mkdir()
    (folder / "bad name.rq").write_text("ASK {}", "utf-8")
    (folder / "notes.txt").write_text("x", "utf-8")
    (folder / "hostile.rq").write_text("# title: \x1b[31m[red]\x07\nASK {} # \x1b]0;x\x07", "utf-8")
    assert [query.name for query in saved_queries()] == ["hostile", "good"]
    assert saved_query("hostile").title == "[31m[red]"
    assert "\x1b" not in saved_query("hostile").body
    with pytest.raises(QueryError, match="not UTF-8"):
        saved_query("binary")
    with pytest.raises(QueryError, match="longer"):
        saved_query("huge")
    assert len(list(folder.iterdir())) == 7


def test_a_query_is_deleted_once() -> None:
    save_query("Mine", QUERY)
    delete_query("mine")
    assert saved_names() == []
    with pytest.raises(QueryError, match="no saved query 'mine'"):
        delete_query("mine")


def test_nothing_and_too_much_are_not_saved() -> None:
    for text in ("", "  \n", "# title: only this"):
        with pytest.raises(QueryError, match="no query to save"):
            save_query("x", text)
    with pytest.raises(QueryError, match="longer"):
        save_query("x", "#" * 100_001)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(UserFolderError, match="cannot be written"):
        save_query("x", QUERY)
    with pytest.raises(UserFolderError):
        remember(QUERY, 1, 0.1)


def test_history_is_newest_first_without_doubles_in_a_row() -> None:
    remember("ASK {}", 1, 0.1, WHEN)
    remember(QUERY, 5, 0.2, WHEN)
    remember(f"\n{QUERY}\n", 6, 0.34567, WHEN)
    remember("ASK {}", 1, 0.3, WHEN)
    assert history() == [
        ("ASK {}", "2026-11-28T12:00:00+00:00", 1, 0.3),
        (QUERY, "2026-11-28T12:00:00+00:00", 6, 0.346),
        ("ASK {}", "2026-11-28T12:00:00+00:00", 1, 0.1),
    ]
    remember("  ", 1, 0.3, WHEN)
    assert len(history()) == 3


def test_history_keeps_the_last_ones(home: Path) -> None:
    entries = [{"text": f"ASK {{}} # {number}", "when": "x", "rows": 1, "seconds": 1.0} for number in range(KEPT)]
    home.mkdir()
    (home / "history.json").write_text(json.dumps(entries), "utf-8")
    remember(QUERY, 5, 0.2)
    found = history()
    assert len(found) == KEPT
    assert found[0].text == QUERY
    assert found[-1].text == f"ASK {{}} # {KEPT - 2}"


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "{}", "null", '"x"', "\x00"])
def test_a_damaged_history_begins_anew(content: str, home: Path) -> None:
    home.mkdir()
    (home / "history.json").write_text(content, "utf-8")
    assert history() == []
    remember(QUERY, 5, 0.2)
    assert [asked.text for asked in history()] == [QUERY]


def test_entries_that_make_no_sense_are_left_out(home: Path) -> None:
    home.mkdir()
    entries = [
        {"text": QUERY, "when": "then", "rows": -4, "seconds": float("nan")},
        {"text": 5, "when": "then", "rows": 1, "seconds": 1},
        {"text": " ", "when": "then", "rows": 1, "seconds": 1},
        {"when": "then"},
        ["x"],
        {"text": "ASK\x1b[2J {}", "when": "\x1bthen", "rows": "many", "seconds": "long"},
    ]
    (home / "history.json").write_text(json.dumps(entries), "utf-8")
    assert history() == [(QUERY, "then", 0, 0.0), ("ASK[2J {}", "then", 0, 0.0)]


def _remember_some(start: int) -> None:
    for number in range(start, start + 10):
        remember(f"ASK {{}} # {number}", 1, 0.1)


def test_processes_that_write_at_once_lose_nothing() -> None:
    context = get_context("spawn")
    processes = [context.Process(target=_remember_some, args=(start,)) for start in (0, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert len({asked.text for asked in history()}) == 20
