"""How many studies a set of findings comes from, and which way they point; a set is counted in microseconds.

A study counts once: for a direction where all its direct findings in the set agree (unclear ones left aside), else as
mixed; apart where it has only moderator findings there; and a review is in no count of studies.

The findings of each study stand side by side with a free bit after them. Adding ones to all of them carries into the
free bits of the studies that have any of the findings, however many these are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.bit_sets import picked, set_of
from kb.terminal import SIGNS

if TYPE_CHECKING:
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
        place = 0
        for numbers in by_study.values():
            for number in numbers:
                self._places[number] = place
                place += 1
            free.append(place)
            place += 1
        self._free = set_of(free)
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

    def _studies(self, laid: int) -> int:
        """Return the free bits of the studies that have any of the findings."""
        return (laid + self._ones) & self._free
