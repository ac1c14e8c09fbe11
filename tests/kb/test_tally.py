"""The line that says what a selection amounts to: the same in every length, and never less."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.session import make_session
from kb.tally import Tally, share, tally

if TYPE_CHECKING:
    from kb.collection import Collection

NUMBERS = st.integers(0, 20_000)


def test_findings_of_the_toy_collection(toy: Collection) -> None:
    session = make_session(toy)
    found = tally(session.findings(), session.bases())
    assert found.findings == 7
    assert found.studies == 4
    assert sum(found.directions) == 7
    assert found.full == sum(row.source_level == "fulltext" for row in session.findings())
    assert (found.bases, found.unknown) == session.bases().count({row.study for row in session.findings()})
    assert session.tally([]) == Tally(0, 0, 0, 0, (0, 0, 0, 0, 0), 0)
    session.close()


def test_each_wording_of_a_large_selection() -> None:
    assert Tally(17_100, 1, 1, 41, (9_000, 8_000, 90, 9, 1), 700).wordings() == (
        "17,100 findings of 1 study, 1 evidence base (41 studies of unknown data), ▲ 9,000 positive, "
        "▼ 8,000 negative, ○ 90 null, ◆ 9 mixed, ? 1 unclear, 4% read in full text",
        "17,100 findings, 1 study, 1 evidence base (41 of unknown data), ▲9,000 ▼8,000 ○90 ◆9 ?1, 4% read in full text",
        "17,100 findings, 1 study, 1 base (41 unknown), ▲9,000 ▼8,000 ○90 ◆9 ?1, 4% full text",
        "17,100 findings, 1 study, 1 base (41?), ▲9,000 ▼8,000 ○90 ◆9 ?1, 4% full text",
    )


@given(found=st.builds(Tally, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.tuples(*[NUMBERS] * 5), NUMBERS))
def test_no_wording_leaves_a_number_out_and_each_is_no_longer_than_the_one_before(found: Tally) -> None:
    wordings = found.wordings()
    wanted = [found.findings, found.studies, found.bases, *[found.unknown] * bool(found.unknown), *found.directions]
    for text in wordings:
        numbers = [int(number.replace(",", "")) for number in re.findall(r"[0-9][0-9,]*(?<!,)", text)]
        assert numbers[: len(wanted)] == wanted
    assert [len(text) for text in wordings] == sorted((len(text) for text in wordings), reverse=True)


@pytest.mark.parametrize(("part", "whole", "text"), [(0, 0, "0%"), (0, 9, "0%"), (1, 999, "<1%"), (1, 3, "33%")])
def test_a_share_is_never_told_as_none_or_all(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text
    if part:
        assert share(whole - part, whole) == {"<1%": ">99%", "33%": "67%"}[text]
