"""References as CSL-JSON, after the schema csl-data of the Citation Style Language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.reference_formats.publication_types import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.references import Name, Reference

#: Types that stand alone: what they are in is a series.
_ALONE = ("book", "pamphlet", "report", "thesis")
#: What the number of a type is, where it is not just its number.
_NUMBER = {"article-journal": "issue", "paper-conference": "issue", "book": "collection-number"}


def to_csl(references: Iterable[Reference]) -> str:
    """Return references as a JSON list of CSL items."""
    import json

    return json.dumps([_item(reference) for reference in references], ensure_ascii=False, indent=1) + "\n"


def _item(reference: Reference) -> dict[str, object]:
    kind = type_of(reference.type)
    issued = {"date-parts": [[int(reference.year)]]} if reference.year.isdecimal() else {"literal": reference.year}
    first, last = reference.page_range
    item: dict[str, object] = {
        "id": reference.key,
        "type": kind.csl,
        "genre": kind.thesis,
        "title": reference.title,
        "author": [_name(name) for name in reference.authors],
        "editor": [_name(name) for name in reference.editors],
        "issued": issued if reference.year else None,
        "collection-title" if kind.csl in _ALONE else "container-title": reference.container,
        "publisher": reference.publisher,
        "volume": reference.volume,
        _NUMBER.get(kind.csl, "number"): reference.number,
        "page": f"{first}-{last}" if last else first,
        "DOI": reference.doi,
        "URL": reference.url,
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}
