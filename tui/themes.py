"""The colours of the program, read from ``themes.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from textual.theme import Theme


@cache
def themes() -> tuple[Theme, ...]:
    """Return the themes, the first of which is the usual one."""
    content = tomllib.loads(Path(__file__).with_name("themes.toml").read_text("utf-8"))
    return tuple(Theme(**theme) for theme in content["theme"])


def next_theme(name: str) -> str:
    """Return the name of the theme after one, of the first after the last."""
    names = [theme.name for theme in themes()]
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
