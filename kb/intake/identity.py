"""Is this the same publication? Certain, probable (a person decides), or new: by DOI, title, first author and year."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kb.intake.incoming import Facts

#: From this similarity of titles on (0 to 100, rapidfuzz's ratio), with a common author, two records may be one study.
SIMILAR = 90.0
_YEARS_APART = 6  # a working paper and its published version
_NUMBERS = re.compile(r"\b(\d+|[ivx]+|one|two|three|first|second|third)\b")
_SHORT = 12  # letters; a title that short says too little by itself


class Match(NamedTuple):
    """A record that a publication is (``certain``) or may be. ``score``: 0 to 1; ``reason`` in a few words."""

    key: str
    score: float
    reason: str
    certain: bool


class Index:
    """The publications that are there, findable by what identifies them."""

    def __init__(self) -> None:
        self._facts: dict[str, Facts] = {}
        self._by_doi: dict[str, str] = {}
        self._by_words: dict[tuple[str, ...], str] = {}
        self._by_title: dict[str, list[str]] = defaultdict(list)
        self._by_author_and_word: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, key: str, facts: Facts) -> None:
        """Make a publication findable."""
        self._facts[key] = facts
        if facts.doi:
            self._by_doi.setdefault(facts.doi, key)
        if any(facts.words):
            self._by_words.setdefault(facts.words, key)
        if facts.title:
            self._by_title[facts.title].append(key)
            for place in _places(facts):
                self._by_author_and_word[place].append(key)

    def find(self, facts: Facts) -> list[Match]:
        """Return what a publication is or may be, the best first; nothing where it is new."""
        if facts.doi and (key := self._by_doi.get(facts.doi)):
            return [self._by_same_doi(key, facts)]
        if any(facts.words) and (key := self._by_words.get(facts.words)):
            return [Match(key, 1.0, "the same reference, word for word", certain=True)]
        found: dict[str, Match] = {}
        for key in self._by_title.get(facts.title, ()) if facts.title else ():
            if match := _same_title(key, facts, self._facts[key]):
                found[key] = match
        if not found:
            found = {match.key: match for match in self._similar(facts)}
        return sorted(found.values(), key=lambda match: (not match.certain, -match.score, match.key))

    def _by_same_doi(self, key: str, facts: Facts) -> Match:
        other = self._facts[key]
        if facts.title and other.title and _likeness(facts.title, other.title) < 50:
            return Match(key, 0.5, "the same DOI with another title", certain=False)
        return Match(key, 1.0, "the same DOI", certain=True)

    def _similar(self, facts: Facts) -> list[Match]:
        """Return records with a common author and a title so like this one that a person should look."""
        if len(facts.title) < _SHORT:
            return []
        candidates = {key for place in _places(facts) for key in self._by_author_and_word.get(place, ())}
        found = []
        for key in candidates:
            other = self._facts[key]
            apart = _apart(facts, other)
            if other.title == facts.title or apart > _YEARS_APART or (facts.doi and other.doi):
                continue
            if apart and facts.container and facts.container == other.container:
                continue
            length, longer = sorted((len(facts.title), len(other.title)))
            if facts.first & other.first and length >= 25 and longer != length and _begins(facts.title, other.title):
                found.append(Match(key, 0.9, "the title with and without its second part", certain=False))
            elif (
                length > 0.8 * longer
                and (score := _likeness(facts.title, other.title)) >= SIMILAR
                and _same_words(facts.title, other.title)
            ):
                found.append(Match(key, round(score / 100, 2), "a similar title by the same author", certain=False))
        return found


def _places(facts: Facts) -> set[tuple[str, str]]:
    """Return where a record is looked for by likeness: each author with the beginning or the last word of the title.

    A title that is misspelt at both ends is not found, which keeps a thousand papers of one author cheap.
    """
    ends = (facts.title[:5], facts.title.rpartition(" ")[2][:5] + "$")
    return {(family, end) for family in {*facts.first, *facts.families} for end in ends}


def _same_title(key: str, facts: Facts, other: Facts) -> Match | None:
    """Compare two records with the same folded title."""
    authors = bool(facts.first & other.first) or bool({*facts.families} & {*other.families})
    known = bool(facts.first) and bool(other.first)
    if facts.doi and other.doi:
        return Match(key, 0.9, "the same title with another DOI", certain=False) if authors else None
    if len(facts.title) < _SHORT and not authors:
        return None
    apart = _apart(facts, other)
    if facts.first & other.first and apart == 0 and facts.year and other.year:
        return Match(key, 1.0, "the same title, first author and year", certain=True)
    if apart and facts.container and facts.container == other.container:
        return None  # a column or an annual report: the same words, year after year
    if authors and apart <= _YEARS_APART:
        reason = "the same title and author in another year" if apart else "the same title and author"
        return Match(key, 0.95, reason, certain=False)
    if not known and apart == 0:
        return Match(key, 0.8, "the same title; an author is missing", certain=False)
    return None


def _begins(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short + " ") and _NUMBERS.findall(short) == _NUMBERS.findall(long)


def _same_words(one: str, other: str) -> bool:
    """Say whether two titles differ in spelling only: Germany and Denmark, or I and II, make two studies."""
    if _NUMBERS.findall(one) != _NUMBERS.findall(other):
        return False
    mine, theirs = set(one.split()) - set(other.split()), set(other.split()) - set(one.split())
    left = [word for word in mine if len(word) > 3 and not any(_likeness(word, near) >= 75 for near in theirs)]
    right = [word for word in theirs if len(word) > 3 and not any(_likeness(word, near) >= 75 for near in mine)]
    return not left and not right


def _apart(facts: Facts, other: Facts) -> int:
    return abs(facts.year - other.year) if facts.year and other.year else 0


def _likeness(one: str, other: str) -> float:
    from rapidfuzz.fuzz import ratio

    return ratio(one, other)
