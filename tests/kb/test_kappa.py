"""Agreement of two coders: the numbers of published examples, the edges, and an interval that holds the estimate."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.kappa import agreement, cohens_kappa

CODES = st.sampled_from(["positive", "negative", "null", "mixed"])
PAIRS = st.lists(st.tuples(st.sampled_from("abcdefghijklmnop"), CODES, CODES), min_size=1, max_size=60)


def table(*rows: tuple[int, ...]) -> list[tuple[str, str]]:
    """Return pairs of codes with the counts of a cross table."""
    return [(str(i), str(j)) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (table((20, 5), (10, 15)), 0.4),  # the example of two readers and fifty grant proposals
        (table((45, 15), (25, 15)), 0.1304),  # same raw agreement as the next, other margins
        (table((25, 35), (5, 35)), 0.2593),
        (table((88, 14, 18), (10, 40, 10), (2, 6, 12)), 0.4915),
    ],
)
def test_kappa_has_the_value_of_published_examples(pairs: list[tuple[str, str]], expected: float) -> None:
    kappa = cohens_kappa(pairs)
    assert kappa is not None
    assert round(kappa, 4) == pytest.approx(expected, abs=2e-4)


def test_full_agreement_is_one_and_full_contradiction_is_below_zero() -> None:
    assert cohens_kappa(table((5, 0), (0, 5))) == 1
    assert cohens_kappa(table((0, 5), (5, 0))) == -1


def test_one_code_alone_has_no_kappa() -> None:
    assert cohens_kappa([("a", "a")] * 9) is None
    assert agreement([("s", "a", "a")] * 9)[:5] == (9, 1.0, None, None, None)


def test_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        agreement([])


@given(PAIRS)
def test_order_of_pairs_and_names_of_coders_make_no_difference(pairs: list[tuple[str, str, str]]) -> None:
    kappa = cohens_kappa(pair[1:] for pair in pairs)
    turned = cohens_kappa((second, first) for _, first, second in reversed(pairs))
    assert (kappa is None) == (turned is None)
    if kappa is not None:
        assert turned == pytest.approx(kappa)
        assert -1 <= kappa <= 1


def test_the_interval_holds_the_estimate_and_is_the_same_each_time() -> None:
    draw = random.Random(3)
    pairs = []
    for study in range(40):
        for _ in range(draw.randint(1, 4)):
            code = draw.choice("pnm")
            pairs.append((str(study), code, code if draw.random() < 0.8 else draw.choice("pnm")))
    found = agreement(pairs)
    assert isinstance(found.kappa, float)
    assert isinstance(found.low, float)
    assert isinstance(found.high, float)
    assert found.low < found.kappa < found.high
    assert agreement(pairs) == found


def test_pairs_of_one_study_are_drawn_together() -> None:
    apart = [(str(n), "p", "p" if n % 4 else "n") for n in range(48)] + [(str(n), "n", "n") for n in range(48, 96)]
    by_block = [(str(int(study) // 8), first, second) for study, first, second in apart]
    assert agreement(by_block).kappa == agreement(apart).kappa
    assert agreement(by_block)[3:] != agreement(apart)[3:]


def test_few_studies_have_no_interval() -> None:
    assert agreement([(str(n), "p", "n") for n in range(9)])[3:] == (None, None)
