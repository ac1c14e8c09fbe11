"""Everything that can be wrong with a collection, in one report: reading, shapes, cross-references, duplicates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.build import build, known_manifest
from kb.problems import Problem, ordered
from kb.store import open_store

if TYPE_CHECKING:
    from kb.build import Progress
    from kb.collection import Collection
    from kb.manifest import Manifest
    from kb.store import Reader


class CheckReport(NamedTuple):
    """The problems of a collection in order, and its size."""

    problems: list[Problem]
    studies: int
    findings: int
    concepts: int


def check(collection: Collection, progress: Progress | None = None) -> CheckReport:
    """Build the store where needed and check all of it.

    Raises:
        StoreError: the store cannot be written.
        CollectionError: the ontology cannot be read.
    """
    from kb.shapes import shape_problems

    build(collection, progress)
    manifest = known_manifest(collection)
    assert manifest is not None
    places = Places(manifest)
    with open_store(collection) as reader:
        problems = list(manifest.problems)
        problems += _duplicates(reader, places)
        problems += _missing_studies(reader, places)
        problems += shape_problems(
            reader, collection, places, {(p.file, p.key) for p in problems if p.severity == "error"}
        )
        counts = [int(reader.rows(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {where} }}")[0][0]) for where in _COUNTED]
    problems += _names(manifest)
    return CheckReport(ordered([problem._replace(file=short_path(problem.file)) for problem in problems]), *counts)


def short_path(path: str) -> str:
    """Return the path relative to the working folder where it lies below it."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


class Places:
    """Where keys and fields stand in the files of a collection."""

    def __init__(self, manifest: Manifest) -> None:
        self._files = {key: path for path in manifest.loaded.values() for key in manifest.parts[path].keys}
        self._entries: dict[str, dict[str, dict[str, int]]] = {}

    def problem(self, key: str, name: str, message: str, remedy: str, *, warning: bool = False) -> Problem:
        """Return a problem at the line of a field of an entry, or of the entry where the field is not there."""
        path = self._files.get(key, "")
        return Problem("warning" if warning else "error", path, self.line(path, key, name), key, message, remedy)

    def file(self, key: str) -> str:
        """Return the file in which a key stands, empty where it is unknown."""
        return self._files.get(key, "")

    def line(self, path: str, key: str, name: str) -> int:
        """Return the line of a field, of its entry, or 1."""
        if path not in self._entries:
            from kb.bibtex import scan

            text = Path(path).read_text("utf-8", "replace") if path else ""
            self._entries[path] = {block.key: block.field_lines() for block in scan(text)}
        lines = self._entries[path].get(key, {})
        return lines.get(name) or lines.get("") or 1


_COUNTED = ("?x a ev:Study", "?x a ev:Finding", "?x a skos:Concept")


def _duplicates(reader: Reader, places: Places) -> list[Problem]:
    """Find studies that share a DOI, or title, year and first author."""
    from kb.named_queries import named_query
    from kb.text import plain_letters

    found = []
    seen: dict[str, str] = {}
    for key, year, authors, title, doi in reader.rows(named_query("references").text()):
        family = plain_letters(authors.partition(",")[0])
        same = {"title": f"{family} {year} {''.join(filter(str.isalnum, plain_letters(title)))}"}
        if doi:
            same["doi"] = doi.lower()
        for name, value in same.items():
            first = seen.setdefault(f"{name} {value}", key)
            if first != key:
                what = f"DOI {doi}" if name == "doi" else "author, year and title"
                message = f"{first} has the same {what}."
                found.append(places.problem(key, name, message, "Keep one of the two, or correct the field."))
    return found


def _missing_studies(reader: Reader, places: Places) -> list[Problem]:
    """Find reviews and relations that name studies which the collection does not hold."""
    from kb.named_queries import named_query

    found = []
    for key, name, address in reader.rows(named_query("dangling").text()):
        target = address.rpartition("/")[2]
        message = f"{name} names {target}, which is not in the collection."
        found.append(places.problem(key, name, message, "Correct the key, or add that study.", warning=True))
    return found


def _names(manifest: Manifest) -> list[Problem]:
    """Find files whose name is not the key of their first study."""
    found = []
    for path, part in manifest.parts.items():
        first = next((key for key in part.keys if "-" not in key), "")
        if path.endswith(".bib") and first and first != Path(path).stem:
            message = f"The file is not named after its study {first}."
            found.append(Problem("warning", path, part.keys[first], first, message, f"Rename it to {first}.bib."))
    return found
