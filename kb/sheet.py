"""What a screen shows, as a table to take away: its rows as shown, the studies behind them, and the query behind it."""

from __future__ import annotations

from typing import NamedTuple


class Sheet(NamedTuple):
    """A table as it is shown.

    ``studies``: keys of the studies behind the rows, for references; ``summary``: one line that says what is shown;
    ``query``: the SPARQL behind it, empty where there is none.
    """

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    studies: tuple[str, ...]
    summary: str
    query: str
