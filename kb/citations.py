"""Citations of studies in the styles that journals ask for, as plain text or Markdown.

The styles are files of the Citation Style Language (``citation_styles/``); a user may bring any other such file.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import CitationStyleError
from kb.markdown import SIGNS, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.citation_processor import Style
    from kb.studies import StudyDocument

_FOLDER = Path(__file__).parent / "citation_styles"
_NOT_BRACES = {sign: text for sign, text in SIGNS.items() if chr(sign) not in "{}"}
_ADDRESS = re.compile(r"https?://\S*[^\s.,;\ue000-\ue003]")
_ONE_AT_A_TIME = Lock()  # a style keeps notes while it renders
_WORD = re.compile(r"[^\W\d_]+")


class CitationStyle(NamedTuple):
    """A style on offer. ``number`` says how an entry of a list is numbered; empty means that the list is sorted."""

    name: str
    title: str
    file: str = ""
    locale: str = ""
    number: str = ""


@cache
def citation_styles() -> tuple[CitationStyle, ...]:
    """Return the styles on offer; the first is the plain reference of ``kb.studies``."""
    import tomllib

    content = tomllib.loads((_FOLDER / "styles.toml").read_text("utf-8"))
    return tuple(CitationStyle(**style) for style in content["style"])


def citation_style(name: str) -> CitationStyle:
    """Return a style by its name, or by the path of a ``.csl`` file.

    Raises:
        CitationStyleError: there is none of this name; the message lists them.
    """
    for style in citation_styles():
        if style.name == name.casefold():
            return style
    if name.casefold().endswith(".csl"):
        read = _style(name, "")
        return CitationStyle(name, Path(name).stem, name, number="{}. " if read.is_numbered else "")
    known = ", ".join(style.name for style in citation_styles())
    raise CitationStyleError(f"There is no citation style {name!r}. Styles: {known}, or the path of a .csl file.")


def cite(document: StudyDocument, style: str = "apa", *, markdown: bool = False) -> str:
    """Return the citation of a study on one line.

    Raises:
        CitationStyleError: there is no such style, or its file cannot be read.
    """
    return _cite(document, citation_style(style), markdown)


def reading_list(documents: Iterable[StudyDocument], style: str = "apa", *, markdown: bool = False) -> list[str]:
    """Return citations of studies: numbered in the order given where the style numbers, else sorted by author.

    Raises:
        CitationStyleError: there is no such style, or its file cannot be read.
    """
    from kb.text import plain_letters

    chosen = citation_style(style)
    if chosen.number:
        numbers = (chosen.number.format(number) for number in range(1, 1_000_000))
        if markdown:
            numbers = (escaped(number) for number in numbers)
        return [
            number + _cite(document, chosen, markdown) for number, document in zip(numbers, documents, strict=False)
        ]

    def place(document: StudyDocument) -> tuple[str, str, str]:
        fields = document.fields
        who = fields.get("authors") or fields.get("editors") or fields["title"]
        return plain_letters(who), fields.get("year", ""), plain_letters(fields["title"])

    return [_cite(document, chosen, markdown) for document in sorted(documents, key=place)]


def _cite(document: StudyDocument, style: CitationStyle, markdown: bool) -> str:
    if not style.file:
        from kb.studies import reference
        from kb.text import clean_text

        text = clean_text(reference(document.fields))
    else:
        path = str(_FOLDER / style.file) if style in citation_styles() else style.file
        with _ONE_AT_A_TIME:
            text = _style(path, style.locale).render(_item(document))
    return _marked_down(text) if markdown else re.sub("[\ue000-\ue003]", "", text)


@cache
def _style(path: str, locale: str) -> Style:
    from kb.citation_processor import Style

    return Style(Path(path), locale)


def _item(document: StudyDocument) -> dict[str, object]:
    """Return a study as a CSL item. Titles that are not English keep their letters where a style has capitals."""
    import json

    from kb.reference_formats import render_references
    from kb.references import read_reference

    item: dict[str, object] = json.loads(
        render_references("csl-json", [read_reference(document.key, document.fields)])
    )[0]
    if not _is_english(document.fields.get("title", "")):
        item["language"] = "zxx"  # not said which
    return item


@cache
def _foreign_words() -> frozenset[str]:
    return frozenset((_FOLDER / "foreign_words.txt").read_text("utf-8").split())


def _is_english(title: str) -> bool:
    """Say whether a title has fewer than two of the small words of other languages."""
    return len(_foreign_words().intersection(_WORD.findall(title.lower()))) < 2


def _marked_down(text: str) -> str:
    """Return rendered text as Markdown: italics and bold, addresses as links, all other signs of markup escaped."""
    parts, last = [], 0
    for match in _ADDRESS.finditer(text):
        address = match.group().replace("<", "%3C").replace(">", "%3E")
        parts += [escaped(text[last : match.start()]), f"<{address}>"]
        last = match.end()
    marked = "".join([*parts, escaped(text[last:])])
    return re.sub("[\ue000\ue001]", "*", re.sub("[\ue002\ue003]", "**", marked))
