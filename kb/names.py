"""Names of people in BibTeX: a list of names to persons, with what looks wrong about it."""

from __future__ import annotations

import re

from kb.latex import decode
from kb.model import Person
from kb.text import clean_text

_EXTENDED = re.compile(r"(?:^|,)\s*(?:family|given)\s*=", re.IGNORECASE)
_PARTS = re.compile(r"\b(family|given|prefix|suffix)\s*=\s*(\{[^{}]*\}|\"[^\"]*\"|[^,]*)", re.IGNORECASE)
_CORPORATE = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}\Z")


def _extended(raw: str) -> Person | None:
    """Return a person written as ``family=Doe, given=Jane, prefix=van`` (biblatex); none where it has no family."""
    parts = {name.casefold(): clean_text(decode(value.strip(' "'))[0]) for name, value in _PARTS.findall(raw)}
    if not parts.get("family"):
        return None
    family = f"{parts.get('prefix', '')} {parts['family']} {parts.get('suffix', '')}".strip()
    return Person(family, parts.get("given", ""))


def read_names(value: str) -> tuple[tuple[Person, ...], list[str]]:
    """Return the persons of an ``author`` or ``editor`` field, and a sentence for each doubt.

    A name in braces is an organisation. "and others" adds nobody and is reported.
    """
    from pybtex.bibtex.utils import split_name_list
    from pybtex.database import Person as BibtexPerson

    persons: list[Person] = []
    doubts: list[str] = []
    for raw in split_name_list(re.sub(r"\s+", " ", value)):
        raw = raw.strip()
        if raw.casefold() == "others":
            doubts.append("The list of names ends with 'and others': write all names that the source shows.")
            continue
        if _EXTENDED.search(raw) and (person := _extended(raw)):
            persons.append(person)
            continue
        if _CORPORATE.match(raw):
            text, left = decode(raw)
            persons.append(Person(clean_text(text)))
        else:
            try:
                person = BibtexPerson(raw)
            except Exception:  # pybtex: more than two commas
                doubts.append(f"The name {clean_text(raw)!r} has too many commas: separate people with ' and '.")
                continue
            family, left_family = decode(" ".join(person.prelast_names + person.last_names))
            given, left_given = decode(" ".join(person.first_names + person.middle_names))
            lineage = " ".join(person.lineage_names)
            left = left_family or left_given
            full = f"{clean_text(family)} {lineage}".strip()
            persons.append(Person(full, clean_text(given)))
            if re.search(r"[&;]|\band\b", f"{family} {lineage} {given}"):
                doubts.append(f"The name {clean_text(raw)!r} looks like several: separate people with ' and '.")
        if left:
            doubts.append(f"The name {clean_text(raw)!r} keeps LaTeX ({left}): write the letters as Unicode.")
    return tuple(person for person in persons if person.family), doubts
