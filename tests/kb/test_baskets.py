"""Baskets: every change is kept at once, whole, whoever else changes them, and the last one can be taken back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from kb.baskets import LONGEST_NAME, LONGEST_NOTE, Baskets
from kb.baskets_file import FILE, Basket, Item, Shelf, read_shelf
from kb.errors import UsageError, UserFolderError
from tests.kb.intake.killing import MOST, survives

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = "2026-11-28"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def baskets() -> Baskets:
    return Baskets(lambda: DAY)


def contents(baskets: Baskets) -> dict[str, list[str]]:
    return {basket.name: [item.key for item in basket.items] for basket in baskets.all}


def kept() -> dict[str, list[str]]:
    return contents(Baskets())


def test_there_is_a_basket_from_the_start_and_looking_writes_nothing(baskets: Baskets, home: Path) -> None:
    assert baskets.current == Basket("Reading")
    assert baskets.marked() == frozenset()
    assert not home.exists()


def test_what_is_added_is_kept_in_order_with_day_and_note(baskets: Baskets) -> None:
    assert baskets.add(["b-1", "a"], note=" to read \n") == 2
    assert baskets.add(["a", "c", "c"]) == 1
    assert Baskets().current.items == (Item("b-1", "to read", DAY), Item("a", "to read", DAY), Item("c", "", DAY))


def test_a_note_given_with_a_key_that_is_there_replaces_the_old_one(baskets: Baskets) -> None:
    baskets.add(["a"], note="old")
    assert baskets.add(["a"], note="new") == 0
    assert Baskets().current.items == (Item("a", "new", DAY),)


def test_adding_to_a_new_name_makes_the_basket(baskets: Baskets) -> None:
    baskets.add(["a"], "Chapter 2")
    assert kept() == {"Reading": [], "Chapter 2": ["a"]}
    assert baskets.current.name == "Reading"
    baskets.add(["b"], "chapter  2")
    assert kept()["Chapter 2"] == ["a", "b"]


def test_a_toggle_puts_in_and_takes_out(baskets: Baskets) -> None:
    assert baskets.toggle(["a", "b"]) == (True, "Reading")
    assert baskets.toggle(["b", "c"]) == (True, "Reading")
    assert baskets.marked() == {"a", "b", "c"}
    assert baskets.toggle(["a", "c"]) == (False, "Reading")
    assert kept() == {"Reading": ["b"]}
    assert baskets.toggle([]) == (False, "Reading")


def test_a_toggle_does_what_the_user_saw_even_if_another_program_was_first(baskets: Baskets) -> None:
    other = Baskets()
    other.add(["a"])
    assert baskets.toggle(["a"]) == (True, "Reading")  # it was not marked here, so it is to be in
    assert kept() == {"Reading": ["a"]}
    other.create("Other")
    assert baskets.toggle(["a"]) == (False, "Reading")
    assert kept() == {"Reading": [], "Other": []}


def test_a_toggle_goes_to_the_current_basket_where_the_one_seen_is_gone(baskets: Baskets) -> None:
    baskets.create("Mine")
    Baskets().delete("Mine")
    assert baskets.toggle(["a"]) == (True, "Reading")
    assert kept() == {"Reading": ["a"]}


def test_removing_says_how_many_were_there(baskets: Baskets) -> None:
    baskets.add(["a", "b"])
    assert baskets.remove(["a", "x"]) == 1
    assert baskets.remove(["x"]) == 0
    assert kept() == {"Reading": ["b"]}


def test_baskets_are_made_renamed_chosen_and_deleted(baskets: Baskets) -> None:
    baskets.create("Two")
    assert Baskets().current.name == "Two"
    baskets.add(["a"])
    baskets.rename("two", "Zwei")
    assert Baskets().current == Basket("Zwei", (Item("a", "", DAY),))
    baskets.rename("Zwei", "ZWEI")
    baskets.choose("reading")
    assert Baskets().current.name == "Reading"
    baskets.choose("ZWEI")
    baskets.delete("ZWEI")
    assert kept() == {"Reading": []}
    baskets.delete("Reading")
    assert kept() == {"Reading": []}
    assert Baskets().current.name == "Reading"


def test_notes_are_written_and_taken_away(baskets: Baskets) -> None:
    baskets.add(["a", "b"])
    baskets.annotate("a", "x" * 2000)
    assert [len(item.note) for item in Baskets().current.items] == [LONGEST_NOTE, 0]
    baskets.annotate("a", "")
    assert [item.note for item in Baskets().current.items] == ["", ""]
    with pytest.raises(UsageError, match=r"'c' is not in the basket Reading\."):
        baskets.annotate("c", "x")


@pytest.mark.parametrize("name", ["", "  ", "\u202e\x1b", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_cannot_be_one_is_refused(name: str, baskets: Baskets) -> None:
    with pytest.raises(UsageError, match="name"):
        baskets.create(name)
    with pytest.raises(UsageError, match="name"):
        baskets.rename("Reading", name)
    assert kept() == {"Reading": []}


@pytest.mark.parametrize("key", ["", "a b", "a\x1b[31m", "\u202ea", "a\nb"])
def test_a_key_that_cannot_be_one_is_refused(key: str, baskets: Baskets) -> None:
    with pytest.raises(UsageError, match="is no key"):
        baskets.add(["good", key])
    assert kept() == {"Reading": []}


def test_names_are_taken_whatever_their_case(baskets: Baskets) -> None:
    baskets.create("Two")
    for name in ("two", " TWO "):
        with pytest.raises(UsageError, match="already"):
            baskets.create(name)
        with pytest.raises(UsageError, match="already"):
            baskets.rename("Reading", name)


def test_an_unknown_basket_is_refused_with_those_that_there_are(baskets: Baskets) -> None:
    baskets.create("Two")
    for act in (baskets.basket, baskets.delete, baskets.choose, lambda name: baskets.rename(name, "x")):
        with pytest.raises(UsageError, match=r"There is no basket 'three'\. There are: Reading, Two\."):
            act("three")


def test_names_come_clean(baskets: Baskets) -> None:
    baskets.create("a\u202e \x1b[31m[b]x[/b]")
    assert list(kept()) == ["Reading", "a [31m[b]x[/b]"]


# Undo.


def test_the_last_change_is_taken_back_also_after_a_restart(baskets: Baskets) -> None:
    baskets.add(["a", "b"])
    baskets.create("Two")
    baskets.add(["c"])
    again = Baskets()
    assert again.last_change == "1 entry added to Two"
    assert again.undo() == "1 entry added to Two"
    assert kept() == {"Reading": ["a", "b"], "Two": []}
    with pytest.raises(UsageError, match="no change"):
        again.undo()


def test_a_deleted_basket_comes_back_as_the_current_one(baskets: Baskets) -> None:
    baskets.create("Two")
    baskets.add(["a"], note="n")
    baskets.delete("Two")
    assert baskets.undo() == "basket Two deleted"
    assert Baskets().current == Basket("Two", (Item("a", "n", DAY),))


def test_what_changes_nothing_is_not_what_undo_takes_back(baskets: Baskets) -> None:
    baskets.add(["a"])
    baskets.add(["a"])
    baskets.remove(["x"])
    baskets.choose("Reading")
    assert baskets.undo() == "1 entry added to Reading"
    assert kept() == {"Reading": []}


# Two programs at once.


def test_two_handles_lose_nothing(baskets: Baskets) -> None:
    other = Baskets()
    baskets.add(["a"])
    other.add(["b"])
    baskets.create("Two")
    other.add(["c"], "Reading")
    baskets.read()
    assert contents(baskets) == {"Reading": ["a", "b", "c"], "Two": []} == kept()


_ADDER = """
import sys
from kb.baskets import Baskets
baskets = Baskets()
for number in range(40):
    baskets.add([f"{sys.argv[1]}{number}"])
