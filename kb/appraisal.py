"""Appraisal: whether a direction is good news, derived from the direction and the valence of the outcome."""

from __future__ import annotations

_SAME = {"null": "neutral", "mixed": "mixed", "unclear": "unclear"}


def appraise(direction: str, valence: int | None) -> str:
    """Return the appraisal of a direct finding.

    ``direction`` is positive, negative, null, mixed or unclear; ``valence`` is 1 (more of the outcome is good for
    integration), -1 (bad), 0 (neither) or none (not known). Source: coding manual, "appraisal".
    """
    if direction in _SAME:
        return _SAME[direction]
    if valence is None:
        return "unclear"
    if valence == 0:
        return "neutral"
    return "favourable" if (direction == "positive") == (valence > 0) else "unfavourable"
