"""Word lists of the intake, one file each; lines that begin with # explain."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of a list."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
