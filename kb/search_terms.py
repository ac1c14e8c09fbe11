"""What a person types to search, in parts: words, and phrases in quotes, both without case and accents."""

from __future__ import annotations

import re
from typing import NamedTuple

from kb.text import plain_letters

_PART = re.compile(r"[\"“”„«»]([^\"“”„«»]*)(?:[\"“”„«»]|$)|([^\s\"“”„«»]+)")
_WORD = re.compile(r"[^\W_]+")
#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "’": "'"}
)


class Term(NamedTuple):
    """One thing that has to occur: a word, or the words of a phrase, folded."""

    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(self.words)


def fold_words(text: str) -> list[str]:
    """Return the words of a text without case, accents and marks."""
    return _WORD.findall(plain_letters(text).translate(_LETTERS))


def read_terms(text: str) -> list[Term]:
    """Return what was typed as terms, each once; a quote that is still open ends with the text."""
    terms: dict[Term, None] = {}
    for phrase, word in _PART.findall(text):
        if phrase:
            terms[Term(tuple(fold_words(phrase)))] = None
        else:
            terms.update({Term((part,)): None for part in fold_words(word)})
    return [term for term in terms if term.words]
