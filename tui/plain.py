"""Data as text that the terminal shows and never obeys: no markup, no control characters, no links."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from kb.terminal import SIGNS
from kb.text import clean_text

#: Direction -> colour, beside its sign and its word; never green and red, which would judge.
COLOURS = {"positive": "$primary", "negative": "$warning", "mixed": "$secondary"}


def plain(text: str, style: str = "") -> Text:
    """Return data as an object that is drawn letter by letter."""
    return Text(clean_text(text), style=style)


def fit(text: str, width: int) -> str:
    """Return data cut or padded to a number of terminal columns; a cut is marked."""
    text = clean_text(text)
    if cell_len(text) > width:
        return set_cell_size(text, max(width - 1, 0)) + "…"[: max(width, 0)]
    return set_cell_size(text, width)


def signed(direction: str) -> str:
    """Return a direction with its sign, as in "▲ positive"."""
    return f"{SIGNS.get(direction, '?')} {direction}"