"""


def test_two_processes_at_once_lose_nothing() -> None:
    running = [subprocess.Popen([sys.executable, "-c", _ADDER, letter]) for letter in "ab"]
    assert [process.wait(60) for process in running] == [0, 0]
    (keys,) = kept().values()
    assert sorted(keys) == sorted(f"{letter}{number}" for letter in "ab" for number in range(40))
    for letter in "ab":
        own = [key for key in keys if key.startswith(letter)]
        assert own == sorted(own, key=lambda key: int(key[1:]))


@pytest.mark.parametrize("change", ["add", "delete", "undo"])
def test_a_change_that_is_killed_is_whole_or_was_never_made(change: str, baskets: Baskets, home: Path) -> None:
    baskets.create("Two")
    baskets.add(["a", "b"])
    start = (home / FILE).read_bytes()
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: Baskets(lambda: DAY).add(["c"]),
        "delete": lambda: Baskets().delete("Two"),
        "undo": lambda: Baskets().undo(),
    }
    acts[change]()
    end = (home / FILE).read_bytes()
    assert start != end
    for step in range(1, MOST):
        (home / FILE).write_bytes(start)
        done = survives(step, acts[change], home)
        assert (home / FILE).read_bytes() in (start, end)
        assert Baskets().damage == ""
        if done:
            break
    assert step > 4
    assert (home / FILE).read_bytes() == end


# Damage.


def test_a_file_that_is_no_json_is_set_aside_and_said(home: Path) -> None:
    home.mkdir()
    (home / FILE).write_bytes(b"{half")
    baskets = Baskets()
    assert "damaged" in baskets.damage
    assert contents(baskets) == {"Reading": []}
    assert [path.read_bytes() for path in home.glob("*.damaged*")] == [b"{half"]
    baskets.add(["a"])
    assert kept() == {"Reading": ["a"]}
    assert Baskets().damage == ""


GOOD = {"name": "Good", "items": [{"key": "a", "note": "", "added": DAY}]}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([], {"Reading": []}),
        ({"version": 1}, {"Reading": []}),
        ({"version": 1, "current": "Good", "baskets": []}, {"Reading": []}),
        ({"version": 1, "current": "Gone", "baskets": [GOOD]}, {"Good": ["a"]}),
        ({"version": 1, "current": "Good", "baskets": [GOOD, 7, {"name": 3}]}, {"Good": ["a"]}),
        ({"version": 1, "current": "Good", "baskets": [GOOD, {"name": "Half"}]}, {"Good": ["a"], "Half": []}),
        ({"version": 1, "current": "Good", "baskets": [GOOD, GOOD | {"name": "GOOD"}]}, {"Good": ["a"]}),
        (
            {"version": 1, "current": "X", "baskets": [{"name": "X", "items": [{"key": 1}, *GOOD["items"], "y"]}]},
            {"X": ["a"]},
        ),
    ],
)
def test_what_can_be_read_of_a_damaged_file_stays_and_the_file_is_kept(
    written: Any,  # noqa: ANN401 - anything
    expected: dict[str, list[str]],
    home: Path,
) -> None:
    home.mkdir()
    (home / FILE).write_text(json.dumps(written), "utf-8")
    baskets = Baskets()
    assert contents(baskets) == expected
    assert "damaged" in baskets.damage
    assert [json.loads(path.read_bytes()) for path in home.glob("*.damaged*")] == [written]
    assert kept() == expected
    assert Baskets().damage == ""


def test_a_file_of_a_newer_program_is_left_alone(home: Path) -> None:
    home.mkdir()
    (home / FILE).write_text('{"version": 2, "shelves": []}', "utf-8")
    with pytest.raises(UserFolderError, match="newer version"):
        Baskets()
    assert [path.name for path in home.iterdir() if path.name != ".lock"] == [FILE]


def test_a_folder_that_cannot_be_written_is_one_sentence(
    baskets: Baskets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("MIPEX_KB_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(UserFolderError) as caught:
        baskets.add(["a"])
    assert "\n" not in str(caught.value)


def test_hostile_text_in_the_file_comes_clean(home: Path) -> None:
    home.mkdir()
    items = [{"key": "a\x1b[31m", "note": "\u202enote", "added": DAY}]
    basket = {"name": "B\u202e", "items": items}
    (home / FILE).write_text(json.dumps({"version": 1, "current": "B", "baskets": [basket]}), "utf-8")
    assert Baskets().current == Basket("B", (Item("a[31m", "note", DAY),))


def test_ten_thousand_entries_are_no_burden(baskets: Baskets) -> None:
    keys = [f"study{number}-1" for number in range(10_000)]
    assert baskets.add(keys) == 10_000
    assert baskets.toggle(keys[:1]) == (False, "Reading")
    assert len(Baskets().marked()) == 9_999


# Any sequence of changes by two programs, against a model.

KEYS = st.lists(st.sampled_from([f"k{number}" for number in range(6)]), max_size=3)
NAMES = st.sampled_from(["Reading", "One", "Two", "three"])


class Machine(RuleBasedStateMachine):
    """Two programs change the same baskets in turn; the model is a plain dictionary."""

    handles = Bundle("handles")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.mkdtemp()
        self._before = os.environ["MIPEX_KB_HOME"]
        os.environ["MIPEX_KB_HOME"] = self._folder
        self.model: dict[str, list[str]] = {"Reading": []}
        self.current = "Reading"
        self.past: tuple[dict[str, list[str]], str] | None = None

    def teardown(self) -> None:
        os.environ["MIPEX_KB_HOME"] = self._before
        shutil.rmtree(self._folder)

    def step(self, model: dict[str, list[str]], current: str) -> None:
        if (list(model.items()), current) != (list(self.model.items()), self.current):
            self.past = (self.model, self.current)
        self.model, self.current = model, current

    @rule(target=handles)
    def open(self) -> Baskets:
        return Baskets(lambda: DAY)

    @rule(handle=handles, keys=KEYS, name=NAMES)
    def add(self, handle: Baskets, keys: list[str], name: str) -> None:
        known = self.model.get(name, [])
        new = [key for key in dict.fromkeys(keys) if key not in known]
        assert handle.add(keys, name) == len(new)
        self.step({**self.model, name: [*known, *new]}, self.current)

    @rule(handle=handles, keys=KEYS)
    def remove(self, handle: Baskets, keys: list[str]) -> None:
        known = self.model[self.current]
        left = [key for key in known if key not in keys]
        assert handle.remove(keys) == len(known) - len(left)
        self.step({**self.model, self.current: left}, self.current)

    @rule(handle=handles, name=NAMES)
    def create(self, handle: Baskets, name: str) -> None:
        if name in self.model:
            with pytest.raises(UsageError):
                handle.create(name)
        else:
            handle.create(name)
            self.step({**self.model, name: []}, name)

    @rule(handle=handles, old=NAMES, new=NAMES)
    def rename(self, handle: Baskets, old: str, new: str) -> None:
        if old not in self.model or (new in self.model and new != old):
            with pytest.raises(UsageError):
                handle.rename(old, new)
        else:
            handle.rename(old, new)
            model = {new if name == old else name: keys for name, keys in self.model.items()}
            self.step(model, new if self.current == old else self.current)

    @rule(handle=handles, name=NAMES)
    def delete(self, handle: Baskets, name: str) -> None:
        if name not in self.model:
            with pytest.raises(UsageError):
                handle.delete(name)
            return
        handle.delete(name)
        place = list(self.model).index(name)
        left = {other: keys for other, keys in self.model.items() if other != name} or {"Reading": []}
        self.step(left, list(left)[max(place - 1, 0)] if self.current == name else self.current)

    @rule(handle=handles)
    def undo(self, handle: Baskets) -> None:
        if self.past is None:
            with pytest.raises(UsageError):
                handle.undo()
        else:
            handle.undo()
            self.model, self.current = self.past
            self.past = None

    @rule(handle=consumes(handles))
    def leave(self, handle: Baskets) -> None:
        with suppress(UsageError):
            handle.choose("no such basket")

    @invariant()
    def the_file_is_the_model(self) -> None:
        shelf, damage = read_shelf()
        assert damage == ""
        assert [(b.name, [item.key for item in b.items]) for b in shelf.baskets] == list(self.model.items())
        assert shelf.current == self.current
        assert (shelf.before is not None) == (self.past is not None)


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_a_shelf_starts_with_one_basket() -> None:
    assert Shelf().current in [basket.name for basket in Shelf().baskets]
