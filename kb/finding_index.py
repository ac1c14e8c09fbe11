"""All findings in memory, and for each value of each facet which of them have it: choosing and counting at once.

A set of findings is a whole number in which bit N stands for finding N, so that sets of ten thousand findings are cut
and counted in microseconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import compress
from typing import TYPE_CHECKING

from kb.evidence import haystack
from kb.facets import CIRCLE, YEAR, Choice, Facet, Value, band_of, facets, values_in_use
from kb.text import plain_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.evidence import Row
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary

_AS_BITS = bytes.maketrans(b"01", b"\x00\x01")


class FindingIndex:
    """The findings in their order. What a facet needs is worked out when it is first asked for."""

    def __init__(self, rows: list[Row], studies: Iterable[StudyRow], vocabulary: Vocabulary) -> None:
        self.rows = rows
        self._vocabulary = vocabulary
        self._data = {study.study: study.data for study in studies}
        self._all = (1 << len(rows)) - 1
        self._bits: dict[str, dict[str, int]] = {}
        self._haystacks: list[str] = []
        self._words: dict[str, int] = {}
        self._chosen: tuple[Choice, int] | None = None

    def select(self, choice: Choice) -> list[Row]:
        """Return the chosen findings, in their order."""
        return self.rows_of(self.chosen(choice))

    def number(self, choice: Choice) -> int:
        """Return how many findings are chosen."""
        return self.chosen(choice).bit_count()

    def counts(self, choice: Choice, facet: str) -> Counter[str]:
        """Return for each value of a facet how many findings there are, were it picked alone; "" counts all."""
        base = self.chosen(choice.only(facet))
        found = Counter({value: (base & bits).bit_count() for value, bits in self.sets(facet).items()})
        found[""] = base.bit_count()
        return found

    def values(self, facet: str) -> list[Value]:
        """Return the values of a facet that findings have, and those above them, in their order and place."""
        return values_in_use(facets()[facet], self.sets(facet), self._vocabulary)

    def of(self, facet: str, row: Row) -> list[str]:
        """Return the values of a facet that a finding has itself."""
        return _reader(facets()[facet], self._vocabulary, self._data)(row)

    def warm(self) -> None:
        """Work out what a first search and the facets would have to wait for; may run in another thread."""
        for facet in facets():
            self.sets(facet)
        self._texts()

    def chosen(self, choice: Choice) -> int:
        """Return the set of the chosen findings."""
        if self._chosen and self._chosen[0] == choice:
            return self._chosen[1]
        found = self._all
        for facet in facets():
            if picked := choice.of(facet):
                bits = self.sets(facet)
                any_of = 0
                for value in picked:
                    any_of |= bits.get(value, 0)
                found &= any_of
        for name, keys in (("finding", choice.findings), ("study", choice.studies)):
            if keys:
                wanted = set(keys)
                found &= _set(number for number, row in enumerate(self.rows) if getattr(row, name) in wanted)
        for word in plain_letters(choice.search).split():
            found &= self._having(word)
        self._chosen = (choice, found)
        return found

    def rows_of(self, found: int) -> list[Row]:
        """Return the findings of a set, in their order."""
        size = len(self.rows)
        flags = f"{found:0{size}b}"[::-1].encode().translate(_AS_BITS) if size else b""
        return list(compress(self.rows, flags))

    def _having(self, word: str) -> int:
        if word not in self._words:
            if len(self._words) > 200:
                self._words.clear()
            self._words[word] = _set(number for number, text in enumerate(self._texts()) if word in text)
        return self._words[word]

    def _texts(self) -> list[str]:
        if not self._haystacks:
            self._haystacks = [haystack(row) for row in self.rows]
        return self._haystacks

    def sets(self, name: str) -> dict[str, int]:
        """Return the sets of findings of a facet by value; a value holds what lies below it too."""
        if name not in self._bits:
            facet = facets()[name]
            read = _reader(facet, self._vocabulary, self._data)
            family: dict[str, list[str]] = {}
            numbers: dict[str, list[int]] = defaultdict(list)
            for number, row in enumerate(self.rows):
                values = read(row)
                for value in values:
                    if value not in family:
                        family[value] = self._family(facet, value)
                both = family[values[0]] if len(values) == 1 else {v for value in values for v in family[value]}
                for value in both:
                    numbers[value].append(number)
            self._bits[name] = {value: _set(found) for value, found in numbers.items()}
        return self._bits[name]

    def _family(self, facet: Facet, value: str) -> list[str]:
        if facet.name == YEAR:
            return [value, band_of(value)] if value.isdecimal() else []
        return [value, *(concept.notation for concept in self._vocabulary.ancestors(facet.kind, value))]


def _set(numbers: Iterable[int]) -> int:
    numbers = list(numbers)
    if not numbers:
        return 0
    flags = bytearray(numbers[-1] // 8 + 1)
    for number in numbers:
        flags[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(flags, "little")


def _reader(facet: Facet, vocabulary: Vocabulary, data: dict[str, str]) -> Callable[[Row], list[str]]:
    """Return the function that reads the values of a facet from a finding."""
    if facet.name == CIRCLE:
        return _circles(vocabulary)
    if facet.name == "data":
        return lambda row: [use.partition(":")[0] for use in data.get(row.study, "").split("; ") if use]

    def read(row: Row) -> list[str]:
        text: str = getattr(row, facet.field)
        return text.split("; ") if text else []

    return read


def _circles(vocabulary: Vocabulary) -> Callable[[Row], list[str]]:
    """Return the function that reads the circle of a finding: the first circle of its measures."""
    known: dict[str, list[str]] = {}

    def read(row: Row) -> list[str]:
        if row.measure not in known:
            measures = (measure.replace(":", "-") for measure in row.measure.split("; ") if measure)
            known[row.measure] = [circle for circle in (vocabulary.circle(measures),) if circle]
        return known[row.measure]

    return read
