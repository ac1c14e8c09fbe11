"""The forest plot, where estimates may be summed up; else the list of what was printed, and why it is no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.synthesis.plots.canvas import FAINT, INK, SOFT, wrapped
from kb.synthesis.plots.look import arrow, look, wording
from kb.synthesis.plots.marks import put_square
from kb.synthesis.plots.shape import ends_of, extent, number_text

if TYPE_CHECKING:
    from kb.synthesis.plots.canvas import Canvas
    from kb.synthesis.plots.model import Estimate, Forest, Panel

_LABEL, _AXIS, _NUMBERS = 2.5, 4.0, 2.0
_ROW, _LINE = 0.26, 0.15
_COLUMNS = (("study", 2.2), ("outcome", 1.9), ("printed", 2.0), ("model", 2.4))


def breadth_of(panel: Panel) -> float:
    """Return how wide a panel is."""
    return _LABEL + _AXIS + _NUMBERS


def draw(canvas: Canvas, panel: Panel, x: float, y: float, width: float) -> float:
    """Draw a panel and return where it ends."""
    words = wording()["kinds"]["forest"]
    for forest in panel.forests:
        y = canvas.paragraph(x, y, f"{forest.outcome}: {forest.scale}", width, 9, bold=True) + 0.08
        y = _forest(canvas, forest, x, y)
        y = canvas.paragraph(x, y + 0.05, words["pooled_drawn"], width, 8, colour=SOFT) + 0.12
    for text in panel.numbers:
        y = canvas.paragraph(x, y, text, width, 9) + 0.05
    if panel.printed is None:
        return canvas.paragraph(x, y, words["apart"], width, 9)
    y = canvas.paragraph(x, y, words["listed" if panel.printed else "nothing"], width, 9)
    return _listed(canvas, panel.printed, x, y + 0.08, width) if panel.printed else y


def _forest(canvas: Canvas, forest: Forest, x: float, y: float) -> float:
    summary = forest.summary
    low, high = extent(forest)
    start = x + _LABEL

    def place(value: float) -> float:
        return start + (value - low) / ((high - low) or 1) * _AXIS

    bottom = y + _ROW * (len(forest.estimates) + 1) + 0.1
    for value in _ticks(low, high):
        canvas.line([(place(value), bottom), (place(value), bottom + 0.06)], SOFT)
        canvas.text(place(value), bottom + 0.15, f"{value:g}", 8, colour=SOFT, across="center")
    canvas.line([(start, bottom), (start + _AXIS, bottom)], SOFT)
    canvas.line([(place(0), y), (place(0), bottom)], FAINT)
    for one in forest.estimates:
        middle = y + _ROW / 2
        canvas.text(x, middle, wrapped(one.label, _LABEL - 0.15, 9, most=1)[0], 9)
        canvas.line([(place(end), middle) for end in ends_of(one)], INK)
        put_square(canvas, place(one.value), middle, 0.03 + 0.08 * one.weight**0.5)
        canvas.text(start + _AXIS + 0.2, middle, number_text(one.value, one.low, one.high), 9)
        y += _ROW
    middle = y + _ROW / 2
    canvas.text(x, middle, wording()["heads"]["summary"], 9, bold=True)
    canvas.line([(place(summary.predicted_low), middle), (place(summary.predicted_high), middle)], INK, 1, "--")
    corners = [
        (place(summary.low), middle), (place(summary.mean), middle - 0.09), (place(summary.high), middle),
        (place(summary.mean), middle + 0.09),
    ]  # fmt: skip
    canvas.area(corners, look("favourable").fill, INK)
    numbers = number_text(summary.mean, summary.low, summary.high)
    canvas.text(start + _AXIS + 0.2, middle, numbers, 9, bold=True)
    return bottom + 0.28


def _ticks(low: float, high: float) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(6).tick_values(low, high)
    return [round(float(value), 10) for value in found if low <= value <= high]


def _listed(canvas: Canvas, printed: tuple[Estimate, ...], x: float, y: float, width: float) -> float:
    lefts = [x + sum(breadth for _, breadth in _COLUMNS[:n]) for n in range(len(_COLUMNS))]
    for left, (name, _) in zip(lefts, _COLUMNS, strict=True):
        canvas.text(left, y + _LINE / 2, wording()["heads"][name], 8, bold=True)
    y += _LINE + 0.05
    canvas.line([(x, y), (x + width, y)], SOFT)
    for one in printed:
        cells = (one.label, f"{one.outcome} {arrow(one.direction)}", one.printed, one.model or "?")
        lines = [wrapped(text, breadth - 0.15, 8.5, most=4) for text, (_, breadth) in zip(cells, _COLUMNS, strict=True)]
        for left, found in zip(lefts, lines, strict=True):
            for n, text in enumerate(found):
                canvas.text(left, y + 0.05 + _LINE * (n + 0.5), text, 8.5)
        y += _LINE * max(map(len, lines)) + 0.1
        canvas.line([(x, y), (x + width, y)], FAINT, 0.5)
    return y
