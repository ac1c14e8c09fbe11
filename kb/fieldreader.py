"""One field at a time: values of an entry as clean text, concepts, numbers, dates and addresses; problems noted."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kb.fields import CONCEPT_FIELDS
from kb.latex import decode, unescape
from kb.model import Person, Relation
from kb.names import read_names
from kb.text import clean_text, has_unsafe

if TYPE_CHECKING:
    from collections.abc import Collection

    from kb.bibtex import Entry
    from kb.problems import Problem
    from kb.vocabulary import Vocabulary

_YEAR = re.compile(r"(19|20)[0-9]{2}\Z")
_DATE = re.compile(r"((?:19|20)[0-9]{2})(?:[-/~?%.].*)?\Z")
_PERIOD = re.compile(r"(19|20)\d\d(/(19|20)\d\d)?\Z")
_NUMBER = re.compile(r"[<>=≤≥~]?\s*[-−+]?(\d[\d, .]*|\.\d+)\Z")
_DOI = re.compile(r"10\.\d{4,9}/\S+\Z")
_DOI_PREFIX = re.compile(r"(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ADDRESS = re.compile(r"(https?://[^\s/]+\S*|urn:[a-z0-9][a-z0-9-]+:\S+)\Z")
_ADDRESS_SAFE = "/:?#@!$&'()*+,;=-._~%"
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class FieldReader:
    """Reads the fields of one entry. What is wrong goes to ``problems`` and reads as empty."""

    def __init__(self, entry: Entry, vocabulary: Vocabulary, problems: list[Problem]) -> None:
        self._entry = entry
        self._vocabulary = vocabulary
        self._problems = problems

    def error(self, name: str, message: str, remedy: str) -> None:
        """Note an error at the line of a field, or of the entry where ``name`` is empty."""
        self._problems.append(self._entry.problem(message, remedy, name))

    def warn(self, name: str, message: str, remedy: str) -> None:
        """Note a warning likewise."""
        self._problems.append(self._entry.problem(message, remedy, name, warning=True))

    def text(self, name: str, *, required: bool = False, limit: int = 5000) -> str:
        """Return the field as Unicode on one line."""
        raw = self._entry.fields.get(name, "")
        decoded, left = decode(raw)
        if left:
            self.error(name, f"LaTeX is left in {name}: {clean_text(left)}.", "Write the characters as plain Unicode.")
        if has_unsafe(decoded):
            self.warn(name, f"Control or invisible characters were taken out of {name}.", "Delete them from the file.")
        value = clean_text(decoded)
        if required and not value:
            self.error(name, f"The field {name} is missing or empty.", _MISSING.get(name, f"Add {name} = {{...}}."))
        if len(value) > limit:
            self.warn(name, f"The field {name} has {len(value)} characters.", f"Keep it under {limit}.")
        return value

    def first(self, *names: str) -> str:
        """Return the first of several fields that is not empty."""
        return next((value for name in names if name in self._entry.fields and (value := self.text(name))), "")

    def items(self, name: str) -> tuple[str, ...]:
        """Return the parts of a field between semicolons."""
        return tuple(part for part in (clean_text(p) for p in self.text(name).split(";")) if part)

    def concept(self, name: str, *, required: bool = False) -> str:
        """Return the notation of the one concept of a field, empty where the scheme does not hold it."""
        value = self.text(name, required=required)
        return self._known(name, value) if value else ""

    def concepts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Return the notations of the concepts of a field; ``kind:name`` is read as the notation ``kind-name``."""
        if required:
            self.text(name, required=True)
        return tuple(dict.fromkeys(known for item in self.items(name) if (known := self._known(name, item))))

    def data_uses(self) -> list[tuple[str, str]]:
        """Return the data sources with their rounds or years."""
        pairs = (item.partition(":") for item in self.items("data"))
        return [(known, rounds.strip()) for name, _, rounds in pairs if (known := self._known("data", name.strip()))]

    def relation(self) -> Relation | None:
        """Return the moderated relation; each end is an outcome or a factor."""
        value = self.text("relation")
        if not value:
            return None
        ends = [end.strip() for end in value.split("->")]
        if len(ends) != 2 or not all(ends):
            self.error("relation", f"The relation {value!r} is not of the form one -> other.", "Write both ends.")
            return None
        for end in ends:
            if not self._vocabulary.get("outcome", end) and not self._vocabulary.get("factor", end):
                hint = self._vocabulary.suggestion("outcome", end)
                self.error("relation", f"{end!r} is neither an outcome nor a factor.{hint}", "Correct it, or add it.")
                return None
        return Relation(ends[0], ends[1])

    def names(self, name: str) -> tuple[Person, ...]:
        """Return the people of ``author`` or ``editor``."""
        raw = self._entry.fields.get(name, "")
        if has_unsafe(raw):
            self.warn(name, f"Control or invisible characters were taken out of {name}.", "Delete them from the file.")
        people, doubts = read_names(raw)
        for doubt in doubts:
            (self.warn if "and others" in doubt else self.error)(name, doubt, "Correct the field.")
        return people

    def year(self) -> int | None:
        """Return the year of publication; in biblatex, of ``date``."""
        written = self._entry.fields.get("date", "").strip()
        if "year" not in self._entry.fields and (match := _DATE.match(written)):
            return int(match.group(1))
        value = self.text("year", required=True)
        if value and not _YEAR.match(value):
            self.error(
                "year", f"The year {value!r} is no year.", "Write four digits, such as 2017; it is left out until then."
            )
            return None
        return int(value) if value else None

    def period(self) -> str:
        """Return the years that the data cover, as YYYY or YYYY/YYYY."""
        value = self.text("period").replace("–", "/")
        if value and (not _PERIOD.match(value) or list(value.split("/")) != sorted(value.split("/"))):
            self.error("period", f"The period {value!r} is not readable.", "Write 2008 or 2008/2015.")
            return ""
        return value

    def date(self, name: str) -> str:
        """Return an ISO date."""
        value = self.text(name)
        try:
            return date.fromisoformat(value).isoformat() if value else ""
        except ValueError:
            self.error(name, f"{value!r} is no date.", "Write it as 2026-11-23.")
            return ""

    def number(self, name: str) -> str:
        """Return a number exactly as printed."""
        value = self.text(name)
        if value and not _NUMBER.match(value):
            self.error(name, f"{value!r} in {name} is no number.", "Write the digits as printed, or leave it empty.")
            return ""
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], *, required: bool = False) -> str:
        """Return the value if it is one of those allowed."""
        value = self.text(name, required=required)
        if value and value not in allowed:
            self.error(name, f"{value!r} is no {name}.", f"Write one of: {', '.join(allowed)}.")
            return ""
        return value

    def doi(self) -> str:
        """Return the DOI without its resolver."""
        value = _DOI_PREFIX.sub("", unescape(clean_text(self._entry.fields.get("doi", ""))))
        if value and not _DOI.match(value):
            self.error("doi", f"{value!r} is no DOI.", "Write it as 10.xxxx/..., or leave the field out.")
            return ""
        return value

    def addresses(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Return the web addresses of a field, between semicolons or spaces, safe to use as IRIs."""
        value = unescape(clean_text(self._entry.fields.get(name, "")))
        if required and not value:
            self.error(name, f"The field {name} is missing or empty.", "Add the address where it was read.")
        found = []
        for item in (part.strip() for part in value.split("; ")):
            address = _iri(item.rstrip(";"))
            if address:
                found.append(address)
            elif item:
                self.error(name, f"{item!r} is no address.", "Write https://..., with '; ' between several.")
        return tuple(found)

    def valence(self, outcome: str) -> int | None:
        """Return the valence of an outcome."""
        concept = self._vocabulary.get("outcome", outcome)
        return concept.valence if concept else None

    def forbidden(self, names: Collection[str]) -> None:
        """Report fields that may not be stored."""
        for name in sorted(set(names) & set(self._entry.fields)):
            self.error(name, f"The field {name} quotes the publication and is not stored.", "Delete it from the file.")

    def others(
        self, known: Collection[str], forbidden: Collection[str], usual: Collection[str] = ()
    ) -> tuple[tuple[str, str], ...]:
        """Return the fields that the coding format does not know; they are kept, and reported unless they are usual."""
        found = []
        for name in sorted(set(self._entry.fields) - set(known) - set(forbidden)):
            if name in usual:
                found.append((name, clean_text(decode(self._entry.fields[name])[0])))
                continue
            self.warn(name, f"The field {name} is not part of the coding format; it is kept.", "Check its spelling.")
            found.append((name, self.text(name)))
        return tuple(found)

    def _known(self, name: str, value: str) -> str:
        kind = CONCEPT_FIELDS[name]
        notation = value.replace(":", "-")
        if self._vocabulary.get(kind, notation):
            return notation
        message = f"{value!r} is no {kind} of the ontology."
        self.error(name, message, f"Correct it, or add the concept.{self._vocabulary.suggestion(kind, value)}")
        return ""


@cache
def other_fields() -> frozenset[str]:
    """Return the fields of BibTeX and biblatex that are kept without a remark."""
    lines = (Path(__file__).parent / "other_fields.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _iri(text: str) -> str:
    """Return a web address as an IRI that the store accepts, empty where it is none."""
    import pyoxigraph as ox

    if not _ADDRESS.match(text):
        return ""
    try:
        return ox.NamedNode(quote(_BARE_PERCENT.sub("%25", text), safe=_ADDRESS_SAFE)).value
    except ValueError:
        return ""


_MISSING = {
    "statement": "Write one or two sentences of your own; the finding is left out until then.",
    "study": "Name the citation key of the study; the finding is left out until then.",
    "year": "Write four digits; the study is left out until then.",
    "title": "Write the title; the study is left out until then.",
    "bibstatus": "Write confirmed (and where, in bibsource) or unconfirmed.",
}
