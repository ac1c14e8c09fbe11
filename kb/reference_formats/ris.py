"""References as RIS: one tag a line, lines end with CRLF, in UTF-8.

RIS knows no escapes: a comma parts family and given name, so an organisation with a comma in its name may be read as
a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.reference_formats.publication_types import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.references import Name, Reference

#: The tag of an editor and of a number, where a type has its own.
_EDITOR = {"BOOK": "A3"}
_NUMBER = {"RPRT": "SN"}


def to_ris(references: Iterable[Reference]) -> str:
    """Return references as RIS."""
    return "\r\n".join(_record(reference) for reference in references)


def _record(reference: Reference) -> str:
    kind = type_of(reference.type)
    first, last = reference.page_range
    tags = [
        ("TY", kind.ris),
        ("ID", reference.key),
        *(("AU", _name(name)) for name in reference.authors),
        *((_EDITOR.get(kind.ris, "A2"), _name(name)) for name in reference.editors),
        ("PY", reference.year),
        ("TI", reference.title),
        ("T2", reference.container),
        ("VL", reference.volume),
        (_NUMBER.get(kind.ris, "IS"), reference.number),
        ("SP", first),
        ("EP", last),
        ("PB", reference.publisher),
        ("M3", kind.thesis),
        ("DO", reference.doi),
        ("UR", reference.url),
    ]
    lines = [f"{tag}  - {value}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _name(name: Name) -> str:
    return ", ".join(part for part in (name.last, name.given, name.suffix) if part)
