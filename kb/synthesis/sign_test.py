"""The exact sign test and Wilson's interval for a share: what so few studies can say about a pattern."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist


def sign_test(good: int, of: int) -> float:
    """Return the two-sided probability of a split at least as uneven, were both signs equally likely.

    It is the exact binomial one. Raises ValueError where ``good`` is not between 0 and ``of``.
    """
    if not 0 <= good <= of:
        raise ValueError(f"{good} of {of} is no share.")
    tail = sum(comb(of, number) for number in range(min(good, of - good) + 1))
    return float(min(Fraction(1), Fraction(2 * tail, 2**of)))


def wilson(good: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval for a share.

    Raises ValueError where ``of`` is 0 or ``good`` is not between 0 and ``of``.
    """
    if not 0 <= good <= of or of == 0:
        raise ValueError(f"{good} of {of} is no share.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = good / of
    middle = share + z * z / (2 * of)
    width = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return (middle - width) / whole if good else 0.0, (middle + width) / whole if good < of else 1.0
