"""Text folded to what two writings of the same title or name share: small letters and digits, no accents, no LaTeX."""

from __future__ import annotations

import re
import unicodedata

_NAMED = {
    "ss": "ss", "o": "o", "O": "o", "l": "l", "L": "l", "ae": "ae", "AE": "ae", "oe": "oe", "OE": "oe", "aa": "a",
    "AA": "a", "i": "i", "j": "j", "dh": "d", "DH": "d", "th": "th", "TH": "th", "dj": "d", "DJ": "d", "ng": "n",
}  # fmt: skip
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[uvHcdbkrt](?![A-Za-z]))[ ]*+\{?[ ]*+\\?([A-Za-z])[ ]*+\}?")
_COMMAND = re.compile(r"\\([A-Za-z]+)[ ]*")
_OTHER = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_LATEX = re.compile(r"[\\{}$]")
_TAG = re.compile(r"</?[a-z][^<>]{0,40}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+);")
_NO_LETTER = re.compile(r"[\W_]+")
_UMLAUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def fold(text: str) -> str:
    """Return the words of a text in small letters without accents, separated by one space."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(" ", text)
    if _LATEX.search(text):
        text = _ACCENT.sub(r"\1", text)
        text = _COMMAND.sub(lambda match: _NAMED.get(match.group(1), ""), text)
        text = text.replace("{", "").replace("}", "")
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold().translate(_OTHER))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _NO_LETTER.sub(" ", text.casefold()).strip()


def fold_name(text: str) -> frozenset[str]:
    """Return the writings under which a family name may be met: ``Röder`` as roder and roeder."""
    plain = fold(text).replace(" ", "")
    if text.isascii():
        if re.search(r"\\\"\{?\\?[aouAOU]", text):
            spelled = re.sub(r"\\\"\{?\\?([aouAOU])\}?", r"\1e", text)
            return frozenset((plain, fold(spelled).replace(" ", "")))
        return frozenset((plain,))
    composed = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUT)
    return frozenset((plain, fold(composed).replace(" ", "")))


def fold_doi(text: str) -> str:
    """Return a DOI without resolver, in small letters; empty where the text holds none."""
    plain = text.replace("\\_", "_").replace("{", "").replace("}", "").replace("\\", "").strip().casefold()
    match = re.search(r"10\.\d{4,9}/[^\s\"<>]+", plain)
    return match.group(0).rstrip(".,;") if match else ""
