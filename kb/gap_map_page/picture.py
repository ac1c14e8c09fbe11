"""A gap map as a picture: one SVG that stands alone, in light or dark, readable without colour."""

from __future__ import annotations

import math
import re
import textwrap
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.choice_words import in_words as choice_in_words
from kb.gap_map import ALL
from kb.gap_map_words import GAP, LEGEND, MODERATOR, NOTE, in_numbers, in_words, label, place, split, title
from kb.sheet import studies_of
from kb.terminal import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.gap_map import Cell, GapMap, Mapper
    from kb.session import Session

_SVG = "http://www.w3.org/2000/svg"
_FOLDER = Path(__file__).parent
_WIDTH, _MARGIN, _TOP = 1200.0, 20.0, 92.0
_NAMES, _TOTAL, _NARROWEST = 184.0, 52.0, 66.0  # the columns of names and totals, and the least of any other
_LETTER = 0.6  # of the size of the letters, on average
_SIZE, _HEAD, _SPLIT = 11.0, 9.5, 9.5  # of letters
_LINE = 12.0
_SMALLEST, _LARGEST = 4.0, 15.0  # radius
_SIZES = (1, 5, 20)  # studies of the bubbles that the legend shows
_MODERATOR = "moderator"
#: What a bubble may be made of, in its order, as the legend tells it.
KINDS = {
    **{name: f"{sign} {name}{' (no association)' * (name == 'null')}" for name, sign in SIGNS.items()},
    _MODERATOR: f"{MODERATOR} moderators only",
}


class _Lay(NamedTuple):
    """Where things are: the left edge and width of the columns of cells, and how many studies the largest has."""

    left: float
    wide: float
    most: int


def to_svg(made: GapMap, mapper: Mapper, session: Session) -> str:
    """Return the map as SVG: bubbles as large as there are studies, split by direction, with the numbers in words."""
    columns = [value.name for value in made.across]
    left = _MARGIN + _NAMES + _TOTAL
    wide = max(_NARROWEST, (_WIDTH - left - _MARGIN) / (len(columns) or 1))
    width = left + wide * len(columns) + _MARGIN
    most = max((cell.counts.studies for name, cell in made.cells.items() if ALL not in name), default=1) or 1
    lay = _Lay(left, wide, most)
    root = ET.Element("svg", {"xmlns": _SVG, "role": "img", "aria-labelledby": "title desc"})
    _put(root, "title", id="title").text = _safe(title(made))
    _put(root, "desc", id="desc").text = NOTE
    _put(root, "style").text = _style()
    root.append(_signs())
    page = _put(root, "rect", {"class": "page"})
    _words(root, _MARGIN, 34, [title(made)], "title")
    chosen = choice_in_words(made.choice, session.vocabulary()) or "All circles"
    summary = session.summary(mapper.rows(made.cell(ALL, ALL)), made.choice)
    _words(root, _MARGIN, 54, _wrapped(f"{chosen}. {summary}.", width - 2 * _MARGIN), "soft")
    bottom = _heads(root, made, columns, lay)
    for name in [ALL, *(value.name for value in made.down)]:
        bottom = _row(root, made, name, bottom, lay, mapper, session)
    height = _legend(root, bottom + 30, width, lay, session)
    for name, number in (("width", width), ("height", height)):
        page.set(name, _round(number))
        root.set(name, _round(number))
    root.set("viewBox", f"0 0 {_round(width)} {_round(height)}")
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def read(name: str) -> str:
    """Return one of the files that page and picture are made of."""
    return _FOLDER.joinpath(name).read_text("utf-8")


def _heads(root: ET.Element, made: GapMap, columns: list[str], lay: _Lay) -> float:
    """Put the heads of the columns, and return where the rows begin."""
    heads = [_wrapped(label(made, 1, name), lay.wide - 4, _HEAD) for name in columns]
    bottom = _TOP + _LINE * max(map(len, heads), default=1)
    _words(root, _MARGIN, bottom - 6, [made.dimensions[0].label], "head")
    _words(root, _MARGIN + _NAMES + 4, bottom - 6, ["All"], "head")
    for number, lines in enumerate(heads):
        top = bottom - 6 - _LINE * (len(lines) - 1)
        _words(root, lay.left + lay.wide * number + 4, top, lines, "small head")
    return bottom


def _row(root: ET.Element, made: GapMap, name: str, top: float, lay: _Lay, mapper: Mapper, session: Session) -> float:
    """Put one row, and return where the next one begins."""
    names = _wrapped(label(made, 0, name), _NAMES - 8)
    splits = {
        value.name: _packed((text for _, text in split(made.cell(name, value.name).counts)), lay.wide - 8)
        for value in made.across
    }
    lines = 0 if name == ALL else max((len(found) for found in splits.values()), default=0)
    high = max(_LINE * len(names) + 8, 22 if name == ALL else 2 * _LARGEST + 10 + 11 * lines)
    _words(root, _MARGIN, top + 16, names, "head" if name == ALL else "")
    for number, column in enumerate([ALL, *splits]):
        cell = made.cell(name, column)
        total = ALL in (name, column)
        x = lay.left + lay.wide * (number - 1) if number else _MARGIN + _NAMES
        group = _put(root, "g")
        bases = session.bases().count(studies_of(mapper.rows(cell)))
        _put(group, "title").text = _safe(f"{place(made, name, column)}: {in_words(cell, bases)}")
        kind = "gap" if cell.is_gap else "total" if total else "cell"
        size = {"width": _round(lay.wide if number else _TOTAL), "height": _round(high)}
        _put(group, "rect", {"class": kind, "x": _round(x), "y": _round(top), **size})
        if cell.is_gap:
            _words(group, x + (lay.wide if number else _TOTAL) / 2, top + high / 2 + 4, [GAP], "none")
        elif total:
            _words(group, x + 4, top + 16, [in_numbers(cell)], "head")
        else:
            _cell(group, cell, (x, top), splits[column], lay)
    return top + high


