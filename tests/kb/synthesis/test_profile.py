"""In how many countries a study was made: only what is said exactly."""

from __future__ import annotations

import pytest

from kb.synthesis.profile import number_of_countries
from tests.kb.synthesis.made_up import study


@pytest.mark.parametrize(
    ("coverage", "number"),
    [
        ("27 European countries", 27), ("Seven European countries, first-generation immigrants", 7),
        ("15 member states of the European Union (EU-15)", 15), ("19 advanced democracies", 19), ("46 countries", 46),
        ("21 countries of residence; immigrants from 66 countries of origin", 21), ("31 EU and EFTA countries", 31),
        ("27 countries of western and eastern Europe", 27), ("29 European states", 29),
        ("44 countries, 26 Swiss cantons and 70 schools", 44),
        ("European countries", None), ("EU-15 countries", None), ("19 to 28 countries of the OECD", None),
        ("More than 20 European countries", None), ("22 European countries and Canada", None),
        ("184 origin and 24 destination countries", None), ("178 countries of origin and 22 of destination", None),
        ("50 US states and the District of Columbia", None), ("13 states had the policy by 2011", None),
        ("3,533 schools in 20 countries", None), ("The 26 cantons of Switzerland", None), ("", None),
    ],
)  # fmt: skip
def test_words_are_read_where_they_begin_with_the_number(coverage: str, number: int | None) -> None:
    assert number_of_countries(study("a"), coverage) == number


def test_codes_come_before_words() -> None:
    assert number_of_countries(study("a", countries="AT; BE"), "27 European countries") == 2
