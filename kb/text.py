"""Untrusted text made safe: control characters out, Unicode normalised, spreadsheet formulas disarmed."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 (but tab and newline), DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks, embeddings, overrides and isolates of direction
    "\u200b\u2028\u2029\u2060\ufeff\ufff9-\ufffb"  # invisible spaces, separators, interlinear marks
    "\ud800-\udfff"  # lone surrogates: not text
    "\U000e0000-\U000e007f"  # tag characters
    "]"
)
_BREAK = re.compile("[\r\x0b\x0c\x85\u2028\u2029]")  # other ends of a line: they keep words apart
_SPACE = re.compile(r"\s+")
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n|%＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|\.\d+)([eE][+-]?\d+)?\Z")


def has_unsafe(text: str) -> bool:
    """Say whether the text holds control, invisible or direction-changing characters."""
    return _UNSAFE.search(text) is not None


def clean_text(text: str) -> str:
    """Return the text in NFC on one line, with unsafe characters removed and runs of space made one."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _UNSAFE.sub("", _BREAK.sub(" ", text))
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def clean_lines(text: str) -> str:
    """Return the text with its lines, tabs and spaces as they are, without what a terminal could obey."""
    return _UNSAFE.sub("", _BREAK.sub("\n", text.replace("\r\n", "\n")))


def guard_cell(text: str) -> str:
    """Return the text such that no spreadsheet takes it for a formula: an apostrophe goes before a risky start.

    Numbers such as -0.189 stay as they are.
    """
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return "'" + text
    return text


def plain_letters(text: str) -> str:
    """Return the text in lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, as in "1 study" or "3 findings"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
