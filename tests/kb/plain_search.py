"""The search over studies by its rules alone: each study is looked at, each word of each field, with no index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.search_terms import Term, read_terms
from kb.study_search import Hit
from kb.study_texts import FIELDS, TextReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.evidence import Row
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary


def plain_search(text: str, studies: Sequence[StudyRow], findings: Sequence[Row], vocabulary: Vocabulary) -> list[Hit]:
    """Return the hits, without those for words that are spelt alike."""
    terms = read_terms(text)[:12]
    reader = TextReader(vocabulary)
    found = []
    for study in studies:
        texts, names = reader.read(study, [row for row in findings if row.study == study.study])
        passages = {name: names.get(name) or [texts.get(name, "")] for name in FIELDS}
        best = [_best(term, passages) for term in terms]
        if all(score for score, _ in best):
            together = len(terms) > 1 and " ".join(term.text for term in terms) in texts["title"]
            score = 0.0
            where: dict[str, float] = {}
            for worth, field in best:
                score += worth
                where[field] = max(worth, where.get(field, 0.0))
            fields = tuple(sorted(where, key=lambda name: -where[name]))
            found.append((Hit(study.study, fields, score + 4.0 if together else score), study.year))
    found.sort(key=lambda pair: (-pair[0].score, -int(pair[1] or 0), pair[0].study))
    return [hit for hit, _ in found]


def _best(term: Term, passages: dict[str, list[str]]) -> tuple[float, str]:
    return max(
        ((_match(term, passage, name) * FIELDS[name].weight, name) for name in FIELDS for passage in passages[name]),
        key=lambda found: found[0],
    )


def _match(term: Term, passage: str, field: str) -> float:
    """Return how much a term counts in a text: as a whole, as the start of a word, inside of one, or not at all."""
    (word, *more) = term.words
    if more:
        return 1.0 if f" {term.text} " in f" {passage} " else 0.8 if f" {term.text}" in f" {passage}" else 0.0
    if FIELDS[field].skips_years and len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20"):
        return 0.0
    words = passage.split()
    if word in words:
        return 1.0
    if any(known.startswith(word) for known in words):
        return 0.8
    return 0.25 if len(word) > 2 and any(word in known for known in words) else 0.0
