"""The types of a synthesis: every number comes with the keys of the studies and findings that it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.evidence import Row
    from kb.synthesis.pooling import Pooled

PRIMARY, REVIEW = "primary", "review"
DIRECT, MODERATOR = "direct", "moderator"


class Counted(NamedTuple):
    """Studies that were counted, by key, and the findings that made them count."""

    studies: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """How many studies there are."""
        return len(self.studies)


def counted_rows(rows: Iterable[Row]) -> Counted:
    """Return the studies and the findings of rows, sorted."""
    rows = list(rows)
    return Counted(tuple(sorted({row.study for row in rows})), tuple(sorted({row.finding for row in rows})))


class Bases(NamedTuple):
    """Evidence bases, each by its studies, and the findings of these studies."""

    members: tuple[tuple[str, ...], ...] = ()
    findings: tuple[str, ...] = ()


class SignTest(NamedTuple):
    """``good`` of ``informative`` studies or bases; ``p`` is exact and two-sided; the interval is Wilson's."""

    good: int
    informative: int
    p: float
    low: float
    high: float
    findings: tuple[str, ...]


class Spread(NamedTuple):
    """Median and range of a number, over the studies for which it is known."""

    median: float
    low: int
    high: int
    known: Counted


class OutcomeSplit(NamedTuple):
    """One outcome as named: ``valence`` 1, -1 or 0 as more of it is good, bad or neither; studies by raw direction."""

    notation: str
    label: str
    valence: int | None
    directions: dict[str, Counted]


class Profile(NamedTuple):
    """What kind of studies these are. Mappings go from a notation to the studies that have it, of which a study may
    have several.

    ``levels`` puts each study where the best read of its findings was read. ``verified`` counts findings that another
    coder checked, ``coded_twice`` studies that two coders coded without seeing each other's coding; none: no record.
    """

    designs: dict[str, Counted]
    countries: Spread | None
    years: Spread | None
    measures: dict[str, Counted]
    levels: dict[str, Counted]
    populations: dict[str, Counted]
    sources: dict[str, Counted]
    verified: Counted
    coded_twice: Counted | None


class Member(NamedTuple):
    """One study of a block. ``directions`` are pairs of outcome and raw direction, one a finding.

    ``causal`` holds those of its designs that allow to say what happened after a change.
    """

    study: str
    author: str
    year: str
    result: str
    findings: tuple[str, ...]
    directions: tuple[tuple[str, str], ...]
    designs: tuple[str, ...]
    countries: int | None
    data: str
    level: str
    causal: tuple[str, ...]


class Numbers(NamedTuple):
    """Estimates of a block: findings with one, with its standard error too, and what was summed up, if anything."""

    printed: Counted
    with_error: Counted
    pooled: tuple[Pooled, ...]


class Block(NamedTuple):
    """Findings that may be counted together: one circle, one role, and primary studies or reviews."""

    circle: str
    role: str
    kind: str
    everything: Counted
    classes: dict[str, Counted]
    bases: Bases
    unknown: Counted
    by_base: dict[str, Bases]
    test: SignTest | None
    base_test: SignTest | None
    untested: str
    outcomes: tuple[OutcomeSplit, ...]
    profile: Profile
    members: tuple[Member, ...]
    numbers: Numbers | None
    included: Counted


class Hidden(NamedTuple):
    """What is not counted: direct primary studies by circle, and by the filter without which there would be more."""

    circles: dict[str, Counted]
    filters: dict[str, Counted]
    other_policy: Counted


class Synthesis(NamedTuple):
    """What the findings on one policy and one group of outcomes, or some outcomes of it, add up to.

    ``short`` is set where the outcome was not asked for. ``by_result``: the findings were chosen by what they say.
    """

    policy: str
    policy_label: str
    outcomes: tuple[str, ...]
    outcome_label: str
    by: str
    filters: tuple[tuple[str, str], ...]
    by_result: bool
    circles: tuple[str, ...]
    blocks: tuple[Block, ...]
    hidden: Hidden
    last_search: str
    version: str
    short: bool
