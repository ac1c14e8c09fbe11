"""How the pictures of a synthesis look and what they say: their data file, read."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.synthesis.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The pictures that there are.
KINDS = ("effect-direction", "harvest", "forest", "timeline")


class Look(NamedTuple):
    """How a class of a count looks: its letter, shape, colour, and the colour of letters on it."""

    letter: str
    shape: str
    fill: str
    ink: str


@cache
def wording() -> dict[str, Any]:
    """Return all of the data file."""
    return tomllib.loads(Path(__file__).with_name("plots.toml").read_text("utf-8"))


@cache
def look(result: str) -> Look:
    """Return how a class looks."""
    return Look(**wording()["look"][result])


def arrow(direction: str) -> str:
    """Return the sign of a raw direction."""
    signs: dict[str, str] = wording()["arrows"]
    return signs.get(direction, signs["unclear"])


def level_letter(level: str) -> str:
    """Return the letter of where a study was read."""
    letters: dict[str, str] = wording()["levels"]
    return letters.get(level, letters["unknown"])


def size_of(countries: int | None) -> str:
    """Return the size of a study by its number of countries: large, medium, small; empty where it is not known."""
    if countries is None:
        return ""
    sizes = wording()["sizes"]
    return next((name for name in ("large", "medium") if countries >= sizes[name]), "small")


def letters_text(results: Iterable[str]) -> str:
    """Return the letters of some classes with what they mean."""
    return ", ".join(f"{look(name).letter} {rules().labels[name]}" for name in results)


def legend_of(kind: str, manner: str) -> list[str]:
    """Return what the legend of a kind of picture says for one manner alone, ``text`` or ``drawn``."""
    words = wording()
    return [line.format(**words["sizes"]) for line in words["kinds"][kind][manner]]
