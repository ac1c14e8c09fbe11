"""The choices made, one after the other, to go back and forth among them as in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.facets import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 200


class Trail:
    """Where one is, what came before, and what was gone back from. ``here`` is the present choice."""

    def __init__(self, here: Choice | None = None) -> None:
        self.here = here or Choice()
        self._before: list[Choice] = []
        self._after: list[Choice] = []
        self._step = ""

    def go(self, choice: Choice, step: str = "") -> None:
        """Go on to a choice. Following ones of the same ``step``, such as letters of a search, are one."""
        if choice == self.here:
            return
        if not step or step != self._step:
            self._before = [*self._before[1 - _LONGEST :], self.here]
        self._after.clear()
        self._step, self.here = step, choice

    def pause(self) -> None:
        """Let what comes be a step of its own, whatever it is."""
        self._step = ""

    def back(self) -> bool:
        """Go back to the choice before, and say whether there was one."""
        return self._move(self._before, self._after)

    def forth(self) -> bool:
        """Go to the choice that was gone back from, and say whether there was one."""
        return self._move(self._after, self._before)

    def _move(self, source: list[Choice], target: list[Choice]) -> bool:
        self._step = ""
        if not source:
            return False
        target.append(self.here)
        self.here = source.pop()
        return True

    def choices(self) -> Iterable[Choice]:
        """Return what came before, the oldest first, and where one is."""
        return (*self._before, self.here)
