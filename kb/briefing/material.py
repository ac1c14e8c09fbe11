"""What a briefing rests on: the findings on one policy, sorted into what may be counted together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.evidence import Question, answer
from kb.synthesis.known import background, last_search, protocol_of
from kb.synthesis.make import NO_CIRCLE, group_of, is_review, synthesise
from kb.synthesis.model import DIRECT, MODERATOR, PRIMARY
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.evidence import Row
    from kb.session import Session
    from kb.synthesis.known import Background
    from kb.synthesis.model import Block
    from kb.vocabulary import Concept, Vocabulary

CORE = CIRCLES[0]
_OVERALL = "overall"


class Group(NamedTuple):
    """A group of outcomes with direct findings of primary studies in the core circle."""

    notation: str
    label: str
    rows: list[Row]
    block: Block


class Kinds(NamedTuple):
    """Findings of one circle by what may be counted together."""

    direct: list[Row]
    moderators: list[Row]
    reviews: list[Row]


class Material(NamedTuple):
    """The findings on one policy. ``groups``: most studies first, then most evidence bases, then as in the scheme.

    ``beside`` holds the findings on the overall score, or on single policies where the policy is the overall score.
    ``notes`` holds what the coders noted on findings.
    """

    session: Session
    words: Vocabulary
    policy: Concept
    direct: list[Row]
    moderators: list[Row]
    reviews: list[Row]
    others: dict[str, list[Row]]
    beside: list[Row]
    groups: list[Group]
    empty: list[str]
    behind: Background
    last_search: str
    notes: dict[str, str]

    def label(self, kind: str, notation: str) -> str:
        """Return the name of a concept."""
        return self.session.label(kind, notation)

    def group(self, row: Row) -> str:
        """Return the name of the group of outcomes of a finding."""
        return self.label("outcome", group_of(row, self.words))

    @property
    def is_overall(self) -> bool:
        """Whether the policy is the overall score."""
        return self.policy.notation == _OVERALL


def gather(session: Session, name: str) -> Material:
    """Return what the collection holds on a policy.

    Raises:
        UnknownConceptError: no policy is called so; the message suggests.
        MissingExtraError: there are numbers to sum up, and the library for it is not installed.
    """
    words = session.vocabulary()
    policy = words.resolve("policy", name)
    everything = Question((policy.notation,), measure=("all",))
    by_circle: dict[str, list[Row]] = defaultdict(list)
    for row in answer(session.reader, everything).rows:
        found = session.index.of("circle", row)
        by_circle[found[0] if found else NO_CIRCLE].append(row)
    core = by_circle.pop(CORE, [])
    kinds = _kinds(core, words)
    groups = _groups(session, everything, kinds.direct)
    protocol = protocol_of(session)
    there = {group.notation for group in groups}
    return Material(
        session, words, policy, *kinds,
        {circle: by_circle[circle] for circle in (*CIRCLES, NO_CIRCLE) if by_circle.get(circle)},
        _beside(session, policy), groups,
        [c.label for c in words.concepts("outcome") if c.level == "group" and c.notation not in there],
        background(session, (row.study for row in core), protocol), last_search(protocol),
        _notes(session, core),
    )  # fmt: skip


def sorted_out(material: Material, rows: Iterable[Row]) -> Kinds:
    """Return findings of one circle by what may be counted together."""
    return _kinds(rows, material.words)


def _kinds(rows: Iterable[Row], words: Vocabulary) -> Kinds:
    kinds = Kinds([], [], [])
    for row in rows:
        of = kinds.reviews if is_review(row, words) else kinds.moderators if row.role == MODERATOR else kinds.direct
        of.append(row)
    return kinds


def by_label(rows: Iterable[Row], labels: Callable[[Row], Iterable[str]]) -> dict[str, list[Row]]:
    """Return findings by each of their labels."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for label in dict.fromkeys(labels(row)):
            found[label].append(row)
    return dict(found)


def parts_of(text: str) -> list[str]:
    """Return the values of a field."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _notes(session: Session, rows: list[Row]) -> dict[str, str]:
    from kb.studies import more_of

    more = more_of(session.reader, sorted({row.study for row in rows}))
    return {finding: fields["note"] for finding, fields in more.items() if fields.get("note")}


def _groups(session: Session, question: Question, direct: list[Row]) -> list[Group]:
    by_group = by_label(direct, lambda row: [group_of(row, session.vocabulary())])
    found = []
    for synthesis in synthesise(session, question):
        notation = synthesis.outcomes[0]
        for block in synthesis.blocks:
            if (block.circle, block.role, block.kind) == (CORE, DIRECT, PRIMARY) and block.everything.number:
                found.append(Group(notation, synthesis.outcome_label, by_group[notation], block))
    return sorted(found, key=lambda group: (-group.block.everything.number, -len(group.block.bases.members)))


def _beside(session: Session, policy: Concept) -> list[Row]:
    """Return the findings that a reader could take for evidence on this policy, and that are not."""
    overall = policy.notation == _OVERALL
    rows = answer(session.reader, Question(() if overall else (_OVERALL,))).rows
    words = session.vocabulary()
    kept = [row for row in rows if (row.policy == _OVERALL) != overall]
    return [row for row in kept if row.role == DIRECT and not is_review(row, words)]
