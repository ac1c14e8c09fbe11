"""Appraisal: direction times valence, and what follows where either is not known."""

from __future__ import annotations

import pytest

from kb.appraisal import appraise

DIRECTIONS = ("positive", "negative", "null", "mixed", "unclear")
OPPOSITE = {"favourable": "unfavourable", "unfavourable": "favourable"}


@pytest.mark.parametrize(
    ("direction", "valence", "expected"),
    [
        ("positive", 1, "favourable"),
        ("positive", -1, "unfavourable"),
        ("positive", 0, "neutral"),
        ("positive", None, "unclear"),
        ("negative", 1, "unfavourable"),
        ("negative", -1, "favourable"),
        ("negative", 0, "neutral"),
        ("negative", None, "unclear"),
        ("null", 1, "neutral"),
        ("null", -1, "neutral"),
        ("null", 0, "neutral"),
        ("null", None, "neutral"),
        ("mixed", 1, "mixed"),
        ("mixed", -1, "mixed"),
        ("mixed", 0, "mixed"),
        ("mixed", None, "mixed"),
        ("unclear", 1, "unclear"),
        ("unclear", -1, "unclear"),
        ("unclear", 0, "unclear"),
        ("unclear", None, "unclear"),
    ],
)
def test_the_appraisal_follows_from_direction_and_valence(direction: str, valence: int | None, expected: str) -> None:
    assert appraise(direction, valence) == expected


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_opposite_valence_gives_the_opposite_appraisal(direction: str) -> None:
    good, bad = appraise(direction, 1), appraise(direction, -1)
    assert bad == OPPOSITE.get(good, good)


@pytest.mark.parametrize("valence", [1, -1])
def test_the_opposite_direction_gives_the_opposite_appraisal(valence: int) -> None:
    assert appraise("negative", valence) == OPPOSITE[appraise("positive", valence)]
