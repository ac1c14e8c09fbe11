"""The command basket: the same baskets as in the terminal UI, filled, looked at, named and taken away."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from kb.baskets import Baskets
from kb.baskets_file import FILE
from tests.kb.running import CONTROL, is_one_plain_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection
    from tests.kb.running import Line


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def filled() -> Baskets:
    baskets = Baskets(lambda: "2026-11-28")
    baskets.add(["alpha2001trust-1"], note="for chapter 2")
    baskets.add(["epsilon2005review", "gone2000study"])
    return baskets


def keys() -> dict[str, list[str]]:
    return {basket.name: [item.key for item in basket.items] for basket in Baskets().all}


@pytest.mark.parametrize("words", [(), ("list",)])
def test_baskets_are_listed_with_the_current_one_starred(words: tuple[str, ...], line: Line, filled: Baskets) -> None:
    filled.create("Two")
    done = line("basket", *words)
    assert (done.code, done.err) == (0, "")
    assert [text.split() for text in done.out.splitlines()[2:]] == [["Reading", "3"], ["*", "Two", "0"]]


def test_a_basket_is_shown_with_what_is_gone(line: Line, filled: Baskets) -> None:
    done = line("basket", "show")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].split() == ["Key", "Study", "Statement", "or", "title", "Note"]
    assert "Alpha et al. 2001" in lines[2]
    assert "▲ A higher" in lines[2]
    assert lines[2].endswith("for chapter 2")
    assert lines[4].endswith("(no longer in the collection)")
    assert done.err == "Reading: 3 entries; 1 no longer in the collection.\n"


def test_an_empty_basket_is_no_mistake(line: Line) -> None:
    done = line("basket", "show")
    assert (done.code, done.out, done.err) == (0, "", "Reading: 0 entries.\n")


def test_keys_are_added_and_removed(line: Line) -> None:
    done = line("basket", "add", "alpha2001trust-1", "beta2002moderator", "--note", "read", "--basket", "Two")
    assert (done.code, done.out, done.err) == (0, "", "2 entries added to Two.\n")
    assert keys() == {"Reading": [], "Two": ["alpha2001trust-1", "beta2002moderator"]}
    assert {item.note for item in Baskets().basket("Two").items} == {"read"}
    done = line("basket", "remove", "alpha2001trust-1", "--basket", "two")
    assert (done.code, done.err) == (0, "1 entry taken out of Two.\n")
    assert keys()["Two"] == ["beta2002moderator"]


def test_a_key_that_is_in_no_collection_is_not_added(line: Line) -> None:
    done = line("basket", "add", "alpha2001trust-1", "nosuch2000")
    assert done.code == 2
    assert is_one_plain_sentence(done.err)
    assert "'nosuch2000'" in done.err
    assert keys() == {"Reading": []}


def test_baskets_are_made_used_renamed_deleted_and_brought_back(line: Line) -> None:
    for words, said in (
        (("new", "Chapter 2"), "New basket: Chapter 2. It is the current one."),
        (("use", "reading"), "Current basket: Reading."),
        (("rename", "chapter 2", "Three"), "Renamed: Three."),
        (("delete", "Three"), "Deleted: Three with 0 entries. Take it back with: mipex-kb basket undo"),
        (("undo",), "Taken back: basket Three deleted."),
    ):
        done = line("basket", *words)
        assert (done.code, done.out, done.err) == (0, "", said + "\n")
    assert keys() == {"Reading": [], "Three": []}
    assert line("basket", "undo").code == 2


def test_a_note_is_written(line: Line, filled: Baskets) -> None:
    assert line("basket", "note", "epsilon2005review", "ask", "Ann").code == 0
    assert [item.note for item in Baskets().current.items] == ["for chapter 2", "ask Ann", ""]
    assert line("basket", "note", "epsilon2005review").code == 0
    assert [item.note for item in Baskets().current.items] == ["for chapter 2", "", ""]


def test_a_basket_is_exported_as_a_reading_list(line: Line, filled: Baskets) -> None:
    done = line("basket", "export")
    assert done.code == 0
    assert done.out.startswith("# Reading\n")
    assert "- Alpha, Anna" in done.out
    assert "  - ▲ positive" in done.out
    assert "## About" in done.out
    assert done.err.startswith("Basket: Reading: 1 finding, 1 study")
    bare = line("basket", "export", "reading", "--bare", "--by", "policy", "--style", "apa").out
    assert "## About" not in bare
    assert "## Without a finding" in bare
    assert "- Alpha, A., " in bare


def test_a_basket_is_exported_as_a_table_and_as_references(line: Line, filled: Baskets, tmp_path: Path) -> None:
    done = line("basket", "export", "--format", "csv", "--bare")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["finding"], row["note"], row["added"]) for row in rows] == [
        ("alpha2001trust-1", "for chapter 2", "2026-11-28")
    ]
    assert "1 study without a finding and 1 key no longer in the collection" in done.err
    assert json.loads(line("basket", "export", "--format", "json").out)["about"]["table"] == "Basket: Reading"
    path = tmp_path / "out.bib"
    done = line("basket", "export", "-o", str(path))
    assert (done.code, done.out) == (0, "")
    text = path.read_text("utf-8")
    assert text.startswith("@comment{")
    assert [key in text for key in ("{alpha2001trust,", "{epsilon2005review,", "gone2000study,")] == [True, True, False]
    assert line("basket", "export", "-o", str(path)).code == 1
    assert line("basket", "export", "-o", str(path), "--force", "--format", "csl-json").code == 0
    assert len(json.loads(path.read_text("utf-8"))) == 2


def test_a_format_without_room_for_the_record_says_so(line: Line, filled: Baskets) -> None:
    said = "This format has no place for the query and the date."
    assert said in line("basket", "export", "--format", "csl-json").err
    assert said not in line("basket", "export", "--format", "csl-json", "--bare").err


@pytest.mark.parametrize(
    "words",
    [
        ("nosuch",), ("add",), ("remove",), ("new",), ("new", "a", "b"), ("rename", "a"), ("rename", "a", "b"),
        ("delete", "nosuch"), ("use", "nosuch"), ("show", "nosuch"), ("export", "nosuch"), ("list", "x"), ("new", " "),
        ("note", "nosuch", "x"), ("export", "-o", "x.doc"), ("export", "--style", "nosuch"),
        ("remove", "x", "--basket", "y"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_changes_nothing(words: tuple[str, ...], line: Line, home: Path) -> None:
    done = line("basket", *words)
    assert done.code == 2
    assert is_one_plain_sentence(done.err)
    assert not (home / FILE).exists()


def test_a_damaged_file_is_said_and_kept(line: Line, home: Path) -> None:
    home.mkdir()
    (home / FILE).write_bytes(b"\x00{")
    done = line("basket")
    assert done.code == 0
    assert "damaged" in done.err
    assert [path.read_bytes() for path in home.glob("*.damaged*")] == [b"\x00{"]


def test_hostile_data_and_names_bring_no_control_character(line: Line, hostile: Collection) -> None:
    folder = ["--studies", str(hostile.studies[0])]
    name = "B\x1b[31m\u202e"
    done = line("basket", "add", "hostile2007record", "hostile2007record-1", "--basket", name, *folder, toy=False)
    assert (done.code, done.err) == (0, "2 entries added to B[31m.\n")
    for words in (("list",), ("show", name), *(("export", name, "--format", form) for form in ("md", "csv", "json"))):
        done = line("basket", *words, *folder, toy=False)
        assert done.code == 0
        assert CONTROL.search(done.out + done.err) is None
