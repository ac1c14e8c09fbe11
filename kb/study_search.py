"""A search over studies that answers while it is typed: which studies have all words, the best first, and why.

Every word of every field is kept with the studies that have it. So a search looks at words and not at studies, and
combines sets of studies by single operations.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.bit_sets import set_of
from kb.collecting import without_collecting
from kb.search_index import NameIndex, TextIndex, numbers_of
from kb.search_terms import Term, read_terms
from kb.study_texts import FIELDS, NAMED, TextReader

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


class StudyIndex:
    """The index of one state of a collection. Building it takes a moment; searching takes none."""

    def __init__(self, studies: Sequence[StudyRow], findings: Iterable[Row], vocabulary: Vocabulary) -> None:
        rows = _by_study(findings)
        reader = TextReader(vocabulary)
        self._listed = [study.study for study in studies]
        ranked = sorted(studies, key=lambda study: (_newest(study.year), study.study))
        found = [reader.read(study, rows[study.study]) for study in ranked]
        self._keys = [study.study for study in ranked]
        self._years = [study.year for study in ranked]
        self._texts = {name: TextIndex(one.texts[name] for one in found) for name in FIELDS if name not in NAMED}
        self._names = {name: NameIndex(one.names[name] for one in found) for name in FIELDS if name in NAMED}
        self._prepare()

    def _prepare(self) -> None:
        """Work out what follows from the rest."""
        numbers = [number for number, key in enumerate(self._keys) if key]
        self._all = set_of(numbers)
        numbers.sort(key=lambda number: (_newest(self._years[number]), self._keys[number]))
        self._rank = [0] * len(self._keys)
        for rank, number in enumerate(numbers):
            self._rank[number] = rank
        self._by_rank = [self._keys[number] for number in numbers]
        self._fields: dict[str, TextIndex | NameIndex] = {
            name: self._names[name] if name in NAMED else self._texts[name] for name in FIELDS
        }
        self._known: dict[Term, list[_Level]] = {}
        self._words: list[str] = []

    @classmethod
    def of(cls, state: dict[str, Any]) -> StudyIndex:
        """Return the index of a state that was kept.

        Raises:
            LookupError, TypeError: it is none.
        """
        found = cls.__new__(cls)
        found._listed, found._keys, found._years = state["listed"], state["keys"], state["years"]
        found._texts = {name: TextIndex.of(state["texts"][name]) for name in FIELDS if name not in NAMED}
        found._names = {name: NameIndex.of(state["names"][name]) for name in FIELDS if name in NAMED}
        found._prepare()
        return found

    def state(self) -> dict[str, Any]:
        """Return all that is in it as plain values."""
        return {
            "listed": self._listed,
            "keys": self._keys,
            "years": self._years,
            "texts": {name: index.state() for name, index in self._texts.items()},
            "names": {name: index.state() for name, index in self._names.items()},
        }

    def change(
        self, keys: set[str], studies: Sequence[StudyRow], findings: Iterable[Row], vocabulary: Vocabulary
    ) -> None:
        """Bring it to another state of the collection, in which only the studies of these keys are others."""
        self._listed = [study.study for study in studies]
        here = set(self._listed)
        gone = [number for number, key in enumerate(self._keys) if key and (key in keys or key not in here)]
        known = {key for key in self._keys if key} - keys
        new = [study for study in studies if study.study not in known]
        rows = _by_study(findings, {study.study for study in new})
        reader = TextReader(vocabulary)
        for number in gone:
            self._keys[number] = self._years[number] = ""
            for text in self._texts.values():
                text.remove(number)
        names: dict[str, dict[int, list[str]]] = {name: {} for name in NAMED}
        for study in new:
            found = reader.read(study, rows[study.study])
            for field, texts in self._texts.items():
                texts.add(found.texts[field])
            for field in NAMED:
                names[field][len(self._keys)] = found.names[field]
            self._keys.append(study.study)
            self._years.append(study.year)
        for field in NAMED:
            self._names[field].change(set_of(gone), names[field])
        self._prepare()

    def search(self, text: str) -> Hits:
        """Return the studies in which all words and phrases occur, the best first; all, as they stand, without words.

        Where nothing is found, words that are spelt like those of the collection are taken for them.
        """
        terms = read_terms(text)[:_TERMS]
        if not terms:
            return Hits([Hit(key, (), 0.0) for key in self._listed], {}, ())
        options = [self._levels(term) for term in terms]
        found = self._common(options)
        instead: dict[str, tuple[str, ...]] = {}
        if not found:
            options, instead = self._near(terms, options)
            found = self._common(options)
        words = [word for term in terms for word in (term.text, *instead.get(term.text, ()))]
        with without_collecting():
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
                whole, start = field.phrase(term.words)
                yield from ((weight * _WHOLE, name, whole), (weight * _START, name, start))
                continue
            (word,) = term.words
            if FIELDS[name].skips_years and len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20"):
                continue
            yield weight * _WHOLE, name, field.whole(word)
            yield weight * _START, name, field.start(word)
            if len(word) >= _INSIDE_FROM:
                yield weight * _INSIDE, name, field.inside(word)

    def _ranked(self, found: int, options: list[list[_Level]], terms: list[Term]) -> list[Hit]:
        """Return the hits of some studies: each term counts once for each, by the best level that finds it there.

        Studies that every term finds at the same level are alike; which ones are is said by one number, with the level
        of each term as its digits.
        """
        alike = dict.fromkeys(numbers_of(found), 0)
        digits_of: list[list[_Level]] = []
        unit = 1
        for levels in options:
            parts = _parted(found, levels)
            for digit, (_, bits) in enumerate(parts):
                step = digit * unit
                for number in numbers_of(bits) if step else ():
                    alike[number] += step
            digits_of.append([level for level, _ in parts])
            unit *= len(parts)
        if len(terms) > 1:
            for number in self._texts["title"].containing(" ".join(term.text for term in terms), alike):
                alike[number] += unit
        groups: dict[int, list[int]] = defaultdict(list)
        for number, digits in alike.items():
            groups[digits].append(number)
        by_score: dict[float, list[tuple[list[int], tuple[str, ...]]]] = defaultdict(list)
        for digits, numbers in groups.items():
            score, fields = _worth(digits, digits_of)
            by_score[score].append((numbers, fields))
        hits: list[Hit] = []
        for score in sorted(by_score, reverse=True):
            hits += self._hits(by_score[score], score)
        return hits

    def _hits(self, groups: list[tuple[list[int], tuple[str, ...]]], score: float) -> Iterator[Hit]:
        """Return the hits of one score in their order; each group of studies was found in its fields."""
        rank = self._rank.__getitem__
        if len(groups) == 1:
            ((numbers, fields),) = groups
            ranks = sorted(map(rank, numbers))
            return map(Hit, map(self._by_rank.__getitem__, ranks), repeat(fields), repeat(score))
        found_in = {rank(number): fields for numbers, fields in groups for number in numbers}
        ranks = sorted(found_in)
        return map(Hit, map(self._by_rank.__getitem__, ranks), map(found_in.__getitem__, ranks), repeat(score))

    def _near(
        self, terms: list[Term], options: list[list[_Level]]
    ) -> tuple[list[list[_Level]], dict[str, tuple[str, ...]]]:
        """Return options with near words for those that occur nowhere; for all, where each occurs somewhere."""
        from rapidfuzz import fuzz, process

        missing = [not _union(levels) for levels in options]
        instead: dict[str, tuple[str, ...]] = {}
        if not self._words:
            self._words = sorted({word for field in self._fields.values() for word in field.words})
        for place, term in enumerate(terms):
            wanted = missing[place] or not any(missing)
            if not wanted or len(term.words) > 1 or len(term.text) < _NEAR_FROM:
                continue
            near = process.extract(
                term.text, self._words, scorer=fuzz.ratio, score_cutoff=_NEAR_CUTOFF, limit=_NEAR_LIMIT
            )  # fmt: skip
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


def _parted(found: int, levels: list[_Level]) -> list[tuple[_Level, int]]:
    """Return the levels with the studies that each is the best for, the level of most studies first."""
    parts = []
    for level in levels:
        if here := found & level[2]:
            parts.append((level, here))
            found ^= here
    return sorted(parts, key=lambda part: -part[1].bit_count())


def _worth(digits: int, digits_of: list[list[_Level]]) -> tuple[float, tuple[str, ...]]:
    """Return the score of the studies that terms find at these levels, and the fields, best first."""
    score = 0.0
    where: dict[str, float] = {}
    for levels in digits_of:
        digits, place = divmod(digits, len(levels))
        worth, name, _ = levels[place]
        score += worth
        where[name] = max(worth, where.get(name, 0.0))
    if digits:
        score += _PHRASE_BONUS
    return score, tuple(sorted(where, key=lambda name: -where[name]))


def _by_study(findings: Iterable[Row], keys: set[str] | None = None) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in findings:
        if keys is None or row.study in keys:
            rows[row.study].append(row)
    return rows
