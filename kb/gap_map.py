"""The evidence gap map: how many studies there are, and which way they point, where two dimensions cross."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.dimensions import REST, Dimension, is_below, values_of
from kb.facets import Value
from kb.study_counter import NOTHING, Count, StudyCounter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.evidence import Row
    from kb.facets import Choice
    from kb.finding_index import FindingIndex
    from kb.vocabulary import Vocabulary

#: The name of the row or column that holds everything.
ALL = "*"


class Cell(NamedTuple):
    """What was found at one place: the set of the findings, and what it holds."""

    found: int
    counts: Count

    @property
    def is_gap(self) -> bool:
        """Whether nothing was found."""
        return not self.found

    @property
    def main(self) -> tuple[str, ...]:
        """The direction that most studies have, or several that share that place; none without direct findings."""
        most = max(self.counts.by_study.values())
        return tuple(name for name, number in self.counts.by_study.items() if number == most) if most else ()


EMPTY = Cell(0, NOTHING)


class GapMap(NamedTuple):
    """``down`` and ``across`` are the values in their order; ``cells`` holds, by their names, those that are no gaps.

    The row and the column ``ALL`` hold every finding once, however many values it has; ``REST`` those without a value.
    """

    choice: Choice
    dimensions: tuple[Dimension, Dimension]
    down: list[Value]
    across: list[Value]
    cells: dict[tuple[str, str], Cell]

    def cell(self, down: str, across: str) -> Cell:
        """Return the cell of two values, also of ``ALL``."""
        return self.cells.get((down, across), EMPTY)

    def gaps(self) -> Iterator[tuple[Value, Value]]:
        """Yield the places where nothing was found, row by row; where a value is not known there is no place."""
        for down in self.down:
            for across in self.across:
                if REST not in (down.name, across.name) and self.cell(down.name, across.name).is_gap:
                    yield down, across


class Mapper:
    """Makes maps of the findings of one session."""

    def __init__(self, index: FindingIndex, vocabulary: Vocabulary) -> None:
        self._index = index
        self._vocabulary = vocabulary
        self._counter = StudyCounter(index)
        self._laid: dict[str, dict[str, int]] = {}

    def make(self, choice: Choice, down: Dimension, across: Dimension) -> GapMap:
        """Return the map of the chosen findings."""
        base = self._index.chosen(choice)
        laid = self._counter.laid_out(base)
        rows, row_sets = self._sets(choice, down, base, laid)
        columns, column_sets = self._sets(choice, across, base, laid)
        cells = {}
        for row, (having, row_laid) in row_sets.items():
            for column, (also, column_laid) in column_sets.items():
                if found := having & also:
                    cells[row, column] = Cell(found, self._counter.count(row_laid & column_laid))
        return GapMap(choice, (down, across), rows, columns, cells)

    def rows(self, cell: Cell) -> list[Row]:
        """Return the findings of a cell, in their order."""
        return self._index.rows_of(cell.found)

    def choice_of(self, made: GapMap, down: str, across: str) -> Choice:
        """Return the choice of exactly the findings of a cell: in values where these say it, else by their keys."""
        choice: Choice | None = made.choice
        for place, name in zip(made.dimensions, (down, across), strict=True):
            choice = self._narrowed(choice, place, name) if choice else None
        found = made.cell(down, across).found
        if choice and self._index.chosen(choice) == found:
            return choice
        keys = tuple(row.finding for row in self._index.rows_of(found))
        return made.choice._replace(findings=keys or ("none",), search="")

    def _narrowed(self, choice: Choice, place: Dimension, name: str) -> Choice | None:
        """Return what is left of a choice at one value; none where facets cannot say it."""
        if name == ALL:
            return choice
        if name == REST:
            return None
        picked = choice.of(place.facet)
        below = [value for value in picked if is_below(place, value, name, self._vocabulary)]
        return choice.only(place.facet, *(below if below and name not in picked else [name]))

    def _sets(
        self, choice: Choice, chosen: Dimension, base: int, laid: int
    ) -> tuple[list[Value], dict[str, tuple[int, int]]]:
        """Return the values of a dimension, and of each the chosen findings: as the index has them, and laid out."""
        values = values_of(chosen, self._index, self._vocabulary, choice)
        having = self._index.sets(chosen.facet)
        known = self._laid.setdefault(chosen.facet, {})
        sets = {ALL: (base, laid)}
        rest, rest_laid = base, laid
        for value in values:
            whole = having.get(value.name, 0)
            if value.name not in known:
                known[value.name] = self._counter.laid_out(whole)
            sets[value.name] = (base & whole, laid & known[value.name])
            rest &= ~whole
            rest_laid &= ~known[value.name]
        if rest:
            values = [*values, Value(REST, chosen.rest, "", 0)]
            sets[REST] = (rest, rest_laid)
        return values, sets
