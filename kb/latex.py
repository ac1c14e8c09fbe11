"""LaTeX in BibTeX values, turned into Unicode; what cannot be turned is named."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_LATEX = re.compile(r"[\\{}$~]")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_STACKED = re.compile(r"\\([~'\"^`=.])\s*\\([~'\"^`=.])\s*\{?(\\?[A-Za-z])\}?")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_BARE = re.compile(r"(?<!\\)([&%])")
#: Characters that a value has escaped: set apart while what is left of the LaTeX is looked for.
_APART = {"{": "\ue000", "}": "\ue001", "\\": "\ue002", "$": "\ue003"}
_TOGETHER = str.maketrans({apart: letter for letter, apart in _APART.items()})
_LITERAL = re.compile(r"(?<!\\)\\([{}$])")
_CHARACTERS = {
    "textbraceleft": _APART["{"], "textbraceright": _APART["}"], "textbackslash": _APART["\\"],
    "textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|", "textdollar": _APART["$"],
}  # fmt: skip
_PLACEHOLDERS = ("<cit.>", "<ref>")
_COMBINING = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
}  # fmt: skip
_ACCENT = re.compile(r"\\(['`^\"~=.]|[uvHckrd](?=[ {]))[ ]*\{?[ ]*([A-Za-z])\b[ ]*\}?")
_RESIDUE = re.compile(r"[\\{}]|\$[^$]*\$")


@cache
def _converter() -> LatexNodes2Text:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    context = get_default_latex_context_db()
    own = [MacroTextSpec(name, letter) for name, letter in _CHARACTERS.items()]
    context.add_context_category("characters", macros=own, prepend=True)
    return LatexNodes2Text(latex_context=context, math_mode="verbatim", strict_latex_spaces=True, keep_comments=True)


@cache
def _known(command: str) -> bool:
    from pylatexenc.latex2text import get_default_latex_context_db

    spec = get_default_latex_context_db().get_macro_spec(command)
    return bool(spec is not None and spec.macroname == command)


def decode(value: str) -> tuple[str, str]:
    """Return the value in Unicode, and what of its LaTeX could not be turned (empty when all was).

    Accents, stacked accents, ligatures, escaped characters and protecting braces are resolved; formatting commands
    are dropped and their text kept. Mathematics and unknown commands are left over.
    """
    if not _LATEX.search(value):
        for written, meant in _LIGATURES:
            value = value.replace(written, meant)
        return value, ""
    unknown = [name for name in _COMMAND.findall(value) if name not in _CHARACTERS and not _known(name)]
    value_apart = _LITERAL.sub(lambda match: _APART[match.group(1)], value)
    prepared = _STACKED.sub(r"\\\1{\\\2{\3}}", value_apart)
    prepared = _BARE.sub(r"\\\1", prepared)
    try:
        text = str(_converter().latex_to_text(prepared)).replace("\xa0", " ")
    except Exception as error:  # the converter raises many kinds on text that is no LaTeX
        return value, f"text that is no LaTeX ({type(error).__name__})"
    left = [f"\\{name}" for name in unknown]
    left += [mark for mark in _PLACEHOLDERS if mark in text]
    left += [match.group(0) for match in _RESIDUE.finditer(text)]
    return text.translate(_TOGETHER), ", ".join(dict.fromkeys(left))


def simple_accents(value: str) -> str:
    r"""Return the value with the accents of ``\"{o}``, ``\'e``, ``\c{c}`` and the like as Unicode; the rest stays."""
    return _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m.group(2) + _COMBINING[m.group(1)]), value)


def unescape(value: str) -> str:
    r"""Return an address or identifier with its escaped characters (``\_``, ``\&``, ``\%``, ``\#``) made plain."""
    return _ESCAPED.sub(r"\1", value).replace("{", "").replace("}", "").strip()
