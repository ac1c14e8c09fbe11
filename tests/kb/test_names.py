"""Names of people: lists, organisations, particles, and the traps of other tools."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.model import Person
from kb.names import read_names


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Röder, Antje and Mühlau, Peter", [Person("Röder", "Antje"), Person("Mühlau", "Peter")]),
        ("Antje Röder and Peter Mühlau", [Person("Röder", "Antje"), Person("Mühlau", "Peter")]),
        (r"R{\"o}der, Antje", [Person("Röder", "Antje")]),
        (r"M{\"u}hlau, J{\"o}rg P.", [Person("Mühlau", "Jörg P.")]),
        ("van der Berg, Jan", [Person("van der Berg", "Jan")]),
        ("Ludwig van Beethoven", [Person("van Beethoven", "Ludwig")]),
        ("Doe, Jr, John", [Person("Doe Jr", "John")]),
        ("O'Neil, Pat", [Person("O'Neil", "Pat")]),
        ("Garc{\\'\\i}a M{\\'a}rquez, Ana", [Person("García Márquez", "Ana")]),
        ("Nguy{\\~\\^e}n, Van", [Person("Nguyễn", "Van")]),
        ("Anderson, Andy and Alexandrov, Sandy", [Person("Anderson", "Andy"), Person("Alexandrov", "Sandy")]),
        ("Madonna", [Person("Madonna")]),
        ("", []),
    ],
)
def test_people_are_read_in_their_order(value: str, expected: list[Person]) -> None:
    people, doubts = read_names(value)
    assert list(people) == expected
    assert doubts == []


@pytest.mark.parametrize("between", [" and\n    ", "\n    and ", "\nand\n", "\tand\t", "  and  ", " AND ", " and\r\n "])
def test_a_list_may_be_broken_over_lines(between: str) -> None:
    people, doubts = read_names(f"Platt, L{between}Doe, J")
    assert people == (Person("Platt", "L"), Person("Doe", "J"))
    assert doubts == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{World Health Organization}", [Person("World Health Organization")]),
        ("{Ministry of {Justice} and Home}", [Person("Ministry of Justice and Home")]),
        ("{Barnes and Noble}", [Person("Barnes and Noble")]),
        ("{Research & Development Ltd}", [Person("Research & Development Ltd")]),
        ("{Institute, Inc., Ltd., Co.}", [Person("Institute, Inc., Ltd., Co.")]),
        ("{OECD} and Doe, Jane", [Person("OECD"), Person("Doe", "Jane")]),
    ],
)
def test_a_name_in_braces_is_one_organisation(value: str, expected: list[Person]) -> None:
    people, doubts = read_names(value)
    assert list(people) == expected
    assert doubts == []


def test_and_others_adds_nobody_and_is_reported() -> None:
    people, doubts = read_names("Doe, Jane and others")
    assert people == (Person("Doe", "Jane"),)
    assert len(doubts) == 1
    assert "and others" in doubts[0]


@pytest.mark.parametrize("value", ["Doe, Jane & Roe, Rick", "A & B", "A; B", "Roe, R and and Doe, J", "Doe, J; Roe, R"])
def test_a_name_that_looks_like_several_is_reported(value: str) -> None:
    _, doubts = read_names(value)
    assert doubts


def test_too_many_commas_are_reported_and_the_others_kept() -> None:
    people, doubts = read_names("Doe, Jane, Roe, Rick and Poe, Pia")
    assert people == (Person("Poe", "Pia"),)
    assert len(doubts) == 1
    assert "commas" in doubts[0]


def test_latex_that_is_left_is_reported_with_the_name() -> None:
    _, doubts = read_names(r"\foo{Doe}, Jane")
    assert len(doubts) == 1
    assert "LaTeX" in doubts[0]


def test_control_characters_never_reach_a_name() -> None:
    people, _ = read_names("D\x1b[31moe, Ja\u202ene")
    assert people == (Person("D[31moe", "Jane"),)


def test_an_organisation_is_shown_whole_and_a_person_by_family_first() -> None:
    assert str(Person("OECD")) == "OECD"
    assert str(Person("Doe", "Jane")) == "Doe, Jane"


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(["{", "}", ",", " and ", "\\", "&", "A", "others", " "])).map("".join)
    )
)
def test_nothing_makes_the_reader_of_names_raise(value: str) -> None:
    people, doubts = read_names(value)
    assert all(person.family for person in people)
    assert all(doubts)
