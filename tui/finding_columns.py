"""The columns in which findings can be shown, and a table of them as it is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.evidence import keys_of
from kb.export import short_citation
from kb.sheet import Sheet
from kb.terminal import SIGNS
from tui.plain import COLOURS, signed
from tui.table_look import UNASKED, Column, by_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.evidence import Row
    from kb.session import Session

_ALWAYS = ("Finding", "Statement")  # columns that every table taken away has
_ORDER = {direction: number for number, direction in enumerate(SIGNS)}


def finding_columns(session: Callable[[], Session]) -> tuple[Column[Row], ...]:
    """Return all columns, those that are shown unasked first; what only the study says comes from the session."""

    def data(row: Row) -> str:
        study = session().study(row.study)
        return study.data if study else ""

    return (
        Column(
            "Direction", lambda row: signed(row.direction), 10,
            colour=lambda row: COLOURS.get(row.direction, ""), key=lambda row: _ORDER.get(row.direction, len(_ORDER)),
        ),
        Column("Outcome", lambda row: row.outcome_label + (f" ({row.relation})" if row.relation else ""), 0),
        Column("Policy", lambda row: row.policy_label, 0, 78),
        Column("Population", lambda row: row.population, 0, 108),
        Column("Study", short_citation, 0),
        Column("Read in", lambda row: row.source_level, 9, 66),
        Column("Design", lambda row: row.design, 18, 124),
        Column("n", lambda row: row.n, 9, 140, key=lambda row: by_number(row.n)),
        Column("Year", lambda row: row.year, 4, UNASKED),
        Column("Appraisal", lambda row: row.appraisal, 12, UNASKED),
        Column("Role", lambda row: row.role, 9, UNASKED),
        Column("Countries", lambda row: row.countries, 14, UNASKED),
        Column("Data", data, 16, UNASKED),
        Column("Measure", lambda row: row.measure, 14, UNASKED),
        Column("Circle", lambda row: "; ".join(session().index.of("circle", row)), 10, UNASKED),
        Column("Estimate", lambda row: row.estimate, 9, UNASKED, key=lambda row: by_number(row.estimate)),
        Column("p", lambda row: row.p, 7, UNASKED, key=lambda row: by_number(row.p)),
        Column("Locator", lambda row: row.locator, 18, UNASKED),
        Column("Title", lambda row: row.title, 0, UNASKED),
        Column("Statement", lambda row: row.statement, 0, UNASKED),
        Column("Finding", lambda row: row.finding, 24, UNASKED),
    )  # fmt: skip


def shown_sheet(
    title: str, rows: list[Row], shown: Sequence[Column[Row]], known: Sequence[Column[Row]], summary: str, query: str
) -> Sheet:
    """Return findings as they are shown, with their keys and statements; ``known`` are all columns that there are."""
    titles = {column.title for column in shown}
    columns = [*shown, *(column for column in known if column.title in _ALWAYS and column.title not in titles)]
    return Sheet(
        title,
        tuple(column.title for column in columns),
        [tuple(column.cell(row) for column in columns) for row in rows],
        keys_of(rows),
        summary,
        query,
        tuple(row.finding for row in rows),
    )
