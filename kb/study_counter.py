"""How many studies a set of findings comes from, and which way they point; a set is counted in microseconds.

A study counts once: for the class of its direct findings in the set, by the rule of ``kb.synthesis.classes``; apart
where it has only moderator findings there; and a review is in no count of studies.

The findings of each study stand side by side with a free bit after them. Adding ones to all of them carries into the
free bits of the studies that have any of the findings, however many these are. Where all findings of a study agree,
that says its class; the few studies that have enough findings to disagree and still be of one class are asked one by
one, and the answer is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.bit_sets import picked, set_of
from kb.synthesis.classes import class_of_study
from kb.synthesis.rules import DIRECTION, rules
from kb.terminal import SIGNS

if TYPE_CHECKING:
    from kb.evidence import Row
    from kb.finding_index import FindingIndex

_REVIEWS = "synthesis"  # the design of studies that sum up others
_MODERATOR, _UNCLEAR = "moderator", "unclear"


class Count(NamedTuple):
    """What a set of findings holds.

    ``studies`` are those that are no reviews. ``by_study`` and ``by_finding`` give every direction a number: of direct
    findings that are not from reviews. ``moderators`` are the studies with moderator findings alone, so that these and
    ``by_study`` add up to ``studies``.
    """

    findings: int
    studies: int
    by_study: dict[str, int]
    by_finding: dict[str, int]
    moderators: int
    moderator_findings: int
    reviews: int
    review_findings: int


class _Weighed(NamedTuple):
    """A study with enough readable direct findings that most of them may decide: where its findings lie."""

    place: int
    mask: int
    rows: list[Row | None]


#: What the empty set holds.
NOTHING = Count(0, 0, dict.fromkeys(SIGNS, 0), dict.fromkeys(SIGNS, 0), 0, 0, 0, 0)


class StudyCounter:
    """Counts sets of the findings of one index, once they are laid out study by study."""

    def __init__(self, index: FindingIndex) -> None:
        by_study: dict[str, list[int]] = {}
        for number, row in enumerate(index.rows):
            by_study.setdefault(row.study, []).append(number)
        self._places = [0] * len(index.rows)
        free: list[int] = []
        self._weighed: dict[int, _Weighed] = {}
        self._classes: dict[tuple[int, int], str] = {}
        readable = {
            study: [row if _is_readable(row := index.rows[number]) else None for number in numbers]
            for study, numbers in by_study.items()
        }
        weighed = {study for study, rows in readable.items() if _may_outweigh(len(rows) - rows.count(None))}
        place = 0
        for study in sorted(by_study, key=lambda study: study not in weighed):  # first, to have small numbers
            numbers = by_study[study]
            if study in weighed:
                self._weighed[1 << (place + len(numbers))] = _Weighed(place, (1 << len(numbers)) - 1, readable[study])
            for number in numbers:
                self._places[number] = place
                place += 1
            free.append(place)
            place += 1
        self._free = set_of(free)
        self._outweighing = sum(self._weighed)
        self._ones = ((1 << place) - 1) ^ self._free
        kinds: dict[str, list[int]] = {name: [] for name in (*SIGNS, _MODERATOR)}
        for number, row in enumerate(index.rows):
            direction = row.direction if row.direction in SIGNS else _UNCLEAR
            kinds[_MODERATOR if row.role == _MODERATOR else direction].append(self._places[number])
        self._reviews = self.laid_out(index.sets("design").get(_REVIEWS, 0))
        self._kinds = {name: set_of(places) & ~self._reviews for name, places in kinds.items()}

    def laid_out(self, found: int) -> int:
        """Return a set of the index as it is counted."""
        return set_of(picked(self._places, found))

    def count(self, laid: int) -> Count:
        """Count a set that was laid out."""
        if not laid:
            return NOTHING
        having = {name: laid & kind for name, kind in self._kinds.items()}
        studies = {name: self._studies(found) if found else 0 for name, found in having.items()}
        any_clear = several = 0
        for name in SIGNS:
            if name != _UNCLEAR:
                several |= any_clear & studies[name]
                any_clear |= studies[name]
        counts = {name: (studies[name] & ~several).bit_count() for name in SIGNS}
        counts["mixed"] = (studies["mixed"] | several).bit_count()
        counts[_UNCLEAR] = (studies[_UNCLEAR] & ~any_clear).bit_count()
        unlike = several & self._outweighing
        small = laid & ((1 << self._outweighing.bit_length()) - 1) if unlike else 0
        while unlike:
            study = unlike & -unlike
            unlike ^= study
            counts["mixed"] -= 1
            counts[self._class(study, small)] += 1
        moderators = (studies[_MODERATOR] & ~(any_clear | studies[_UNCLEAR])).bit_count()
        reviews = laid & self._reviews
        return Count(
            laid.bit_count(),
            sum(counts.values()) + moderators,
            counts,
            {name: having[name].bit_count() for name in SIGNS},
            moderators,
            having[_MODERATOR].bit_count(),
            self._studies(reviews).bit_count() if reviews else 0,
            reviews.bit_count(),
        )

    def _class(self, study: int, laid: int) -> str:
        """Return the class of the findings of a study that are in a set."""
        place, mask, rows = self._weighed[study]
        held = (laid >> place) & mask
        if (study, held) not in self._classes:
            self._classes[study, held] = class_of_study([row for row in picked(rows, held) if row], DIRECTION)
        return self._classes[study, held]

    def _studies(self, laid: int) -> int:
        """Return the free bits of the studies that have any of the findings."""
        return (laid + self._ones) & self._free


def _is_readable(row: Row) -> bool:
    return row.role != _MODERATOR and row.direction in SIGNS and row.direction != _UNCLEAR


def _may_outweigh(findings: int) -> bool:
    """Say whether so many findings can be of one class although one of them is not."""
    return findings * rules().share <= (findings - 1) * 100
