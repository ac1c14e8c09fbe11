"""A gap map as files hold it: a table of signs, one line a cell, numbers for programs, and a plain table to read."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from kb.gap_map import ALL
from kb.gap_map_words import LEGEND, NOTE, cell_lines, gap_lines, in_numbers, in_short, in_signs, label, title
from kb.sheet import Sheet, studies_of
from kb.terminal import SIGNS, table_text
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.facets import Value
    from kb.gap_map import Cell, GapMap, Mapper
    from kb.session import Session

_LABEL = 32  # columns of a row's name before it is broken
_ABBREVIATED = 4
_COUNTS = (
    "studies", *SIGNS, "moderator_only", "reviews", "evidence_bases", "unknown_data", "findings",
    *(f"{name}_findings" for name in SIGNS), "moderator_findings", "review_findings",
)  # fmt: skip


def map_sheet(made: GapMap, mapper: Mapper, session: Session) -> Sheet:
    """Return the map as it is shown: its rows and columns, with signs in the cells."""
    down, _ = made.dimensions
    columns = [ALL, *(value.name for value in made.across)]
    header = (down.label, "All", *(clean_text(value.label) for value in made.across))
    rows = [
        (label(made, 0, name), *(_signs(made, name, column) for column in columns))
        for name in [ALL, *(value.name for value in made.down)]
    ]
    return _sheet(made, mapper, session, header, rows)


def cells_sheet(made: GapMap, mapper: Mapper, session: Session) -> Sheet:
    """Return the map with one row a cell, gaps too, and a column for each number."""
    header = ("down", "down_label", "across", "across_label", *_COUNTS)
    rows = [
        (
            down.name, clean_text(down.label), across.name, clean_text(across.label),
            *(str(number) for number in _numbers(made.cell(down.name, across.name), mapper, session).values()),
        )
        for down in made.down for across in made.across
    ]  # fmt: skip
    return _sheet(made, mapper, session, header, rows)


def map_data(made: GapMap, mapper: Mapper, session: Session) -> dict[str, Any]:
    """Return the whole map for programs: each number with the keys of the studies and findings that it comes from."""

    def values(axis: int, found: Sequence[Value]) -> list[dict[str, Any]]:
        return [
            {
                "name": value.name, "label": clean_text(value.label), "above": value.above,
                **_numbers(made.cell(*((ALL, value.name) if axis else (value.name, ALL))), mapper, session),
            }
            for value in found
        ]  # fmt: skip

    cells = []
    for down in made.down:
        for across in made.across:
            cell = made.cell(down.name, across.name)
            rows = mapper.rows(cell)
            keys = {"study_keys": studies_of(rows), "finding_keys": tuple(row.finding for row in rows)}
            cells.append({"down": down.name, "across": across.name, **_numbers(cell, mapper, session), **keys})
    return {
        "title": title(made),
        "note": NOTE,
        "data_version": session.version(),
        "choice": made.choice._asdict(),
        "all": _numbers(made.cell(ALL, ALL), mapper, session),
        "down": {"dimension": made.dimensions[0].name, "values": values(0, made.down)},
        "across": {"dimension": made.dimensions[1].name, "values": values(1, made.across)},
        "cells": cells,
    }


def map_list(made: GapMap, mapper: Mapper, session: Session) -> str:
    """Return the map as lines that can be listened to: a line for each cell, then the gaps."""

    def bases(cell: Cell) -> tuple[int, int]:
        return session.bases().count(studies_of(mapper.rows(cell)))

    lines = [f"{title(made)}.", NOTE, "", *(cell_lines(made, bases)), "", "Gaps:", *gap_lines(made)]
    return "\n".join(lines) + "\n"


def map_table(made: GapMap, width: int = 80) -> str:
    """Return the map as a plain table; columns that do not fit stand below, short heads are explained at the end."""
    names = short_names(made.across)
    columns = [(ALL, "All"), *names.items()]
    rows = [ALL, *(value.name for value in made.down)]
    labels = {name: textwrap.wrap(label(made, 0, name), _LABEL) or [""] for name in rows}
    left = width - max(len(line) for lines in labels.values() for line in lines)
    text = ""
    while columns:
        block: list[tuple[str, str]] = []
        room = left
        while columns:
            name, head = columns[0]
            room -= 2 + max(len(head), *(len(_short(made, row, name)) for row in rows))
            if room < 0 and block:
                break
            block.append(columns.pop(0))
        lines = []
        for row in rows:
            first, *more = labels[row]
            lines.append([first, *(_short(made, row, name) for name, _ in block)])
            lines += [[f"  {part}"] + [""] * len(block) for part in more]
        text += table_text([made.dimensions[0].label, *(head for _, head in block)], lines, numbers=True) + "\n"
    heads = [f"{names[value.name]} = {clean_text(value.label)}" for value in made.across]
    return text + "".join(f"{_wrapped(words, width)}\n" for words in ("; ".join(heads) + ".", LEGEND))


def short_names(values: Iterable[Value]) -> dict[str, str]:
    """Return heads of a few letters by name, no two the same."""
    found: dict[str, str] = {}
    for value in values:
        words = re.findall(r"\w+", clean_text(value.label)) or ["?"]
        tries = [value.name] if len(value.name) < _ABBREVIATED else []
        tries += [words[0][:_ABBREVIATED]]
        tries += [words[0][:2] + word[:2].capitalize() for word in words[1:]]
        tries += [f"{words[0][:2]}{number}" for number in range(1, 1000)]
        found[value.name] = next(text for text in tries if text and text not in found.values())
    return found


def _signs(made: GapMap, down: str, across: str) -> str:
    cell = made.cell(down, across)
    return str(cell.counts.studies) if ALL in (down, across) else in_signs(cell)


def _short(made: GapMap, down: str, across: str) -> str:
    cell = made.cell(down, across)
    return in_numbers(cell) if ALL in (down, across) else in_short(cell)


def _sheet(
    made: GapMap, mapper: Mapper, session: Session, header: tuple[str, ...], rows: list[tuple[str, ...]]
) -> Sheet:
    everything = mapper.rows(made.cell(ALL, ALL))
    summary = f"{session.summary(everything, made.choice)}. {NOTE}"
    return Sheet(title(made), header, rows, studies_of(everything), summary, session.query(made.choice))


def _numbers(cell: Cell, mapper: Mapper, session: Session) -> dict[str, int]:
    counts = cell.counts
    bases, unknown = session.bases().count(studies_of(mapper.rows(cell)))
    values = (
        counts.studies, *counts.by_study.values(), counts.moderators, counts.reviews, bases, unknown, counts.findings,
        *counts.by_finding.values(), counts.moderator_findings, counts.review_findings,
    )  # fmt: skip
    return dict(zip(_COUNTS, values, strict=True))


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_on_hyphens=False))
