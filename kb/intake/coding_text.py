"""Findings as text: drafts of plain values, written as BibTeX behind what the file of a study holds already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.bibtex import read, scan
from kb.bibtex_writer import JABREF, escape, format_entry
from kb.errors import UsageError
from kb.fields import FINDING, FINDING_FIELDS
from kb.latex import decode, unescape
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A finding as somebody codes it: field -> plain text, without LaTeX.
Draft = dict[str, str]

#: Pairs of characters that LaTeX makes one of: two hyphens, two quotation marks and the like.
_LIGATURE = re.compile(r"-(?=-)|'(?=')|`(?=`)|[!?](?=`)")
_DECLARATION = re.compile(r"@\s*comment\s*\{\s*jabref-entrytype:\s*finding\s*:", re.IGNORECASE)
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)[ \t]*\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")
_IN_ADDRESS = {"\\": "%5C", "{": "%7B", "}": "%7D"}


def draft(key: str, values: Mapping[str, str]) -> Draft:
    """Return a finding of the study ``key``: known fields in their order, on one line each, empty ones left out.

    Raises:
        UsageError: a field is not part of the coding format.
    """
    if unknown := sorted(set(values) - set(FINDING_FIELDS)):
        raise UsageError(f"A finding has no field {unknown[0]}. Its fields: {', '.join(FINDING_FIELDS)}.")
    texts = {**values, "study": key}
    cleaned = {name: clean_text(texts[name]) for name in FINDING_FIELDS if name in texts}
    return {name: text for name, text in cleaned.items() if text}


def finding_text(citekey: str, number: int, values: Mapping[str, str]) -> str:
    """Return one finding as BibTeX in our form; any text comes back from it as it was, on one line."""
    fields = {name: _written(name, text) for name, text in draft(citekey, values).items()}
    return format_entry(FINDING, f"{citekey}-{number}", fields, FINDING_FIELDS)


def next_number(text: str, citekey: str) -> int:
    """Return the number after the highest that a finding of the study has in a file, also a broken or disused one."""
    used = re.findall(rf"\{{\s*{re.escape(citekey)}-(\d{{1,9}})\s*,", text, re.IGNORECASE | re.ASCII)
    return max(map(int, used), default=0) + 1


def appended(text: str, citekey: str, drafts: Sequence[Mapping[str, str]]) -> str:
    """Return the text of a file with findings behind the last entry; what was there stays as it is, byte for byte.

    They go before the declaration of the entry type for JabRef, which is added where it is missing.
    """
    if not drafts:
        return text
    declared, place = _place(text)
    number = next_number(text, citekey)
    added = "\n".join(finding_text(citekey, number + offset, values) for offset, values in enumerate(drafts))
    added = _gap(text[:place]) + added + ("\n" if declared and place < len(text) else "")
    if not declared:
        added += "\n" + JABREF
    ends = _LINE_END.findall(text)
    return text[:place] + (added.replace("\n", ends[-1]) if ends else added) + text[place:]


def findings_in(text: str, citekey: str) -> dict[str, Draft]:
    """Return the readable findings of a study in a file, by key, as drafts; unknown fields are left out."""
    found = {}
    for entry in read(text).entries:
        if entry.kind == FINDING and clean_text(entry.fields.get("study", "")) == citekey:
            values = {name: _plain(name, value) for name, value in entry.fields.items() if name in FINDING_FIELDS}
            found[entry.key] = draft(citekey, values)
    return found


def _place(text: str) -> tuple[bool, int]:
    """Say whether the file declares the entry type, and where findings go: before it if only comments follow."""
    declared, place, position = False, len(text), 0
    for block in scan(text):
        start = text.index(block.text, position)
        position = start + len(block.text)
        if block.kind != "comment":
            place = len(text)
        elif _DECLARATION.match(block.text):
            declared = True
            place = min(place, start)
    return declared, place


def _gap(before: str) -> str:
    """Return what has to stand between a text and an entry, so that one line is empty."""
    if not before.strip("\ufeff \t\r\n") or _BLANK_LINE.search(before):
        return ""
    return "\n" if before.endswith(("\n", "\r")) else "\n\n"


def _written(name: str, text: str) -> str:
    """Return a plain text as the value of a BibTeX field; addresses are read without LaTeX and written so."""
    if name == "source":
        return re.sub(r"[\\{}]", lambda match: _IN_ADDRESS[match.group(0)], re.sub(r"\\([&%$#_])", r"\1", text))
    return escape(_LIGATURE.sub(lambda match: match.group(0) + "\x00", text)).replace("\x00", "{}")


def _plain(name: str, value: str) -> str:
    return unescape(value) if name == "source" else decode(value)[0]
