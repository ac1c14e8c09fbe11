"""A gap map in words and signs: what a cell holds, what its numbers are and are not, and where nothing was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.dimensions import REST
from kb.gap_map import ALL
from kb.terminal import SIGNS
from kb.text import clean_text, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kb.facets import Value
    from kb.gap_map import Cell, GapMap
    from kb.study_counter import Count

#: What stands for a place where nothing was found.
GAP = "·"
#: Marks of studies with moderator findings alone, of reviews, and of a cell with more main signs than two.
MODERATOR, REVIEW, EVEN = "m", "r", "="
LEGEND = "  ".join(
    [
        *(f"{sign} {name}{' or at odds' * (name == 'mixed')}" for name, sign in SIGNS.items()),
        f"{MODERATOR} moderators only",
        f"{REVIEW} reviews",
        f"{EVEN} no sign prevails",
        f"{GAP} no study",
    ]
)
NOTE = (
    "A cell counts each study once, by the sign of its direct findings there (mixed where fewer than 70 per cent "
    "agree) on outcomes as named, good or bad; moderators and reviews stand apart. It tells how much was studied and "
    "which way it points, not how strong or how sure that is; studies that share data are not independent."
)


def split(counts: Count) -> list[tuple[str, str]]:
    """Return what a cell is made of, as kind and sign with number: the directions that occur, moderators, reviews."""
    parts = [(name, f"{SIGNS[name]}{number}") for name, number in counts.by_study.items() if number]
    if counts.moderators:
        parts.append(("moderator", f"{MODERATOR}{counts.moderators}"))
    if counts.reviews:
        parts.append(("review", f"{REVIEW}{counts.reviews}"))
    return parts


def in_signs(cell: Cell) -> str:
    """Return a cell such as "5: ▲3 ▼1 m1"; "0" where nothing was found."""
    parts = " ".join(text for _, text in split(cell.counts))
    return f"{cell.counts.studies}: {parts}" if parts else "0"


def in_short(cell: Cell) -> str:
    """Return a cell such as "5▲m": the number of studies, the signs that most of them have, and the marks."""
    if cell.is_gap:
        return GAP
    counts = cell.counts
    signs = "".join(SIGNS[name] for name in cell.main) if len(cell.main) < 3 else EVEN
    return f"{counts.studies or ''}{signs}{marks(counts)}"


def in_numbers(cell: Cell) -> str:
    """Return a cell such as "5m" without signs: for totals, which hold outcomes that are good and bad."""
    return GAP if cell.is_gap else f"{cell.counts.studies or ''}{marks(cell.counts)}"


def marks(counts: Count) -> str:
    """Return the marks of moderators and reviews, where there are any."""
    return MODERATOR * bool(counts.moderators) + REVIEW * bool(counts.reviews)


def in_words(cell: Cell, bases: tuple[int, int]) -> str:
    """Return a cell in one sentence; ``bases``: its evidence bases, and how many of its studies are of unknown data."""
    counts = cell.counts
    if cell.is_gap:
        return "No study."
    number, unknown = bases
    held = [counted(counts.findings, "finding"), counted(number, "evidence base")]
    held += [f"{unknown} of unknown data"] if unknown else []
    directions = ", ".join(f"{name} {number}" for name, number in counts.by_study.items())
    text = f"{counted(counts.studies, 'study', 'studies')} ({', '.join(held)}): {directions}"
    text += f", moderator only {counts.moderators}" if counts.moderators else ""
    return text + (f"; apart from these, {counted(counts.reviews, 'review')}." if counts.reviews else ".")


def label(made: GapMap, axis: int, name: str) -> str:
    """Return what a row (axis 0) or column (axis 1) is called, also the one of everything."""
    if name == ALL:
        return f"All {made.dimensions[axis].many}"
    values = made.across if axis else made.down
    return clean_text(next((value.label for value in values if value.name == name), name))


def place(made: GapMap, down: str, across: str) -> str:
    """Return where a cell lies, such as "Employment × Education"."""
    return f"{label(made, 0, down)} × {label(made, 1, across)}"


def title(made: GapMap) -> str:
    """Return what the map is called."""
    down, across = made.dimensions
    return f"Gap map: {down.many} by {across.many}"


def gap_lines(made: GapMap) -> list[str]:
    """Return where nothing was found: first the rows and columns that are wholly empty, then row by row."""
    down, across = made.dimensions
    empty_rows = _empty(made.down, lambda value: made.cell(value.name, ALL))
    empty_columns = _empty(made.across, lambda value: made.cell(ALL, value.name))
    lines = [
        f"No study on any of these {dimension.many}: {_names(values)}."
        for dimension, values in ((down, empty_rows), (across, empty_columns))
        if values
    ]
    missing: dict[str, list[Value]] = {}
    for row, column in made.gaps():
        if row not in empty_rows and column not in empty_columns:
            missing.setdefault(row.name, []).append(column)
    for name, values in missing.items():
        lines.append(f"{label(made, 0, name)}: no study on {len(values)} {across.many}: {_names(values)}.")
    return lines


def cell_lines(made: GapMap, bases: Callable[[Cell], tuple[int, int]]) -> Iterator[str]:
    """Yield a line for each place where something was found: first whole rows, then their cells."""
    for down in made.down:
        for across in [ALL, *(value.name for value in made.across)]:
            cell = made.cell(down.name, across)
            if not cell.is_gap:
                yield f"{place(made, down.name, across)}: {in_words(cell, bases(cell))}"


def _empty(values: Sequence[Value], total: Callable[[Value], Cell]) -> list[Value]:
    return [value for value in values if value.name != REST and total(value).is_gap]


def _names(values: Sequence[Value]) -> str:
    return "; ".join(clean_text(value.label) for value in values)
