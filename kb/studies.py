"""One study whole: its reference, how it was coded, and its findings, as the store holds them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import UnknownStudyError
from kb.evidence import Question, Row, findings_for
from kb.named_queries import named_query
from kb.namespaces import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.store import Reader

#: Field of the document -> property of the graph (prefix:name).
_PROPERTIES = {
    "type": "ev:entryType",
    "authors": "ev:authors",
    "editors": "ev:editors",
    "author_names": "ev:authorsAsCoded",
    "editor_names": "ev:editorsAsCoded",
    "year": "dcterms:issued",
    "title": "dcterms:title",
    "container": "ev:containerAsCoded",
    "publisher": "dcterms:publisher",
    "volume": "bibo:volume",
    "number": "bibo:issue",
    "pages": "bibo:pages",
    "doi": "bibo:doi",
    "url": "foaf:page",
    "measure": "ev:measuresAsCoded",
    "measurestatus": "ev:measureStatus",
    "circle": "ev:circle",
    "design": "ev:designsAsCoded",
    "data": "ev:dataUse",
    "countries": "ev:countriesAsCoded",
    "coverage": "ev:coverage",
    "period": "ev:period",
    "n": "ev:sampleSize",
    "bibstatus": "ev:bibStatus",
    "bibsource": "ev:sourcesAsCoded",
    "unconfirmed": "ev:unconfirmedField",
    "includes": "ev:includes",
    "related": "dcterms:relation",
    "note": "skos:note",
    "other": "ev:otherField",
}


class StudyDocument(NamedTuple):
    """A study with all its findings. ``fields`` are texts by name; several values are joined by a semicolon.

    ``more`` holds by finding what its row leaves out: model, coder, dates, note.
    """

    key: str
    fields: dict[str, str]
    findings: list[Row]
    more: dict[str, dict[str, str]]


def study_documents(reader: Reader, keys: Iterable[str], *, findings: bool = True) -> list[StudyDocument]:
    """Return studies by citation key, in the order asked for.

    Raises:
        UnknownStudyError: a key is not in the collection; the message suggests near ones.
    """
    keys = list(dict.fromkeys(key.rpartition("-")[0] if _is_finding(key) else key for key in keys))
    if not keys:
        return []
    names = {PREFIXES[name.partition(":")[0]] + name.partition(":")[2]: field for field, name in _PROPERTIES.items()}
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, prop, value in reader.rows(named_query("study").text({"study": keys})):
        if prop in names:
            values[key][names[prop]].append(value)
    for key in keys:
        if key not in values:
            raise UnknownStudyError(f"There is no study {key!r}.{_near(reader, key)}")
    rows: dict[str, list[Row]] = defaultdict(list)
    more: dict[str, dict[str, str]] = {}
    if findings:
        for row in findings_for(reader, Question(study=tuple(keys), measure=("all",))):
            rows[row.study].append(row)
        more = more_of(reader, keys)
    documents = []
    for key in keys:
        found = sorted(rows[key], key=lambda row: (len(row.finding), row.finding))
        extra = {row.finding: more.get(row.finding, {}) for row in found}
        documents.append(StudyDocument(key, _fields(values[key]), found, extra))
    return documents


def more_of(reader: Reader, studies: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return by finding of some studies what its row leaves out: model, coder, dates, note."""
    keys = list(studies)
    more: dict[str, dict[str, str]] = defaultdict(dict)
    for finding, field, value in reader.rows(named_query("finding").text({"study": keys})) if keys else ():
        more[finding][field] = value
    return more


def reference(fields: dict[str, str]) -> str:
    """Return a plain reference: authors (year). Title. Container volume(number), pages. DOI."""
    where = fields.get("container") or fields.get("publisher", "")
    volume = fields.get("volume", "") + (f"({fields['number']})" if fields.get("number") else "")
    where = ", ".join(part for part in (f"{where} {volume}".strip(), fields.get("pages", "")) if part)
    parts = [f"{fields.get('authors') or fields.get('editors', '')} ({fields['year']})", fields["title"], where]
    text = " ".join(part if part.endswith((".", "?", "!")) else part + "." for part in parts if part)
    return f"{text} https://doi.org/{fields['doi']}" if fields.get("doi") else text


def _fields(found: dict[str, list[str]]) -> dict[str, str]:
    fields = {name: "; ".join(sorted(set(found[name]))) for name in _PROPERTIES if found.get(name)}
    fields["year"] = fields["year"][:4]
    if "circle" in fields:
        fields["circle"] = fields["circle"].removeprefix(f"{BASE}measure/")
    addresses = [address for address in found.get("url", []) if not address.startswith("https://doi.org/")]
    fields.pop("url", None)
    return {**fields, "url": addresses[0]} if addresses else fields


def _is_finding(key: str) -> bool:
    study, dash, number = key.rpartition("-")
    return bool(study and dash and number.isdigit())


def _near(reader: Reader, key: str) -> str:
    from difflib import get_close_matches

    known = [row[0] for row in reader.rows(named_query("studies").text())]
    near = (
        get_close_matches(key.lower(), known, n=3, cutoff=0.6)
        or [name for name in known if name.startswith(key[:6])][:3]
    )
    return f" Did you mean {' or '.join(near)}?" if near else " List them with: mipex-kb sparql --named studies"
