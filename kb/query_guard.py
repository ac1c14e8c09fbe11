"""The guard of user queries: what would reach outside the store or change it is refused before it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from kb.errors import QueryError, QueryRefusedError
from kb.namespaces import BASE, PREFIXES
from kb.sparql_text import place, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Literal

_RISKY = re.compile(r"service|from|\\u", re.IGNORECASE)
_DEEPEST = 30
_CLOSED = re.compile(r"""(\"{3}|'{3}|"|').*\1\Z""", re.DOTALL)


def check_before_engine(text: str) -> None:
    """Let a query pass to an engine that takes no update for a query and explains itself what it does not understand.

    Without the letters of what is refused, or escapes that could hide them, and not nested deeply, it passes unread:
    reading it takes longer than most answers.

    Raises:
        QueryRefusedError, QueryError: as ``check_query``.
    """
    if _RISKY.search(text) or _depth(text) > _DEEPEST:
        check_query(text)


def check_query(text: str) -> None:
    """Let a SPARQL 1.1 query pass, or raise.

    Raises:
        QueryRefusedError: it is an update, calls a SERVICE, or reads FROM anything but a graph of the store.
        QueryError: it is no SPARQL 1.1 query; message and error hold line and column.
    """
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql import parser

    parser.neg = _negated
    try:
        tree = parser.parseQuery(_as_the_engine_reads(text))
    except ParseBaseException as error:
        if not re.sub(r"#[^\r\n]*", "", text).strip():
            raise QueryError("The query is empty. Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.") from None
        if _is_update(text):
            raise QueryRefusedError(
                "Updates are refused: the collection changes through its files alone. Ask with SELECT, ASK, CONSTRUCT "
                "or DESCRIBE."
            ) from None
        raise _mistake(text, error.loc) from None
    except RecursionError:
        raise QueryRefusedError("This query is nested too deeply. Write it flatter.") from None
    prefixes = {
        **PREFIXES,
        **{dict(node).get("prefix", ""): str(node["iri"]) for name, node in _nodes(tree) if name == "PrefixDecl"},
    }
    _check_prefixes(text, prefixes)
    base = next((str(node["iri"]) for name, node in _nodes(tree) if name == "Base"), "")
    for name, value in _nodes(tree):
        if name == "ServiceGraphPattern":
            raise QueryRefusedError("SERVICE is refused: queries stay inside this collection. Take SERVICE out.")
        if name == "DatasetClause":
            graph = urljoin(base, _iri(next(iter(value.values()), ""), prefixes))
            if not graph.startswith(BASE):
                raise QueryRefusedError(
                    f"FROM {graph or 'this graph'} is refused: only graphs of this collection ({BASE}graph/...) can be "
                    "read. Take FROM out to query all of them."
                )


def _depth(text: str) -> int:
    """Return how deep brackets stand in each other at most, those in texts counted, too."""
    depth = deepest = 0
    for letter in re.findall(r"[{}()\[\]]", text):
        depth += 1 if letter in "{([" else -1
        deepest = max(deepest, depth)
    return deepest


def _as_the_engine_reads(text: str) -> str:
    """Return the text such that rdflib finds its comments and strings where the engine does.

    The engine ends a comment at a carriage return, too, and resolves escaped letters only after it has split the text.
    Every letter keeps its place, which it would not if the parser saw a tab.
    """
    plain = text.replace("\r\n", " \n").replace("\r", "\n").replace("\t", " ")
    return re.sub(r"\\\\|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}", lambda match: "x" * len(match.group(0)), plain)


def _mistake(text: str, position: int) -> QueryError:
    """Return what is wrong at a position; a text that is never closed explains more than what follows it."""
    for token in tokens(text):
        part = text[token.start : token.end]
        if token.kind == "string" and not _CLOSED.match(part):
            line, column = place(text, token.start)
            message = f"A text begins in line {line}, column {column} and is never closed. Close it with {part[0]}."
            return QueryError(message, line, column)
    line, column = place(text, position)
    near = repr(" ".join(text[position : position + 30].split())) if position < len(text) else "the end"
    return QueryError(f"This is no SPARQL 1.1 query: line {line}, column {column}, near {near}.", line, column)


def _check_prefixes(text: str, prefixes: dict[str, str]) -> None:
    from difflib import get_close_matches

    for token in tokens(text):
        prefix = text[token.start : token.end].partition(":")[0]
        if token.kind == "name" and prefix not in prefixes and prefix != "_":
            line, column = place(text, token.start)
            near = get_close_matches(prefix, list(prefixes), n=1, cutoff=0.6)
            hint = f"Did you mean {near[0]}:?" if near else f"Declare it with PREFIX {prefix}: <...>."
            raise QueryError(f"There is no prefix {prefix}: line {line}, column {column}. {hint}", line, column)


def _negated(literal: Literal) -> Literal:
    """Return a negative number; rdflib's own way fails on decimals."""
    return type(literal)(f"-{literal}", datatype=literal.datatype)


def _is_update(text: str) -> bool:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        return bool(parseUpdate(text))
    except (ParseBaseException, RecursionError):
        return False


def _iri(term: object, prefixes: dict[str, str]) -> str:
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(term, CompValue):
        return prefixes.get(str(dict(term).get("prefix", "")), "") + str(dict(term).get("localname", ""))
    return str(term or "")


def _nodes(tree: object) -> Iterator[tuple[str, Any]]:
    """Yield every named node of a parsed query, whatever it hangs from."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, CompValue):
            yield node.name, node
            stack.extend(node.values())
        elif isinstance(node, list | tuple | ParseResults):
            stack.extend(list(node))
