"""A search over studies that answers while it is typed: which studies have all words, the best first, and why.

Every word of every field is kept with the studies that have it, as the bits of one number. So a search looks at words
and not at studies, and combines studies by single operations.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.search_terms import Term, read_terms
from kb.study_texts import FIELDS, study_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.evidence import Row
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary

#: How much a match counts of the weight of its field: a whole word or phrase, the start of a word, the inside of one.
_WHOLE, _START, _INSIDE = 1.0, 0.8, 0.25
_PHRASE_BONUS = 4.0
_INSIDE_FROM = 3  # letters: shorter words are looked for at the start of words only
_NEAR_FROM = 4  # letters: shorter words have too many neighbours
_NEAR_CUTOFF = 76  # per cent
_NEAR_LIMIT = 4
_NEAR_SPREAD = 6  # per cent below the nearest
_TERMS = 12  # more words than these narrow nothing down


#: How much a match counts, in which field, and which studies have it.
_Level = tuple[float, str, int]


class Hit(NamedTuple):
    """A study that was found. ``fields`` says where, the field that counts most first; none where all are shown."""

    study: str
    fields: tuple[str, ...]
    score: float


class Hits(NamedTuple):
    """What a search found. ``instead``: words that occur nowhere -> the near ones that were taken.

    ``words``: what was looked for, folded; with the near ones.
    """

    hits: list[Hit]
    instead: dict[str, tuple[str, ...]]
    words: tuple[str, ...]


class _Field:
    """The words of one field, sorted, with the studies that have each as bits."""

    def __init__(self, texts: Sequence[str]) -> None:
        bits: dict[str, int] = defaultdict(int)
        for number, text in enumerate(texts):
            one = 1 << number
            for word in set(text.split()):
                bits[word] |= one
        bits.pop("|", None)
        self.words = sorted(bits)
        self._bits = [bits[word] for word in self.words]

    def whole(self, word: str) -> int:
        """Return the studies that have a word."""
        place = bisect_left(self.words, word)
        return self._bits[place] if place < len(self.words) and self.words[place] == word else 0

    def start(self, word: str) -> int:
        """Return the studies with a word that starts so."""
        found = 0
        for place in range(bisect_left(self.words, word), len(self.words)):
            if not self.words[place].startswith(word):
                break
            found |= self._bits[place]
        return found

    def inside(self, word: str) -> int:
        """Return the studies with a word in which this stands."""
        found = 0
        for place, known in enumerate(self.words):
            if word in known:
                found |= self._bits[place]
        return found


class StudyIndex:
    """The index of one state of a collection. Building it takes a moment; searching takes none."""

    def __init__(self, studies: Sequence[StudyRow], findings: Iterable[Row], vocabulary: Vocabulary) -> None:
        self._keys = [study.study for study in studies]
        self._years = [study.year for study in studies]
        self._texts = study_texts(studies, findings, vocabulary)
        self._fields = {name: _Field(texts) for name, texts in self._texts.items()}
        self._all = (1 << len(self._keys)) - 1
        self._known: dict[Term, list[_Level]] = {}

    def search(self, text: str) -> Hits:
        """Return the studies in which all words and phrases occur, the best first; all, as they stand, without words.

        Where nothing is found, words that are spelt like those of the collection are taken for them.
        """
        terms = read_terms(text)[:_TERMS]
        if not terms:
            return Hits([Hit(key, (), 0.0) for key in self._keys], {}, ())
        options = [self._levels(term) for term in terms]
        found = self._common(options)
        instead: dict[str, tuple[str, ...]] = {}
        if not found:
            options, instead = self._near(terms, options)
            found = self._common(options)
        words = [word for term in terms for word in (term.text, *instead.get(term.text, ()))]
        return Hits(self._ranked(found, options, terms), instead if found else {}, tuple(words))

    def _common(self, options: list[list[_Level]]) -> int:
        found = self._all
        for levels in options:
            found &= _union(levels)
        return found

    def _levels(self, term: Term) -> list[_Level]:
        """Return for a term how much each way to match counts, in which field, and which studies it finds."""
        if term not in self._known:
            if len(self._known) > 500:
                self._known.clear()
            self._known[term] = sorted(self._matches(term), key=lambda level: -level[0])
        return self._known[term]

    def _matches(self, term: Term) -> Iterator[_Level]:
        for name, field in self._fields.items():
            weight = FIELDS[name].weight
            if len(term.words) > 1:
                whole, start = self._phrase(name, term)
                yield from ((weight * _WHOLE, name, whole), (weight * _START, name, start))
                continue
            (word,) = term.words
            if FIELDS[name].skips_years and len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20"):
                continue
            yield weight * _WHOLE, name, field.whole(word)
            yield weight * _START, name, field.start(word)
            if len(word) >= _INSIDE_FROM:
                yield weight * _INSIDE, name, field.inside(word)

    def _phrase(self, name: str, term: Term) -> tuple[int, int]:
        """Return the studies whose field has the phrase, and those that have it up to the start of its last word."""
        field, wanted = self._fields[name], f" {term.text}"
        candidates = field.start(term.words[-1])
        for word in term.words[:-1]:
            candidates &= field.whole(word)
        whole = start = 0
        for number in _numbers(candidates):
            text = f" {self._texts[name][number]} "
            if f"{wanted} " in text:
                whole |= 1 << number
            elif wanted in text:
                start |= 1 << number
        return whole, start

    def _ranked(self, found: int, options: list[list[_Level]], terms: list[Term]) -> list[Hit]:
        scores: dict[int, float] = dict.fromkeys(_numbers(found), 0.0)
        where: dict[int, dict[str, float]] = {number: {} for number in scores}
        for levels in options:
            left = found
            for score, name, bits in levels:
                for number in _numbers(bits & left):
                    scores[number] += score
                    where[number][name] = max(score, where[number].get(name, 0.0))
                left &= ~bits
                if not left:
                    break
        if len(terms) > 1:
            phrase = " ".join(term.text for term in terms)
            for number in scores:
                if phrase in self._texts["title"][number]:
                    scores[number] += _PHRASE_BONUS
        order = sorted(scores, key=lambda number: (-scores[number], _newest(self._years[number]), self._keys[number]))
        return [
            Hit(
                self._keys[number],
                tuple(sorted(where[number], key=lambda name: -where[number][name])),
                scores[number],
            )
            for number in order
        ]

    def _near(
        self, terms: list[Term], options: list[list[_Level]]
    ) -> tuple[list[list[_Level]], dict[str, tuple[str, ...]]]:
        """Return options with near words for those that occur nowhere; for all, where each occurs somewhere."""
        from rapidfuzz import fuzz, process

        missing = [not _union(levels) for levels in options]
        instead: dict[str, tuple[str, ...]] = {}
        words = sorted({word for field in self._fields.values() for word in field.words})
        for place, term in enumerate(terms):
            wanted = missing[place] or not any(missing)
            if not wanted or len(term.words) > 1 or len(term.text) < _NEAR_FROM:
                continue
            near = process.extract(term.text, words, scorer=fuzz.ratio, score_cutoff=_NEAR_CUTOFF, limit=_NEAR_LIMIT)
            best = max((likeness for word, likeness, _ in near if word != term.text), default=0)
            taken = {
                word: likeness / 200
                for word, likeness, _ in near
                if word != term.text and likeness > best - _NEAR_SPREAD
            }
            if taken:
                instead[term.text] = tuple(taken)
                levels = [
                    (FIELDS[name].weight * part, name, field.whole(word))
                    for word, part in taken.items()
                    for name, field in self._fields.items()
                ]
                options[place] = sorted([*options[place], *levels], key=lambda level: -level[0])
        return options, instead


def _union(levels: list[_Level]) -> int:
    found = 0
    for _, _, bits in levels:
        found |= bits
    return found


def _newest(year: str) -> int:
    return -int(year) if year.isdecimal() else 0


def _numbers(bits: int) -> Iterator[int]:
    """Return the places of the bits that are set."""
    digits = f"{bits:b}"[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
