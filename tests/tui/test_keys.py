"""The list of keys: one source for the bindings, the footer and the help."""

from __future__ import annotations

from collections import Counter

import pytest
from textual import actions
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from tui.app import EvidenceApp
from tui.keys import Key, all_keys, bindings
from tui.screens.evidence import EvidenceScreen
from tui.screens.help import help_text
from tui.widgets.row_table import RowTable

OWNERS: tuple[type, ...] = (EvidenceApp, EvidenceScreen, RowTable)
SCOPES = list(dict.fromkeys(key.scope for key in all_keys()))


def own_bindings(owner: type) -> list[Binding]:
    """Return the bindings that a class declares itself."""
    return [found for found in vars(owner).get("BINDINGS", []) if isinstance(found, Binding)]


def owners(key: Key) -> list[type]:
    """Return the classes that bind a key of the list."""
    return [owner for owner in OWNERS if any((b.key, b.action) == (key.keys, key.action) for b in own_bindings(owner))]


@pytest.mark.parametrize("scope", SCOPES)
def test_keys_are_unique_within_a_scope(scope: str) -> None:
    found = Counter(name for key in all_keys() if key.scope == scope for name in key.keys.split(","))
    assert [name for name, number in found.items() if number > 1] == []


def test_no_key_of_the_table_hides_one_of_the_screen() -> None:
    everywhere = {name for key in all_keys() if key.scope != "table" for name in key.keys.split(",")}
    table = {name for key in all_keys() if key.scope == "table" for name in key.keys.split(",")}
    assert everywhere & table == set()


@pytest.mark.parametrize("key", all_keys(), ids=lambda key: key.action)
def test_every_key_is_bound_in_one_place_to_an_action_that_stands_there(key: Key) -> None:
    (owner,) = owners(key)
    destination, name, arguments = actions.parse(key.action)
    target: type = {"app": EvidenceApp, "screen": EvidenceScreen}.get(destination, owner)
    method = getattr(target, f"action_{name}", None)
    assert method, f"{target.__name__} has no action_{name}"
    inherited = method in (getattr(App, f"action_{name}", None), getattr(Screen, f"action_{name}", None))
    assert not inherited or name == "quit", f"{name} is Textual's own action, not ours"
    assert method.__code__.co_argcount == 1 + len(arguments)


def test_no_binding_stands_outside_the_list() -> None:
    listed = {(key.keys, key.action) for key in all_keys()}
    assert {(b.key, b.action) for owner in OWNERS for b in own_bindings(owner)} == listed


@pytest.mark.parametrize("scope", SCOPES)
def test_bindings_carry_what_the_list_says(scope: str) -> None:
    keys = [key for key in all_keys() if key.scope == scope]
    found = [(b.key, b.action, b.description, b.show, b.key_display, b.tooltip) for b in bindings(scope)]
    assert found == [(k.keys, k.action, k.label, k.footer, k.shown, k.help) for k in keys]


def test_an_unknown_scope_has_no_bindings() -> None:
    assert bindings("nowhere") == []


@pytest.mark.parametrize("key", all_keys(), ids=lambda key: key.action)
def test_help_names_every_key_and_what_it_does(key: Key) -> None:
    (line,) = [line for line in help_text().plain.splitlines() if line.endswith(key.help)]
    assert line.split(key.help)[0].strip() == key.shown


def test_help_keeps_the_order_of_the_list() -> None:
    text = help_text().plain
    places = [text.index(f"{key.shown:<9}{key.help}") for key in all_keys()]
    assert places == sorted(places)


@pytest.mark.parametrize("key", all_keys(), ids=lambda key: key.action)
def test_every_action_has_a_key_that_every_terminal_sends(key: Key) -> None:
    plain = {"slash", "escape", "question_mark", "up", "down", "home", "end", "pageup", "pagedown"}
    assert any(name in plain or (len(name) == 1 and name.isalpha()) for name in key.keys.split(","))


def test_every_text_of_the_list_is_there() -> None:
    assert [key for key in all_keys() if not (key.keys and key.shown and key.action and key.label and key.help)] == []
