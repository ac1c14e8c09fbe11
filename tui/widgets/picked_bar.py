"""The parts of the present choice in a row, each to be clicked away, and what they leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from kb.text import clean_text
from tui.plain import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Size

    from tui.picked import Picked

_LINES = 3
_LONGEST = 40
_CROSS = " ×"


class PickedBar(Widget):
    """As many lines as the parts need, three at most; then it says how many more there are."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"picked-bar--part"}

    class Removed(Message):
        """A part was clicked away."""

        def __init__(self, facet: str, value: str) -> None:
            super().__init__()
            self.facet = facet
            self.value = value

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: list[Picked] = []
        self._told: list[str] = []

    def show(self, parts: Sequence[Picked], told: Sequence[str]) -> None:
        """Show the parts of a choice; ``told`` is said after them."""
        before = self._laid_out(self.size.width)
        self._parts, self._told = list(parts), [clean_text(text) for text in told]
        self.refresh(layout=len(self._laid_out(self.size.width)) != len(before))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines are needed."""
        return len(self._laid_out(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        lines, width = self._laid_out(self.size.width), self.size.width
        part_style = self.get_component_rich_style("picked-bar--part")
        segments = []
        for number, (text, part) in enumerate(lines[y] if y < len(lines) else ()):
            if number:
                segments.append(Segment("  ", self.rich_style))
            segments.append(Segment(text, part_style if part else self.rich_style))
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Ask for the part that was clicked to be taken away."""
        lines = self._laid_out(self.size.width)
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= len(lines):
            return
        start = 0
        for text, part in lines[offset.y]:
            if part and start <= offset.x < start + cell_len(text):
                self.post_message(self.Removed(part.facet, part.value))
            start += cell_len(text) + 2

    def _laid_out(self, width: int) -> list[list[tuple[str, Picked | None]]]:
        """Return lines of texts, each with the part that a click on it takes away."""
        width = max(width, 1)
        texts: list[tuple[str, Picked | None]] = [(_short(part.text, width), part) for part in self._parts]
        texts += [(fit(text, min(cell_len(text), width)), None) for text in self._told]
        lines: list[list[tuple[str, Picked | None]]] = [[]]
        used = 0
        for number, (text, part) in enumerate(texts):
            size = cell_len(text)
            if lines[-1] and used + 2 + size > width:
                if len(lines) == _LINES:
                    lines[-1][-1] = (f"and {len(texts) - number + 1} more", None)
                    break
                lines.append([])
                used = 0
            used += size + (2 if lines[-1] else 0)
            lines[-1].append((text, part))
        return lines


def _short(text: str, width: int) -> str:
    text = clean_text(text)
    return fit(text, min(cell_len(text), _LONGEST, max(width - len(_CROSS), 1))) + _CROSS
