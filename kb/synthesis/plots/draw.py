"""A picture of a synthesis as a file: title, panels one below the other, legend, and what it may not be read as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.synthesis.plots.canvas import FAINT, SOFT, Canvas, require, wrapped
from kb.synthesis.plots.look import legend_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.synthesis.plots.model import Panel, Picture

#: The formats of a drawing.
FORMATS = ("svg", "png")
MARGIN = 0.35
_NARROWEST = 8.5


def render(picture: Picture, form: str) -> bytes:
    """Return a picture as ``svg`` or ``png``.

    Raises:
        MissingExtraError: the library for it is not installed.
    """
    require()
    breadth, draw = _drawer(picture.kind)
    inner = max([_NARROWEST, *(breadth(panel) for panel in picture.panels if panel.lines)])
    canvas = Canvas(inner + 2 * MARGIN)
    y = canvas.paragraph(MARGIN, MARGIN, picture.title, inner, 14, bold=True)
    for panel in picture.panels:
        y += 0.22
        canvas.line([(MARGIN, y), (MARGIN + inner, y)], FAINT)
        y = canvas.paragraph(MARGIN, y + 0.1, panel.heading, inner, 10.5, bold=True) + 0.03
        y = canvas.paragraph(MARGIN, y, panel.split, inner, 8.5, colour=SOFT)
        if panel.lines:
            y = draw(canvas, panel, MARGIN, y + 0.15, inner)
    y += 0.22
    canvas.line([(MARGIN, y), (MARGIN + inner, y)], FAINT)
    y += 0.1
    for text in (*picture.legend, *legend_of(picture.kind, "drawn")):
        y = canvas.paragraph(MARGIN, y, text, inner, 8.5) + 0.03
    y = canvas.paragraph(MARGIN, y + 0.06, picture.below[0], inner, 9, bold=True) + 0.03
    for text in (*picture.below[1:], *picture.remarks):
        y = canvas.paragraph(MARGIN, y, text, inner, 8.5, colour=SOFT)
    about = " ".join((*(f"{panel.heading}: {panel.split}" for panel in picture.panels), *picture.below))
    return canvas.render(form, y + MARGIN, _flat(picture.title), _flat(about))


def _flat(text: str) -> str:
    return " ".join(wrapped(text, 1e6, 9))


def _drawer(kind: str) -> tuple[Callable[[Panel], float], Callable[[Canvas, Panel, float, float, float], float]]:
    """Return how wide a panel of this kind is, and what draws it."""
    from kb.synthesis.plots import draw_arrows, draw_forest, draw_harvest, draw_timeline

    module = {
        "effect-direction": draw_arrows, "harvest": draw_harvest, "forest": draw_forest, "timeline": draw_timeline,
    }[kind]  # fmt: skip
    return module.breadth_of, module.draw
