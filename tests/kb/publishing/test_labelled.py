"""Answers for spreadsheets: names instead of addresses, formulas disarmed, and apart from the formats of the W3C."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kb.errors import QueryError
from kb.publishing.labelled import labelled, render_labelled
from kb.sparql import run_query

if TYPE_CHECKING:
    from kb.store import Reader
    from tests.kb.running import Line

FINDINGS = "SELECT ?f ?p ?d ?c ?no { ?f ev:policy ?p ; ev:direction ?d ; ev:coder ?c } ORDER BY ?f LIMIT 2"
TRIGGERS = ["=1+1", "+1 x", "-2+3", "@SUM(A1)", "\t=1", " =1", "\N{FULLWIDTH EQUALS SIGN}1", "|calc", "%0A=1"]


def test_addresses_become_names_where_there_are_some(toy_reader: Reader) -> None:
    sheet = labelled(run_query(toy_reader, FINDINGS), FINDINGS, toy_reader)
    assert sheet.header == ("f", "p", "d", "c", "no")
    coder = "https://w3id.org/mipex-kb/coder/c1"
    assert sheet.rows == [
        ("alpha2001trust-1", "Anti-discrimination", "Positive", coder, ""),
        ("alpha2001trust-2", "Overall MIPEX score", "Negative", coder, ""),
    ]


@pytest.mark.parametrize("text", TRIGGERS)
def test_no_cell_is_a_formula(text: str, toy_reader: Reader) -> None:
    query = f'SELECT ("{text}" AS ?x) {{}}'.replace("\t", "\\t")
    result = run_query(toy_reader, query)
    content = render_labelled("spreadsheet", result, query, toy_reader)
    assert isinstance(content, str)
    (cell,) = list(csv.reader(io.StringIO(content)))[1]
    assert cell.startswith("'")
    book = render_labelled("xlsx", result, query, toy_reader)
    assert isinstance(book, bytes)
    page = openpyxl.load_workbook(io.BytesIO(book))
    assert page["Rows"]["A2"].data_type == "s"
    assert any(query in str(row[1].value) for row in page["About"].iter_rows())


def test_numbers_keep_their_sign(toy_reader: Reader) -> None:
    query = 'SELECT ("-0.5" AS ?a) (-1.5 AS ?b) {}'
    assert render_labelled("spreadsheet", run_query(toy_reader, query), query, toy_reader) == "a,b\n-0.5,-1.5\n"


def test_the_format_of_the_w3c_stays_as_it_is(line: Line) -> None:
    query = ["sparql", "-e", 'SELECT ("=1+1" AS ?x) (policy:health AS ?p) {}', "--format"]
    assert line(*query, "csv").out == "x,p\r\n=1+1,https://w3id.org/mipex-kb/policy/health\r\n"
    assert line(*query, "spreadsheet").out == "x,p\n'=1+1,Health\n"


def test_yes_and_no_are_words_and_a_graph_is_refused(toy_reader: Reader) -> None:
    assert labelled(run_query(toy_reader, "ASK {}"), "", toy_reader).rows == [("yes",)]
    with pytest.raises(QueryError, match="gives a graph, not rows"):
        labelled(run_query(toy_reader, "DESCRIBE ev:Finding"), "", toy_reader)
