"""A network as a picture: one SVG that stands alone, readable without colour, with a name on every node."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.network.layout import Place
    from kb.network.views import Network, Node

_WIDTH, _MARGIN = 1000, 60
_HEAD = 40
#: Colours of the first clusters; the others are grey. Colour repeats the number that stands in the name of a node.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#5e4fa2")
_GREY = "#8a8a8a"
_LABELS, _LETTER, _LINE, _LONGEST = 40, 5.8, 13, 40


def to_svg(network: Network, places: Mapping[str, Place]) -> str:
    """Return the nodes that have ties as circles (squares for outcomes), larger with more links.

    The nodes with most links bear their names; every node has its name and measures as a tooltip.
    """
    return "\n".join(_lines(network, places)) + "\n"


def _lines(network: Network, places: Mapping[str, Place]) -> Iterator[str]:
    height = _WIDTH + _HEAD + 50
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title desc" font-family="sans-serif">'
    )
    yield f'<title id="title">{_text(network.summary())}</title>'
    yield f'<desc id="desc">{_text(network.note())} Nodes without ties are not drawn.</desc>'
    yield f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'
    yield f'<text x="20" y="26" font-size="15" fill="#222222">{_text(network.summary())}</text>'
    strongest = max((tie.weight for tie in network.ties), default=1)
    yield '<g stroke="#777777" stroke-opacity="0.25">'
    for tie in network.ties:
        (x1, y1), (x2, y2) = _spot(places[tie.one]), _spot(places[tie.other])
        width = 0.6 + 2.4 * tie.weight / strongest
        yield f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-width="{width:.2f}"/>'
    yield "</g>"
    drawn = [node for node in network.ranking() if node.key in places]
    most = max((node.links for node in drawn), default=1)
    scale = min(1.0, 14 / math.sqrt(len(drawn) or 1))
    sizes = {node.key: (3 + 9 * math.sqrt(node.links / most)) * scale for node in drawn}
    for node in reversed(drawn):
        yield _node(node, _spot(places[node.key]), sizes[node.key])
    yield '<g font-size="11" fill="#111111" stroke="#ffffff" stroke-width="3" paint-order="stroke">'
    yield from _names(drawn, places, sizes)
    yield "</g>"
    for line, text in enumerate((_legend(network, drawn), network.note())):
        yield f'<text x="20" y="{height - 30 + 18 * line}" font-size="12" fill="#555555">{_text(text)}</text>'
    yield "</svg>"


def _legend(network: Network, drawn: list[Node]) -> str:
    shapes = " Circles are policies, squares outcomes." if len({node.kind for node in drawn}) > 1 else ""
    left = len(network.nodes) - len(drawn)
    alone = f" Not drawn: {left} without ties." if left else ""
    return f"Larger: more links. Thicker: a heavier tie. Colour: cluster, the smaller ones in grey.{shapes}{alone}"


def _names(drawn: list[Node], places: Mapping[str, Place], sizes: Mapping[str, float]) -> Iterator[str]:
    """Yield the names for which there is room, those of nodes with most links first."""
    taken: list[tuple[float, float, float]] = []
    for node in drawn:
        text = _short(node.name)
        x, y = _spot(places[node.key])
        length = len(text) * _LETTER
        beside = sizes[node.key] + 4
        turned = x > _WIDTH * 0.7
        left = x - beside - length if turned else x + beside
        if all(abs(y - row) > _LINE or left > end or left + length < start for row, start, end in taken):
            taken.append((y, left, left + length))
            where = f'x="{x - beside:.1f}" text-anchor="end"' if turned else f'x="{left:.1f}"'
            yield f'<text {where} y="{y + 4:.1f}" textLength="{length:.1f}">{_text(text)}</text>'
        if len(taken) == _LABELS:
            return


def _node(node: Node, spot: Place, size: float) -> str:
    x, y = spot
    colour = _COLOURS[node.cluster - 1] if 0 < node.cluster <= len(_COLOURS) else _GREY
    name = f"{node.label}. {node.kind}, cluster {node.cluster}, links {node.links}, bridging {node.bridging:g}"
    look = f'fill="{colour}" stroke="#ffffff" stroke-width="1"'
    if node.kind == "outcome":
        shape = f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size:.1f}" height="{2 * size:.1f}" {look}>'
        return f"{shape}<title>{_text(name)}</title></rect>"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {look}><title>{_text(name)}</title></circle>'


def _spot(place: Place) -> Place:
    x, y = place
    return _MARGIN + x * (_WIDTH - 2 * _MARGIN), _HEAD + _MARGIN / 2 + y * (_WIDTH - _MARGIN)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _text(text: str) -> str:
    from kb.network.files import xml_text

    return escape(xml_text(text))
