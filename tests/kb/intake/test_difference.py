"""Differences of two references to one study: what is better or contradicts, and what is only written otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.intake.difference import differences

OURS = {
    "author": "Alpha, Anna and Beta, Bruno",
    "title": "T",
    "journal": "Journal of Made-up Results",
    "year": "2011",
    "volume": "12",
    "number": "3",
    "pages": "101--122",
    "doi": "10.9999/alpha.1",
}


@pytest.mark.parametrize(
    "theirs",
    [
        {},
        OURS,
        {"title": "Another title", "abstract": "x", "note": "y"},
        {"author": "A. Alpha and B. Beta"},
        {"author": "Alpha, Anna and others"},
        {"journaltitle": "J. Made-up Res."},
        {"date": "2011-08-01"},
        {"year": "forthcoming"},
        {"volume": "Vol. 12"},
        {"issue": "no. 3"},
        {"pages": "101-22"},
        {"pages": "pp. 101–122"},
        {"pages": "in press"},
        {"doi": "https://doi.org/10.9999/ALPHA.1"},
        {"doi": "none"},
        {"booktitle": "Journal of Made-up Results"},
        {"publisher": "Invented Press"},
        {"volume": "  "},
    ],
)
def test_writing_the_same_otherwise_is_no_difference(theirs: dict[str, str]) -> None:
    assert differences(OURS, theirs) == ()


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        ({"volume": "13"}, ("volume", "12", "13")),
        ({"issue": "4"}, ("number", "3", "4")),
        ({"pages": "201--222"}, ("pages", "101--122", "201--222")),
        ({"doi": "10.9999/alpha.2"}, ("doi", "10.9999/alpha.1", "10.9999/alpha.2")),
        ({"date": "2012-01"}, ("year", "2011", "2012-01")),
        ({"author": "A, A and B, B and C, C"}, ("author", "Alpha, Anna and Beta, Bruno", "A, A and B, B and C, C")),
    ],
)
def test_another_number_or_one_more_author_is_a_difference(theirs: dict[str, str], found: tuple[str, str, str]) -> None:
    assert differences(OURS, theirs) == (found,)


@pytest.mark.parametrize("field", ["author", "journal", "year", "volume", "number", "pages", "doi"])
def test_what_ours_lacks_is_a_difference(field: str) -> None:
    ours = {name: value for name, value in OURS.items() if name != field}
    assert differences(ours, OURS) == ((field, "", OURS[field]),)


def test_a_biblatex_name_of_the_field_counts() -> None:
    assert differences({"journaltitle": "J", "date": "2011"}, {"journal": "J", "year": "2011"}) == ()


@given(st.dictionaries(st.sampled_from([*OURS, "journaltitle", "date", "issue", "eid", "school"]), st.text()))
def test_a_record_does_not_differ_from_itself(fields: dict[str, str]) -> None:
    assert [found for found in differences(fields, fields) if found.ours] == []
