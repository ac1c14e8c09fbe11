"""From a question to its syntheses: one for each group of outcomes, in blocks that are never counted together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb.errors import UsageError
from kb.evidence import Question, answer
from kb.synthesis.block import make_block
from kb.synthesis.known import background, last_search, protocol_of
from kb.synthesis.model import (
    DIRECT,
    MODERATOR,
    PRIMARY,
    REVIEW,
    Counted,
    Hidden,
    Synthesis,
    counted_rows,
)  # fmt: skip
from kb.synthesis.rules import APPRAISAL, COUNTED_BY
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.evidence import Row
    from kb.session import Session
    from kb.vocabulary import Vocabulary

_OVERALL = "overall"
#: Where findings stand of which no measure is recorded.
NO_CIRCLE = "unknown"
_REVIEWS = "synthesis"  # the design of studies that sum up others
_FILTERS = (
    "population", "direction", "appraisal", "role", "design", "source_level", "country", "data", "year", "since",
    "until", "search", "study", "finding",
)  # fmt: skip
_RESULTS = ("direction", "appraisal")


def synthesise(session: Session, question: Question, by: str = APPRAISAL) -> list[Synthesis]:
    """Return what the findings on one policy add up to.

    Where outcomes are named, there is a synthesis for each of their groups, also one that is empty; else a short one
    for each group in which there are findings.

    Raises:
        UsageError: not exactly one policy is named, or ``by`` is nothing to count by.
        UnknownConceptError: a name is in no scheme; the message suggests.
        MissingExtraError: there are numbers to sum up, and the library for it is not installed.
    """
    if by not in COUNTED_BY:
        raise UsageError(f"Studies cannot be counted by {by!r}. Count them by {' or '.join(COUNTED_BY)}.")
    if len(question.policy) != 1:
        raise UsageError("A synthesis is about one policy. Name one; list them with: mipex-kb vocab policy")
    words = session.vocabulary()
    targets = outcome_targets(words, question.outcome)
    found = answer(session.reader, question)
    of_group: dict[str, list[Row]] = defaultdict(list)
    for row in found.rows:
        of_group[group_of(row, words)].append(row)
    short = not question.outcome
    order = [concept.notation for concept in words.concepts("outcome") if concept.notation in of_group]
    maker = _Maker(session, question, by, found.rows)
    return [
        maker.make(tuple(targets.get(group, ())) or (group,), of_group[group], found.circles, short=short or (group in
                   targets and not targets[group]))
        for group in (targets if question.outcome else order)
    ]  # fmt: skip


def outcome_targets(words: Vocabulary, names: Iterable[str]) -> dict[str, list[str]]:
    """Return the groups of named outcomes, each with those of them that were named; with none where an actor was.

    Raises:
        UnknownConceptError: a name is in no scheme.
    """
    targets: dict[str, list[str]] = {}
    for name in names:
        concept = words.resolve("outcome", name)
        if concept.level == "actor":
            for below in words.narrower("outcome", concept.notation):
                targets.setdefault(below.notation, [])
            continue
        group = concept.notation if concept.level == "group" else concept.broader[0]
        targets.setdefault(group, []).append(concept.notation)
    return targets


def group_of(row: Row, words: Vocabulary) -> str:
    """Return the group of the outcome of a finding, also where the group itself is the outcome."""
    concept = words.get("outcome", row.outcome)
    return row.outcome if concept and concept.level == "group" else row.outcome_group


def is_review(row: Row, words: Vocabulary) -> bool:
    """Say whether a finding comes from a study that sums up others."""
    designs = [part.strip() for part in row.design.split(";") if part.strip()]
    return any(words.top("design", design) == _REVIEWS for design in designs)


class _Maker:
    """Makes the syntheses of one question; what they share is asked for once."""

    def __init__(self, session: Session, question: Question, by: str, rows: list[Row]) -> None:
        self._session = session
        self._words = session.vocabulary()
        self._by = by
        policy = self._words.resolve("policy", question.policy[0])
        self._question = question._replace(policy=(policy.notation,))
        self._policy = policy
        self._protocol = protocol_of(session)
        self._behind = background(session, (row.study for row in rows), self._protocol)
        self._answers: dict[Question, list[Row]] = {}
        self._studies = {study.study: study for study in session.studies()}

    def make(self, outcomes: tuple[str, ...], rows: list[Row], circles: tuple[str, ...], *, short: bool) -> Synthesis:
        rows = self._only(outcomes, rows)
        by_place: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in rows:
            kind = REVIEW if is_review(row, self._words) else PRIMARY
            role = MODERATOR if row.role == MODERATOR else DIRECT
            by_place[self._circle(row), role, kind].append(row)
        there = {*circles, *(circle for circle, _, _ in by_place)}
        circles = tuple(name for name in (*CIRCLES, NO_CIRCLE) if name in there)
        places = [
            (circle, role, kind) for circle in circles for role in (DIRECT, MODERATOR) for kind in (PRIMARY, REVIEW)
        ]
        by_result = any(getattr(self._question, name) for name in _RESULTS)
        blocks = tuple(
            make_block(
                place, by_place[place], self._by, by_result=by_result, studies=self._studies,
                bases=self._session.bases(), words=self._words, behind=self._behind,
            )
            for place in places
        )  # fmt: skip
        labels = [self._session.label("outcome", outcome) for outcome in outcomes]
        return Synthesis(
            self._policy.notation, self._policy.label, outcomes, " or ".join(labels), self._by,
            self._filters(), by_result, circles, blocks, self._hidden(outcomes, circles),
            last_search(self._protocol), self._session.version(), short,
        )  # fmt: skip

    def _only(self, outcomes: tuple[str, ...], rows: list[Row]) -> list[Row]:
        """Return the rows on these outcomes and what lies below them."""
        wanted = set(outcomes)
        if self._question.exact and self._question.outcome:
            return [row for row in rows if row.outcome in wanted]
        return [
            row for row in rows
            if row.outcome in wanted
            or wanted & {concept.notation for concept in self._words.ancestors("outcome", row.outcome)}
        ]  # fmt: skip

    def _circle(self, row: Row) -> str:
        found = self._session.index.of("circle", row)
        return found[0] if found else NO_CIRCLE

    def _filters(self) -> tuple[tuple[str, str], ...]:
        pairs = []
        for name in _FILTERS:
            value = getattr(self._question, name)
            if value:
                pairs.append((name.replace("_", "-"), value if isinstance(value, str) else " or ".join(value)))
        return tuple(pairs) + ((("exact", "nothing below the policy"),) if self._question.exact else ())

    def _hidden(self, outcomes: tuple[str, ...], circles: tuple[str, ...]) -> Hidden:
        """Return what stands beside: other circles, what each filter leaves out, and the overall score or the areas."""
        asked = self._question._replace(outcome=())
        everything = self._primary(asked._replace(measure=("all",)), outcomes)
        by_circle: dict[str, list[Row]] = defaultdict(list)
        for row in everything:
            by_circle[self._circle(row)].append(row)
        others = {circle: counted_rows(by_circle[circle]) for circle in by_circle if circle not in circles}
        filters: dict[str, Counted] = {}
        here = counted_rows(self._primary(asked, outcomes))
        for name in _FILTERS:
            if getattr(asked, name):
                wider = asked._replace(**{name: Question._field_defaults[name]})
                more = counted_rows(self._primary(wider, outcomes))
                filters[name.replace("_", "-")] = _without(more, here)
        overall = self._policy.notation == _OVERALL
        beside = self._primary(asked._replace(policy=() if overall else (_OVERALL,)), outcomes)
        other = counted_rows(row for row in beside if (row.policy == _OVERALL) != overall)
        return Hidden({name: found for name, found in others.items() if found.number}, filters, other)

    def _primary(self, question: Question, outcomes: tuple[str, ...]) -> list[Row]:
        """Return the direct findings of primary studies that answer a question and are on these outcomes."""
        if question not in self._answers:
            rows = answer(self._session.reader, question).rows
            self._answers[question] = [row for row in rows if row.role == DIRECT and not is_review(row, self._words)]
        return self._only(outcomes, self._answers[question])


def _without(more: Counted, fewer: Counted) -> Counted:
    """Return what is counted more."""
    return Counted(
        tuple(key for key in more.studies if key not in set(fewer.studies)),
        tuple(key for key in more.findings if key not in set(fewer.findings)),
    )
