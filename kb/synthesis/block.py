"""One block of a synthesis: what findings that may be counted together come to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb.synthesis.classes import class_of_several, class_of_study
from kb.synthesis.comparable import numbers_of
from kb.synthesis.model import (
    DIRECT,
    PRIMARY,
    Bases,
    Block,
    Counted,
    Member,
    OutcomeSplit,
    SignTest,
    counted_rows,
)  # fmt: skip
from kb.synthesis.profile import best_level, number_of_countries, profile
from kb.synthesis.rules import DIRECTION, rules
from kb.synthesis.sign_test import sign_test, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.evidence import Row
    from kb.evidence_bases import EvidenceBases
    from kb.synthesis.known import Background
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary

#: Why there is no sign test: the findings were chosen by what they say, or more means good here and bad there.
CHOSEN, OPPOSED = "chosen", "opposed"


def make_block(
    place: tuple[str, str, str],
    rows: Sequence[Row],
    by: str,
    *,
    by_result: bool,
    studies: Mapping[str, StudyRow],
    bases: EvidenceBases,
    words: Vocabulary,
    behind: Background,
) -> Block:
    """Return the block of some findings; ``place`` is its circle, role and kind.

    Raises:
        MissingExtraError: there are numbers to sum up, and the library for it is not installed.
    """
    circle, role, kind = place
    by_study: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.study, len(row.finding), row.finding)):
        by_study[row.study].append(row)
    result = {key: class_of_study(found, by) for key, found in by_study.items()}
    classes = {name: counted_rows(row for row in rows if result[row.study] == name) for name in _scale(by)}
    members = bases.members(by_study)
    base_result = {base: class_of_several(result[key] for key in base) for base in members}
    by_base = {name: _bases([base for base in members if base_result[base] == name], by_study) for name in _scale(by)}
    outcomes = _outcomes(by_study, words)
    untested = CHOSEN if by_result else OPPOSED if by == DIRECTION and _opposed(outcomes) else ""
    primary = kind == PRIMARY
    return Block(
        circle, role, kind, counted_rows(rows), classes, _bases(members, by_study),
        counted_rows(row for row in rows if row.study in set(bases.unknown(by_study))), by_base,
        _test({name: (found.number, found.findings) for name, found in classes.items()}, by, untested or not primary),
        _test({name: (len(of.members), of.findings) for name, of in by_base.items()}, by, untested or not primary),
        untested, outcomes, profile(rows, studies, behind.known),
        tuple(
            _member(key, by_study[key], result[key], studies[key], behind)
            for key in sorted(by_study, key=lambda key: (_scale(by).index(result[key]), key))
        ),
        numbers_of(rows, behind.models, bases) if role == DIRECT and primary else None,
        _included(by_study, behind),
    )  # fmt: skip


def _scale(by: str) -> tuple[str, ...]:
    return rules().scales[by].classes


def _bases(members: Sequence[tuple[str, ...]], by_study: Mapping[str, list[Row]]) -> Bases:
    findings = sorted(row.finding for base in members for key in base for row in by_study[key])
    return Bases(tuple(members), tuple(findings))


def _test(numbers: Mapping[str, tuple[int, tuple[str, ...]]], by: str, refused: bool | str) -> SignTest | None:
    scale = rules().scales[by]
    (good, for_it), (bad, against) = numbers[scale.good], numbers[scale.bad]
    if refused or good + bad < rules().informative:
        return None
    low, high = wilson(good, good + bad, rules().confidence)
    return SignTest(
        good, good + bad, sign_test(good, good + bad), low, high, tuple(sorted({*for_it, *against}))
    )  # fmt: skip


def _outcomes(by_study: Mapping[str, list[Row]], words: Vocabulary) -> tuple[OutcomeSplit, ...]:
    """Return each outcome with its studies by raw direction, by the same rule within a study."""
    found: dict[str, dict[str, list[Row]]] = defaultdict(dict)
    for key, rows in by_study.items():
        for row in rows:
            found[row.outcome].setdefault(key, []).append(row)
    splits = []
    for notation, of in found.items():
        result = {key: class_of_study(rows, DIRECTION) for key, rows in of.items()}
        split = {
            name: counted_rows(row for key, rows in of.items() if result[key] == name for row in rows)
            for name in _scale(DIRECTION)
        }
        concept = words.get("outcome", notation)
        label, valence = (concept.label, concept.valence) if concept else (notation, None)
        splits.append(OutcomeSplit(notation, label, valence, split))
    return tuple(sorted(splits, key=lambda split: (-sum(c.number for c in split.directions.values()), split.notation)))


def _opposed(outcomes: Sequence[OutcomeSplit]) -> bool:
    return len({outcome.valence for outcome in outcomes}) > 1


def _member(key: str, rows: list[Row], result: str, study: StudyRow, behind: Background) -> Member:
    authors = [name.partition(",")[0].strip() for name in study.authors.split(";") if name.strip()]
    short = authors[0] if len(authors) == 1 else " and ".join(authors) if len(authors) == 2 else ""
    designs = tuple(part.strip() for part in study.design.split(";") if part.strip())
    return Member(
        key, short or (f"{authors[0]} and others" if authors else key), study.year, result,
        tuple(row.finding for row in rows), tuple((row.outcome, row.direction) for row in rows), designs,
        number_of_countries(study, behind.known.coverage.get(key, "")), study.data, best_level(rows),
        tuple(design for design in designs if design in rules().causal),
    )  # fmt: skip


def _included(by_study: Mapping[str, list[Row]], behind: Background) -> Counted:
    """Return the studies that the reviews among these name as theirs."""
    reviews = [key for key in by_study if key in behind.includes]
    findings = sorted(row.finding for key in reviews for row in by_study[key])
    return Counted(tuple(sorted({study for key in reviews for study in behind.includes[key]})), tuple(findings))
