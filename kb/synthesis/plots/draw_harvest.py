"""The harvest plot: a column for each class, a bar for each study, as tall as its design is strong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.synthesis.plots.canvas import FAINT, INK, SOFT, breadth, wrapped
from kb.synthesis.plots.look import look, wording
from kb.synthesis.plots.shape import harvest_order
from kb.synthesis.rules import rules

if TYPE_CHECKING:
    from kb.synthesis.plots.canvas import Canvas
    from kb.synthesis.plots.model import Line, Panel

_BAR, _PITCH, _STEP = 0.24, 0.31, 0.28
_SCALE, _GAP, _NARROWEST = 0.6, 0.2, 1.2
_SHELF = 14  # bars beside each other, at most
_NAMES = 1.75
_NAME = 7.5


def breadth_of(panel: Panel) -> float:
    """Return how wide a panel is."""
    widths = [_width(len(_found(panel, result))) for result in harvest_order(panel)]
    return _SCALE + sum(widths) + _GAP * max(0, len(widths) - 1)


def _width(number: int) -> float:
    return max(_NARROWEST, _PITCH * min(number, _SHELF))


def _found(panel: Panel, result: str) -> list[Line]:
    return [line for line in panel.lines if line.result == result]


def draw(canvas: Canvas, panel: Panel, x: float, y: float, width: float) -> float:
    """Draw a panel and return where it ends."""
    order = harvest_order(panel)
    found = {result: _found(panel, result) for result in order}
    spare = (width - breadth_of(panel)) / len(order)
    left, lefts = x + _SCALE, {}
    for result in order:
        lefts[result] = left
        left += _width(len(found[result])) + spare + _GAP
    for result in order:
        name = f"{rules().labels[result]}: {len(found[result])}"
        canvas.paragraph(lefts[result], y, name, _width(len(found[result])) + spare, 8.5, bold=True)
    y += 0.38
    shelves = max(1, -(-max(map(len, found.values())) // _SHELF))
    for shelf in range(shelves):
        base = y + 3 * _STEP + 0.1
        for height, name in enumerate(wording()["heights_named"], start=1):
            canvas.line([(x + _SCALE - 0.08, base - height * _STEP), (x + width, base - height * _STEP)], FAINT, 0.5)
            canvas.text(x + _SCALE - 0.12, base - height * _STEP, name, 7.5, colour=SOFT, across="right")
        lowest = base
        for result in order:
            lines = found[result][shelf * _SHELF : (shelf + 1) * _SHELF]
            canvas.line([(lefts[result], base), (lefts[result] + _width(len(found[result])), base)], INK, 1.2)
            for n, line in enumerate(lines):
                lowest = max(lowest, _bar(canvas, lefts[result] + n * _PITCH, base, line))
        y = lowest + 0.12
    return y - 0.05


def _bar(canvas: Canvas, x: float, base: float, line: Line) -> float:
    """Draw a bar with its letter, the name of its study below, and return where that ends."""
    looks = look(line.result)
    top = base - line.height * _STEP
    canvas.area([(x, base), (x, top), (x + _BAR, top), (x + _BAR, base)], looks.fill)
    canvas.text(x + _BAR / 2, base - 0.13, line.level, 8.5, colour=looks.ink, across="center", bold=True)
    lines = wrapped(line.label, _NAMES, _NAME, most=2)
    for n, text in enumerate(lines):
        middle = x + _BAR / 2 + 0.125 * (n - (len(lines) - 1) / 2)
        canvas.text(middle, base + 0.08, text, _NAME, across="right", turned=True)
    return base + 0.08 + max((breadth(text, _NAME) for text in lines), default=0.0)
