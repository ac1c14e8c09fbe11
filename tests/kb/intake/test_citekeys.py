"""Citation keys: the manual's form, free, and a plain word for every author and title."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.intake.citekeys import citekey

KEY = re.compile(r"[a-z0-9]+\Z")


@pytest.mark.parametrize(
    ("author", "title", "key"),
    [
        ("Migali, Silvia and Other, O.", "Determinants of migration", "migali2017determinants"),
        ("Röder, Antje", "The impact of policies", "roder2017impact"),
        ('R{\\"o}der, Antje', "On an impact", "roder2017impact"),
        ("van der Berg, Bo", "A study", "vanderberg2017study"),
        ("{Office of Inventions}", "Report", "officeofinventions2017report"),
        ("O'Neil-Smith, Clara", "2010 to 2014: ten \\& one", "oneilsmith2017ten"),
        ("Ødegård, Å", "Über Öl", "odegard2017uber"),
        ("王小明", "移民融合政策", "anonymous2017untitled"),
        ("王小明", "移民 policy", "anonymous2017policy"),
        ("", "", "anonymous2017untitled"),
        ("Alpha, A", "Of an on", "alpha2017of"),
    ],
)
def test_a_key_has_the_form_of_the_manual(author: str, title: str, key: str) -> None:
    assert citekey({"author": author, "title": title}, 2017, set()) == key


def test_an_editor_stands_in_for_an_author() -> None:
    assert citekey({"editor": "Delta, Dora", "title": "Parts"}, 2012, set()) == "delta2012parts"


def test_a_study_without_a_year_has_zeros() -> None:
    assert citekey({"author": "Alpha, A", "title": "Parts"}, 0, set()) == "alpha0000parts"


def test_letters_tell_apart_what_would_be_the_same() -> None:
    taken: set[str] = set()
    fields = {"author": "Alpha, A", "title": "Parts"}
    for _ in range(55):
        key = citekey(fields, 2017, taken)
        assert key not in taken
        taken.add(key)
    ends = sorted((key.removeprefix("alpha2017parts") for key in taken), key=lambda end: (len(end), end))
    assert ends[:3] == ["", "b", "c"]
    assert ends[25:29] == ["z", "aa", "ab", "ac"]


@given(st.text(), st.text(), st.integers(0, 2100))
def test_any_author_and_title_give_a_key_that_our_reader_takes(author: str, title: str, year: int) -> None:
    key = citekey({"author": author, "title": title}, year, set())
    assert KEY.match(key)
    assert len(key) <= 60
