"""The sign test and Wilson's interval against published and hand-computed numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.synthesis.sign_test import sign_test, wilson


def test_the_examples_of_the_revised_effect_direction_plot_are_reproduced() -> None:
    """Boon and Thomson print P = 0.0039 and P = 0.2188 for ten studies of housing.

    Nine of nine: 2 x (1/2)^9 = 0.00390625. Five of six: 2 x (1 + 6) / 2^6 = 0.21875.
    """
    assert sign_test(9, 9) == 2 * 0.5**9 == 0.00390625
    assert f"{sign_test(9, 9):.4f}" == "0.0039"
    assert sign_test(5, 6) == 14 / 64 == 0.21875
    assert f"{sign_test(5, 6) + 1e-12:.4f}" == "0.2188"  # a tie at the fifth digit, printed rounded up


@pytest.mark.parametrize(
    ("good", "of", "p"),
    [
        (0, 0, 1), (0, 1, 1), (5, 5, Fraction(2, 32)), (6, 6, Fraction(2, 64)), (0, 6, Fraction(2, 64)),
        (3, 6, 1), (7, 10, Fraction(352, 1024)), (9, 10, Fraction(22, 1024)),
    ],
)  # fmt: skip
def test_small_cases_by_hand(good: int, of: int, p: Fraction) -> None:
    assert sign_test(good, of) == float(p)


@given(st.integers(1, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_both_are_what_scipy_gives(numbers: tuple[int, int]) -> None:
    from scipy import stats

    good, of = numbers
    found = stats.binomtest(good, of)
    assert sign_test(good, of) == pytest.approx(found.pvalue, rel=1e-9)
    interval = found.proportion_ci(method="wilson")
    assert wilson(good, of) == pytest.approx((interval.low, interval.high), abs=1e-9)
    assert 0 <= wilson(good, of)[0] <= good / of <= wilson(good, of)[1] <= 1


@pytest.mark.parametrize(
    ("good", "of", "low", "high"), [(3, 3, "44%", "100%"), (5, 6, "44%", "97%"), (14, 20, "48%", "85%")]
)
def test_intervals_as_published(good: int, of: int, low: str, high: str) -> None:
    assert tuple(f"{end:.0%}" for end in wilson(good, of)) == (low, high)


def test_what_is_no_share_is_refused() -> None:
    for wrong in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="is no share"):
            sign_test(*wrong)
        with pytest.raises(ValueError, match="is no share"):
            wilson(*wrong)
    with pytest.raises(ValueError, match="0 of 0 is no share"):
        wilson(0, 0)
