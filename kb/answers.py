"""The answer to a user's query as a screen shows it: rows or Turtle, what there is to say about it, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.sparql import read_table, run_query
from kb.sparql_text import portable, short_name
from kb.text import clean_text, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from kb.session import Session
    from kb.sheet import Sheet
    from kb.sparql import Result
    from kb.store import Reader

ROWS, BOOLEAN, GRAPH = "rows", "boolean", "graph"
#: Kind of answer -> the formats that the W3C has for it, by the ending of their files.
_W3C = {
    ROWS: {"csv": "csv", "tsv": "tsv", "json": "json", "xml": "xml"},
    BOOLEAN: {"json": "json", "xml": "xml"},
    GRAPH: {"ttl": "ttl", "nt": "nt", "jsonld": "jsonld", "rdf": "xml"},
}
_EXPORT_SECONDS = 600.0


class Answer(NamedTuple):
    """``header`` and ``rows`` are texts, of a graph its triples; ``turtle`` is the text of a graph, else empty.

    ``more`` says that there is more than was read; ``query`` is what was asked.
    """

    kind: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    turtle: str
    more: bool
    seconds: float
    query: str

    def summary(self) -> str:
        """Return one sentence on what is shown, and on what is not."""
        what = {ROWS: "row", BOOLEAN: "answer", GRAPH: "triple"}[self.kind]
        number = counted(len(self.rows), what).replace(str(len(self.rows)), f"{len(self.rows):,}", 1)
        first = "The first " if self.more else ""
        more = "; there are more, and the W3C formats of the export hold all" if self.more else ""
        return f"{first}{number} in {self.seconds:.2f} s{more}."


def read_answer(result: Result, query: str) -> Answer:
    """Return a result in the natural format as it is shown, with prefixed names for addresses."""
    if result.kind != GRAPH:
        header, rows = read_table(result.content, short=True)
        shown = [tuple(row) for row in rows]
        return Answer(result.kind, tuple(header), shown, "", result.more, result.seconds, query)
    import pyoxigraph as ox

    triples = [
        tuple(short_name(term.value) if isinstance(term, ox.NamedNode) else _text(term) for term in quad.triple)
        for quad in ox.parse(result.content, format=ox.RdfFormat.TURTLE)
    ]
    header = ["subject", "predicate", "object"]
    return Answer(GRAPH, tuple(header), triples, result.content.decode(), result.more, result.seconds, query)


def w3c_formats(reader: Reader, answer: Answer) -> dict[str, Callable[[], bytes]]:
    """Return by ending how the whole answer is written in each format of the W3C; the query is asked again.

    Raises (each of them):
        KnowledgeBaseError: the query cannot be answered any more.
    """

    def writer(form: str) -> Callable[[], bytes]:
        return lambda: run_query(reader, answer.query, form=form, timeout=_EXPORT_SECONDS).content

    return {ending: writer(form) for ending, form in _W3C[answer.kind].items()}


def keys_of(
    header: Sequence[str], row: Sequence[str], findings: Container[str], studies: Container[str]
) -> tuple[str, ...]:
    """Return the finding that a row is about, else the study, else nothing.

    They are recognised by their address in any column, or by their key in one that is named after them.
    """
    for kind, known in (("finding", findings), ("study", studies)):
        for name, cell in zip(header, row, strict=True):
            prefix, _, key = cell.partition(":")
            if prefix == kind and key in known:
                return (key,)
            if name == kind and cell in known:
                return (cell,)
    return ()


def answer_sheet(answer: Answer, rows: list[tuple[str, ...]], session: Session) -> Sheet:
    """Return rows of an answer, in the order in which they are shown, as a table to take away."""
    from kb.sheet import Sheet

    study_of = {row.finding: row.study for row in session.findings()}
    studies = {study.study for study in session.studies()}
    found = [keys_of(answer.header, row, study_of, studies) for row in rows]
    behind = tuple(dict.fromkeys(study_of.get(key, key) for keys in found for key in keys))
    return Sheet("Answer to a query", answer.header, rows, behind, answer.summary(), portable(answer.query))


def whole_row(header: Sequence[str], row: Sequence[str]) -> str:
    """Return a row as text: each column by name, with all that stands in it."""
    return "\n".join(f"{name}\n  {clean_text(cell) or '–'}" for name, cell in zip(header, row, strict=True)) + "\n"


def _text(term: object) -> str:
    return getattr(term, "value", str(term))
