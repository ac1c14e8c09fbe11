"""Counts of the collection: the toy by hand, the whole one against independent counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kb.evidence import Question, answer
from kb.stats import MISSING, Count, stats

if TYPE_CHECKING:
    from kb.store import Reader


def test_the_toy_counted_by_hand(toy_reader: Reader) -> None:
    found = stats(toy_reader)
    assert (found.studies, found.findings) == (5, 7)
    assert found.by_circle["core"] == Count(3, 5, 3, 5)
    assert found.by_circle["reform"] == Count(1, 1, 0, 0)
    assert found.measure_status == {"seen": 2, "believed": 1}
    assert found.missing["uncoded"] == found.missing_core["uncoded"] == 1
    assert found.by_direction["null"] == Count(1, 1, 1, 1)
    assert list(found.by_year) == sorted(found.by_year)


def test_every_breakdown_of_findings_adds_up(whole_reader: Reader) -> None:
    found = stats(whole_reader)
    rows = answer(whole_reader, Question(measure=("all",))).rows
    core = answer(whole_reader, Question()).rows
    for counts in (found.by_area, found.by_outcome_group, found.by_direction, found.by_source_level, found.by_year):
        assert sum(count.findings for count in counts.values()) == found.findings == len(rows)
        assert sum(count.core_findings for count in counts.values()) == len(core)
    for counts in (found.by_circle, found.by_year):
        assert sum(count.studies for count in counts.values()) == found.studies
    assert {name: count.findings for name, count in found.by_direction.items()} == Counter(r.direction for r in rows)
    assert found.by_circle["core"].studies == sum(found.measure_status.values())


def test_indicators_count_for_their_area(toy_reader: Reader) -> None:
    rows = answer(toy_reader, Question(measure=("all",))).rows
    assert {row.policy for row in rows} != set(stats(toy_reader).by_area)
    assert "fa98" not in stats(toy_reader).by_area


def test_what_is_missing_is_the_same_set_of_names_everywhere(whole_reader: Reader) -> None:
    found = stats(whole_reader)
    assert list(found.missing) == list(found.missing_core) == list(MISSING)
    assert all(found.missing_core[name] <= found.missing[name] <= found.studies for name in MISSING)
