"""The list of keys: one source for the bindings, the footer and the help."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from textual import actions
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from tui.app import EvidenceApp
from tui.keys import Key, all_keys, bindings, markdown_table, scopes
from tui.screens.add import AddScreen
from tui.screens.ask import AskScreen
from tui.screens.baskets import BasketsScreen
from tui.screens.cite import CiteScreen
from tui.screens.code import CodeScreen
from tui.screens.columns import ColumnsScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.evidence import EvidenceScreen
from tui.screens.export import ExportScreen
from tui.screens.finding import FindingScreen
from tui.screens.help import help_text
from tui.screens.jump import JumpScreen
from tui.screens.map import MapScreen
from tui.screens.network import NetworkScreen
from tui.screens.pick import PickScreen
from tui.screens.query_behind import QueryBehindScreen
from tui.screens.query_form import QueryFormScreen
from tui.screens.query_list import QueryListScreen
from tui.screens.save_query import SaveQueryScreen
from tui.screens.sparql import SparqlScreen
from tui.screens.studies import StudiesScreen
from tui.screens.text import TextScreen
from tui.screens.work import WorkScreen
from tui.widgets.facet_list import FacetList
from tui.widgets.field_row import FieldInput
from tui.widgets.map_grid import MapGrid
from tui.widgets.network_picture import NetworkPicture
from tui.widgets.query_editor import QueryEditor
from tui.widgets.result_table import ResultTable
from tui.widgets.row_table import RowTable
from tui.widgets.text_fields import PathInput
from tui.widgets.ticks import Ticks

OWNERS: dict[str, type] = {
    "work": WorkScreen,
    "screen": EvidenceScreen,
    "table": RowTable,
    "add": AddScreen,
    "path": PathInput,
    "code": CodeScreen,
    "field": FieldInput,
    "confirm": ConfirmScreen,
    "jump": JumpScreen,
    "studies": StudiesScreen,
    "cite": CiteScreen,
    "sparql": SparqlScreen,
    "editor": QueryEditor,
    "completion": QueryEditor,
    "result": ResultTable,
    "queries": QueryListScreen,
    "query-form": QueryFormScreen,
    "save": SaveQueryScreen,
    "export": ExportScreen,
    "ticks": Ticks,
    "behind": QueryBehindScreen,
    "text": TextScreen,
    "ask": AskScreen,
    "baskets": BasketsScreen,
    "network": NetworkScreen,
    "picture": NetworkPicture,
    "map": MapScreen,
    "grid": MapGrid,
    "pick": PickScreen,
    "facets": FacetList,
    "columns": ColumnsScreen,
    "finding": FindingScreen,
}
SCOPES = [scope for scope in scopes() if any(key.scope == scope for key in all_keys())]
#: Scopes that work at the same time: what has the focus, and the screen around it.
TOGETHER = [("table", "screen"), ("table", "add"), ("path", "add"), ("field", "code")]
TOGETHER += [("facets", "work")]
TOGETHER += [("table", "studies")]
TOGETHER += [("table", "sparql"), ("result", "sparql"), ("result", "table"), ("editor", "sparql")]
TOGETHER += [("result", "work"), ("editor", "work")]
TOGETHER += [("table", "network"), ("picture", "network"), ("network", "work"), ("picture", "work")]
TOGETHER += [("ticks", "export"), ("table", "baskets")]
TOGETHER += [("grid", "map"), ("grid", "work"), ("map", "work")]
TOGETHER += [(scope, "work") for scope in ("screen", "add", "table", "studies")]


def name_of(key: Key) -> str:
    """Return how a key is called in the names of the tests."""
    return f"{key.scope}-{key.action}"


def own_bindings(owner: type) -> list[Binding]:
    """Return the bindings that a class declares itself."""
    return [found for found in vars(owner).get("BINDINGS", []) if isinstance(found, Binding)]


@pytest.mark.parametrize("scope", SCOPES)
def test_keys_are_unique_within_a_scope(scope: str) -> None:
    found = Counter(name for key in all_keys() if key.scope == scope for name in key.keys.split(","))
    assert [name for name, number in found.items() if number > 1] == []


@pytest.mark.parametrize(("inner", "outer"), TOGETHER)
def test_no_key_of_a_part_hides_one_of_its_screen(inner: str, outer: str) -> None:
    names = [
        {name for key in all_keys() if key.scope == scope for name in key.keys.split(",")} for scope in (inner, outer)
    ]
    assert names[0] & names[1] == set()


def test_only_enter_means_something_else_among_the_filters() -> None:
    names = [
        {name for key in all_keys() if key.scope == scope for name in key.keys.split(",")}
        for scope in ("facets", "screen")
    ]
    assert names[0] & names[1] == {"enter"}


def test_every_scope_has_a_title_and_keys() -> None:
    assert list(scopes()) == SCOPES == list(OWNERS)


@pytest.mark.parametrize("key", all_keys(), ids=name_of)
def test_every_key_leads_to_an_action_that_stands_where_it_is_bound(key: Key) -> None:
    owner = OWNERS[key.scope]
    destination, name, arguments = actions.parse(key.action)
    target: type = {"app": EvidenceApp}.get(destination, owner)
    method = getattr(target, f"action_{name}", None)
    assert method, f"{target.__name__} has no action_{name}"
    inherited = method in (getattr(App, f"action_{name}", None), getattr(Screen, f"action_{name}", None))
    assert not inherited or name == "quit", f"{name} is Textual's own action, not ours"
    assert method.__code__.co_argcount == 1 + len(arguments)


def test_no_binding_stands_outside_the_list() -> None:
    listed = {(key.keys, key.action) for key in all_keys()}
    assert {(b.key, b.action) for owner in OWNERS.values() for b in own_bindings(owner)} == listed


@pytest.mark.parametrize("scope", SCOPES)
def test_bindings_carry_what_the_list_says(scope: str) -> None:
    keys = [key for key in all_keys() if key.scope == scope]
    found = [(b.key, b.action, b.description, b.show, b.key_display, b.tooltip, b.priority) for b in bindings(scope)]
    assert found == [(k.keys, k.action, k.label, k.footer, k.shown, k.help, k.priority) for k in keys]


def test_an_unknown_scope_has_no_bindings() -> None:
    assert bindings("nowhere") == []


@cache
def help_lines() -> list[str]:
    return help_text().plain.splitlines()


@pytest.mark.parametrize("key", all_keys(), ids=name_of)
def test_help_names_every_key_and_what_it_does(key: Key) -> None:
    (line,) = [line for line in help_lines() if line.endswith(key.help)]
    assert line.split(key.help)[0].strip() == key.shown


def test_help_keeps_the_order_of_the_list() -> None:
    text = help_text().plain
    places = [text.index(f"{key.shown:<9}{key.help}") for title in scopes() for key in all_keys() if key.scope == title]
    assert places == sorted(places)


@pytest.mark.parametrize("key", all_keys(), ids=name_of)
def test_every_action_has_a_key_that_every_terminal_sends(key: Key) -> None:
    plain = {
        "slash",
        "escape",
        "question_mark",
        "up",
        "down",
        "home",
        "end",
        "pageup",
        "pagedown",
        "space",
        "tab",
        "enter",
    }
    plain |= {"semicolon", "f1", "f8"} | {f"ctrl+{letter}" for letter in "glnorst"}
    plain |= {"backspace", "comma", "full_stop"}
    assert any(name in plain or (len(name) == 1 and name.isalnum()) for name in key.keys.split(","))


def test_the_table_for_the_readme_has_a_line_for_every_key() -> None:
    lines = markdown_table().splitlines()[2:]
    assert sorted(lines) == sorted(f"| {scopes()[key.scope]} | {key.shown} | {key.help} |" for key in all_keys())
    places = [list(scopes().values()).index(line.split(" | ")[0].removeprefix("| ")) for line in lines]
    assert places == sorted(places)


def test_every_text_of_the_list_is_there() -> None:
    assert [key for key in all_keys() if not (key.keys and key.shown and key.action and key.label and key.help)] == []
