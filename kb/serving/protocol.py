"""A request of the SPARQL 1.1 Protocol as the operation that it asks for; what it may not ask is refused here."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl

from kb.namespaces import BASE
from kb.serving.refusals import Refusal

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
READ_ONLY = (
    "Updates are refused: the collection changes through its files alone. Ask with SELECT, ASK, CONSTRUCT or DESCRIBE."
)
_FIELDS = 1000


class Operation(NamedTuple):
    """A query, the graphs that the request names for it (none: as the query says), and the format it names."""

    query: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    form: str = ""


def read_operation(method: str, address: bytes, content_type: str = "", body: bytes = b"") -> Operation | None:
    """Return the operation that a request asks for, none where it asks for the description of the service.

    ``address`` is what follows the question mark.

    Raises:
        Refusal: the request is malformed, or asks for something that is not offered.
    """
    asked = _fields(address)
    if method != "POST":
        return _from_fields(asked) if asked else None
    kind, _, options = content_type.partition(";")
    kind = kind.strip().lower()
    _check_charset(options)
    if kind == FORM:
        if "query" in dict(asked):
            raise Refusal(400, "The query stands in the address and in the form. Give it once.")
        return _from_fields(_fields(body))
    if kind == QUERY:
        if {"query", "update"} & set(dict(asked)):
            raise Refusal(400, "The query stands in the address and in the body. Give it once.")
        return _operation(_text(body), asked)
    if kind == UPDATE:
        raise Refusal(403, READ_ONLY)
    said = f"{kind!r} is no type of a query" if kind else "The request does not say what its body is"
    raise Refusal(415, f"{said}. Send {QUERY} or {FORM}.", Accept_Post=f"{QUERY}, {FORM}")


def _from_fields(fields: list[tuple[str, str]]) -> Operation:
    queries = [value for name, value in fields if name == "query"]
    if "update" in dict(fields):
        raise Refusal(403, READ_ONLY)
    if len(queries) != 1:
        said = "There is more than one query" if queries else "There is no query"
        raise Refusal(400, f"{said}. Give one, as query=...")
    return _operation(queries[0], fields)


def _operation(query: str, fields: list[tuple[str, str]]) -> Operation:
    default, named = (
        tuple(value for name, value in fields if name == f"{kind}-graph-uri") for kind in ("default", "named")
    )
    for graph in (*default, *named):
        if not graph.startswith(BASE):
            raise Refusal(
                403,
                f"The graph {graph[:200]} is refused: only graphs of this collection ({BASE}graph/...) can be read.",
            )
    form = next((value for name, value in fields if name == "format"), "")
    if default or named:
        return Operation(query, default, named, form)
    return Operation(query, None, None, form)


def _fields(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_FIELDS
        )
    except UnicodeDecodeError:
        raise Refusal(400, "The request is not UTF-8, or its letters are not percent-encoded.") from None
    except ValueError:
        raise Refusal(400, f"The request has more than {_FIELDS} fields.") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(400, f"The query is not UTF-8: its byte {error.start + 1} is none.") from None


def _check_charset(options: str) -> None:
    for option in options.split(";"):
        name, _, value = option.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8", "us-ascii"):
            raise Refusal(415, "Queries are read as UTF-8 alone. Send them so.")
