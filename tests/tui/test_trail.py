"""The choices made: back and forth as in a browser."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.facets import EVERYTHING, Choice
from tui.trail import Trail


def searched(words: str) -> Choice:
    """Return a choice by words."""
    return Choice(search=words)


def test_back_and_forth() -> None:
    trail = Trail()
    assert not trail.back()
    assert not trail.forth()
    trail.go(searched("a"))
    trail.go(EVERYTHING)
    assert trail.back()
    assert trail.here == searched("a")
    assert trail.back()
    assert trail.here == Choice()
    assert not trail.back()
    assert trail.forth()
    assert trail.forth()
    assert trail.here == EVERYTHING
    assert not trail.forth()


def test_a_new_choice_forgets_what_was_gone_back_from() -> None:
    trail = Trail()
    trail.go(EVERYTHING)
    trail.back()
    trail.go(searched("a"))
    assert not trail.forth()
    assert list(trail.choices()) == [Choice(), searched("a")]


def test_letters_of_one_search_are_one_step() -> None:
    trail = Trail()
    for words in ("t", "tr", "tru"):
        trail.go(searched(words), "search")
    trail.go(EVERYTHING)
    trail.go(searched("x"), "search")
    trail.pause()
    trail.go(searched("xy"), "search")
    assert list(trail.choices()) == [Choice(), searched("tru"), EVERYTHING, searched("x"), searched("xy")]


def test_the_same_choice_again_is_no_step() -> None:
    trail = Trail(EVERYTHING)
    trail.go(EVERYTHING)
    assert list(trail.choices()) == [EVERYTHING]


@given(words=st.lists(st.text(max_size=2), max_size=300))
def test_back_to_the_start_and_forth_to_the_end(words: list[str]) -> None:
    trail = Trail()
    for text in words:
        trail.go(searched(text))
    end = trail.here
    steps = 0
    while trail.back():
        steps += 1
    assert steps <= 200
    for _ in range(steps):
        assert trail.forth()
    assert trail.here == end
