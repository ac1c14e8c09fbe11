"""Collections of any size with the shape of the bundled one, drawn from it with a seed; all texts are made up.

What belongs together in a real file stays together: which fields a reference has, its measures and status; its data,
countries and period; and the coding of all findings of one study. These parts come from three files drawn apart, so
that a large collection is no repetition of a small one.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.made_up import People, Words
from kb.bibtex import read
from kb.bibtex_writer import JABREF, escape, format_entry
from kb.collection import bundled
from kb.fields import FINDING, FINDING_FIELDS
from kb.latex import decode
from kb.text import plain_letters

if TYPE_CHECKING:
    from pathlib import Path

    from kb.bibtex import Entry

SEED = 7
_USE = ("data", "countries", "coverage", "period", "n")
_KEYS = ("includes", "related")


class _File(NamedTuple):
    """A real file: its study, its authors, and its findings."""

    study: Entry
    authors: list[str]
    findings: list[Entry]


def write_collection(folder: Path, studies: int, seed: int = SEED) -> None:
    """Write so many studies below ``folder/studies``; the same number and seed give the same files."""
    target = folder / "studies"
    target.mkdir(parents=True)
    maker = _Maker(random.Random(seed))
    for _ in range(studies):
        key, text = maker.study()
        (target / f"{key}.bib").write_text(text, "utf-8")


class _Maker:
    """Makes one study after the other."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._files = [_read(path) for path in sorted(bundled().studies[0].glob("*.bib"))]
        self._people = People([author for file in self._files for author in file.authors])
        self._titles = Words(decode(file.study.fields["title"])[0] for file in self._files)
        self._statements = Words(decode(f.fields["statement"])[0] for file in self._files for f in file.findings)
        self._keys: list[str] = []

    def study(self) -> tuple[str, str]:
        """Return the key and the file of another study."""
        frame, use, coding = self._chance.choices(self._files, k=3)
        fields = {name: value for name, value in frame.study.fields.items() if name not in _USE}
        fields |= {name: value for name, value in use.study.fields.items() if name in _USE}
        authors = self._people.some(len(frame.authors), self._chance)
        title = self._titles.text(len(fields["title"].split()), self._chance)
        family = re.sub(r"[^a-z]", "", plain_letters(authors[0] if authors else "anonymous").partition(",")[0])
        key = f"{family or 'study'}{fields['year'][:4]}n{len(self._keys)}"
        fields["title"] = escape(title)
        if authors:
            fields["author"] = " and ".join(authors)
        if "doi" in fields:
            fields["doi"] = f"10.1234/{key}"
        for name in ("url", "bibsource"):
            if name in fields:
                fields[name] = "; ".join(f"https://example.org/{key}/{n}" for n in range(fields[name].count(";") + 1))
        for name in _KEYS:
            if name in fields:
                fields[name] = "; ".join(self._some_keys(fields[name].count(";") + 1))
        self._keys.append(key)
        if not coding.findings:
            return key, format_entry(frame.study.kind, key, fields)
        fields.setdefault("measure", coding.study.fields.get("measure", "mipex"))
        entries = [format_entry(frame.study.kind, key, fields)]
        entries += [self._finding(key, number, finding) for number, finding in enumerate(coding.findings, 1)]
        return key, "\n".join([*entries, JABREF])

    def _finding(self, key: str, number: int, real: Entry) -> str:
        fields = dict(real.fields)
        fields["study"] = key
        fields["statement"] = escape(self._statements.text(len(fields["statement"].split()), self._chance))
        fields["source"] = "; ".join(f"https://example.org/{key}/{n}" for n in range(fields["source"].count(";") + 1))
        return format_entry(FINDING, f"{key}-{number}", fields, FINDING_FIELDS)

    def _some_keys(self, number: int) -> list[str]:
        return self._chance.sample(self._keys, min(number, len(self._keys)))


def _read(path: Path) -> _File:
    entries = read(path.read_text("utf-8"), str(path)).entries
    study = next(entry for entry in entries if entry.kind != FINDING)
    findings = [entry for entry in entries if entry.kind == FINDING and entry.fields["study"] == study.key]
    authors = re.split(r"\s+and\s+", study.fields["author"]) if "author" in study.fields else []
    return _File(study, authors, findings)
