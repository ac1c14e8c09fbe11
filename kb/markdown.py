"""Text as Markdown that shows it as it is: what a record says is never markup."""

from __future__ import annotations

import re

SIGNS = str.maketrans({sign: "\\" + sign for sign in "\\`*_{}[]<>|#~"})
_ENTITY = re.compile(r"&(?=\w{1,31};)")


def escaped(text: str) -> str:
    """Return text with a backslash before each sign of markup, and before what would be read as an entity."""
    return _ENTITY.sub(r"\\&", text.translate(SIGNS))
