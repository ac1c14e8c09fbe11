"""A choice of findings: what it holds, how it changes, and how it comes back from the last run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evidence import Question, Row
from kb.facets import CIRCLE, EVERYTHING, POLICY, Choice, band_of, choice_of, facets, question_of, years_of

if TYPE_CHECKING:
    from kb.store import Reader


def test_every_facet_is_read_from_what_a_finding_has() -> None:
    assert all(facet.field in (*Row._fields, "data") for facet in facets().values())
    assert all(facet.label and facet.help for facet in facets().values())


def test_every_facet_is_part_of_the_question() -> None:
    for name in facets():
        value = "2010-2014" if name == "year" else "x"
        assert question_of(EVERYTHING.only(name, value)) != question_of(EVERYTHING), name


def test_a_choice_of_nothing_is_the_question_for_everything() -> None:
    assert question_of(EVERYTHING) == Question(measure=("all",))
    assert question_of(Choice()) == Question(measure=("core",))


def test_values_are_put_in_and_taken_out() -> None:
    choice = Choice().toggled(POLICY, "health").toggled(POLICY, "education")
    assert choice.of(POLICY) == ("education", "health")
    assert choice.toggled(POLICY, "health").of(POLICY) == ("education",)
    assert choice.only(POLICY) == Choice()
    assert choice.only(POLICY, "overall").policy == "overall"
    assert (Choice().policy, Choice().circle, EVERYTHING.circle) == ("", "core", "all")
    assert EVERYTHING.only(CIRCLE, "reform", "core").circle == "core and reform"


@pytest.mark.parametrize(("year", "band"), [("2010", "2010-2014"), ("2014", "2010-2014"), ("2025", "2025-2029")])
def test_years_lie_in_bands(year: str, band: str) -> None:
    assert band_of(year) == band
    assert year in years_of(band)
    assert len(years_of(band)) == 5
    assert years_of(year) == [year]


def test_a_choice_comes_back_from_what_was_kept(toy_reader: Reader) -> None:
    choice = Choice(search="trust", findings=("a-1",), studies=("a",)).only("year", "2010-2014").toggled(POLICY, "aa1")
    kept = json.loads(json.dumps(choice._asdict()))
    assert choice_of(kept, toy_reader.vocabulary()) == choice


def test_what_is_no_value_any_more_is_left_out(toy_reader: Reader) -> None:
    kept = {"picked": [["policy", "gone"], ["policy", "health"], ["gone", "x"], [1, 2], "x"], "search": 7}
    assert choice_of(kept, toy_reader.vocabulary()) == EVERYTHING.only(POLICY, "health")


@given(memory=st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["picked", "search", "findings", "studies"]), inner)))  # fmt: skip
def test_any_rubbish_is_a_choice(toy_reader: Reader, memory: object) -> None:
    assert isinstance(choice_of(memory, toy_reader.vocabulary()), Choice)
