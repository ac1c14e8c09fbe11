"""Tables for people: findings and query results on a terminal (styled) or in a pipe (plain and complete)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.evidence import Answer, Row

#: Direction -> the sign that stands before its name, so that meaning never hangs on colour.
SIGNS = {"positive": "▲", "negative": "▼", "null": "○", "mixed": "◆", "unclear": "?"}
_COLOURS = {"positive": "blue", "negative": "dark_orange", "null": "default", "mixed": "magenta", "unclear": "default"}


def findings_text(
    rows: Sequence[Row],
    more: Mapping[str, Mapping[str, str]] | None = None,
    status: Mapping[str, str] | None = None,
) -> str:
    """Return findings as plain text, a paragraph each.

    ``more`` holds further fields by finding, ``status`` by study whether its use of MIPEX was seen or is believed.
    """
    extra = more or {}
    paragraphs = (
        [*_paragraph(row, status or {}), *(f"  {name}: {value}" for name, value in extra.get(row.finding, {}).items())]
        for row in rows
    )
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs) + ("\n" if rows else "")


def print_findings(answer: Answer) -> None:
    """Print findings as a table on the terminal, in groups by policy."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    narrow = console.width < 100
    for policy in dict.fromkeys(row.policy_label for row in answer.rows):
        rows = [row for row in answer.rows if row.policy_label == policy]
        title = Text(f"{policy} ({len(rows)})", style="bold")
        table = Table(title=title, title_justify="left", expand=True, pad_edge=False)
        table.add_column("Outcome", ratio=3 if narrow else 2)
        table.add_column("Direction", width=11 if narrow else 14)
        table.add_column("Statement and source", ratio=6)
        for row in rows:
            outcome = Text(row.outcome_label)
            outcome.append(f"\n{row.population}" + (f"\n{row.relation}" if row.relation else ""), style="dim")
            direction = Text(f"{SIGNS.get(row.direction, '?')} {row.direction}", style=_COLOURS.get(row.direction, ""))
            direction.append(f"\n{row.appraisal}" + ("\nmoderator" if row.role == "moderator" else ""), style="dim")
            statement = Text(row.statement)
            statement.append("".join(f"\n{line}" for line in _provenance(row, answer.measure_status)), style="dim")
            table.add_row(outcome, direction, statement)
            table.add_section()
        console.print(table)


def table_text(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = False) -> str:
    """Return rows as an aligned plain table, whole cells only; ``numbers`` sets all but the first to the right."""
    lines = [list(header), *([" ".join(cell.split()) for cell in row] for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(header))]
    rule = ["-" * width for width in widths]
    return "".join(
        "  ".join(
            _padded(*cell, right=numbers and n > 0) for n, cell in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in [lines[0], rule, *lines[1:]]
    )


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    """Return the number of terminal columns that a text takes."""
    if text.isascii():
        return len(text)
    seen = [letter for letter in text if not unicodedata.combining(letter)]
    return len(seen) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in seen)


def _paragraph(row: Row, status: Mapping[str, str]) -> Iterator[str]:
    direction = f"{SIGNS.get(row.direction, '?')} {row.direction} ({row.appraisal})"
    yield " | ".join((row.policy_label, row.outcome_label, direction, row.role, row.population))
    if row.relation:
        yield f"  Relation: {row.relation}"
    yield f"  {row.statement}"
    yield from (f"  {line}" for line in _provenance(row, status))


def _provenance(row: Row, status: Mapping[str, str]) -> Iterator[str]:
    from kb.export import numbers, short_citation

    if printed := numbers(row):
        yield printed
    core = row.measure.startswith("mipex") and row.study in status
    measure = f"{row.measure} ({status[row.study]})" if core else row.measure
    yield " · ".join(part for part in (short_citation(row), row.finding, measure) if part)
    yield " · ".join(
        part
        for part in (f"read in: {row.source_level}", row.locator if row.locator != row.source_level else "", row.source)
        if part
    )
