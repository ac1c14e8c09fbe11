"""Made-up texts and people that grow as real ones do: mostly known words and names, and ever new rare ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

_SYLLABLES = [first + second for first in "bdfghjklmnprstvwz" for second in "aeio"]
_START = ""


class Words:
    """Texts in which each word follows one that it follows in real texts.

    Of the words that stand there once, half are replaced by new ones, so that the number of different words grows with
    the number of texts, as it does in any language.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._after: dict[str, list[str]] = defaultdict(list)
        counts: Counter[str] = Counter()
        for text in texts:
            words = [word for word in text.split() if not set(word) & set("{}\\$~")]
            counts.update(words)
            for before, word in zip((_START, *words), words, strict=False):
                self._after[before].append(word)
        self._once = {word for word, number in counts.items() if number == 1}

    def text(self, length: int, chance: random.Random) -> str:
        """Return a text of so many words."""
        words: list[str] = []
        before = _START
        while len(words) < length:
            before = chance.choice(self._after.get(before) or self._after[_START])
            words.append(rare_word(chance) if before in self._once and chance.random() < 0.5 else before)
        return " ".join(words)


class People:
    """Authors: as large a share of them as among the real ones wrote before."""

    def __init__(self, authorships: list[str]) -> None:
        parts = [name.partition(", ") for name in authorships if ", " in name and not set(name) & set("{}\\")]
        self._families = [family for family, _, _ in parts]
        self._given = [given for _, _, given in parts]
        self._new = len(set(authorships)) / len(authorships)
        self._known: list[str] = []

    def some(self, number: int, chance: random.Random) -> list[str]:
        """Return so many different people."""
        found: dict[str, None] = {}
        while len(found) < number:
            if not self._known or chance.random() < self._new:
                family = chance.choice(self._families) + (rare_word(chance)[:4] if chance.random() < 0.5 else "")
                self._known.append(f"{family}, {chance.choice(self._given)}")
                found[self._known[-1]] = None
            else:
                found[chance.choice(self._known)] = None
        return list(found)


def rare_word(chance: random.Random) -> str:
    """Return a word of two to five syllables; shorter ones come back more often."""
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4, 4, 5))))
