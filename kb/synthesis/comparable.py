"""Which estimates may be summed up: of the same outcome, measure and model, from separate evidence bases."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb.synthesis.model import Numbers, counted_rows
from kb.synthesis.pooling import Pooled, random_effects
from kb.synthesis.rules import rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.evidence import Row
    from kb.evidence_bases import EvidenceBases


def numbers_of(rows: Sequence[Row], models: Mapping[str, str], bases: EvidenceBases) -> Numbers:
    """Return which findings print numbers, and a summary of each set that may be summed up; mostly there is none.

    ``models`` holds the words on the model by finding.

    Raises:
        MissingExtraError: there is something to sum up, and the library for it is not installed.
    """
    printed = [row for row in rows if number(row.estimate) is not None]
    with_error = [row for row in printed if (number(row.se) or 0) > 0]
    pooled = []
    for (outcome, scale), found in comparable_sets(with_error, models, bases).items():
        estimates = [number(row.estimate) or 0.0 for row in found]
        errors = [number(row.se) or 0.0 for row in found]
        keys = tuple(row.finding for row in found)
        pooled.append(Pooled(outcome, scale, keys, random_effects(estimates, errors)))
    return Numbers(counted_rows(printed), counted_rows(with_error), tuple(pooled))


def comparable_sets(
    rows: Sequence[Row], models: Mapping[str, str], bases: EvidenceBases
) -> dict[tuple[str, str], list[Row]]:
    """Return the sets of estimates that may be summed up, by outcome and scale.

    They have the policy, the outcome, the measure and the first words on the model (up to a semicolon) in common, and a
    sign that is the direction; they are one a study, and no two of their studies share data or leave open whether they
    do.
    """
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        scale = " ".join(models.get(row.finding, "").partition(";")[0].casefold().split())
        if scale and _agrees(row):
            found[row.policy, row.outcome, row.measure, scale].append(row)
    sets = {}
    for (policy, outcome, measure, scale), members in sorted(found.items()):
        keys = [row.study for row in members]
        separate, unknown = bases.count(keys)
        if len(members) == len(set(keys)) == separate >= rules().estimates and not unknown:
            sets[outcome, f"{scale} ({policy}, {measure})"] = sorted(members, key=lambda row: row.finding)
    return sets


def number(text: str) -> float | None:
    """Return a printed number such as "-0.189" or "2,400"; none where it is no number."""
    try:
        return float(text.replace(",", "").replace("−", "-"))
    except ValueError:
        return None


def _agrees(row: Row) -> bool:
    """Say whether the sign of an estimate is the direction: what points the other way is on another scale."""
    value = number(row.estimate) or 0.0
    return row.direction == "null" or (row.direction == "positive") == (value > 0)
