"""How the cells and heads of a map are written, and how wide its columns are, for the room that there is."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from kb.gap_map import ALL
from kb.gap_map_files import short_names
from kb.gap_map_words import EVEN, GAP, label, marks, split
from kb.terminal import SIGNS
from tui.plain import fit

if TYPE_CHECKING:
    from kb.gap_map import GapMap

#: What a piece of a cell is, beside the directions.
NUMBER, MARK, NONE = "number", "mark", "none"
_NARROW, _WIDE = 5, 12  # columns of the terminal
_HEAD_LINES = 3
_WHOLE_WORDS = 9  # from this width on a head is written in words
_SHARE = 3  # the heads of the rows take at most one part of so many
_AT_LEAST, _AT_MOST = 20, 44


class Column(NamedTuple):
    """One column: the name of its value, its width with the space after it, and the lines of its head."""

    name: str
    width: int
    head: tuple[str, ...]


class Layout(NamedTuple):
    """All columns of a map, the first of which holds the totals; the room for the heads of rows; the lines of heads."""

    columns: list[Column]
    left: int
    lines: int
    whole: bool


def pieces(made: GapMap, down: str, across: str, *, whole: bool) -> list[tuple[str, str]]:
    """Return a cell as pieces, each with what it is; ``whole``: with every sign and its number, else the main sign."""
    cell = made.cell(down, across)
    if cell.is_gap:
        return [(NONE, GAP)]
    found = [(NUMBER, str(cell.counts.studies))] if cell.counts.studies else []
    if whole:
        pairs = split(cell.counts)
        if ALL in (down, across):
            pairs = [pair for pair in pairs if pair[0] not in SIGNS]
        texts = [(name if name in SIGNS else MARK, text) for name, text in pairs]
        return [*found, *([(NONE, " ")] if found and texts else []), *texts]
    if ALL not in (down, across):
        main = cell.main
        found += [(name, SIGNS[name]) for name in main] if len(main) < _HEAD_LINES else [(MARK, EVEN)]
    said = marks(cell.counts)
    return [*found, *([(MARK, said)] if said else [])]


def lay_out(made: GapMap, width: int, *, whole: bool | None) -> Layout:
    """Return the columns for a width; where all of them fit, they share what is left over.

    ``whole``: cells with every sign and its number, or with the main sign; none means the first where all of it fits.
    """
    if whole is None:
        found = lay_out(made, width, whole=True)
        fits = found.left + sum(column.width for column in found.columns) <= width
        return found if fits else lay_out(made, width, whole=False)
    rows = [ALL, *(value.name for value in made.down)]
    names = [ALL, *(value.name for value in made.across)]
    longest = max(cell_len(label(made, 0, name)) for name in rows) + 2
    left = max(_AT_LEAST, min(longest, width // _SHARE, _AT_MOST))
    sizes = [
        max(_NARROW, 1 + max(sum(len(text) for _, text in pieces(made, row, name, whole=whole)) for row in rows))
        for name in names
    ]
    if whole:
        sizes = [max(size, _WHOLE_WORDS) for size in sizes]
    spare = max(width - left - sum(sizes), 0) // len(sizes)
    sizes = [max(size, min(size + spare, _WIDE)) for size in sizes]
    short = {ALL: "All", **short_names(made.across)}
    in_words = min(sizes) >= _WHOLE_WORDS
    heads = [
        _words("All" if name == ALL else label(made, 1, name), size - 1) if in_words else (short[name],)
        for name, size in zip(names, sizes, strict=True)
    ]
    columns = [Column(*parts) for parts in zip(names, sizes, heads, strict=True)]
    return Layout(columns, left, max(map(len, heads)), whole)


def _words(text: str, width: int) -> tuple[str, ...]:
    """Return a head in lines; what has no room is cut."""
    lines = textwrap.wrap(text, width, break_long_words=False) or [""]
    if len(lines) > _HEAD_LINES:
        lines = [*lines[: _HEAD_LINES - 1], " ".join(lines[_HEAD_LINES - 1 :])]
    return tuple(fit(line, min(cell_len(line), width)) for line in lines)
