"""Which studies share data and so are not independent of each other, and how many evidence bases a selection rests on.

The rule stands in docs/networks.md. Nothing here imports networkx: the numbers are asked for at each key press.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.data_use import Use, read_uses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary


class Shared(NamedTuple):
    """What ties two studies: the notation of a data source, the rounds or years in common, the countries in common.

    Rounds and countries are empty where one side does not name them, so that they are only taken to overlap.
    """

    source: str
    rounds: str
    countries: str


class EvidenceBases:
    """The studies of a collection and how they hang together by their data.

    Studies with the same data are one profile; which profiles overlap is kept as whole numbers, one bit a profile.
    """

    def __init__(self, studies: Iterable[StudyRow], vocabulary: Vocabulary) -> None:
        self._levels = {concept.notation: concept.level for concept in vocabulary.concepts("data")}
        self._profile: dict[str, int] = {}
        self._uses: list[tuple[Use, ...]] = []
        numbers: dict[tuple[Use, ...], int] = {}
        for study in studies:
            uses = read_uses(study, self._levels)
            if uses:
                if uses not in numbers:
                    numbers[uses] = len(self._uses)
                    self._uses.append(uses)
                self._profile[study.study] = numbers[uses]
        self._sources: dict[str, _Source] = defaultdict(_Source)
        for number, uses in enumerate(self._uses):
            for use in uses:
                self._sources[use.source].add(use, 1 << number)
        self._overlaps: dict[int, int] = {}

    def count(self, keys: Iterable[str]) -> tuple[int, int]:
        """Return how many evidence bases the studies form, and for how many studies that cannot be told."""
        wanted = set(keys)
        profiles = {self._profile[key] for key in wanted if key in self._profile}
        unknown = sum(key not in self._profile for key in wanted)
        return len(self._components(profiles)), unknown

    def members(self, keys: Iterable[str]) -> list[tuple[str, ...]]:
        """Return the studies of each evidence base, sorted, the largest base first; unknown studies are in none."""
        by_profile: dict[int, list[str]] = defaultdict(list)
        for key in sorted(set(keys)):
            if key in self._profile:
                by_profile[self._profile[key]].append(key)
        bases = [
            tuple(sorted(key for number in _bits(component) for key in by_profile[number]))
            for component in self._components(set(by_profile))
        ]
        return sorted(bases, key=lambda base: (-len(base), base))

    def unknown(self, keys: Iterable[str]) -> list[str]:
        """Return the studies whose data are not coded, or only by kind, sorted."""
        return sorted({key for key in keys if key not in self._profile})

    def shared(self, one: str, other: str) -> list[Shared]:
        """Return the data that two studies share; none where they share none or it cannot be told."""
        if one not in self._profile or other not in self._profile:
            return []
        theirs = {use.source: use for use in self._uses[self._profile[other]]}
        found = []
        for use in self._uses[self._profile[one]]:
            match = theirs.get(use.source)
            if match and use.overlaps(match):
                countries = sorted(use.countries & match.countries)
                found.append(Shared(use.source, use.common_rounds(match), "; ".join(countries)))
        return found

    def tied(self, key: str) -> list[str]:
        """Return the studies that share data with this one, sorted."""
        if key not in self._profile:
            return []
        near = self._near(self._profile[key])
        return sorted(other for other, number in self._profile.items() if near >> number & 1 and other != key)

    def pairs(self, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield every two studies that share data, each pair once, sorted."""
        known = {key: self._profile[key] for key in sorted(set(keys)) if key in self._profile}
        by_profile: dict[int, list[str]] = defaultdict(list)
        for key, number in known.items():
            by_profile[number].append(key)
        for key, number in known.items():
            near = (other for profile in _bits(self._near(number)) for other in by_profile.get(profile, ()))
            yield from ((key, other) for other in sorted(other for other in near if other > key))

    def _components(self, profiles: set[int]) -> list[int]:
        """Return the connected parts of some profiles as sets of bits."""
        left = 0
        for number in profiles:
            left |= 1 << number
        components = []
        while left:
            edge = component = left & -left
            while edge:
                reached = 0
                for number in _bits(edge):
                    reached |= self._near(number)
                edge = reached & left & ~component
                component |= edge
            left &= ~component
            components.append(component)
        return components

    def _near(self, number: int) -> int:
        """Return the profiles that share data with one, itself included."""
        found = self._overlaps.get(number)
        if found is None:
            found = 1 << number
            for use in self._uses[number]:
                found |= self._sources[use.source].overlapping(use)
            self._overlaps[number] = found
        return found


class _Source:
    """The profiles that use one data source, by what their use of it holds; a profile is a bit."""

    def __init__(self) -> None:
        self._all = 0
        self._having: dict[tuple[str, object], int] = defaultdict(int)
        self._lacking: dict[str, int] = defaultdict(int)

    def add(self, use: Use, bit: int) -> None:
        """Note that a profile uses the source."""
        self._all |= bit
        for field, values in (("rounds", use.rounds), ("years", use.years), ("countries", use.countries)):
            if not values:
                self._lacking[field] |= bit
            for value in values:
                self._having[field, value] |= bit
        for person in use.authors:
            self._having["authors", person] |= bit

    def overlapping(self, use: Use) -> int:
        """Return the profiles whose use of the source overlaps; the rule of ``Use.overlaps``."""
        found = self._all & self._matching("countries", use.countries)
        years = self._matching("years", use.years)
        if use.rounds:
            lacking = self._lacking["rounds"]
            found &= (self._matching("rounds", use.rounds) & ~lacking) | (years & lacking)
        else:
            found &= years
        if use.own:
            found &= self._any_of("authors", use.authors)
        return found

    def _matching(self, field: str, values: frozenset[str] | frozenset[int]) -> int:
        return self._any_of(field, values) | self._lacking[field] if values else self._all

    def _any_of(self, field: str, values: frozenset[str] | frozenset[int]) -> int:
        found = 0
        for value in values:
            found |= self._having.get((field, value), 0)
        return found


def _bits(number: int) -> list[int]:
    """Return the places of the bits that are set."""
    text = bin(number)[:1:-1]
    found = []
    place = text.find("1")
    while place >= 0:
        found.append(place)
        place = text.find("1", place + 1)
    return found
