"""The class of a finding and of several: the rule of 70 per cent, and what is left aside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.synthesis.classes import class_of, class_of_several, class_of_study
from kb.synthesis.rules import rules
from tests.kb.synthesis.made_up import row, rows_of


@pytest.mark.parametrize(
    ("direction", "appraisal", "by_appraisal"),
    [
        ("positive", "favourable", "favourable"), ("negative", "favourable", "favourable"),
        ("positive", "unfavourable", "unfavourable"), ("null", "neutral", "null"), ("null", "favourable", "null"),
        ("mixed", "mixed", "mixed"), ("negative", "mixed", "mixed"), ("mixed", "neutral", "mixed"),
        ("unclear", "unclear", "unclear"), ("negative", "unclear", "unclear"),
        ("positive", "neutral", "unappraised"), ("negative", "neutral", "unappraised"), ("", "", "unclear"),
    ],
)  # fmt: skip
def test_class_of_one_finding(direction: str, appraisal: str, by_appraisal: str) -> None:
    found = row("a-1", "+", direction=direction, appraisal=appraisal)
    assert class_of(found) == by_appraisal
    assert class_of(found, "direction") == (direction or "unclear")


@pytest.mark.parametrize(
    ("signs", "result"),
    [
        ("+", "favourable"),
        ("++", "favourable"),
        ("+-", "mixed"),
        ("+0", "mixed"),
        ("++-", "mixed"),  # 67 per cent
        ("+++-", "favourable"),  # 75
        ("+++++++---", "favourable"),  # exactly 70
        ("++++++----", "mixed"),  # 60
        ("000+", "null"),
        ("---0", "unfavourable"),
        ("+m", "mixed"),
        ("+++m", "favourable"),
        ("mm", "mixed"),
        ("+?", "favourable"),  # what cannot be read is left aside
        ("+???", "favourable"),
        ("?", "unclear"),
        ("n", "unappraised"),
        ("n?", "unappraised"),
        ("+n", "favourable"),  # what is neither good nor bad cannot speak for or against
        ("0n", "null"),
    ],
)  # fmt: skip
def test_class_of_a_study(signs: str, result: str) -> None:
    assert class_of_study(rows_of({"a": signs})) == result


def test_findings_that_differ_in_nothing_but_their_key_count_once() -> None:
    found = rows_of({"a": "+-"})
    again = [one._replace(finding=f"a-{n}") for n in range(3, 30) for one in found[:1]]
    assert class_of_study([*found, *again]) == "mixed"


@given(st.lists(st.sampled_from(rules().scales["appraisal"].classes), min_size=1))
def test_the_class_of_several_does_not_hang_on_their_order_and_nothing_gets_lost(classes: list[str]) -> None:
    result = class_of_several(classes)
    assert result == class_of_several(sorted(classes)) == class_of_several(reversed(classes))
    readable = [name for name in classes if name not in ("unclear", "unappraised")]
    if result in ("favourable", "unfavourable", "null"):
        assert 10 * readable.count(result) >= 7 * len(readable) > 0
    elif result == "mixed":
        assert all(10 * readable.count(name) < 7 * len(readable) for name in ("favourable", "unfavourable", "null"))
    else:
        assert not readable
        assert result in classes
