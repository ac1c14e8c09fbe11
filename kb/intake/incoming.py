"""Entries of a foreign file as publications: abbreviations, cross-references and both dialects resolved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kb.intake.folding import fold, fold_doi, fold_name
from kb.intake.loose import read_loose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.intake.loose import Broken, RawEntry, Value

_MONTHS = {name: name for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")}
#: What a child takes from its parent under another name (biblatex, appendix B; BibTeX takes the same name).
_FROM_PARENT = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_NOT_INHERITED = frozenset(
    {"crossref", "xref", "xdata", "key", "ids", "entryset", "related", "shorttitle", "sortkey", "abstract", "keywords",
     "label", "execute", "presort", "options", "file", "note", "addendum"}
)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_AND = re.compile(r"(?<!\s)\s+and\s+", re.IGNORECASE)
_LONGEST = 10_000  # letters; a longer abbreviation is none, but many of them multiplied
_EXTENDED = re.compile(r"\b(family|given|prefix|suffix)\s*=\s*(\{[^{}]*\}|\"[^\"]*\"|[^,]*)", re.IGNORECASE)
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)[ ]*|(.))", re.DOTALL)
_SYMBOLS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "ı", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "textendash": "–", "textemdash": "—", "dots": "…",
}  # fmt: skip
_WORDS = (
    "title", "subtitle", "author", "editor", "year", "date", "journal", "journaltitle", "booktitle", "volume", "number",
    "issue", "pages", "publisher", "howpublished", "url", "note",
)  # fmt: skip
_PARTICLES = frozenset(
    {"af", "al", "av", "da", "de", "dei", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le",
     "ten", "ter", "van", "vom", "von", "zu", "zum", "zur"}
)  # fmt: skip
_CONTAINERS = frozenset({"xdata", "set", "control", "ieeetranbstctl", "settings", "bibnote"})


class Incoming(NamedTuple):
    """One publication as a file brings it. ``fields``: resolved values, LaTeX still in them.

    ``inherited`` names the fields that come from other entries, ``macros`` the abbreviations that the text uses,
    ``undefined`` those of them that nothing defines, ``repeated`` fields that are given twice.
    """

    entry: RawEntry
    fields: Mapping[str, str]
    inherited: tuple[str, ...]
    macros: tuple[str, ...]
    undefined: tuple[str, ...]
    repeated: tuple[str, ...]
    missing_parent: str

    @property
    def kind(self) -> str:
        """The type of the entry, in small letters."""
        return self.entry.kind

    @property
    def key(self) -> str:
        """The key that the file gives, empty where it gives none."""
        return self.entry.key


class Facts(NamedTuple):
    """What tells one publication from another, folded so that two writings of it agree.

    ``first``: the writings of the first author's family name; ``families``: one writing of each author's.
    ``words``: the reference as written, which tells apart what folding leaves without a title.
    """

    title: str
    families: tuple[str, ...]
    first: frozenset[str]
    year: int
    doi: str
    container: str
    words: tuple[str, ...] = ()


class IncomingFile(NamedTuple):
    """What a text holds: publications, what could not be read, and remarks that need nothing to be done."""

    text: str
    line_end: str
    entries: list[Incoming]
    broken: list[Broken]
    remarks: list[Broken]
    strings: dict[str, RawEntry]


def read_incoming(text: str) -> IncomingFile:
    """Read a text; any text is accepted."""
    raw = read_loose(text)
    macros: dict[str, str] = dict(_MONTHS)
    strings: dict[str, RawEntry] = {}
    for definition in raw.strings:
        for part in definition.fields:
            meaning = _text(part.parts, macros)[0]
            if len(meaning) <= _LONGEST:
                macros[part.name] = meaning
                strings[part.name] = definition
    own: dict[str, Incoming] = {}
    resolved: list[Incoming] = []
    for entry in raw.entries:
        item = _resolve(entry, macros)
        resolved.append(item)
        own.setdefault(entry.key.casefold(), item)
    entries = [_with_parents(item, own) for item in resolved if item.kind not in _CONTAINERS]
    line_end = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    return IncomingFile(text, line_end, entries, raw.broken, raw.remarks, strings)


def facts_of(fields: Mapping[str, str]) -> Facts:
    """Return what identifies a publication with these fields of BibTeX or biblatex."""
    title = fields.get("title", "")
    if subtitle := fields.get("subtitle", ""):
        title = f"{title}: {subtitle}"
    names = [_without_particle(family_of(name)) for name in names_of(fields.get("author") or fields.get("editor", ""))]
    container = fields.get("journal") or fields.get("journaltitle") or fields.get("booktitle") or ""
    return Facts(
        fold(title),
        tuple(fold(name).replace(" ", "") for name in names),
        fold_name(names[0]) if names else frozenset(),
        year_of(fields),
        fold_doi(fields.get("doi", "") or (fields.get("url", "") if "doi.org/" in fields.get("url", "") else "")),
        fold(container),
        tuple(" ".join(fields.get(name, "").split()) for name in _WORDS),
    )


def title_of(fields: Mapping[str, str]) -> str:
    """Return the title for a table: accents as Unicode, other commands and braces left away."""
    return _readable(fields.get("title", ""))


def first_author_of(fields: Mapping[str, str]) -> str:
    """Return the family name of the first author, or editor, for a table; empty where there is none."""
    names = names_of(fields.get("author") or fields.get("editor", ""))
    return _readable(family_of(names[0])) if names else ""


def _readable(text: str) -> str:
    from kb.latex import simple_accents
    from kb.text import clean_text

    if "\\" in text:
        text = _COMMAND.sub(lambda match: match.group(2) or _SYMBOLS.get(match.group(1), ""), simple_accents(text))
    return clean_text(text.replace("{", "").replace("}", ""))


def year_of(fields: Mapping[str, str]) -> int:
    """Return the year of ``year`` or, in biblatex, of ``date``; 0 where there is none."""
    for name in ("year", "date", "eventdate"):
        if name in fields and (match := _YEAR.search(fields[name])):
            return int(match.group(1))
    return 0


def names_of(value: str) -> list[str]:
    """Return the names of a list; "and others" is none. Braces protect an " and "."""
    if not value.strip():
        return []
    if "{" not in value:
        names = _AND.split(value.strip())
    else:
        from pybtex.bibtex.utils import split_name_list

        try:
            names = list(split_name_list(re.sub(r"\s+", " ", value.strip())))
        except Exception:  # pybtex raises bare exceptions on unbalanced braces
            names = _AND.split(value.strip())
    return [name.strip() for name in names if name.strip() and name.strip().casefold() != "others"]


def family_of(name: str) -> str:
    """Return the family name of ``Family, Given``, ``Given Family``, ``family=..., given=...``, ``{Organisation}``."""
    if "=" in name and (parts := {key.casefold(): value for key, value in _EXTENDED.findall(name)}):
        return parts.get("family", "").strip(' {}"') or name
    if name.startswith("{") and name.endswith("}"):
        return name[1:-1]
    if "," in name:
        return name.partition(",")[0]
    words = name.split()
    for place, word in enumerate(words[:-1]):
        if word[:1].islower():  # a particle opens the family name
            return " ".join(words[place:])
    return words[-1] if words else ""


def _without_particle(family: str) -> str:
    """Return a family name without what some files put before it and others behind the given name."""
    words = family.split()
    while len(words) > 1 and words[0].casefold() in _PARTICLES:
        del words[0]
    return " ".join(words)


def _text(parts: tuple[Value, ...], macros: Mapping[str, str]) -> tuple[str, list[str], list[str]]:
    used, undefined, pieces = [], [], []
    for part in parts:
        if not part.macro:
            pieces.append(part.text)
            continue
        name = part.text.casefold()
        used.append(name)
        if name in macros:
            pieces.append(macros[name])
        else:
            undefined.append(part.text)
            pieces.append(part.text)
    return "".join(pieces), used, undefined


def _resolve(entry: RawEntry, macros: Mapping[str, str]) -> Incoming:
    fields: dict[str, str] = {}
    used: list[str] = []
    undefined: list[str] = []
    repeated: list[str] = []
    for part in entry.fields:
        if part.name in fields:
            repeated.append(part.name)
            continue
        if len(part.parts) == 1 and not part.parts[0].macro:
            fields[part.name] = part.parts[0].text
            continue
        fields[part.name], names, unknown = _text(part.parts, macros)
        used += names
        undefined += unknown
    needed = tuple(dict.fromkeys(name for name in used if name in macros))
    return Incoming(entry, fields, (), needed, tuple(undefined), tuple(repeated), "")


def _with_parents(item: Incoming, known: Mapping[str, Incoming]) -> Incoming:
    """Return the entry with what its ``xdata`` and ``crossref`` give; its own fields win."""
    if "crossref" not in item.fields and "xdata" not in item.fields:
        return item
    found = dict(item.fields)
    missing = ""
    seen = {item.key.casefold()}
    queue = [(name, "xdata") for name in _keys(item.fields.get("xdata", ""))]
    queue += [(name, "crossref") for name in _keys(item.fields.get("crossref", ""))]
    while queue:
        name, how = queue.pop(0)
        if name.casefold() in seen:
            continue
        seen.add(name.casefold())
        parent = known.get(name.casefold())
        if parent is None:
            missing = missing or name
            continue
        for field, value in parent.fields.items():
            if field in _NOT_INHERITED:
                continue
            target = _FROM_PARENT.get(field, field) if how == "crossref" else field
            if target == "booktitle" and how == "crossref" and item.kind in ("book", "mvbook", "collection"):
                target = "maintitle" if field == "title" else target
            found.setdefault(target, value)
        queue += [(more, "xdata") for more in _keys(parent.fields.get("xdata", ""))]
    inherited = tuple(name for name in found if name not in item.fields)
    return item._replace(fields=found, inherited=inherited, missing_parent=missing)


def _keys(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]
