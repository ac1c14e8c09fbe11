"""References as BibTeX and biblatex: escaped so that LaTeX prints, and other programs read, the text that was there.

Identifiers and addresses stand unescaped, as styles with hyperref and programs of reference management expect them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.bibtex_writer import escape, format_entry
from kb.reference_formats.publication_types import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.references import Name, Reference

#: Type in BibTeX or biblatex -> the field for what it is in; a series for the others.
_CONTAINER = {
    "article": "journal", "suppperiodical": "journal", "incollection": "booktitle", "inbook": "booktitle",
    "bookinbook": "booktitle", "suppbook": "booktitle", "suppcollection": "booktitle", "inreference": "booktitle",
    "inproceedings": "booktitle",
    "misc": "howpublished", "online": "howpublished", "unpublished": "howpublished",
}  # fmt: skip
_PUBLISHER = {
    "techreport": "institution", "report": "institution", "phdthesis": "school", "mastersthesis": "school",
    "thesis": "institution", "misc": "organization", "online": "organization",
}  # fmt: skip
#: Names of fields that biblatex has of its own.
_BIBLATEX = {"journal": "journaltitle", "year": "date"}
#: Kinds of thesis that biblatex has a word for in every language.
_BIBLATEX_THESIS = {"PhD thesis": "phdthesis", "Master's thesis": "mathesis"}
#: The places inside of what LaTeX would print as one sign: --, '', ``, ?`, ,, and the like.
_LIGATURE = re.compile(r"(?<=[-–—])(?=[-–—])|(?<=[`?!])(?=`)|(?<=([',<>]))(?=\1)")
_WORD = re.compile(r"[^\W_]+")
_BARE_WORD = re.compile(r"(\W*)(.*?)(\W*)\Z")
#: Braces and backslashes would end or break a value that stands unescaped.
_RAW = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
_PARTED = re.compile(r"[,=]|\band\b|\bothers\b", re.IGNORECASE)


def to_bibtex(references: Iterable[Reference]) -> str:
    """Return references as BibTeX."""
    return "\n".join(_entry(reference, biblatex=False) for reference in references)


def to_biblatex(references: Iterable[Reference]) -> str:
    """Return references as biblatex, for biber."""
    return "\n".join(_entry(reference, biblatex=True) for reference in references)


def latex(text: str) -> str:
    """Return Unicode text as a value: special characters escaped, ligatures parted, en dashes as two hyphens."""
    return escape(_LIGATURE.sub("\0", text)).replace("\0", "{}").replace("–", "--")


def latex_title(title: str) -> str:
    """Return a title as a value; words whose capitals a style must not take away stand in braces.

    Those are acronyms (MIPEX, EU) and, where the title is in small letters otherwise, names (Germany).
    """
    words = title.split(" ")
    if len(words) > 3 and title.upper() == title:
        return latex(title)
    long = [word for word in words[1:] if len(word) > 3 and word[:1].isalpha()]
    small = sum(word[:1].islower() for word in long) * 2 > len(long)
    return " ".join(
        _in_braces(word) if _has_capitals(word, small and not _begins(words, place)) else latex(word)
        for place, word in enumerate(words)
    )


def _begins(words: list[str], place: int) -> bool:
    """Say whether a word begins the title or a part of it."""
    return place == 0 or words[place - 1].endswith((":", ".", "?", "!", "–", "—"))


def _has_capitals(word: str, first: bool) -> bool:
    """Say whether there is a capital inside the word or, if so asked, at its beginning."""
    return any(run[1:] != run[1:].lower() or (first and run[:1].isupper()) for run in _WORD.findall(word))


def _in_braces(word: str) -> str:
    """Return a word in braces, the marks around it outside: BibTeX looks for the colon that begins a subtitle."""
    before, bare, after = (latex(part) for part in _BARE_WORD.match(word).groups())  # type: ignore[union-attr]
    return f"{before}{{{bare}}}{after}"


def _entry(reference: Reference, *, biblatex: bool) -> str:
    types = type_of(reference.type)
    kind = types.biblatex if biblatex else types.bibtex
    first, last = reference.page_range
    values = {
        "author": _names(reference.authors),
        "editor": _names(reference.editors),
        "title": latex_title(reference.title),
        _CONTAINER.get(kind, "series"): latex(reference.container),
        _PUBLISHER.get(kind, "publisher"): latex(reference.publisher),
        "type": _thesis(types.thesis, reference.type, biblatex=biblatex),
        "year": latex(reference.year),
        "volume": latex(reference.volume),
        "number": latex(reference.number),
        "pages": f"{latex(first)}--{latex(last)}" if last else latex(first),
        "doi": reference.doi.translate(_RAW),
        "url": reference.url.translate(_RAW),
    }
    if biblatex:
        values = {_BIBLATEX.get(name, name): value for name, value in values.items()}
    return format_entry(kind, reference.key, values, values)


def _thesis(words: str, kind: str, *, biblatex: bool) -> str:
    if biblatex:
        return _BIBLATEX_THESIS.get(words, words)
    return words if kind == "thesis" else ""


def _names(names: Iterable[Name]) -> str:
    return " and ".join(_name(name) for name in names)


def _name(name: Name) -> str:
    if not name.given:
        return "{" + latex(name.family) + "}"
    return ", ".join(_part(part) for part in (name.last, name.suffix, name.given) if part)


def _part(text: str) -> str:
    """Return a part of a name, in braces where it holds what parts names."""
    return "{" + latex(text) + "}" if _PARTED.search(text) else latex(text)
