"""The collection as flat tables: findings, studies, estimates, uses of data, and concepts."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.publishing.own_queries import own_query
from kb.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.session import Session

#: Name of a table -> what it is called elsewhere, in the order in which they are offered.
TABLES = ("findings", "studies", "estimates", "data-uses", "concepts")
#: Formats of tables: that of a sheet, or Parquet.
TABLE_FORMATS = ("csv", "tsv", "json", "xlsx", "parquet")


class TableKind(NamedTuple):
    """What a table holds.

    ``columns`` maps names to meanings; ``key``: the columns that tell rows apart; ``links``: columns that hold the
    first column of another table; ``numbers``: columns of whole numbers (integer) or numbers (number).
    """

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    links: dict[str, str]
    numbers: dict[str, str]
    columns: dict[str, str]


@cache
def table_kind(name: str) -> TableKind:
    """Return what a table holds."""
    found = tomllib.loads((Path(__file__).parent / "tables.toml").read_text("utf-8"))[name]
    return TableKind(name=name, **{**found, "key": tuple(found["key"])})


class Coding(NamedTuple):
    """What the table of findings has beside what every question gives; what is not known is empty."""

    model: str
    coder: str
    coded: str
    verifier: str
    verified: str
    note: str


def read_codings(session: Session) -> dict[str, Coding]:
    """Return the coding of every finding by key."""
    return {row[0]: Coding(*row[1:]) for row in session.reader.rows(own_query("codings"))}


def make_table(name: str, session: Session) -> Sheet:
    """Return one of ``TABLES``, with all rows of the collection in a fixed order."""
    kind = table_kind(name)
    rows, query = _MAKERS[name](session)
    return Sheet(kind.title, tuple(kind.columns), rows, (), kind.description, query)


def _findings(session: Session) -> tuple[list[tuple[str, ...]], str]:
    from kb.evidence import Question, query_text

    codings = read_codings(session)
    rows: list[tuple[str, ...]] = [(*row, *codings[row.finding]) for row in session.findings()]
    return rows, query_text(session.reader, Question(measure=("all",)))


def _studies(session: Session) -> tuple[list[tuple[str, ...]], str]:
    from kb.named_queries import named_query

    return [tuple(row) for row in session.studies()], named_query("studies").text()


def _concepts(session: Session) -> tuple[list[tuple[str, ...]], str]:
    from kb.namespaces import concept_iri

    rows: list[tuple[str, ...]] = [
        (
            concept.kind, concept.notation, concept.label, _joined(concept.alt_labels), concept.definition,
            _joined(concept.broader), concept.level, "" if concept.valence is None else str(concept.valence),
            concept_iri(concept.kind, concept.notation),
        )
        for concept in session.vocabulary()
    ]  # fmt: skip
    return rows, ""


def _asked(name: str) -> Callable[[Session], tuple[list[tuple[str, ...]], str]]:
    def rows(session: Session) -> tuple[list[tuple[str, ...]], str]:
        query = own_query(name)
        return [tuple(row) for row in session.reader.rows(query)], query

    return rows


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(texts)


_MAKERS = {
    "findings": _findings,
    "studies": _studies,
    "estimates": _asked("estimates"),
    "data-uses": _asked("data-uses"),
    "concepts": _concepts,
}
