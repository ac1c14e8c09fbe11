"""The timeline: a line for each study, with the years of its data and its class at the year of publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.synthesis.plots.canvas import FAINT, SOFT, wrapped
from kb.synthesis.plots.look import wording
from kb.synthesis.plots.marks import put_mark
from kb.synthesis.plots.shape import by_year, years_of

if TYPE_CHECKING:
    from kb.synthesis.plots.canvas import Canvas
    from kb.synthesis.plots.model import Panel

_LABEL, _AXIS, _ROW, _AFTER = 2.5, 5.5, 0.28, 0.5
_MOST_TICKS = 10
_DATA = "#8c8c8c"


def breadth_of(panel: Panel) -> float:
    """Return how wide a panel is."""
    return _LABEL + _AXIS + _AFTER


def draw(canvas: Canvas, panel: Panel, x: float, y: float, width: float) -> float:
    """Draw a panel and return where it ends."""
    lines = by_year(panel.lines)
    first, last = years_of(lines) or (0, 0)
    start, room = x + _LABEL, width - _LABEL - _AFTER
    known = [line for line in lines if line.year is not None or line.data]

    def place(year: int) -> float:
        return start + (year - first) * room / max(1, last - first)

    labels = [wrapped(line.label, _LABEL - 0.2, 9, most=2) for line in lines]
    heights = [max(_ROW, 0.15 * len(label) + 0.08) for label in labels]
    bottom = y + 0.2 + sum(heights)
    for year in ticks(first, last) if known else []:
        canvas.line([(place(year), y + 0.18), (place(year), bottom)], FAINT, 0.6)
        canvas.text(place(year), y + 0.08, str(year), 8, colour=SOFT, across="center")
    y += 0.2
    for line, label, tall in zip(lines, labels, heights, strict=True):
        middle = y + tall / 2
        for n, text in enumerate(label):
            canvas.text(x, middle + 0.15 * (n - (len(label) - 1) / 2), text, 9)
        if line.data:
            left, right = place(line.data[0]) - 0.05, place(line.data[1]) + 0.05
            top, under = middle - 0.04, middle + 0.04
            canvas.area([(left, top), (right, top), (right, under), (left, under)], _DATA, _DATA, 0)
        put_mark(canvas, start + room + 0.2 if line.year is None else place(line.year), middle, line.result)
        if line.year is None:
            canvas.text(start + room + 0.1, middle, wording()["below"]["no_year"], 8, colour=SOFT, across="right")
        y += tall
    return bottom


def ticks(first: int, last: int) -> list[int]:
    """Return the years to name on an axis: round ones, and no more than there is room for."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= _MOST_TICKS)
    return [year for year in range(first, last + 1) if year % step == 0] or [first]
