"""A network drawn in the terminal: the chosen node, what it is tied to, and the rest, told apart by signs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from kb.text import clean_text
from tui.braille import Dots
from tui.keys import bindings
from tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.style import Style
    from textual import events
    from textual.binding import BindingType

    from kb.network.layout import Place
    from kb.network.views import Network

#: What a cell shows -> its sign; the later wins where several nodes share a cell.
SIGNS = {"node": "∘", "near": "●", "chosen": "◉"}
LEGEND = f"{SIGNS['chosen']} chosen, {SIGNS['near']} tied to it, {SIGNS['node']} other"
_DRAWN_TIES = 1500  # more than these would only be a grey block
_NAMED = 12  # of the nodes tied to the chosen one


class NetworkPicture(Widget, can_focus=True):
    """The nodes that have ties, at the places of a layout. Arrows go to the next node in a direction."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "network-picture--tie", "network-picture--lit", "network-picture--node", "network-picture--near",
        "network-picture--chosen",
    }  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("picture"))

    class Picked(Message):
        """A node was picked with the mouse or the keys."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._network: Network | None = None
        self._places: Mapping[str, Place] = {}
        self._chosen: tuple[str, ...] = ()
        self._background: Dots | None = None
        self._lines: list[Strip] = []
        self._drawn_for = self.size

    @property
    def chosen(self) -> tuple[str, ...]:
        """The nodes that are marked as chosen."""
        return self._chosen

    def show(self, network: Network | None, places: Mapping[str, Place]) -> None:
        """Show another network, or none yet."""
        self._network = network
        self._places = places
        self._chosen = ()
        self._background = None
        self._draw()

    def choose(self, keys: Sequence[str]) -> None:
        """Mark one node as chosen and what it is tied to, or several nodes alone."""
        if tuple(keys) != self._chosen:
            self._chosen = tuple(keys)
            self._draw()

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        super().notify_style_update()
        self._lines = []

    def render_line(self, y: int) -> Strip:
        """Draw one line: the last one is the legend."""
        if self.size != self._drawn_for:
            self._drawn_for, self._background, self._lines = self.size, None, []
        if not self._lines:
            self._lines = self._strips()
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Pick the node nearest to the mouse."""
        cells = self._cells()
        if cells and event.y < self._rows:
            self._pick(min(cells, key=lambda key: (math.dist(_square(cells[key]), _square((event.x, event.y))), key)))

    def action_toward(self, right: int, down: int) -> None:
        """Pick the next node in a direction; without a chosen node, the first."""
        cells = self._cells()
        here = next((key for key in self._chosen if key in cells), None)
        if here is None:
            if cells:
                self._pick(min(cells))
            return
        x, y = _square(cells[here])
        best: tuple[float, str] | None = None
        for key, cell in cells.items():
            dx, dy = (a - b for a, b in zip(_square(cell), (x, y), strict=True))
            along, aside = dx * right + dy * down, abs(dx * down) + abs(dy * right)
            if along > 0 and key != here and aside <= 2 * along:
                best = min(best or (math.inf, ""), (along + 2 * aside, key))
        if best:
            self._pick(best[1])

    def _pick(self, key: str) -> None:
        self.post_message(self.Picked(key))

    @property
    def _rows(self) -> int:
        """How many lines the picture has, without the legend."""
        return max(self.size.height - 1, 0)

    def _cells(self) -> dict[str, tuple[int, int]]:
        """Return the character in which each node lies."""
        return {key: (x // 2, y // 4) for key, (x, y) in self._spots().items()}

    def _spots(self) -> dict[str, tuple[int, int]]:
        """Return the dot at which each node lies."""
        width, height = max(self.size.width * 2 - 3, 1), max(self._rows * 4 - 3, 1)
        return {key: (1 + round(x * (width - 1)), 1 + round(y * (height - 1))) for key, (x, y) in self._places.items()}

    def _draw(self) -> None:
        self._lines = []
        self.refresh()

    def _strips(self) -> list[Strip]:
        width, rows = self.size.width, self._rows
        network = self._network
        if network is None or not width or not rows:
            return []
        styles = {name: self.get_component_rich_style(f"network-picture--{name}") for name in
                  ("tie", "lit", "node", "near", "chosen")}  # fmt: skip
        spots = self._spots()
        if self._background is None:
            self._background = Dots(width, rows)
            if len(network.ties) <= _DRAWN_TIES:
                for tie in network.ties:
                    self._background.line(*spots[tie.one], *spots[tie.other])
        lit = Dots(width, rows)
        near: list[str] = []
        if len(self._chosen) == 1:
            for tie in network.ties_of(self._chosen[0]):
                lit.line(*spots[tie.one], *spots[tie.other])
                near.append(tie.other)
        grid: list[list[tuple[str, Style]]] = []
        for row in range(rows):
            line = []
            for column in range(width):
                strong = lit.character(column, row)
                weak = self._background.character(column, row)
                line.append((strong, styles["lit"]) if strong != " " else (weak, styles["tie"]))
            grid.append(line)
        for name, keys in (("node", spots), ("near", near), ("chosen", self._chosen)):
            for key in keys:
                if key in spots:
                    x, y = spots[key]
                    grid[y // 4][x // 2] = (SIGNS[name], styles[name])
        self._write_names(grid, near, styles)
        strips = [Strip([Segment(sign, style) for sign, style in line], width) for line in grid]
        legend = LEGEND if len(network.ties) <= _DRAWN_TIES else f"{LEGEND}; ties of the chosen one only"
        return [*strips, Strip([Segment(fit(legend, width), styles["tie"])], width)]

    def _write_names(self, grid: list[list[tuple[str, Style]]], near: list[str], styles: Mapping[str, Style]) -> None:
        """Write the name of the chosen node beside it, and of those tied to it where there is room."""
        assert self._network is not None
        cells = self._cells()
        taken: set[tuple[int, int]] = {(x, y) for key, (x, y) in cells.items() if key in self._chosen}
        chosen = self._chosen if len(self._chosen) == 1 else ()
        names = [(key, "chosen") for key in chosen] + [(key, "near") for key in near[:_NAMED]]
        for key, style in names:
            if key not in cells:
                continue
            column, row = cells[key]
            text = f" {_narrow(short_label(self._network.by_key[key].label, 28))} "
            start = column + 1 if column + 1 + len(text) <= self.size.width else column - len(text)
            place = {(start + number, row) for number in range(len(text))}
            if start < 0 or taken & place:
                continue
            taken |= place
            for number, letter in enumerate(text):
                grid[row][start + number] = (letter, styles[style])


def short_label(label: str, longest: int) -> str:
    """Return a label on one line, of a study only who and when, cut where it is longer."""
    who, _, title = clean_text(label).partition(": ")
    text = who if title else clean_text(label)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _narrow(text: str) -> str:
    """Return a text of which every letter takes one column."""
    return "".join(letter if cell_len(letter) == 1 else "·" for letter in text)


def _square(cell: tuple[int, int]) -> tuple[int, int]:
    """Return a character's place in units that are as wide as they are high."""
    return cell[0], cell[1] * 2
