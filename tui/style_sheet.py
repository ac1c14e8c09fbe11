"""A style sheet that is parsed again only when colours change: Textual parses everything twice when it starts."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class StyleSheet(Stylesheet):
    """The style sheet of the application."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        """Begin with the colours of the first theme."""
        super().__init__(variables=variables)
        self._known = variables
        self._is_stale = False

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours."""
        if variables != self._known:
            self._known = variables
            self._is_stale = True
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse everything again where colours changed since."""
        if self._is_stale:
            super().reparse()
            self._is_stale = False
