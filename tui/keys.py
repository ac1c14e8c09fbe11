"""The keys of the application, read from ``keys.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from textual.binding import Binding


class Key(NamedTuple):
    """One action and the keys that start it; ``shown`` is how people write them."""

    scope: str
    keys: str
    shown: str
    action: str
    label: str
    help: str
    footer: bool
    priority: bool = False


@cache
def _content() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("keys.toml").read_text("utf-8"))


def scopes() -> dict[str, str]:
    """Return where keys work: scope -> title, in the order of the help."""
    return {scope["name"]: scope["title"] for scope in _content()["scope"]}


@cache
def all_keys() -> tuple[Key, ...]:
    """Return every key in the order of the help."""
    return tuple(
        Key(
            key.get("scope", "screen"), key["keys"], key["shown"], key["action"], key["label"], key["help"],
            key.get("footer", False), key.get("priority", False),
        )
        for key in _content()["key"]
    )  # fmt: skip


def bindings(scope: str) -> list[Binding]:
    """Return the bindings of a scope for Textual."""
    return [
        Binding(
            key.keys, key.action, key.label,
            show=key.footer, key_display=key.shown, tooltip=key.help, priority=key.priority,
        )
        for key in all_keys()
        if key.scope == scope
    ]  # fmt: skip


def markdown_table(*chosen: str) -> str:
    """Return the keys of some scopes, of all where none is named, as a Markdown table."""
    lines = ["| where | key | what it does |", "| --- | --- | --- |"]
    for scope, title in scopes().items():
        if scope in chosen or not chosen:
            lines += [f"| {title} | {key.shown} | {key.help} |" for key in all_keys() if key.scope == scope]
    return "\n".join(lines) + "\n"
