"""Screens that are left while work behind them goes on: what comes of it finds nobody there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.dom import DOMNode


def is_here(node: DOMNode) -> bool:
    """Say whether a screen or widget is there and stays; one that is left loses its parts before it is detached."""
    return node.is_attached and node.display
