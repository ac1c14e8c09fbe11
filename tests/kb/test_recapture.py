"""Capture and recapture: worked examples, bounds, and the edges where nothing or everything is met twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.recapture import chapman


def numbered(start: int, end: int) -> set[str]:
    return {str(number) for number in range(start, end)}


def test_a_worked_example() -> None:
    found = chapman(numbered(0, 100), numbered(80, 200))  # 100 and 120 met, 20 of them in both
    assert found[:3] == (100, 120, 20)
    assert found.estimate == pytest.approx(101 * 121 / 21 - 1)
    assert 200 < found.low < found.estimate < found.high


def test_searches_that_met_the_same_leave_nothing_over() -> None:
    found = chapman(numbered(0, 30), numbered(0, 30))
    assert found.estimate == pytest.approx(30)
    assert (found.low, found.high) == (30, 30)


def test_searches_with_nothing_in_common_give_a_wide_interval() -> None:
    found = chapman(numbered(0, 10), numbered(10, 20))
    assert found.estimate == 120
    assert found.high > 300


def test_an_empty_search_says_nothing_beyond_what_was_met() -> None:
    assert chapman(set(), numbered(0, 5)).estimate == 5
    assert chapman(set(), set()).estimate == 0


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_the_interval_holds_the_estimate_and_never_less_than_was_met(one: set[int], other: set[int]) -> None:
    first, second = {str(n) for n in one}, {str(n) for n in other}
    found = chapman(first, second)
    assert found.low <= found.estimate + 1e-9
    assert found.estimate <= found.high + 1e-9
    assert found.low >= len(first | second) - 1e-9
    swapped = chapman(second, first)
    assert swapped[3:] == pytest.approx(found[3:])
