"""The rules of a synthesis as its data file declares them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

APPRAISAL, DIRECTION = "appraisal", "direction"
#: What may be counted: good and bad news as we judge it, or the sign as the outcome is named.
COUNTED_BY = (APPRAISAL, DIRECTION)


class Scale(NamedTuple):
    """The classes of a count in their order, and the two of them that the sign test compares."""

    classes: tuple[str, ...]
    good: str
    bad: str


class Rules(NamedTuple):
    """What ``rules.toml`` declares; ``share`` is in per cent."""

    share: int
    informative: int
    confidence: float
    estimates: int
    scales: dict[str, Scale]
    labels: dict[str, str]
    causal: tuple[str, ...]
    forbidden: tuple[str, ...]


@cache
def rules() -> Rules:
    """Return the rules."""
    found = tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))
    return Rules(
        found["within"]["share"],
        found["test"]["informative"],
        found["test"]["confidence"],
        found["pooling"]["estimates"],
        {by: Scale(tuple(found[by]["classes"]), found[by]["good"], found[by]["bad"]) for by in COUNTED_BY},
        found["labels"],
        tuple(found["causal"]["designs"]),
        tuple(found["forbidden"]["words"]),
    )


def forbidden_words(text: str) -> list[str]:
    """Return the words of a text that no generated text may hold, as they stand there."""
    return _forbidden().findall(text)


@cache
def _forbidden() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, rules().forbidden))})\b", re.IGNORECASE)
