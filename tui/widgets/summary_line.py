"""The line that sums up what is chosen, in the longest wording that has room; it is never cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text
from textual.widget import Widget

from kb.terminal import SIGNS
from tui.plain import COLOURS

if TYPE_CHECKING:
    from textual.geometry import Size

_NAMES = {sign: name for name, sign in SIGNS.items()}
_SIGNED = re.compile(r"([▲▼○◆?]) ?[\d,]*\d(?: (?:positive|negative|null|mixed|unclear))?")


class SummaryLine(Widget):
    """One line; two or more where even the shortest wording is longer than that."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._wordings: tuple[str, ...] = ("",)

    def show(self, wordings: tuple[str, ...]) -> None:
        """Show another summary; ``wordings`` come the longest first."""
        before = self.get_content_height(self.size, self.size, self.size.width)
        self._wordings = wordings
        self.refresh(layout=self.get_content_height(self.size, self.size, self.size.width) != before)

    @property
    def text(self) -> str:
        """The wording shown."""
        return self._wording(self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the wording takes."""
        return len(Text(self._wording(width)).wrap(self.app.console, max(width, 1)))

    def render(self) -> Text:
        """Draw the line; the directions have their colours beside their signs."""
        text = Text(self._wording(self.size.width))
        for found in _SIGNED.finditer(text.plain):
            colour = COLOURS.get(_NAMES[found.group(1)], "")
            if colour:
                text.stylize(self.app.theme_variables[colour.removeprefix("$")], *found.span())
        return text

    def _wording(self, width: int) -> str:
        return next((text for text in self._wordings if len(text) <= width), self._wordings[-1])
