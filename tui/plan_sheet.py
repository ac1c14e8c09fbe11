"""The plan of an addition as a table to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.sheet import Sheet
from kb.text import clean_text
from tui.plan import remark_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.intake.plan import Row
    from kb.session import Session
    from tui.plan import Proposal

HEADER = ("status", "to_write", "line", "key", "study", "title", "year", "first_author", "remark")


def study_of(row: Row, session: Session) -> str:
    """Return the key of the study of the collection that an entry is; empty where it is none."""
    return row.citekey if session.study(row.citekey) else ""


def plan_sheet(proposal: Proposal, rows: Sequence[Row], said: str, session: Session) -> Sheet:
    """Return ``rows`` of a plan in their order; ``said`` says what is shown.

    Behind them stand the studies that are in the collection already, and the query that gives these.
    """
    studies = [study_of(row, session) for row in rows]
    there = tuple(dict.fromkeys(filter(None, studies)))
    cells = [
        (
            row.status, "yes" if proposal.is_written(row) else "no", str(row.line), row.key, study, row.title, row.year,
            row.author, remark_on(row),
        )
        for row, study in zip(rows, studies, strict=True)
    ]  # fmt: skip
    clean = [tuple(clean_text(cell) for cell in row) for row in cells]
    title = f"Plan for {clean_text(proposal.source.name)}"
    return Sheet(title, HEADER, clean, there, said, session.studies_query(there))
