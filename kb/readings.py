"""One file of a collection, read: its graph as N-Quads, and what the manifest keeps of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kb.manifest import Part
from kb.namespaces import graph_iri
from kb.problems import Problem
from kb.quads import record_quads, turtle_quads
from kb.record_rows import rows_of
from kb.records import read_records

if TYPE_CHECKING:
    from kb.evidence import Row
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary


class Reading(NamedTuple):
    """A file as it was read. ``text``: each quad, and its triple in the default graph, in which all files are one.

    ``studies`` and ``findings`` are the rows that tables of it have.
    """

    part: Part
    text: bytes
    studies: list[StudyRow]
    findings: list[Row]


def read_study(content: bytes, path: str, stem: str, words: Vocabulary) -> Reading:
    """Read a file of studies; what is wrong with it is among the problems."""
    source, problems = _decode(content, path)
    record, found = read_records(source, path, words)
    quads = record_quads(record, stem, words)
    part, text = _part(content, graph_iri("studies", stem), quads, dict(record.lines), problems + found)
    return Reading(part, text, *rows_of(record, words))


def read_ontology(content: bytes, path: str, stem: str) -> tuple[Reading, list[ox.Quad]]:
    """Read a file of the ontology, and return its quads too, because the words come from them.

    Raises:
        CollectionError: it is no Turtle.
    """
    graph = graph_iri("ontology", stem)
    quads = turtle_quads(content, graph, path)
    return Reading(*_part(content, graph, quads, {}, []), [], []), quads


def digest_of(content: bytes) -> str:
    """Return the digest of what a file holds."""
    return hashlib.sha256(content).hexdigest()


def _part(
    content: bytes, graph: str, quads: list[ox.Quad], keys: dict[str, int], problems: list[Problem]
) -> tuple[Part, bytes]:
    distinct = dict.fromkeys(quads)
    text = ox.serialize(distinct, format=ox.RdfFormat.N_QUADS) or b""
    in_default_graph = text.replace(f" <{graph}> .\n".encode(), b" .\n")  # each line ends so, and no line elsewhere
    return Part(digest_of(content), graph, len(distinct), keys, problems), text + in_default_graph


def _decode(content: bytes, path: str) -> tuple[str, list[Problem]]:
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "This file is not UTF-8."
        problem = Problem("error", path, line, "", message, "Save it as UTF-8; until then odd letters stand in it.")
        return content.decode("utf-8", "replace"), [problem]
