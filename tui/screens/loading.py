"""Shown while the store is built: how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Center, Middle
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from tui.keys import bindings

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class LoadingScreen(Screen[None]):
    """A bar that counts the files read. It can be left."""

    BINDINGS: ClassVar[list[BindingType]] = [key for key in bindings("work") if key.action in ("app.help", "app.quit")]

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        with Middle():
            with Center():
                yield Static("Reading the collection", id="loading-text", markup=False)
            with Center():
                yield ProgressBar(show_eta=False)

    def advance(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` files are read."""
        self.query_one(ProgressBar).update(total=total, progress=done)
