"""The words of many texts, each with the texts that have it: made to be searched at once, kept in a file, and changed.

A set of texts is a whole number in which bit N stands for text N. A word that few texts have keeps their numbers
instead, because a set takes as much room as the highest number in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from kb.bit_sets import picked, set_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_BAR = "|"
_SPARSE = 32  # a number takes so many bits of room


class TextIndex:
    """Texts of folded words, numbered from 0, and an index of their words."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts: list[bytes] = []
        numbers: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, text in enumerate(texts):
            self._texts.append(text.encode())
            for word in set(text.split()):
                numbers[word].append(number)
        numbers.pop(_BAR, None)
        self.words = sorted(numbers)
        self._having = [self._packed(numbers[word]) for word in self.words]
        self._lined_up: tuple[str, array[int]] | None = None  # all words in one text, and where each starts there

    @classmethod
    def of(cls, state: dict[str, Any]) -> TextIndex:
        """Return the index of a state that was kept."""
        found = cls()
        found._texts, found.words, found._having = state["texts"], state["words"], state["having"]
        return found

    def state(self) -> dict[str, Any]:
        """Return all that is in it as plain values."""
        return {"texts": self._texts, "words": self.words, "having": self._having}

    def add(self, text: str) -> None:
        """Add a text; its number is that of the texts before it."""
        self._lined_up = None
        number = len(self._texts)
        self._texts.append(text.encode())
        for word in set(text.split()) - {_BAR}:
            place = bisect_left(self.words, word)
            if place == len(self.words) or self.words[place] != word:
                self.words.insert(place, word)
                self._having.insert(place, b"")
            having = self._having[place]
            self._having[place] = having | 1 << number if isinstance(having, int) else having + _as_bytes([number])

    def remove(self, number: int) -> None:
        """Take a text away; the others keep their numbers."""
        self._lined_up = None
        for word in set(self._texts[number].decode().split()) - {_BAR}:
            place = bisect_left(self.words, word)
            having = self._having[place]
            left = having & ~(1 << number) if isinstance(having, int) else _without(having, number)
            if left:
                self._having[place] = left
            else:
                del self.words[place]
                del self._having[place]
        self._texts[number] = b""

    def whole(self, word: str) -> int:
        """Return the texts that have a word."""
        place = bisect_left(self.words, word)
        return self._union([place]) if place < len(self.words) and self.words[place] == word else 0

    def start(self, word: str) -> int:
        """Return the texts with a word that starts so."""
        end = bisect_left(self.words, word + "\U0010ffff")
        return self._union(range(bisect_left(self.words, word), end))

    def inside(self, word: str) -> int:
        """Return the texts with a word in which this stands."""
        if self._lined_up is None:
            starts = array("I", accumulate((len(known) + 1 for known in self.words), initial=0))
            self._lined_up = "\n".join(self.words), starts
        lined_up, starts = self._lined_up
        places = []
        found = lined_up.find(word)
        while found >= 0:
            places.append(bisect_right(starts, found) - 1)
            found = lined_up.find(word, starts[places[-1] + 1])
        return self._union(places)

    def phrase(self, words: tuple[str, ...]) -> tuple[int, int]:
        """Return the texts that have a phrase, and those that have it up to the start of its last word."""
        candidates = self.start(words[-1])
        for word in words[:-1]:
            candidates &= self.whole(word)
        wanted = f" {' '.join(words)}".encode()
        whole: list[int] = []
        start: list[int] = []
        for number in numbers_of(candidates):
            text = b" %b " % self._texts[number]
            if wanted in text:
                (whole if wanted + b" " in text else start).append(number)
        return set_of(whole), set_of(start)

    def containing(self, letters: str, candidates: Iterable[int]) -> list[int]:
        """Return those of some texts in which these letters stand."""
        wanted = letters.encode()
        return [number for number in candidates if wanted in self._texts[number]]

    def _packed(self, numbers: array[int]) -> int | bytes:
        return set_of(numbers) if len(numbers) * _SPARSE > len(self._texts) else numbers.tobytes()

    def _union(self, places: Iterable[int]) -> int:
        found = 0
        few = bytearray()
        for place in places:
            having = self._having[place]
            if isinstance(having, int):
                found |= having
            else:
                few += having
        return found | set_of(array("I", bytes(few))) if few else found


def _as_bytes(numbers: Iterable[int]) -> bytes:
    return array("I", numbers).tobytes()


def _without(having: bytes, number: int) -> bytes:
    return _as_bytes(other for other in array("I", having) if other != number)


class NameIndex:
    """Names that many items share, an index of their words, and the items that have each name."""

    def __init__(self, items: Iterable[Iterable[str]] = ()) -> None:
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, names in enumerate(items):
            for name in names:
                numbers[name].append(number)
        self._having = {name: set_of(found) for name, found in numbers.items()}
        self._index()

    def _index(self) -> None:
        self._names = TextIndex(self._having)
        self._sets = list(self._having.values())

    @classmethod
    def of(cls, state: dict[str, int]) -> NameIndex:
        """Return the index of a state that was kept."""
        found = cls()
        found._having = state
        found._index()
        return found

    def state(self) -> dict[str, int]:
        """Return all that is in it as plain values."""
        return self._having

    def change(self, gone: int, added: dict[int, list[str]]) -> None:
        """Take a set of items away, and add others by number."""
        if gone:
            self._having = {name: found & ~gone for name, found in self._having.items() if found & ~gone}
        for number, names in added.items():
            for name in names:
                self._having[name] = self._having.get(name, 0) | 1 << number
        self._index()

    @property
    def words(self) -> list[str]:
        """All words, sorted."""
        return self._names.words

    def whole(self, word: str) -> int:
        """Return the items whose names have a word."""
        return self._items(self._names.whole(word))

    def start(self, word: str) -> int:
        """Return the items whose names have a word that starts so."""
        return self._items(self._names.start(word))

    def inside(self, word: str) -> int:
        """Return the items whose names have a word in which this stands."""
        return self._items(self._names.inside(word))

    def phrase(self, words: tuple[str, ...]) -> tuple[int, int]:
        """Return the items with a name that has a phrase, and those that have it up to the start of its last word."""
        whole, start = map(self._items, self._names.phrase(words))
        return whole, start & ~whole

    def _items(self, names: int) -> int:
        found = 0
        for number in numbers_of(names):
            found |= self._sets[number]
        return found


def numbers_of(found: int) -> list[int]:
    """Return the numbers in a set, in their order."""
    return picked(range(found.bit_length()), found)
