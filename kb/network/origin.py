"""What a network is made from: the studies and findings of some circles, and the query that gives the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.evidence import Row
    from kb.tables import StudyRow


def studies_of(studies: Iterable[StudyRow], findings: Iterable[Row], circles: Sequence[str]) -> list[StudyRow]:
    """Return the studies of circles, and those that ``findings`` (of these circles) come from; all without circles."""
    if not circles:
        return list(studies)
    keys = {row.study for row in findings}
    return [study for study in studies if study.study in keys or study.circle in circles]


def query_behind(kind: str, circle: str = "") -> str:
    """Return the SPARQL that gives what a network of one circle (all without one) is made of.

    Topics and questions are made of findings, the others of studies with authors and data.
    """
    from kb.named_queries import named_query

    name = "findings" if kind in ("topics", "questions") else "network"
    return named_query(name).text({"circle": [circle] if circle in CIRCLES else []})
