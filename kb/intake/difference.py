"""What an incoming record says of a study that ours does not say, or says otherwise: field by field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kb.intake.folding import fold, fold_doi
from kb.intake.incoming import names_of, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Field of ours -> the names under which BibTeX and biblatex give it, in order.
_NAMES: dict[str, tuple[str, ...]] = {
    "author": ("author",),
    "editor": ("editor",),
    "journal": ("journal", "journaltitle"),
    "booktitle": ("booktitle",),
    "year": ("year", "date"),
    "volume": ("volume",),
    "number": ("number", "issue"),
    "pages": ("pages", "eid"),
    "doi": ("doi",),
    "publisher": ("publisher",),
    "institution": ("institution", "school"),
}


class Difference(NamedTuple):
    """A field that the incoming record adds (``ours`` is empty) or gives otherwise."""

    field: str
    ours: str
    theirs: str


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[Difference, ...]:
    """Return what the incoming record would make better or contradict; writing the same otherwise is no difference.

    A place of publication that ours names under another field (a journal as booktitle) counts as named.
    """
    found = []
    for field, names in _NAMES.items():
        new = _value(theirs, names)
        old = _value(ours, names)
        if not new or _same(field, old, new, ours, theirs):
            continue
        if not old and field in ("editor", "journal", "booktitle", "publisher", "institution") and _has_place(ours):
            continue
        found.append(Difference(field, old, new))
    return tuple(found)


def _value(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name].strip() for name in names if fields.get(name, "").strip()), "")


def _has_place(fields: Mapping[str, str]) -> bool:
    return any(
        fields.get(name) for name in ("journal", "journaltitle", "booktitle", "publisher", "institution", "school")
    )


def _same(field: str, old: str, new: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    if field == "doi":
        return fold_doi(old) == fold_doi(new) or not fold_doi(new)
    if field == "year":
        return year_of(ours) == year_of(theirs) or not year_of(theirs)
    if field in ("author", "editor"):
        return bool(old) and len(names_of(new)) <= len(names_of(old))
    if field in ("volume", "number", "pages"):
        return bool(old) and (_numbers(old) == _numbers(new) or fold(old) == fold(new) or not _numbers(new))
    return bool(old)  # journals and publishers are written in many ways


def _numbers(text: str) -> list[str]:
    """Return the numbers of a volume or page range: 12--9 and 12-19 are the same pages."""
    found = re.findall(r"(?<![a-z])[a-z]*+\d+", text.casefold())
    if len(found) == 2 and found[0].isdigit() and found[1].isdigit() and len(found[1]) < len(found[0]):
        found[1] = found[0][: len(found[0]) - len(found[1])] + found[1]
    return found
