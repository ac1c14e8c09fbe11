"""Untrusted text: control characters, Unicode, spreadsheet formulas, letters for comparison."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.text import clean_lines, clean_text, counted, guard_cell, has_unsafe, plain_letters

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u200b\u2060\ufeff\ufff9\ufffa\ufffb\U000e0041"
CONTROLS = "".join(chr(code) for code in [*range(0x20), 0x7F, *range(0x80, 0xA0)] if chr(code) not in "\t\n")
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
awkward = st.text(st.one_of(st.characters(), st.sampled_from(CONTROLS + BIDI + INVISIBLE + "\n\t eé\u0301\u0308=+-@")))


@pytest.mark.parametrize("letter", CONTROLS + BIDI + INVISIBLE + "\ud800", ids=lambda letter: f"U+{ord(letter):04X}")
def test_unsafe_characters_are_found_and_taken_out(letter: str) -> None:
    text = f"one{letter}two"
    assert has_unsafe(text)
    cleaned = clean_text(text)
    assert letter not in cleaned
    assert cleaned.startswith("one")
    assert cleaned.endswith("two")


@pytest.mark.parametrize(
    "text", ["", "plain", "Rөder & Mühlau", "naïve – “quoted”", "日本語", "می‌خواهم", "tab\tand\nline"]
)
def test_ordinary_text_is_not_called_unsafe(text: str) -> None:
    assert not has_unsafe(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  spaced   out\n\ttext ", "spaced out text"),
        ("a\xa0b", "a b"),
        ("e\u0301", "é"),
        ("\x1b[31mred\x1b]0;pwn\x07", "[31mred]0;pwn"),
        ("\x9b31mred", "31mred"),
        ("\u202eevil\u202c", "evil"),
        ("zero\ufeffwidth", "zerowidth"),
    ],
)
def test_clean_text_gives_one_line_of_normalised_text(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@pytest.mark.parametrize("separator", ["\n", "\r", "\r\n", "\t", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_break_of_any_kind_keeps_words_apart(separator: str) -> None:
    assert clean_text(f"one{separator}two") == "one two"


@settings(max_examples=100, deadline=None)
@given(awkward)
def test_clean_text_is_idempotent_and_safe(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert not has_unsafe(cleaned)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())


def test_clean_text_is_normalised_after_an_invisible_character_went() -> None:
    assert clean_text("e\u200b\u0301") == "é"


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: f"U+{ord(trigger):04X}")
@pytest.mark.parametrize("before", ["", " ", "  ", "\t", "\n"], ids=["none", "space", "spaces", "tab", "line"])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(trigger: str, before: str) -> None:
    cell = f"{before}{trigger}cmd|' /C calc'!A0"
    assert guard_cell(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("http://example.org")',
        "-1+1",
        "+1-1",
        "-",
        "+",
        "=",
        "@SUM(1)",
        "-2 apples",
        "+49 352 1",
        "-x",
    ],
)
def test_formulas_that_begin_like_numbers_are_disarmed(cell: str) -> None:
    assert guard_cell(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell", ["-0.189", "+0.5", "-1", "-1,234.5", "-1.5e-3", "-.05", "+.5", "0.010", "12,345", "<0.01", "−0.189", "1E5"]
)
def test_numbers_stay_as_they_are(cell: str) -> None:
    assert guard_cell(cell) == cell


@pytest.mark.parametrize(
    "cell", ["", "plain", "a=b", "user@example.org", "Müller – Röder", "'quoted", '"quoted"', "3 - 2"]
)
def test_harmless_cells_stay_as_they_are(cell: str) -> None:
    assert guard_cell(cell) == cell


@settings(max_examples=100, deadline=None)
@given(st.builds("".join, st.tuples(st.sampled_from(("", " ", *TRIGGERS)), awkward)))
def test_no_guarded_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    guarded = guard_cell(text)
    assert guarded in (text, "'" + text)
    if guarded.lstrip().startswith(TRIGGERS[:4]):
        assert re.fullmatch(r"[+-]?[\d.,]*\d([eE][+-]?\d+)?", guarded)
    assert not guarded.startswith(("\t", "\r", "\n", "＝", "＋", "－", "＠"))


@settings(max_examples=100, deadline=None)
@given(awkward)
def test_a_guarded_cell_needs_no_second_guard(text: str) -> None:
    assert guard_cell(guard_cell(text)) == guard_cell(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TRUST", "trust"),
        ("Mühlau", "muhlau"),
        ("Nguyễn", "nguyen"),
        ("Straße", "strasse"),
        ("", ""),
        ("ÉTÉ 2", "ete 2"),
    ],
)
def test_plain_letters_have_neither_case_nor_accents(text: str, expected: str) -> None:
    assert plain_letters(text) == expected


def test_composed_and_decomposed_letters_are_alike() -> None:
    assert plain_letters("ä") == plain_letters("a\u0308") == plain_letters("Ä") == "a"


@pytest.mark.parametrize(
    ("number", "one", "many", "expected"),
    [
        (0, "study", "studies", "0 studies"),
        (1, "study", "studies", "1 study"),
        (2, "study", "studies", "2 studies"),
        (1, "finding", "", "1 finding"),
        (3, "finding", "", "3 findings"),
    ],
)
def test_counted_agrees_with_the_number(number: int, one: str, many: str, expected: str) -> None:
    assert counted(number, one, many) == expected


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("SELECT *\n\t{  ?s ?p 'é' }\n", "SELECT *\n\t{  ?s ?p 'é' }\n"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x1b[31m\x9b2J\x07\u202ered\u200b\x00", "[31m2Jred"),
    ],
)
def test_lines_stay_and_what_a_terminal_obeys_goes(text: str, cleaned: str) -> None:
    assert clean_lines(text) == cleaned
