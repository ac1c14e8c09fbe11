"""The screens that are reached by number, read from ``places.toml``; each is imported when it is first opened."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tui.screens.work import WorkScreen

FIRST = "evidence"


class Place(NamedTuple):
    """A numbered screen; ``target`` is its module and class below ``tui.screens``."""

    name: str
    key: str
    label: str
    target: str

    def screen(self) -> type[WorkScreen]:
        """Return the class of the screen."""
        module, _, name = self.target.partition(":")
        found: type[WorkScreen] = getattr(import_module(f"tui.screens.{module}"), name)
        return found


@cache
def places() -> tuple[Place, ...]:
    """Return all numbered screens in their order."""
    content = tomllib.loads(Path(__file__).with_name("places.toml").read_text("utf-8"))
    return tuple(Place(place["name"], place["key"], place["label"], place["class"]) for place in content["place"])


def place_of(name: str) -> Place:
    """Return a numbered screen by name; the first where there is none of this name."""
    return next((place for place in places() if place.name == name), places()[0])
