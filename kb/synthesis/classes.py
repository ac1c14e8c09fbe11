"""Into which class a finding falls, and a study of several findings, and an evidence base of several studies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kb.synthesis.rules import APPRAISAL, rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.evidence import Row

_JUDGED = ("favourable", "unfavourable")


def class_of(row: Row, by: str = APPRAISAL) -> str:
    """Return the class of a finding.

    By appraisal, a sign on an outcome that is neither good nor bad is ``unappraised``: it can be read, but not judged.
    """
    if row.direction not in rules().labels:
        return "unclear"
    if by != APPRAISAL or row.direction == "null":
        return row.direction
    if row.appraisal in _JUDGED:
        return row.appraisal
    if "mixed" in (row.direction, row.appraisal):
        return "mixed"
    return "unclear" if "unclear" in (row.direction, row.appraisal) else "unappraised"


def class_of_several(classes: Iterable[str]) -> str:
    """Return the one class of several: that of at least 70 per cent of the readable ones, else mixed.

    What is unclear or neither good nor bad decides only where there is nothing else.
    """
    found = Counter(classes)
    unclear, unappraised = found.pop("unclear", 0), found.pop("unappraised", 0)
    if not found:
        return "unappraised" if unappraised or not unclear else "unclear"
    name, most = found.most_common(1)[0]
    return name if most * 100 >= found.total() * rules().share else "mixed"


def class_of_study(rows: Iterable[Row], by: str = APPRAISAL) -> str:
    """Return the class of the findings of one study; findings that differ in nothing but their key count once."""
    return class_of_several(class_of(row, by) for row in {row._replace(finding="") for row in rows})
