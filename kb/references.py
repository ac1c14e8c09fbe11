"""A study as a reference for other programs: people in parts, pages as a range, every text on one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_RANGE = re.compile(r"([^\s,;–-]+)\s*[–-]{1,3}\s*([^\s,;–-]+)\Z")
_SUFFIX = re.compile(r"(\S.*?),? ((?:[JS]r\.?|II|III|IV))\Z")


class Name(NamedTuple):
    """An author or editor. An organisation has its whole name as ``family`` and no ``given``.

    ``particle``: small words before the family name, such as "van de"; ``suffix``: "Jr." or "III".
    """

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""

    @property
    def last(self) -> str:
        """The family name with its particle."""
        return f"{self.particle} {self.family}".strip()


class Reference(NamedTuple):
    """What other programs know of a study. ``type``: as coded, such as article; empty means not known.

    ``container``: the journal, the book of a chapter, else the series; ``publisher``: also an institution or school.
    """

    key: str
    type: str
    title: str
    year: str
    authors: tuple[Name, ...]
    editors: tuple[Name, ...]
    container: str
    publisher: str
    volume: str
    number: str
    pages: str
    doi: str
    url: str

    @property
    def page_range(self) -> tuple[str, str]:
        """The first and the last page; all of ``pages`` and nothing where they are no plain range."""
        match = _RANGE.match(self.pages)
        return (match.group(1), match.group(2)) if match else (self.pages, "")


def read_reference(key: str, fields: Mapping[str, str]) -> Reference:
    """Return the reference of a study from the fields of its document (see ``kb.studies``)."""

    def text(name: str) -> str:
        return clean_text(fields.get(name, ""))

    return Reference(
        clean_text(key), text("type").lower(), text("title"), text("year"),
        _names(fields, "author"), _names(fields, "editor"), text("container"), text("publisher"),
        text("volume"), text("number"), text("pages"), text("doi"), text("url"),
    )  # fmt: skip


def _names(fields: Mapping[str, str], role: str) -> tuple[Name, ...]:
    """Return the people of a role; where organisations are among them, the fields have the names as coded too."""
    if coded := fields.get(f"{role}_names"):
        from kb.names import read_names

        return tuple(_name(person.family, person.given) for person in read_names(coded)[0])
    pairs = (clean_text(name).partition(", ") for name in fields.get(f"{role}s", "").split("; "))
    return tuple(_name(family, given) for family, _, given in pairs if family)


def _name(family: str, given: str) -> Name:
    """Return a person with particle and suffix apart; an organisation stays as it is."""
    if not given:
        return Name(family)
    suffix = ""
    if match := _SUFFIX.match(family):
        family, suffix = match.groups()
    words = family.split(" ")
    small = next((place for place, word in enumerate(words) if not word[:1].islower()), 0)
    return Name(" ".join(words[small:]), given, " ".join(words[:small]), suffix)
