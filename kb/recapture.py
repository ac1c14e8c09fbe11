"""How many studies two searches have both missed: capture and recapture, as ecologists count fish."""

from __future__ import annotations

import math
from typing import NamedTuple

#: What has to hold for the estimate to be right, in words for the reader.
ASSUMPTIONS = (
    "The two searches are independent: that one met a study says nothing on whether the other meets it. Well-known "
    "studies are met by both, so this seldom holds, and the true number is then higher.",
    "Every study can be met by both searches with the same chance. Both used the same store of web pages, so what is "
    "not in it is in neither search, and the true number is again higher.",
    "The same study is recognised in both, and nothing counted is no study of the circle.",
)


class Recapture(NamedTuple):
    """Two searches: ``first`` and ``second`` studies met, ``both`` of them in common.

    ``estimate``: Chapman's estimate of all studies; ``low`` and ``high``: its 95 per cent interval.
    """

    first: int
    second: int
    both: int
    estimate: float
    low: float
    high: float


def chapman(first: set[str], second: set[str]) -> Recapture:
    """Return Chapman's (1951) estimate, N = (n1+1)(n2+1)/(m+1) - 1, with Seber's (1970) variance.

    The interval is log-normal in the number not met (Chao 1987), so that it never lies below the number met.
    """
    n1, n2, m = len(first), len(second), len(first & second)
    met = len(first | second)
    estimate = (n1 + 1) * (n2 + 1) / (m + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))
    unseen = estimate - met
    if unseen <= 0 or variance == 0:
        return Recapture(n1, n2, m, estimate, max(estimate, met), max(estimate, met))
    spread = math.exp(1.96 * math.sqrt(math.log(1 + variance / unseen**2)))
    return Recapture(n1, n2, m, estimate, met + unseen / spread, met + unseen * spread)
