"""A sheet of paper in inches, from the top left corner: shapes and text are put on it, then it becomes SVG or PNG.

The work is done by matplotlib, which comes with the extra ``pictures``. The same picture gives the same bytes.
"""

from __future__ import annotations

import io
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from kb.errors import MissingExtraError
from kb.synthesis.plots.look import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    Points = Sequence[tuple[float, float]]

INK, SOFT, FAINT, PAPER = "#1a1a1a", "#595959", "#c8c8c8", "#ffffff"
_FONT = "DejaVu Sans"  # comes with matplotlib
_SETTINGS = {
    "font.family": _FONT, "svg.fonttype": "none", "svg.hashsalt": "mipex-kb", "text.usetex": False,
    "text.parse_math": False, "path.simplify": False,
}  # fmt: skip
_NO_METADATA: dict[str, dict[str, Any]] = {
    "svg": dict.fromkeys(("Creator", "Date", "Format", "Type")),
    "png": {"Software": None},
}
_PIECE = re.compile(r"[^-/]*[-/]|[^-/]+")
_FAMILY = re.compile(r"(?<= style=\")[^\"<>]*font-family: 'DejaVu Sans'")
_FALLBACKS = ", Verdana, sans-serif"
_DOTS = 160  # an inch, in PNG


class _Text(NamedTuple):
    x: float
    y: float
    text: str
    options: dict[str, Any]


class _Shape(NamedTuple):
    points: Points
    closed: bool
    options: dict[str, Any]


def require() -> None:
    """Make sure that drawing is possible.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise MissingExtraError(wording()["mistakes"]["extra"]) from None


class Canvas:
    """Collects what is drawn; ``render`` makes a file of it once its height is known."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._things: list[_Text | _Shape] = []

    def text(
        self, x: float, y: float, text: str, size: float = 9, *, colour: str = INK, bold: bool = False,
        across: str = "left", down: str = "center", turned: bool = False,
    ) -> None:  # fmt: skip
        """Put a line of text; ``turned`` reads upwards. Text is never taken for a formula."""
        options = {
            "fontsize": size, "color": colour, "fontweight": "bold" if bold else "normal", "ha": across, "va": down,
            "rotation": 90 if turned else 0, "rotation_mode": "anchor", "parse_math": False, "clip_on": False,
        }  # fmt: skip
        self._things.append(_Text(x, y, text, options))

    def paragraph(
        self, x: float, y: float, text: str, width: float, size: float = 9, *, colour: str = INK, bold: bool = False
    ) -> float:
        """Put text in lines that fit, and return where it ends."""
        for line in wrapped(text, width, size, bold=bold):
            self.text(x, y + size / 120, line, size, colour=colour, bold=bold)
            y += size / 60
        return y

    def line(
        self, points: Sequence[tuple[float, float]], colour: str = INK, width: float = 1, style: str = "-"
    ) -> None:
        """Draw a line through points."""
        options = {"color": colour, "linewidth": width, "linestyle": style, "solid_capstyle": "butt"}
        self._things.append(_Shape(points, False, options))

    def area(self, points: Points, fill: str, edge: str = INK, width: float = 0.8) -> None:
        """Draw a filled shape with these corners."""
        self._things.append(_Shape(points, True, {"facecolor": fill, "edgecolor": edge, "linewidth": width}))

    def render(self, form: str, height: float, title: str, about: str) -> bytes:
        """Return the sheet as ``svg`` or ``png``; an SVG has a title and a description for those who do not see it."""
        import matplotlib as mpl
        from matplotlib.figure import Figure
        from matplotlib.lines import Line2D
        from matplotlib.patches import Polygon

        stream = io.BytesIO()
        with warnings.catch_warnings(), mpl.rc_context():
            warnings.simplefilter("ignore")  # a letter that the font lacks is drawn as a box
            mpl.rcdefaults()
            mpl.rcParams.update(_SETTINGS)
            figure = Figure(figsize=(self.width, height), dpi=_DOTS, facecolor=PAPER)
            axes = figure.add_axes((0, 0, 1, 1))
            axes.set(xlim=(0, self.width), ylim=(height, 0))
            axes.axis("off")
            for order, thing in enumerate(self._things):
                if isinstance(thing, _Text):
                    axes.text(thing.x, thing.y, thing.text, zorder=order, **thing.options)
                elif thing.closed:
                    axes.add_patch(Polygon(list(thing.points), zorder=order, **thing.options))
                else:
                    xs, ys = zip(*thing.points, strict=True)
                    axes.add_line(Line2D(xs, ys, zorder=order, **thing.options))
            figure.savefig(stream, format=form, metadata=_NO_METADATA[form])
        content = stream.getvalue()
        return _readable(content.decode(), title, about).encode() if form == "svg" else content


def _readable(svg: str, title: str, about: str) -> str:
    """Return an SVG without the lines before its first element, and with what it shows in words."""
    start, rest = svg[svg.index("<svg") :].split(">", 1)
    said = f"<title>{escape(title)}</title>\n<desc>{escape(about)}</desc>"
    rest = _FAMILY.sub(rf"\g<0>{_FALLBACKS}", rest)
    return f'{start} role="img">\n {said}{rest}'


def wrapped(text: str, width: float, size: float, *, bold: bool = False, most: int = 0) -> list[str]:
    """Return text in lines that are no wider than ``width`` inches; ``most`` is how many there may be at most."""
    lines: list[str] = []
    for word in _words(text):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and breadth(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines += _broken(word, width, size, bold=bold)
    if most and len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][:-1].rstrip() + "…"]
    return lines


def _words(text: str) -> list[str]:
    """Return the words of a text as an SVG can hold them."""
    from kb.network.files import xml_text

    return xml_text(text).split()


def _broken(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    """Return a word in parts that fit, broken after a hyphen where there is one."""

    def fits(part: str) -> bool:
        return breadth(part, size, bold=bold) <= width

    if fits(word):
        return [word]
    parts = [""]
    for piece in _PIECE.findall(word):
        if parts[-1] and not fits(parts[-1] + piece):
            parts.append("")
        for letters in [piece] if fits(parts[-1] + piece) else piece:
            if parts[-1] and not fits(parts[-1] + letters):
                parts.append("")
            parts[-1] += letters
    return parts


@cache
def _font(size: float, weight: str) -> Any:  # noqa: ANN401 - a type of a library that may be missing
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=_FONT, size=size, weight=weight)


@cache
def breadth(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is, in inches."""
    from matplotlib.textpath import text_to_path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        width, _, _ = text_to_path.get_text_width_height_descent(text, _font(size, "bold" if bold else "normal"), False)
    return float(width) / 72
