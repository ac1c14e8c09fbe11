"""Places of the nodes in a picture: each component drawn by springs, and the components packed side by side.

All layouts of networkx need numpy, which is heavy for one picture; these springs are the classic ones of Fruchterman
and Reingold, with repulsion between near nodes only where there are many. They start from a spiral in the order of
clusters and draw no random number, so that the same network always gives the same picture.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.network.views import Network

    Place = tuple[float, float]

_TURN = math.pi * (3 - math.sqrt(5))  # the golden angle
_ROUNDS = 60
_EXACT = 120  # up to so many nodes, all repel each other
_REACH = 2.5  # beyond, only nodes nearer than this


def layout(network: Network, aspect: float = 1.0) -> dict[str, Place]:
    """Return a place from 0 to 1 in both directions for each node that has ties; others have none.

    ``aspect`` is the width of the picture by its height; components are packed for it.
    """
    parts: dict[int, list[str]] = defaultdict(list)
    for node in network.ranking("cluster"):
        if node.component:
            parts[node.component].append(node.key)
    neighbours = {key: [tie.other for tie in network.ties_of(key)] for keys in parts.values() for key in keys}
    drawn = [_boxed(_springs(keys, neighbours)) for _, keys in sorted(parts.items())]
    return _packed(drawn, aspect)


def _springs(keys: Sequence[str], neighbours: Mapping[str, Sequence[str]]) -> dict[str, Place]:
    """Return places in which tied nodes are about 1 apart and others farther."""
    index = {key: number for number, key in enumerate(keys)}
    ties = [(index[one], index[other]) for one in keys for other in neighbours[one] if index[one] < index[other]]
    xs = [math.sqrt(number + 0.5) * math.cos(number * _TURN) for number in range(len(keys))]
    ys = [math.sqrt(number + 0.5) * math.sin(number * _TURN) for number in range(len(keys))]
    degrees = [max(len(neighbours[key]), 1) for key in keys]
    heat = max(1.0, math.sqrt(len(keys)) / 4)
    for turn in range(_ROUNDS):
        fx, fy = _repulsion(xs, ys)
        for a, b in ties:
            dx, dy = xs[a] - xs[b], ys[a] - ys[b]
            pull = math.hypot(dx, dy) / min(degrees[a], degrees[b]) ** 0.8
            fx[a] -= dx * pull
            fy[a] -= dy * pull
            fx[b] += dx * pull
            fy[b] += dy * pull
        step = heat * (1 - turn / _ROUNDS)
        for number in range(len(keys)):
            force = math.hypot(fx[number], fy[number])
            if force > 0:
                length = min(force, step) / force
                xs[number] += fx[number] * length
                ys[number] += fy[number] * length
    return {key: (xs[number], ys[number]) for key, number in index.items()}


def _repulsion(xs: list[float], ys: list[float]) -> tuple[list[float], list[float]]:
    """Return how strongly each node is pushed by the others."""
    fx, fy = [0.0] * len(xs), [0.0] * len(xs)
    if len(xs) <= _EXACT:
        near: list[tuple[int, Sequence[int]]] = [(one, range(one)) for one in range(len(xs))]
        reach = math.inf
    else:
        near, reach = _near(xs, ys), _REACH
    for one, others in near:
        x, y = xs[one], ys[one]
        for other in others:
            dx, dy = x - xs[other], y - ys[other]
            square = dx * dx + dy * dy
            if square > reach * reach:
                continue
            push = 1 / max(square, 0.01)
            fx[one] += dx * push
            fy[one] += dy * push
            fx[other] -= dx * push
            fy[other] -= dy * push
    return fx, fy


def _near(xs: list[float], ys: list[float]) -> list[tuple[int, Sequence[int]]]:
    """Return for each node the earlier nodes of its own and the adjoining cells of a grid."""
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    found: list[tuple[int, Sequence[int]]] = []
    for number, (x, y) in enumerate(zip(xs, ys, strict=True)):
        column, row = math.floor(x / _REACH), math.floor(y / _REACH)
        around = [(column + right, row + down) for right in (-1, 0, 1) for down in (-1, 0, 1)]
        found.append((number, [other for cell in around for other in cells.get(cell, ())]))
        cells[column, row].append(number)
    return found


def _boxed(places: dict[str, Place]) -> dict[str, Place]:
    """Return places from 0 on, in a box that is as large as the nodes need."""
    left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
    span = max(max(x for x, _ in places.values()) - left, max(y for _, y in places.values()) - top, 1e-9)
    scale = math.sqrt(len(places)) / span
    return {key: ((x - left) * scale, (y - top) * scale) for key, (x, y) in places.items()}


def _packed(parts: Sequence[dict[str, Place]], aspect: float) -> dict[str, Place]:
    """Put boxes on shelves from the left to the right and from the top down, and bring all to 0 to 1."""
    sizes = [(max(x for x, _ in part.values()) + 1, max(y for _, y in part.values()) + 1) for part in parts]
    area = sum(width * height for width, height in sizes)
    room = max([math.sqrt(area * aspect) * 1.1, *(width for width, _ in sizes)], default=1)
    found: dict[str, Place] = {}
    x = y = shelf = widest = 0.0
    for part, (width, height) in zip(parts, sizes, strict=True):
        if x and x + width > room:
            x, y, shelf = 0.0, y + shelf, 0.0
        found.update({key: (x + 0.5 + px, y + 0.5 + py) for key, (px, py) in part.items()})
        x, shelf = x + width, max(shelf, height)
        widest = max(widest, x)
    across, down = max(widest, 1), max(y + shelf, 1)
    return {key: (round(px / across, 4), round(py / down, 4)) for key, (px, py) in found.items()}
