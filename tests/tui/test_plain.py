"""Data as text: nothing in it is obeyed, and every cell has its width."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from kb.terminal import SIGNS
from kb.text import has_unsafe
from tui.plain import COLOURS, fit, plain, signed

HOSTILE = "[bold]b[/bold] [/x] [@click=app.quit]q[/] \x1b[31mred\x1b]0;pwn\x07 \x9b \u202eevil\u2066 a\nb\tc"


def test_plain_keeps_markup_as_letters() -> None:
    text = plain(HOSTILE)
    assert text.plain == "[bold]b[/bold] [/x] [@click=app.quit]q[/] [31mred]0;pwn evil a b c"
    assert text.spans == []


def test_plain_has_the_style_asked_for() -> None:
    assert plain("word", "bold").style == "bold"


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_plain_never_holds_unsafe_characters(text: str) -> None:
    shown = plain(text).plain
    assert not has_unsafe(shown)
    assert "\n" not in shown
    assert "\t" not in shown


@given(st.text(), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_fit_gives_exactly_the_width_asked_for(text: str, width: int) -> None:
    shown = fit(text, width)
    assert cell_len(shown) == width
    assert not has_unsafe(shown)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("trust", 8, "trust   "),
        ("trust", 5, "trust"),
        ("trusted", 5, "trus…"),
        ("trust", 1, "…"),
        ("trust", 0, ""),
        ("", 3, "   "),
        ("信頼信頼", 8, "信頼信頼"),
        ("信頼信頼", 5, "信頼…"),
        ("信頼信頼", 4, "信 …"),
        ("Röder", 6, "Röder "),
        ("a\x1b[31mb\nc", 9, "a[31mb c "),
    ],
)
def test_fit_marks_a_cut_and_pads_what_is_short(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


@pytest.mark.parametrize(("direction", "sign"), SIGNS.items())
def test_a_direction_is_written_with_its_sign_and_its_word(direction: str, sign: str) -> None:
    assert signed(direction) == f"{sign} {direction}"


def test_a_direction_that_nobody_knows_gets_a_question_mark() -> None:
    assert signed("sideways") == "? sideways"


def test_colours_are_of_the_theme_and_never_judge() -> None:
    assert set(COLOURS) <= set(SIGNS)
    assert all(colour.startswith("$") for colour in COLOURS.values())
    assert {"$success", "$error", "green", "red"}.isdisjoint(COLOURS.values())
