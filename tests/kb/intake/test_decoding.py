"""Bytes to text: marks, UTF-8, and a remark wherever letters may have come out wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.intake.decoding import decode_bytes

TEXT = "@article{a, author = {Müller, Jörg}, title = {Öl}}\n" * 3


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
def test_what_says_its_encoding_needs_no_remark(codec: str, encoding: str) -> None:
    assert decode_bytes(TEXT.encode(codec)) == (TEXT, encoding, "")


@pytest.mark.parametrize(
    ("codec", "encoding"), [("latin-1", "Latin-1"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")]
)
def test_a_guess_is_right_and_is_said(codec: str, encoding: str) -> None:
    decoded = decode_bytes(TEXT.encode(codec))
    assert decoded[:2] == (TEXT, encoding)
    assert decoded.remark


def test_windows_letters_are_told_from_control_characters() -> None:
    text = TEXT + "“Öl” – 10 €"
    decoded = decode_bytes(text.encode("cp1252"))
    assert decoded.text == text
    assert decoded.encoding == "Windows-1252"
    assert "line 1" in decoded.remark


def test_a_stray_byte_does_not_spoil_the_letters_of_utf_8() -> None:
    decoded = decode_bytes((TEXT + "caf").encode() + b"\xe9 \x93so\x94 \x81")
    assert decoded.text == TEXT + "café “so” \ufffd"
    assert "line 4" in decoded.remark


@pytest.mark.parametrize("codec", ["gb18030", "mac-roman", "cp1251", "shift-jis"])
def test_an_encoding_that_nothing_shows_is_read_with_a_remark(codec: str) -> None:
    text = {"gb18030": "移民融合政策", "shift-jis": "移民統合政策", "cp1251": "Политика"}.get(codec, "Müller, Íñigo")
    decoded = decode_bytes(f"@article{{a, title = {{{text}}}}}".encode(codec))
    assert "not UTF-8" in decoded.remark
    assert decoded.text.startswith("@article{a, title = {")


def test_an_empty_file_is_an_empty_text() -> None:
    assert decode_bytes(b"") == ("", "UTF-8", "")


@given(st.binary())
def test_any_bytes_give_a_text_that_can_be_written(content: bytes) -> None:
    decoded = decode_bytes(content)
    decoded.text.encode("utf-8")


@given(st.text())
def test_utf_8_gives_the_text_back(text: str) -> None:
    decoded = decode_bytes(text.encode())
    if not text.startswith("\ufeff") and "\0" not in text:
        assert decoded == (text, "UTF-8", "")
