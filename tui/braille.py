"""Lines of dots for terminals: each character of braille holds two by four dots."""

from __future__ import annotations

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Dots:
    """A field of dots of ``width`` by ``height`` characters, read character by character."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._cells = [bytearray(width) for _ in range(height)]

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Draw a line from one dot to another; what lies outside is left out."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            self.dot(x0 + round((x1 - x0) * step / steps), y0 + round((y1 - y0) * step / steps))

    def dot(self, x: int, y: int) -> None:
        """Set a dot."""
        if 0 <= x < self.width * 2 and 0 <= y < self.height * 4:
            self._cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]

    def character(self, column: int, row: int) -> str:
        """Return a character, a space where it has no dot."""
        cell = self._cells[row][column]
        return chr(0x2800 + cell) if cell else " "
