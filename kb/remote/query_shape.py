"""What has to be known of a query before it is sent: its form, the graphs that it names, and how to ask for a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.namespaces import PREFIXES
from kb.sparql_text import declared, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


class Shape(NamedTuple):
    """``form`` is SELECT, ASK, CONSTRUCT or DESCRIBE, and begins at ``start``; ``last`` holds the clauses after the
    pattern, such as ORDER and LIMIT.

    ``any_graph`` says that GRAPH stands before a variable, ``graphs`` are the addresses after GRAPH; ``own_dataset``
    says that the query names its graphs itself, with FROM.
    """

    form: str
    start: int
    last: frozenset[str]
    any_graph: bool
    graphs: tuple[str, ...]
    own_dataset: bool


def shape_of(query: str) -> Shape:
    """Return the shape of a query."""
    form, start, depth = "", 0, 0
    last: set[str] = set()
    graphs: list[str] = []
    any_graph = own_dataset = after_graph = False
    known = {**PREFIXES, **declared(query)}
    for token in tokens(query):
        text = query[token.start : token.end]
        word = text.upper() if token.kind == "keyword" else ""
        if after_graph and token.kind != "comment":
            after_graph = False
            if token.kind == "variable":
                any_graph = True
            elif token.kind == "iri":
                graphs.append(text[1:-1])
            else:
                prefix, _, local = text.partition(":")
                graphs.append(known.get(prefix, "") + local)
        if text in ("{", "}"):
            if text == "{" and depth == 0 and not last & {"ORDER", "HAVING", "VALUES"}:
                last.clear()
            depth += 1 if text == "{" else -1
        elif word in _FORMS and not form:
            form, start = word, token.start
        elif word == "GRAPH":
            after_graph = True
        elif word == "FROM":
            own_dataset = True
        elif word and depth == 0:
            last.add(word)
    return Shape(form, start, frozenset(last), any_graph, tuple(graphs), own_dataset)


def page(query: str, names: Sequence[str], offset: int, size: int, *, ordered: bool) -> str:
    """Return a query for some rows of a SELECT with these columns; empty where that cannot be asked for.

    ``ordered`` says that its own ORDER BY leaves no ties; else all columns are added to it.
    """
    shape = shape_of(query)
    if shape.own_dataset or shape.last & {"LIMIT", "OFFSET", "VALUES"} or (ordered and "ORDER" not in shape.last):
        return ""
    columns = " ".join(f"?{name}" for name in names)
    order = "" if ordered else f"\n{columns}" if "ORDER" in shape.last else f"\nORDER BY {columns}"
    inner = f"{query[shape.start :]}{order}\n"
    return f"{query[: shape.start]}SELECT {columns} {{\n{inner}}}\nLIMIT {size} OFFSET {offset}"
