"""Counting studies by whole numbers: cases counted by hand, and any findings against the plain rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.bit_sets import picked, set_of
from kb.evidence import Row
from kb.finding_index import FindingIndex
from kb.study_counter import NOTHING, Count, StudyCounter
from kb.terminal import SIGNS
from kb.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = Vocabulary(
    [Concept("design", "synthesis", "Synthesis"), Concept("design", "review", "Review", broader=("synthesis",))]
)
EMPTY = Row._make([""] * len(Row._fields))


def made(*kinds: str) -> list[Row]:
    """Return findings from texts such as "a positive", "b moderator", "c review"."""
    rows = []
    for number, kind in enumerate(kinds):
        study, what = kind.split()
        role = "moderator" if what == "moderator" else "direct"
        direction = what if what in (*SIGNS, "odd") else "positive"
        design = "review" if what == "review" else "panel"
        rows.append(
            EMPTY._replace(
                finding=f"{study}-{number}", study=study, role=role, direction=direction, design=design,
                statement=f"Statement {number}.",
            )
        )  # fmt: skip
    return rows


def count(rows: Sequence[Row], found: int | None = None) -> Count:
    counter = StudyCounter(FindingIndex(list(rows), [], WORDS))
    return counter.count(counter.laid_out((1 << len(rows)) - 1 if found is None else found))


def plainly(rows: Sequence[Row]) -> Count:
    """Count by the rule as it is told."""
    studies: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        studies[row.study].append(row)
    kinds: Counter[str] = Counter()
    for held in studies.values():
        told = {row._replace(finding="") for row in held if row.role == "direct" and row.direction != "unclear"}
        clear = Counter(row.direction for row in told)
        if any(row.design == "review" for row in held):
            kinds["review"] += 1
        elif all(row.role == "moderator" for row in held):
            kinds["moderator"] += 1
        elif not clear:
            kinds["unclear"] += 1
        else:
            ((direction, most),) = clear.most_common(1)
            kinds[direction if most / clear.total() >= 0.7 else "mixed"] += 1
    primary = [row for row in rows if row.design != "review"]
    direct = Counter(row.direction for row in primary if row.role == "direct")
    return Count(
        len(rows), len(studies) - kinds["review"], {name: kinds[name] for name in SIGNS},
        {name: direct[name] for name in SIGNS}, kinds["moderator"],
        sum(row.role == "moderator" for row in primary), kinds["review"], len(rows) - len(primary),
    )  # fmt: skip


def test_nothing_is_nothing() -> None:
    assert count([]) == count(made("a positive"), 0) == NOTHING
    assert sum(NOTHING.by_study.values()) == 0


@pytest.mark.parametrize(
    ("kinds", "by_study", "moderators", "reviews"),
    [
        (["a positive"], "positive 1", 0, 0),
        (["a null", "b null", "c null"], "null 3", 0, 0),
        (["a positive", "a positive", "a positive"], "positive 1", 0, 0),
        (["a positive", "a unclear"], "positive 1", 0, 0),
        (["a unclear"], "unclear 1", 0, 0),
        (["a positive", "a negative"], "mixed 1", 0, 0),
        (["a positive", "a null"], "mixed 1", 0, 0),
        (["a positive", "a mixed"], "mixed 1", 0, 0),
        (["a positive"] * 2 + ["a null"], "mixed 1", 0, 0),
        (["a positive"] * 3 + ["a null"], "positive 1", 0, 0),
        (["a positive"] * 7 + ["a null"] * 3, "positive 1", 0, 0),
        (["a positive"] * 6 + ["a null"] * 3, "mixed 1", 0, 0),
        (["a mixed"] * 3 + ["a null"], "mixed 1", 0, 0),
        (["a null"] * 3 + ["a mixed"], "null 1", 0, 0),
        (["a negative"] * 3 + ["a positive", "a unclear", "a moderator"], "negative 1", 0, 0),
        (["a positive", "b negative", "c negative"], "positive 1, negative 2", 0, 0),
        (["a moderator", "b moderator"], "", 2, 0),
        (["a moderator", "a positive"], "positive 1", 0, 0),
        (["a moderator", "b positive"], "positive 1", 1, 0),
        (["a review", "b review"], "", 0, 2),
        (["a review", "b negative"], "negative 1", 0, 1),
        (["a odd"], "unclear 1", 0, 0),
    ],
)  # fmt: skip
def test_a_study_counts_once(kinds: list[str], by_study: str, moderators: int, reviews: int) -> None:
    found = count(made(*kinds))
    assert ", ".join(f"{name} {number}" for name, number in found.by_study.items() if number) == by_study
    assert (found.moderators, found.reviews) == (moderators, reviews)
    assert found.findings == len(kinds)
    assert found.studies == sum(found.by_study.values()) + moderators


KINDS = st.tuples(st.sampled_from("abc"), st.sampled_from([*SIGNS, "moderator"])).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(kinds=st.lists(KINDS, max_size=40), reviews=st.sets(st.sampled_from("abc"), max_size=1), data=st.data())
def test_any_findings_are_counted_by_the_rule(kinds: list[str], reviews: set[str], data: st.DataObject) -> None:
    rows = [row._replace(design="review") if row.study in reviews else row for row in made(*kinds)]
    chosen = data.draw(st.sets(st.integers(0, len(rows) - 1))) if rows else set[int]()
    assert count(rows, set_of(chosen)) == plainly([rows[number] for number in sorted(chosen)])


@given(kinds=st.lists(KINDS, min_size=1, max_size=20), data=st.data())
def test_a_finding_told_twice_changes_no_count_of_studies(kinds: list[str], data: st.DataObject) -> None:
    rows = made(*kinds)
    before, after = count(rows), count([*rows, data.draw(st.sampled_from(rows))._replace(finding="again")])
    same = ("studies", "by_study", "moderators", "reviews")
    assert [getattr(before, name) for name in same] == [getattr(after, name) for name in same]


@given(numbers=st.sets(st.integers(0, 300)))
def test_a_set_holds_its_numbers(numbers: set[int]) -> None:
    assert set_of(numbers) == sum(1 << number for number in numbers)
    assert picked(range(301), set_of(numbers)) == sorted(numbers)
