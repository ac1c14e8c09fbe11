"""Mappings of concepts to established vocabularies: an SSSOM table, what can be wrong with it, and its Turtle.

The table is the source. ``python -m kb.mappings`` writes the Turtle beside it, which a build reads like any other
file of the ontology.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.vocabulary import Vocabulary

TABLE, TURTLE = "vocabulary-mappings.sssom.tsv", "vocabulary-mappings.ttl"
PREDICATES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch")
_SET = ("mapping_set_id", "mapping_set_title", "mapping_set_version", "license", "mapping_date")
_MAY_BE_EMPTY = ("object_source_version", "see_also", "comment")
_MANUAL = "semapv:ManualMappingCuration"
_FIELD = re.compile(r'#(\w+): "([^"]*)"')
_PREFIX = re.compile(r'#  (\w+): "([^"]*)"')
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Match(NamedTuple):
    """One row: a concept, how what it is mapped to relates to it, and where identifier and label were seen together.

    The names are those of SSSOM, in the order of the columns.
    """

    subject_id: str
    subject_label: str
    predicate_id: str
    object_id: str
    object_label: str
    mapping_justification: str
    object_source: str
    object_source_version: str
    mapping_date: str
    see_also: str
    comment: str


class MappingTable(NamedTuple):
    """The rows, what the header says of all of them, and the address that each prefix stands for."""

    rows: list[Match]
    header: dict[str, str]
    prefixes: dict[str, str]

    def address(self, short: str) -> str:
        """Return what a short name stands for; the name itself where its prefix is unknown."""
        prefix, _, local = short.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes else short


def read_mappings(path: Path) -> MappingTable:
    """Read a table.

    Raises:
        CollectionError: it cannot be read, or a line does not fit; the message names the line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"{path.name} cannot be read: {error}. Restore it.") from None
    header: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    number = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith("#"):
            break
        if found := _PREFIX.fullmatch(line):
            prefixes[found[1]] = found[2]
        elif found := _FIELD.fullmatch(line):
            header[found[1]] = found[2]
        elif line != "#curie_map:":
            raise CollectionError(f'{path.name}:{number}: no line of a header. Write #name: "value".')
    if lines[number - 1 : number] != ["\t".join(Match._fields)]:
        raise CollectionError(f"{path.name}:{number}: these are not the columns. Write: {' '.join(Match._fields)}.")
    rows = []
    for place, line in enumerate(lines[number:], number + 1):
        cells = line.split("\t")
        if len(cells) != len(Match._fields):
            raise CollectionError(f"{path.name}:{place}: {len(cells)} cells, not {len(Match._fields)}. Use tabs.")
        rows.append(Match(*cells))
    return MappingTable(rows, header, prefixes)


def mistakes(table: MappingTable, vocabulary: Vocabulary) -> list[str]:
    """Return what is wrong with a table, one sentence each; the vocabulary says which concepts there are."""
    return [*_mistakes_of_header(table), *(text for row in table.rows for text in _mistakes_of(row, table, vocabulary)),
            *_repeated(table)]  # fmt: skip


def to_turtle(table: MappingTable) -> str:
    """Return the mappings as Turtle: the same rows give the same text."""
    kinds = sorted({row.subject_id.partition(":")[0] for row in table.rows})
    text = f"# Mappings to established vocabularies. Written by `make docs` from {TABLE}: change the table.\n"
    text += "".join(f"@prefix {name}: <{table.prefixes[name]}> .\n" for name in [*kinds, "skos"])
    for subject in sorted({row.subject_id for row in table.rows}):
        rows = sorted(row for row in table.rows if row.subject_id == subject)
        objects = [f"    {row.predicate_id} <{table.address(row.object_id)}>" for row in rows]
        text += f"\n{subject}\n" + " ;\n".join(objects) + " .\n"
    return text


def _mistakes_of_header(table: MappingTable) -> Iterator[str]:
    for name in _SET:
        if not table.header.get(name):
            yield f"The header has no {name}."
    for prefix, address in table.prefixes.items():
        if not re.fullmatch(r"https?://\S+[/#]", address):
            yield f"The prefix {prefix} stands for no address: {address!r}."


def _mistakes_of(row: Match, table: MappingTable, vocabulary: Vocabulary) -> Iterator[str]:
    name = f"{row.subject_id} -> {row.object_id}"
    for field, value in zip(Match._fields, row, strict=True):
        if value != " ".join(value.split()) or not (value or field in _MAY_BE_EMPTY):
            yield f"{name}: {field} is empty or has odd spaces: {value!r}."
    for short in (row.subject_id, row.object_id, row.mapping_justification):
        prefix, _, local = short.partition(":")
        if prefix not in table.prefixes or not _LOCAL.fullmatch(local):
            yield f"{name}: {short!r} is no prefix of the header with a name."
    concept = vocabulary.get(*row.subject_id.split(":", 1)) if ":" in row.subject_id else None
    if concept is None or concept.label != row.subject_label:
        yield f"{name}: there is no such concept, or {row.subject_label!r} is not its name."
    if row.predicate_id not in PREDICATES:
        yield f"{name}: {row.predicate_id!r} is none of {', '.join(PREDICATES)}."
    if row.mapping_justification != _MANUAL:
        yield f"{name}: every mapping here was made by hand, {_MANUAL}."
    if not _DAY.fullmatch(row.mapping_date):
        yield f"{name}: {row.mapping_date!r} is no day."
    if not row.see_also.startswith("https://") and "seen" not in row.comment:
        yield f"{name}: neither see_also nor comment says where it was seen."


def _repeated(table: MappingTable) -> Iterator[str]:
    pairs: set[tuple[str, str]] = set()
    names: dict[str, str] = {}
    for row in table.rows:
        if (row.subject_id, row.object_id) in pairs:
            yield f"{row.subject_id} -> {row.object_id} stands there twice."
        pairs.add((row.subject_id, row.object_id))
        if names.setdefault(row.object_id, row.object_label) != row.object_label:
            yield f"{row.object_id} has two labels: {names[row.object_id]!r} and {row.object_label!r}."
    if table.rows != sorted(table.rows, key=lambda row: (row.subject_id, row.predicate_id, row.object_id)):
        yield "The rows are not sorted by subject, predicate and object."


def main() -> int:
    """Write the Turtle of the bundled collection."""
    from kb.collection import bundled

    folder = bundled().ontology
    (folder / TURTLE).write_text(to_turtle(read_mappings(folder / TABLE)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
