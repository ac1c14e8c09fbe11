"""The shapes on the pictures: arrows, marks of classes, bars and diamonds, each by its middle."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

from kb.synthesis.plots.canvas import INK, PAPER
from kb.synthesis.plots.look import arrow, look

if TYPE_CHECKING:
    from kb.synthesis.plots.canvas import Canvas
    from kb.synthesis.plots.model import Arrow

Points = list[tuple[float, float]]
_SIZES = {"large": 0.17, "medium": 0.125, "small": 0.085, "": 0.125}  # half the height of an arrow, in inches
_UP: Points = [(-0.9, 0.8), (0.9, 0.8), (0, -0.9)]
_DOWN: Points = [(x, -y) for x, y in _UP]
_SIDEWAYS: Points = [
    (-1.25, 0), (-0.45, -0.8), (-0.45, -0.28), (0.45, -0.28), (0.45, -0.8), (1.25, 0), (0.45, 0.8), (0.45, 0.28),
    (-0.45, 0.28), (-0.45, 0.8),
]  # fmt: skip
_SHAPES: dict[str, Points] = {
    "up": _UP,
    "down": _DOWN,
    "square": [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
    "diamond": [(0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)],
    "circle": [(cos(n * pi / 20), sin(n * pi / 20)) for n in range(40)],
}
_ARROWS = {"▲": _UP, "▼": _DOWN, "↔": _SIDEWAYS}


def put_arrow(canvas: Canvas, x: float, y: float, found: Arrow, size: str) -> None:
    """Draw an arrow with its letter, and the number of findings behind it where there are several."""
    looks = look(found.result)
    letter = looks.letter
    shape = _ARROWS.get(arrow(found.direction))
    if shape is None:
        canvas.text(x, y, arrow(found.direction), 12, bold=True, across="center")
        letter = "" if letter == arrow(found.direction) else letter
    else:
        _put(canvas, x, y, shape, _SIZES[size], looks.fill if size else PAPER, _edge(found.result))
    number = str(len(found.findings)) if len(found.findings) > 1 else ""
    canvas.text(x + 0.26, y, letter, 9)
    canvas.text(x + 0.39, y + 0.05, number, 6.5)


def put_mark(canvas: Canvas, x: float, y: float, result: str, size: float = 0.1) -> None:
    """Draw the mark of a class with its letter on it."""
    looks = look(result)
    _put(canvas, x, y, _SHAPES[looks.shape], size, looks.fill, INK)
    canvas.text(x, y + 0.005, looks.letter, size * 75, colour=looks.ink, across="center")


def put_square(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Draw the square of an estimate."""
    _put(canvas, x, y, _SHAPES["square"], size, INK, INK)


def _edge(result: str) -> str:
    """Return the colour of the outline of an arrow: that of its class, dark where that is pale."""
    return look(result).fill if result in ("favourable", "positive") else INK


def _put(canvas: Canvas, x: float, y: float, shape: Points, size: float, fill: str, edge: str) -> None:
    canvas.area([(x + size * across, y + size * down) for across, down in shape], fill, edge, 1.0)
