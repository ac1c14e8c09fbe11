"""Drafted findings checked before they are written: first by the reader of records, at the end by the shapes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.bibtex import read, scan
from kb.fieldreader import FieldReader
from kb.fields import FINDING
from kb.namespaces import BASE
from kb.problems import Problem
from kb.records import read_finding, read_records, read_study

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyoxigraph as ox

    from kb.bibtex import Entry
    from kb.collection import Collection
    from kb.vocabulary import Vocabulary


class FieldProblem(NamedTuple):
    """A problem and the field to correct, empty where it is about the entry or the file."""

    field: str
    problem: Problem

    @property
    def is_error(self) -> bool:
        """Whether it keeps the finding from being written."""
        return self.problem.severity == "error"

    @property
    def sentence(self) -> str:
        """What is wrong and what to do."""
        return f"{self.problem.message} {self.problem.remedy}"


def problems_of(text: str, name: str, vocabulary: Vocabulary) -> list[FieldProblem]:
    """Return what the reader of records finds in a file (the messages of ``check``), each with its field."""
    _, problems = read_records(text, name, vocabulary)
    fields: dict[Problem, str] = {}
    for entry in read(text, name).entries:
        noting = _NotingReader(entry, vocabulary, fields)
        if entry.kind == FINDING:
            read_finding(entry, noting)
        else:
            read_study(entry, noting)
    return [FieldProblem(fields.get(problem, ""), problem) for problem in problems]


def full_problems(
    files: Mapping[str, str], collection: Collection, vocabulary: Vocabulary, *, unfinished: bool = False
) -> dict[str, list[FieldProblem]]:
    """Return, for each file (path -> text), what the reader and the shapes find in it, as ``check`` would.

    Where the reader finds an error in an entry, the shapes may repeat it and are not asked, unless it is ``unfinished``
    and its fields are looked at one by one.

    Raises:
        CollectionError: the shapes or the ontology cannot be used.
    """
    from kb.quads import record_quads
    from kb.shapes import SHAPES_FILE, remedied, shape_results

    found: dict[str, list[FieldProblem]] = {}
    owners: dict[str, str] = {}
    quads: list[ox.Quad] = []
    for path, text in files.items():
        found[path] = problems_of(text, path, vocabulary)
        record, _ = read_records(text, path, vocabulary)
        owners.update(dict.fromkeys((key for key, _ in record.lines), path))
        quads += record_quads(record, Path(path).stem, vocabulary)
    shapes = collection.ontology / SHAPES_FILE
    if not shapes.is_file():
        return found
    known = {each.problem.key for problems in found.values() for each in problems if each.is_error and not unfinished}
    lines = {path: {block.key: block.field_lines() for block in scan(_lines(text))} for path, text in files.items()}
    for result in shape_results(_triples(quads, collection), shapes):
        kind, _, key = result.focus.removeprefix(BASE).partition("/")
        path = owners.get(key, "")
        if kind not in ("study", "finding", "estimate") or not path or (key in known and not result.warning):
            continue
        places = lines[path].get(key, {})
        line = places.get(result.field) or places.get("") or 1
        severity = "warning" if result.warning else "error"
        found[path].append(
            FieldProblem(result.field, Problem(severity, path, line, key, *remedied(result.message)))  # type: ignore[arg-type]
        )
    return found


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _triples(quads: Iterable[ox.Quad], collection: Collection) -> str:
    """Return the triples of some studies and of the concepts that they name, as N-Triples."""
    import pyoxigraph as ox

    quads = list(quads)
    named = {quad.object for quad in quads}
    triples = dict.fromkeys(quad.triple for quad in quads)
    for file in collection.ontology_files():
        for quad in ox.parse(path=file.path, format=ox.RdfFormat.TURTLE):
            if quad.subject in named:
                triples[quad.triple] = None
    return "".join(f"{triple} .\n" for triple in triples)


class _NotingReader(FieldReader):
    """A reader that only remembers to which field each problem belongs."""

    def __init__(self, entry: Entry, vocabulary: Vocabulary, fields: dict[Problem, str]) -> None:
        super().__init__(entry, vocabulary, [])
        self._at = entry
        self._fields = fields

    def error(self, name: str, message: str, remedy: str) -> None:
        """Remember an error; what a role needs belongs to the field that is missing."""
        missing = next((other for other in ("relation", "appraisal") if name == "role" and other in message), name)
        self._fields.setdefault(self._at.problem(message, remedy, name), missing)

    def warn(self, name: str, message: str, remedy: str) -> None:
        """Remember a warning."""
        self._fields.setdefault(self._at.problem(message, remedy, name, warning=True), name)
