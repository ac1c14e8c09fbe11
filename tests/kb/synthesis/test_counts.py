"""Whole counts worked out by hand: the numbers of each case stand in its comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.synthesis.block import CHOSEN, OPPOSED
from tests.kb.synthesis.made_up import block, row, rows_of, separate, study

if TYPE_CHECKING:
    from kb.synthesis.model import Block


def split(found: Block) -> list[int]:
    """Return the studies that are favourable, unfavourable, no association, mixed, unclear, neither good nor bad."""
    return [of.number for of in found.classes.values()]


def by_base(found: Block) -> list[int]:
    return [len(of.members) for of in found.by_base.values()]


def test_no_study() -> None:
    found = block([])
    assert list(found.classes) == ["favourable", "unfavourable", "null", "mixed", "unclear", "unappraised"]
    assert split(found) == by_base(found) == [0] * 6
    assert (found.everything.number, found.test, found.base_test, found.profile.countries) == (0, None, None, None)


def test_one_study() -> None:
    """Three of four findings are favourable: 75 per cent, so the study is; one base; nothing to test."""
    found = block(rows_of({"a": "+++0"}))
    assert split(found) == by_base(found) == [1, 0, 0, 0, 0, 0]
    assert found.classes["favourable"].findings == ("a-1", "a-2", "a-3", "a-4")
    assert (found.bases.members, found.test) == ((("a",),), None)


def test_five_studies_are_too_few_for_a_test() -> None:
    """Five favourable ones would give 2/32 = 0.0625; below six none is made."""
    found = block(rows_of(dict.fromkeys("abcde", "+")))
    assert split(found) == [5, 0, 0, 0, 0, 0]
    assert found.test is None
    assert found.base_test is None


def test_six_studies() -> None:
    """Five favourable, one unfavourable: 2 x (1 + 6) / 64 = 0.21875; Wilson 44 to 97 per cent."""
    found = block(rows_of({**dict.fromkeys("abcde", "+"), "f": "--"}))
    assert split(found) == [5, 1, 0, 0, 0, 0]
    assert found.test is not None
    assert (found.test.good, found.test.informative, found.test.p) == (5, 6, 0.21875)
    assert (round(found.test.low, 4), round(found.test.high, 4)) == (0.4365, 0.9699)
    assert found.test.findings == ("a-1", "b-1", "c-1", "d-1", "e-1", "f-1", "f-2")
    assert found.base_test is not None
    assert found.base_test[:3] == found.test[:3]


def test_ten_studies() -> None:
    """Of ten, six are favourable, one is unfavourable, one null, one mixed (+ and -), one unclear.

    Seven point one way or the other: 2 x (1 + 7) / 128 = 0.125.
    """
    found = block(rows_of({**dict.fromkeys("abcdef", "+"), "g": "-", "h": "00", "i": "+-", "j": "?"}))
    assert split(found) == by_base(found) == [6, 1, 1, 1, 1, 0]
    assert found.test is not None
    assert (found.test.good, found.test.informative, found.test.p) == (6, 7, 0.125)
    assert "h-1" not in found.test.findings
    assert "i-1" not in found.test.findings
    assert sum(split(found)) == found.everything.number == 10
    assert len(found.everything.findings) == 12


def test_all_null() -> None:
    found = block(rows_of(dict.fromkeys("abcdefgh", "0")))
    assert split(found) == [0, 0, 8, 0, 0, 0]
    assert found.test is None


def test_reviews_alone_are_never_tested() -> None:
    """Seven reviews agree: still no test, and nothing is summed up."""
    found = block(rows_of(dict.fromkeys("abcdefg", "+")), place=("core", "direct", "review"), includes={"a": ("x",)})
    assert split(found) == [7, 0, 0, 0, 0, 0]
    assert (found.test, found.base_test, found.numbers) == (None, None, None)
    assert (found.included.studies, found.included.findings) == (("x",), ("a-1",))


def test_moderators_alone() -> None:
    """Six favourable moderators are tested among themselves: 2/64; nothing of them is summed up in numbers."""
    found = block(rows_of(dict.fromkeys("abcdef", "+"), role="moderator"), place=("core", "moderator", "primary"))
    assert split(found) == [6, 0, 0, 0, 0, 0]
    assert found.test is not None
    assert found.test.p == 0.03125
    assert found.numbers is None


def test_one_survey_that_all_share() -> None:
    """Ten studies, eight favourable and two null, all on the same survey: one base, favourable (80 per cent)."""
    keys = "abcdefghij"
    known = {key: study(key, data="ess") for key in keys}
    found = block(rows_of({key: "0" if key in "ij" else "+" for key in keys}), known)
    assert split(found) == [8, 0, 2, 0, 0, 0]
    assert found.test is not None
    assert found.test.p == 2 / 256
    assert found.bases.members == (tuple(keys),)
    assert by_base(found) == [1, 0, 0, 0, 0, 0]
    assert found.base_test is None


def test_a_base_of_which_fewer_than_seventy_per_cent_agree_is_mixed_and_unknown_data_are_left_out() -> None:
    """Base one: a + b - (mixed). Base two: c + d ? (favourable: what is unclear is left aside). e and f: unknown."""
    data = {"a": "ess:1", "b": "ess:1", "c": "survey-1", "d": "survey-1", "e": "", "f": ""}
    known = {key: study(key, data=value) for key, value in data.items()}
    found = block(rows_of({"a": "+", "b": "-", "c": "+", "d": "?", "e": "+", "f": "-"}), known)
    assert split(found) == [3, 2, 0, 0, 1, 0]
    assert by_base(found) == [1, 0, 0, 1, 0, 0]
    assert found.unknown.studies == ("e", "f")


def test_outcomes_that_are_neither_good_nor_bad_are_shown_as_such_and_by_raw_direction() -> None:
    found = block(rows_of({"a": "n", "b": "n+", "c": "0"}))
    assert split(found) == [1, 0, 1, 0, 0, 1]
    trust, fertility = sorted(found.outcomes, key=lambda one: one.notation, reverse=True)
    assert (trust.valence, [of.number for of in trust.directions.values()]) == (1, [1, 0, 1, 0, 0])
    assert (fertility.valence, [of.number for of in fertility.directions.values()]) == (0, [2, 0, 0, 0, 0])


def test_by_direction_nothing_is_tested_where_more_is_good_here_and_bad_there() -> None:
    """Six studies with less threat are six negative ones, and favourable all the same."""
    threat = [row(f"{key}-1", "+", outcome="threat", direction="negative") for key in "abcdef"]
    by_sign = block(threat, by="direction")
    assert [of.number for of in by_sign.classes.values()] == [0, 6, 0, 0, 0]
    assert by_sign.test is not None
    assert (by_sign.test.good, by_sign.test.p) == (0, 0.03125)
    assert split(block(threat)) == [6, 0, 0, 0, 0, 0]
    both = block([*threat, row("g-1", "+")], by="direction")
    assert (both.test, both.untested) == (None, OPPOSED)
    assert block([*threat, row("g-1", "+")]).test is not None


def test_findings_that_were_chosen_by_what_they_say_are_not_tested() -> None:
    found = block(rows_of(dict.fromkeys("abcdef", "+")), by_result=True)
    assert (found.test, found.base_test, found.untested) == (None, None, CHOSEN)


def test_countries_years_and_where_it_was_read() -> None:
    """Countries 3 (codes), 27 and 9 (words): median 9, range 3 to 27; d says none exactly. Years 2002 to 2016."""
    known = {
        "a": study("a", countries="AT; BE; DE", period="2002/2004"), "b": study("b", data="ess:2014-2016"),
        "c": study("c"), "d": study("d"),
    }  # fmt: skip
    coverage = {"b": "27 European countries", "c": "Nine European countries", "d": "European countries"}
    rows = rows_of({"a": "+", "b": "++", "c": "0", "d": "?"})
    rows[2] = rows[2]._replace(source_level="fulltext")
    profile = block(rows, known, coverage=coverage).profile
    assert profile.countries is not None
    assert (profile.countries[:3], profile.countries.known.studies) == ((9, 3, 27), ("a", "b", "c"))
    assert profile.years is not None
    assert (profile.years.low, profile.years.high, profile.years.known.studies) == (2002, 2016, ("a", "b"))
    assert {name: found.studies for name, found in profile.levels.items()} == {
        "fulltext": ("b",), "abstract": ("a", "c", "d"), "secondary": (),
    }  # fmt: skip


BY = st.sampled_from(["appraisal", "direction"])
SIGNS = st.dictionaries(st.sampled_from("abcdefghij"), st.text("+-0m?n", min_size=1, max_size=5), min_size=1)


@settings(max_examples=60, deadline=None)
@given(signs=SIGNS, chosen=st.integers(0, 200), by=BY, copies=st.integers(1, 5))
def test_the_same_finding_again_never_changes_a_count_of_studies(
    signs: dict[str, str], chosen: int, by: str, copies: int
) -> None:
    rows = rows_of(signs)
    twin = rows[chosen % len(rows)]
    again = [twin._replace(finding=f"{twin.study}-{100 + copy}") for copy in range(copies)]
    known = separate(list(signs))
    before, after = block(rows, known, by=by), block([*rows, *again], known, by=by)
    assert split(after) == split(before)
    assert by_base(after) == by_base(before)
    assert after.everything.studies == before.everything.studies
    for test, other in ((before.test, after.test), (before.base_test, after.base_test)):
        assert (test and test[:5]) == (other and other[:5])
    assert [[c.number for c in one.directions.values()] for one in after.outcomes] == [
        [c.number for c in one.directions.values()] for one in before.outcomes
    ]
    assert len(after.everything.findings) == len(before.everything.findings) + copies


@settings(max_examples=60, deadline=None)
@given(signs=SIGNS, by=BY)
def test_every_study_and_every_base_is_in_one_class(signs: dict[str, str], by: str) -> None:
    found = block(rows_of(signs), by=by)
    studies = [key for of in found.classes.values() for key in of.studies]
    assert sorted(studies) == sorted(signs)
    assert sorted(member.study for member in found.members) == sorted(signs)
    assert sum(len(of.members) for of in found.by_base.values()) == len(found.bases.members)
    keys = [key for of in found.classes.values() for key in of.findings]
    assert tuple(sorted(keys)) == found.everything.findings
