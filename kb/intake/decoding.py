"""Bytes of a bibliography to text: which encoding they are in, and a sentence where that was a guess."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
#: Bytes that are letters and marks in Windows-1252 and control characters in Latin-1.
_WINDOWS = re.compile(rb"[\x80-\x9f]")
#: Of them, those that Windows-1252 does not define.
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
#: Letters of UTF-8 beyond ASCII, near enough: text in an 8-bit encoding hardly ever looks so.
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


class Decoded(NamedTuple):
    """A text, the name of its encoding, and a remark where the reader should look whether letters came out right."""

    text: str
    encoding: str
    remark: str = ""


def _wide(content: bytes) -> str:
    """Return which UTF-16 a text without a mark is in, where every other byte of it is zero, as in ASCII letters."""
    sample = content[:2000]
    if not sample or sample.count(0) * 3 < len(sample) or len(content) % 2:
        return ""
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252; those that it does not define become \ufffd."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("kb-windows", _as_windows)


def decode_bytes(content: bytes) -> Decoded:
    """Return the text of a file; any bytes give a text. UTF-8 is tried first, then what the bytes suggest."""
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            try:
                return Decoded(content.decode(codec), name)
            except UnicodeDecodeError:
                continue
    if codec := _wide(content):
        try:
            return Decoded(content.decode(codec), "UTF-16", "in UTF-16 without a byte order mark")
        except UnicodeDecodeError:
            pass
    try:
        return Decoded(content.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    sound = len(_SEQUENCE.findall(content))
    strays = len(_HIGH.findall(_SEQUENCE.sub(b"", content)))
    if sound > strays:  # mostly UTF-8: another reading would spoil every good letter
        remark = f"damaged UTF-8 (line {line}); the bytes that are none were read as Windows-1252"
        return Decoded(content.decode("utf-8", "kb-windows"), "UTF-8", remark)
    if _UNDEFINED.search(content):
        return Decoded(content.decode("latin-1"), "Latin-1", f"not UTF-8 (line {line}); read as Latin-1")
    if _WINDOWS.search(content):
        return Decoded(content.decode("cp1252"), "Windows-1252", f"not UTF-8 (line {line}); read as Windows-1252")
    return Decoded(content.decode("latin-1"), "Latin-1", f"not UTF-8 (line {line}); read as Latin-1")
