"""The filters as lines: a heading for each facet, its values below in their tree, as far as they are unfolded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.facets import CIRCLE, POLICY, facets
from kb.text import plain_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.facets import Choice, Value
    from kb.finding_index import FindingIndex

#: Unfolded at first.
FIRST_OPEN = (("circle", ""), ("direction", ""))


def short_label(facet: str, label: str) -> str:
    """Return what a value is called beside its facet: of a circle only its name, before the colon."""
    return label.partition(":")[0] if facet == CIRCLE else label


class Line(NamedTuple):
    """A heading (``value`` is none) or a value: how deep it lies, whether there is more below, and if that is shown.

    ``fits``: the words looked for stand in its own name.
    """

    facet: str
    value: Value | None
    deep: int
    more: bool
    is_open: bool
    fits: bool = False

    @property
    def name(self) -> tuple[str, str]:
        """What tells the line from others: its facet and its value, empty for a heading."""
        return (self.facet, self.value.name if self.value else "")


class FacetLines:
    """The lines of one collection; what a facet holds is worked out when it is first unfolded."""

    def __init__(self, index: FindingIndex, opened: Iterable[tuple[str, str]] = FIRST_OPEN) -> None:
        self._index = index
        self._values: dict[str, list[Value]] = {}
        self.opened = set(opened)
        self.words = ""

    def values(self, facet: str) -> list[Value]:
        """Return the values of a facet."""
        if facet not in self._values:
            self._values[facet] = self._index.values(facet)
        return self._values[facet]

    def label(self, facet: str, name: str) -> str:
        """Return what a value is called, in short."""
        return short_label(facet, next((value.label for value in self.values(facet) if value.name == name), name))

    def lines(self) -> list[Line]:
        """Return the lines in sight: of the unfolded parts, or, while words are looked for, what has them."""
        words = plain_letters(self.words).split()
        found: list[Line] = []
        for facet in facets().values():
            if facet.name != POLICY:
                found += self._found(facet.name, words) if words else self._unfolded(facet.name)
        return found

    def _unfolded(self, facet: str) -> list[Line]:
        if (facet, "") not in self.opened:
            return [Line(facet, None, 0, more=True, is_open=False)]
        found = [Line(facet, None, 0, more=True, is_open=True)]
        values = self.values(facet)
        parents = {value.above for value in values}
        shown = {""}
        for value in values:
            if value.above in shown:
                is_open = (facet, value.name) in self.opened
                found.append(Line(facet, value, value.depth + 1, value.name in parents, is_open))
                if is_open:
                    shown.add(value.name)
        return found

    def _found(self, facet: str, words: list[str]) -> list[Line]:
        values = self.values(facet)
        above = {value.name: value.above for value in values}
        kept: set[str] = set()
        fitting: set[str] = set()
        for value in values:
            text = plain_letters(value.label)
            if all(word in text for word in words):
                name = value.name
                fitting.add(name)
                while name and name not in kept:
                    kept.add(name)
                    name = above[name]
        parents = {above[name] for name in kept}
        lines = [
            Line(facet, value, value.depth + 1, value.name in parents, is_open=True, fits=value.name in fitting)
            for value in values
            if value.name in kept
        ]
        return [Line(facet, None, 0, more=True, is_open=True), *lines] if lines else []

    def open_down_to(self, facet: str, name: str) -> None:
        """Unfold what lies above a value, so that it is in sight."""
        above = {value.name: value.above for value in self.values(facet)}
        self.opened.add((facet, ""))
        while name := above.get(name, ""):
            self.opened.add((facet, name))

    def below(self, facet: str, name: str, choice: Choice) -> bool:
        """Say whether a picked value lies below a value."""
        above = {value.name: value.above for value in self.values(facet)}
        for picked in choice.of(facet):
            while picked := above.get(picked, ""):
                if picked == name:
                    return True
        return False
