"""How far two coders agree: raw agreement and Cohen's kappa with a confidence interval."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RESAMPLES = 1000
_SEED = 1960


class Agreement(NamedTuple):
    """Agreement on one variable over ``n`` pairs of codes.

    ``raw``: share of pairs with equal codes, 0 to 1. ``kappa``: -1 to 1, none where both coders used one code only.
    ``low`` and ``high``: 95 per cent interval of kappa, none where there are too few studies to resample.
    """

    n: int
    raw: float
    kappa: float | None
    low: float | None
    high: float | None


def agreement(pairs: Sequence[tuple[str, str, str]]) -> Agreement:
    """Return the agreement over (study, first code, second code).

    The interval is the percentile interval of a bootstrap that draws studies, not pairs, because the findings of one
    study are not independent of each other; the draws are seeded, so the same data give the same interval.

    Raises:
        ValueError: there are no pairs.
    """
    if not pairs:
        raise ValueError("agreement needs at least one pair of codes")
    codes = [pair[1:] for pair in pairs]
    raw = sum(first == second for first, second in codes) / len(codes)
    low, high = _interval(pairs)
    return Agreement(len(pairs), raw, cohens_kappa(codes), low, high)


def cohens_kappa(codes: Iterable[tuple[str, str]]) -> float | None:
    """Return kappa = (p_o - p_e) / (1 - p_e) (Cohen 1960), none where chance agreement p_e is 1."""
    table = Counter(codes)
    total = table.total()
    first, second = Counter[str](), Counter[str]()
    for (one, other), count in table.items():
        first[one] += count
        second[other] += count
    observed = sum(count for (one, other), count in table.items() if one == other) / total
    chance = sum(first[code] * second[code] for code in first) / total**2
    return None if chance == 1 else (observed - chance) / (1 - chance)


def _interval(pairs: Sequence[tuple[str, str, str]]) -> tuple[float | None, float | None]:
    import random

    clusters: dict[str, list[tuple[str, str]]] = {}
    for study, first, second in pairs:
        clusters.setdefault(study, []).append((first, second))
    groups = list(clusters.values())
    if len(groups) < 10:
        return None, None
    draw = random.Random(_SEED)  # noqa: S311 - a bootstrap, no secret
    values = []
    for _ in range(RESAMPLES):
        kappa = cohens_kappa(pair for group in draw.choices(groups, k=len(groups)) for pair in group)
        if kappa is not None:
            values.append(kappa)
    values.sort()
    if not values:
        return None, None
    return values[int(0.025 * len(values))], values[min(int(0.975 * len(values)), len(values) - 1)]