def _cell(group: ET.Element, cell: Cell, corner: tuple[float, float], lines: list[str], lay: _Lay) -> None:
    x, y = corner
    counts = cell.counts
    if counts.studies:
        parts = [*counts.by_study.items(), (_MODERATOR, counts.moderators)]
        _bubble(group, x + _LARGEST + 4, y + _LARGEST + 4, _radius(counts.studies, lay.most), parts)
    _words(group, x + 2 * _LARGEST + 9, y + _LARGEST + 9, [str(counts.studies)], "number")
    _words(group, x + 4, y + 2 * _LARGEST + 15, lines, "split", 11)


def _bubble(group: ET.Element, x: float, y: float, radius: float, parts: Iterable[tuple[str, int]]) -> None:
    """Put a disc, split like a clock face into as many parts as there are kinds."""
    present = [(kind, number) for kind, number in parts if number]
    if len(present) == 1:
        look = {"class": "part", "fill": f"url(#fill-{present[0][0]})"}
        _put(group, "circle", {**look, "cx": _round(x), "cy": _round(y), "r": _round(radius)})
        return
    whole = sum(number for _, number in present)
    start = 0.0
    for kind, number in present:
        end = start + number / whole
        points = [
            f"{_round(x + radius * math.sin(2 * math.pi * turn))} {_round(y - radius * math.cos(2 * math.pi * turn))}"
            for turn in (start, end)
        ]
        far = int(end - start > 0.5)
        d = f"M {_round(x)} {_round(y)} L {points[0]} A {_round(radius)} {_round(radius)} 0 {far} 1 {points[1]} Z"
        _put(group, "path", {"class": "part", "fill": f"url(#fill-{kind})", "d": d})
        start = end


def _legend(root: ET.Element, top: float, width: float, lay: _Lay, session: Session) -> float:
    """Put what signs and sizes mean and what the numbers are, and return where the picture ends."""
    x = _MARGIN
    for kind, text in KINDS.items():
        _bubble(root, x + 8, top, 8, [(kind, 1)])
        _words(root, x + 21, top + 4, [text])
        x += 38 + len(text) * _SIZE * _LETTER
    for studies in sorted({size for size in _SIZES if size < lay.most} | {lay.most}):
        radius = _radius(studies, lay.most)
        _put(root, "circle", {"class": "edge", "cx": _round(x + radius), "cy": _round(top), "r": _round(radius)})
        text = f"{studies} stud{'y' if studies == 1 else 'ies'}"
        _words(root, x + 2 * radius + 5, top + 4, [text])
        x += 2 * radius + 18 + len(text) * _SIZE * _LETTER
    rest = f"{LEGEND}. {NOTE} Data version {session.version()}."
    lines = _wrapped(rest, width - 2 * _MARGIN)
    _words(root, _MARGIN, top + 34, lines, "soft", 15)
    return top + 34 + 15 * len(lines) + 6


def _radius(studies: int, most: int) -> float:
    return max(_SMALLEST, _LARGEST * math.sqrt(studies / most))


def _style() -> str:
    """Return the style with each colour in the place of its name: programs other than browsers know no names."""
    light, _, rest = read("colours.css").partition("@media (prefers-color-scheme: dark) {")
    dark, _, rules = rest.partition("\n}\n")
    rules += read("picture.css")
    named = "".join(line for line in rules.splitlines(keepends=True) if "var(" in line)
    inside = "".join(f"  {line}" for line in _coloured(named, dark).splitlines(keepends=True))
    return f"\n{_coloured(rules, light)}@media (prefers-color-scheme: dark) {{\n{inside}}}\n"


def _coloured(rules: str, names: str) -> str:
    colours = dict(re.findall(r"(--\w+): (.+);", names))
    return re.sub(r"var\((--\w+)\)", lambda found: colours[found[1]], rules)


def _signs() -> ET.Element:
    """Return the patterns, of which each direction has one."""
    found = ET.fromstring(read("signs.svg"))  # noqa: S314 - our own file
    for element in found.iter():
        element.tag = element.tag.rpartition("}")[2]
    return found


def _words(parent: ET.Element, x: float, y: float, lines: Iterable[str], kind: str = "", line: float = _LINE) -> None:
    for number, text in enumerate(lines):
        look = {"class": kind} if kind else {}
        element = _put(parent, "text", {**look, "x": _round(x), "y": _round(y + line * number)})
        element.text = _safe(text)


def _put(parent: ET.Element, tag: str, attributes: dict[str, str] | None = None, **more: str) -> ET.Element:
    return ET.SubElement(parent, tag, {**(attributes or {}), **more})


def _wrapped(text: str, width: float, size: float = _SIZE) -> list[str]:
    """Return the lines of a text; a word that is too long is broken with a hyphen."""
    most = max(4, int(width / (size * _LETTER)))
    words = []
    for word in text.split():
        parts = word.split("-") if len(word) > most else [word]
        for number, part in enumerate(parts):
            while len(part) > most:
                words.append(f"{part[: most - 1]}-")
                part = part[most - 1 :]
            words.append(part + "-" * (number < len(parts) - 1))
    return textwrap.wrap(" ".join(words), most) or [""]


def _packed(texts: Iterable[str], width: float) -> list[str]:
    """Return the texts in as few lines as hold them whole."""
    return textwrap.wrap(" ".join(texts), max(4, int(width / (_SPLIT * _LETTER))), break_long_words=False)


def _round(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _safe(text: str) -> str:
    from kb.network.files import xml_text

    return xml_text(text)
