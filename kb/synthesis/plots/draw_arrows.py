"""The effect direction plot: a table of studies by outcomes with an arrow in each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.synthesis.plots.canvas import FAINT, SOFT, wrapped
from kb.synthesis.plots.look import wording
from kb.synthesis.plots.marks import put_arrow

if TYPE_CHECKING:
    from kb.synthesis.plots.canvas import Canvas
    from kb.synthesis.plots.model import Panel

_LABEL, _COLUMN, _COUNTRIES, _DESIGN, _LEVEL = 2.3, 1.1, 0.85, 1.75, 0.7
_LINE = 0.15


def breadth_of(panel: Panel) -> float:
    """Return how wide a panel is."""
    return _LABEL + _COLUMN * len(panel.columns) + _COUNTRIES + _DESIGN + _LEVEL


def draw(canvas: Canvas, panel: Panel, x: float, y: float, width: float) -> float:
    """Draw a panel and return where it ends."""
    heads = wording()["heads"]
    columns = [x + _LABEL + _COLUMN * n for n in range(len(panel.columns))]
    after = x + width - _COUNTRIES - _DESIGN - _LEVEL
    names = [wrapped(column.label, _COLUMN - 0.12, 8, bold=True) for column in panel.columns]
    more = [wrapped(column.more, _COLUMN - 0.12, 7.5) for column in panel.columns]
    y += _LINE * max(len(name) + len(under) for name, under in zip(names, more, strict=True))
    for left, name, under in zip(columns, names, more, strict=True):
        for n, text in enumerate([*name, *under]):
            bold = n < len(name)
            up = len(name) + len(under) - n - 0.5
            canvas.text(left, y - _LINE * up, text, 8 if bold else 7.5, bold=bold)
    for left, head in ((x, "study"), (after, "countries"), (after + _COUNTRIES, "design")):
        canvas.text(left, y - _LINE / 2, heads[head], 8, bold=True)
    canvas.text(after + _COUNTRIES + _DESIGN, y - _LINE / 2, heads["level"], 8, bold=True)
    y += 0.05
    canvas.line([(x, y), (x + width, y)], SOFT)
    for line in panel.lines:
        label = wrapped(line.label, _LABEL - 0.15, 9, most=3)
        design = wrapped(line.designs or "?", _DESIGN - 0.12, 8, most=3)
        tall = max(0.4, _LINE * max(len(label), len(design)) + 0.08)
        middle = y + tall / 2
        for left, lines, size in ((x, label, 9.0), (after + _COUNTRIES, design, 8.0)):
            for n, text in enumerate(lines):
                canvas.text(left, middle + _LINE * (n - (len(lines) - 1) / 2), text, size)
        for left, column in zip(columns, panel.columns, strict=True):
            found = line.arrows.get(column.outcome)
            if found is None:
                canvas.text(left + 0.22, middle, "·", 9, colour=SOFT, across="center")
            else:
                put_arrow(canvas, left + 0.22, middle, found, line.size)
        canvas.text(after, middle, "?" if line.countries is None else str(line.countries), 9)
        canvas.text(after + _COUNTRIES + _DESIGN, middle, line.level, 9)
        y += tall
        canvas.line([(x, y), (x + width, y)], FAINT, 0.5)
    return y
