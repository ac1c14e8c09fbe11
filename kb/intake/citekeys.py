"""Citation keys of ours: the first author's family name, the year and the first long word of the title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.intake.folding import fold
from kb.intake.incoming import family_of, names_of
from kb.intake.words import word_list

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


def citekey(fields: Mapping[str, str], year: int, taken: Container[str]) -> str:
    """Return a free key, such as ``migali2017determinants``; b, c and so on tell apart what would be the same."""
    names = names_of(fields.get("author") or fields.get("editor", ""))
    family = _ascii(family_of(names[0])) if names else ""
    words = [_ascii(word) for word in fold(fields.get("title", "")).split()]
    word = next(
        (word for word in words if len(word) > 2 and word not in word_list("small")),
        next(iter(filter(None, words)), ""),
    )
    base = f"{family or 'anonymous'}{year or '0000'}{word or 'untitled'}"[:60]
    if base not in taken:
        return base
    number = 2
    while (key := f"{base}{_letters(number)}") in taken:
        number += 1
    return key


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z]", "", fold(text))


def _letters(number: int) -> str:
    """Return b for 2, z for 26, ab for 27 and so on."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
