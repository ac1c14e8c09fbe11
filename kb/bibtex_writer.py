"""Records as BibTeX text: the canonical form of our files, and plain references for other programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.fields import FINDING, FINDING_FIELDS, STUDY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.bibtex import Entry

#: Declares @finding to JabRef, so that its editor shows our fields.
JABREF = (
    "@comment{jabref-entrytype: Finding: "
    "req[study;policy;outcome;population;role;direction;statement;source;sourcelevel] "
    "opt[relation;appraisal;measure;estimate;se;p;n;model;locator;coder;coded;verifier;verified;note]}\n"
)

#: Braces go by name, because BibTeX counts escaped ones too.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPACE = re.compile(r"\s+")


def format_entry(kind: str, key: str, fields: Mapping[str, str], order: Iterable[str] = STUDY_FIELDS) -> str:
    """Return one entry: fields in their order and the unknown ones after them, names padded, values in braces.

    Values must have balanced braces; they are put on one line, and empty ones are left out.
    """
    known = [name for name in order if name in fields]
    names = [name for name in (*known, *sorted(set(fields) - set(known))) if fields[name].strip()]
    width = max((len(name) for name in names), default=0)
    lines = [f"  {name:<{width}} = {{{_SPACE.sub(' ', fields[name]).strip()}}}" for name in names]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def format_file(entries: Iterable[Entry]) -> str:
    """Return the canonical text of a file: each study before its findings, and the declaration for JabRef."""
    entries = list(entries)
    studies = [entry for entry in entries if entry.kind != FINDING]
    findings = sorted((entry for entry in entries if entry.kind == FINDING), key=_number)
    texts = [format_entry(entry.kind, entry.key, entry.fields) for entry in studies]
    texts += [format_entry(FINDING, entry.key, entry.fields, FINDING_FIELDS) for entry in findings]
    return "\n".join([*texts, JABREF] if findings else texts)


def _number(entry: Entry) -> tuple[str, int, str]:
    study, _, number = entry.key.rpartition("-")
    return study, int(number) if number.isdigit() else 0, entry.key


def escape(value: str) -> str:
    """Return Unicode text as a BibTeX value that programs with LaTeX behind them read well."""
    return re.sub(r"[\\{}~^&%$#_]", lambda match: _ESCAPES.get(match.group(0), "\\" + match.group(0)), value)
