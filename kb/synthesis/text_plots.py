"""The pictures of a synthesis in text, for a terminal of 80 columns; glyphs and letters, no colour needed."""

from __future__ import annotations

import itertools
import textwrap
from typing import TYPE_CHECKING

from kb.synthesis.plots.look import arrow, legend_of, look, wording
from kb.synthesis.plots.shape import by_year, ends_of, estimate_text, extent, harvest_order, number_text, years_of
from kb.synthesis.rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.synthesis.plots.model import Forest, Line, Panel, Picture

WIDTH = 80
_KEY, _CELL = 31, 5
_COLUMNS = {"null": 14, "mixed": 8, "unclear": 8, "unappraised": 12}  # of a harvest plot; all others: 14
_HEIGHT = 3
_AXIS = 34


def as_text(picture: Picture) -> str:
    """Return a picture as plain text."""
    draw: Callable[[Panel], Iterator[str]] = {
        "effect-direction": _arrows, "harvest": _harvest, "forest": _forests, "timeline": _timeline,
    }[picture.kind]  # fmt: skip
    lines = [picture.title, "=" * min(WIDTH, len(picture.title)), ""]
    for panel in picture.panels:
        lines += [*_wrapped(panel.heading), "-" * min(WIDTH, len(panel.heading)), *_wrapped(panel.split), ""]
        if panel.lines:
            lines += [*draw(panel), ""]
    for text in (*picture.legend, *legend_of(picture.kind, "text")):
        lines += _wrapped(text)
    lines.append("")
    for text in (*picture.below, *picture.remarks):
        lines += _wrapped(text)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _arrows(panel: Panel) -> Iterator[str]:
    """Yield a table of studies by outcomes, in parts where there are too many outcomes for one line."""
    heads = wording()["heads"]
    key = min(_KEY, max(len(line.study) for line in panel.lines))
    fit = (WIDTH - key - 17) // _CELL
    names = [chr(ord("A") + n % 26) * (n // 26 + 1) for n in range(len(panel.columns))]
    for start in range(0, len(panel.columns), fit):
        part = list(zip(names, panel.columns, strict=True))[start : start + fit]
        head = "".join(f"{name:{_CELL}}" for name, _ in part)
        yield f"{heads['study']:{key}} {head}{heads['countries']:<12}{heads['level'].split()[0]}"
        for line in panel.lines:
            cells = "".join(f"{_cell(line, column.outcome):{_CELL}}" for _, column in part)
            yield f"{_cut(line.study, key):{key}} {cells}{_size(line):<12}{line.level}"
    yield ""
    for name, column in zip(names, panel.columns, strict=True):
        yield from _wrapped(f"{column.label} ({column.more})", f"{name} ")


def _cell(line: Line, outcome: str) -> str:
    found = line.arrows.get(outcome)
    if found is None:
        return "·"
    number = str(len(found.findings)) if len(found.findings) > 1 else ""
    sign, letter = arrow(found.direction), look(found.result).letter
    return f"{sign}{letter if letter not in sign else ''}{number}"


def _size(line: Line) -> str:
    return "?" if line.countries is None else f"{line.countries} {line.size}"


def _harvest(panel: Panel) -> Iterator[str]:
    """Yield columns of bars, the two that are tested on both sides of no association; below, which study is which."""
    columns = [_bars(panel, result) for result in harvest_order(panel)]
    storeys = max(len(column) for column in columns)
    for column in columns:
        blank = [" " * len(column[0])]
        column[:0] = blank * (storeys - len(column))
    rows = ["  ".join(parts) for parts in zip(*columns, strict=True)]
    yield from itertools.dropwhile(lambda row: not row.strip(), rows)
    yield ""
    for result in harvest_order(panel):
        found = [line for line in panel.lines if line.result == result]
        if found:
            named = ", ".join(f"{line.study} {line.level}" for line in found)
            yield from _wrapped(f"{rules().labels[result]}: {named}", "- ")


def _bars(panel: Panel, result: str) -> list[str]:
    """Return the lines of one column: storeys of bars with a letter under each, then its name and number."""
    width = _COLUMNS.get(result, 14)
    found = [line for line in panel.lines if line.result == result]
    room = width // 2
    lines: list[str] = []
    for start in range(0, len(found), room):
        shelf = found[start : start + room]
        for level in range(_HEIGHT, 0, -1):
            lines.append("".join("█ " if line.height >= level else "  " for line in shelf))
        lines.append("".join(f"{line.level} " for line in shelf))
    name = textwrap.wrap(rules().labels[result], width)
    lines += ["─" * width, *name, *[""] * (2 - len(name)), str(len(found))]
    return [f"{line:{width}}" for line in lines]


def _timeline(panel: Panel) -> Iterator[str]:
    """Yield a line for each study on an axis of years: its data, and its class at the year of publication."""
    lines = by_year(panel.lines)
    span = years_of(lines)
    key = min(_KEY, max(len(line.study) for line in lines))
    room = WIDTH - key - 2
    if span is None:
        for line in lines:
            yield f"{_cut(line.study, key):{key}}  {look(line.result).letter} {wording()['below']['no_year']}"
        return
    first, last = span

    def place(year: int) -> int:
        return round((year - first) * (room - 1) / max(1, last - first))

    marks = [" "] * (room + 4)
    for year in (first, (first + last) // 2, last):
        where = min(place(year), room - 4)
        if all(mark == " " for mark in marks[max(0, where - 1) : where + 5]):
            marks[where : where + 4] = str(year)
    yield f"{'':{key}}  {''.join(marks)}"
    for line in lines:
        cells = [" "] * room
        if line.data:
            start, end = place(line.data[0]), place(line.data[1])
            cells[start : end + 1] = "─" * (end + 1 - start)
        if line.year is None:
            name = f"{look(line.result).letter} {wording()['below']['no_year']}"
            yield f"{_cut(line.study, key):{key}}  {''.join(cells).rstrip()} {name}"
            continue
        cells[place(line.year)] = look(line.result).letter
        yield f"{_cut(line.study, key):{key}}  {''.join(cells)}"


def _forests(panel: Panel) -> Iterator[str]:
    """Yield what sums up, drawn on an axis each; and all estimates as printed."""
    words = wording()["kinds"]["forest"]
    for forest in panel.forests:
        yield from _wrapped(f"{forest.outcome}: {forest.scale}")
        yield from _forest(forest)
        yield from _wrapped(words["pooled_text"])
        yield ""
    for text in panel.numbers:
        yield from _wrapped(text)
    if panel.printed is None:
        yield words["apart"]
        return
    yield words["listed" if panel.printed else "nothing"]
    for estimate in panel.printed:
        yield from _wrapped(estimate_text(estimate), "- ")


def _forest(forest: Forest) -> Iterator[str]:
    low, high = extent(forest)
    summary = forest.summary

    def place(value: float) -> int:
        return round((value - low) / (high - low) * (_AXIS - 1)) if high > low else 0

    def axis(ends: tuple[float, float], middle: float, marks: str) -> str:
        cells = [" "] * _AXIS
        cells[place(0)] = "|"
        start, end = place(ends[0]), place(ends[1])
        cells[start : end + 1] = marks[0] * (end + 1 - start)
        cells[place(middle)] = marks[1]
        return "".join(cells)

    rows = [
        (
            one.finding,
            axis(ends_of(one), one.value, "-*"),
            number_text(one.value, one.low, one.high),
        )
        for one in forest.estimates
    ]
    mean = number_text(summary.mean, summary.low, summary.high)
    rows.append(("summary", axis((summary.low, summary.high), summary.mean, "=="), mean))
    new = f"{summary.predicted_low:.3g} to {summary.predicted_high:.3g}"
    rows.append(("a new study", axis((summary.predicted_low, summary.predicted_high), summary.mean, ".."), new))
    for name, drawn, numbers in rows:
        yield f"{_cut(name, 20):20} {drawn} {numbers}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _wrapped(text: str, start: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False
    )  # fmt: skip
