"""The answer to a query for people who read it in a spreadsheet: names instead of addresses, and no formulas.

It is no format of the W3C, which say exactly what was found and nothing else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kb.errors import QueryError
from kb.publishing.own_queries import own_query
from kb.sheet import Sheet, about, render_sheet
from kb.sparql import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.sparql import Result
    from kb.store import Reader

#: Formats that are not those of the W3C: a CSV file and a workbook.
LABELLED_FORMATS = ("spreadsheet", "xlsx")
_BATCH = 500


def render_labelled(form: str, result: Result, query: str, reader: Reader) -> str | bytes:
    """Return an answer in the natural format as one of ``LABELLED_FORMATS``; the workbook says where it comes from.

    Raises:
        QueryError: the answer is a graph.
    """
    sheet = labelled(result, query, reader)
    record = about(sheet, reader.version())
    return render_sheet("xlsx", sheet, record) if form == "xlsx" else render_sheet("csv", sheet, record, bare=True)


def labelled(result: Result, query: str, reader: Reader) -> Sheet:
    """Return an answer in the natural format as a table in which each address that has a name is that name.

    Raises:
        QueryError: the answer is a graph.
    """
    if result.kind == "graph":
        raise QueryError("This query gives a graph, not rows. Choose --format ttl, nt, jsonld, xml.")
    if result.kind == "boolean":
        header, rows = read_table(result.content)
    else:
        found = json.loads(result.content)
        header, bindings = found["head"]["vars"], found["results"]["bindings"]
        terms = [[row.get(name, {"type": "literal", "value": ""}) for name in header] for row in bindings]
        names = _names({term["value"] for row in terms for term in row if term["type"] == "uri"}, reader)
        rows = [
            [names.get(term["value"], term["value"]) if term["type"] == "uri" else term["value"] for term in row]
            for row in terms
        ]
    return Sheet("Answer to a query", tuple(header), [tuple(row) for row in rows], (), "", query)


def _names(addresses: Iterable[str], reader: Reader) -> dict[str, str]:
    """Return the names of things: the label of a concept, the key of a study or finding, the name of a person."""
    names: dict[str, str] = {}
    asked = [f"{ox.NamedNode(address)}" for address in sorted(addresses)]
    query = own_query("labels")
    for start in range(0, len(asked), _BATCH):
        for thing, label in reader.rows(query.replace("$things", " ".join(asked[start : start + _BATCH]))):
            names.setdefault(thing, label)
    return names
