"""The keys at the bottom of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Footer

if TYPE_CHECKING:
    from textual.screen import Screen


class KeyBar(Footer):
    """The footer of Textual, laid out anew only where other keys work: not whenever the focus moves between fields."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)
        self._keys: list[tuple[str, bool]] = []

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show other keys where there are others."""
        found = screen.active_bindings.values()
        keys = [(active.binding.key, active.enabled) for active in found if active.binding.show]
        if keys != self._keys:
            self._keys = keys
            super().bindings_changed(screen)
