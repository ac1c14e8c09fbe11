"""Tables: golden files, the columns that are described, and what other programs read."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pyarrow.parquet as pq
import pytest

from kb.errors import MissingExtraError
from kb.publishing.parquet import to_parquet
from kb.publishing.tables import TABLES, make_table, table_kind
from kb.sheet import about, render_sheet

if TYPE_CHECKING:
    from kb.session import Session

GOLDEN = Path(__file__).parents[1] / "golden"


def rendered(name: str, form: str, session: Session, *, bare: bool = True) -> bytes:
    sheet = make_table(name, session)
    content = render_sheet(form, sheet, about(sheet, "v", "2026-01-01"), bare=bare)
    return content.encode() if isinstance(content, str) else content


@pytest.mark.parametrize("name", ["findings", "studies", "estimates", "data-uses"])
def test_a_table_gives_its_golden_file(name: str, session: Session) -> None:
    golden = GOLDEN / f"table-{name}.csv"
    assert rendered(name, "csv", session) == golden.read_bytes(), f"If this is meant, rewrite {golden.name}."


def test_concepts_are_all_concepts(session: Session) -> None:
    sheet = make_table("concepts", session)
    assert len(sheet.rows) == sum(1 for _ in session.vocabulary())
    (health,) = (row for row in sheet.rows if row[:2] == ("policy", "health"))
    assert health[2] == "Health"
    assert health[-1] == "https://w3id.org/mipex-kb/policy/health"


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_and_every_row_has_all(name: str, session: Session) -> None:
    kind, sheet = table_kind(name), make_table(name, session)
    assert sheet.rows
    assert sheet.header == tuple(kind.columns)
    assert {len(row) for row in sheet.rows} == {len(sheet.header)}
    assert {*kind.numbers, *kind.key, *kind.links} <= {*sheet.header}


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_told_apart_by_the_key_and_links_lead_to_rows(name: str, session: Session) -> None:
    kind, sheet = table_kind(name), make_table(name, session)
    if kind.key:
        places = [sheet.header.index(column) for column in kind.key]
        assert len({tuple(row[place] for place in places) for row in sheet.rows}) == len(sheet.rows)
    for column, other in kind.links.items():
        known = {row[0] for row in make_table(other, session).rows}
        assert {row[sheet.header.index(column)] for row in sheet.rows} <= known


@pytest.mark.parametrize("name", TABLES)
def test_parquet_holds_the_rows_with_types_and_null_for_the_unknown(name: str, session: Session) -> None:
    kind, sheet = table_kind(name), make_table(name, session)
    content = to_parquet(sheet, kind)
    assert to_parquet(sheet, kind) == content
    found = pq.read_table(io.BytesIO(content))
    assert tuple(found.column_names) == sheet.header
    types = {"integer": "int32", "number": "double"}
    assert {field.name: str(field.type) for field in found.schema} == {
        column: types.get(kind.numbers.get(column, ""), "string") for column in sheet.header
    }
    for column in sheet.header:
        cells = [row[sheet.header.index(column)] for row in sheet.rows]
        values = found.column(column).to_pylist()
        assert [value is None for value in values] == [not cell for cell in cells]
        if column not in kind.numbers:
            assert ["" if value is None else value for value in values] == cells
        else:
            assert [value for value in values if value is not None] == [float(cell) for cell in cells if cell]
    assert found.schema.field(0).metadata == {b"description": kind.columns[sheet.header[0]].encode()}


def test_a_missing_library_is_named(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'mipex-kb\[parquet\]'"):
        to_parquet(make_table("studies", session), table_kind("studies"))


def test_the_formats_hold_the_same_rows(session: Session) -> None:
    sheet = make_table("findings", session)
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        lines = list(csv.reader(io.StringIO(rendered("findings", form, session).decode()), delimiter=delimiter))
        assert [tuple(line) for line in lines] == [sheet.header, *sheet.rows]
    objects = json.loads(rendered("findings", "json", session))
    assert [row["statement"] for row in objects] == [row[sheet.header.index("statement")] for row in sheet.rows]
    page = openpyxl.load_workbook(io.BytesIO(rendered("findings", "xlsx", session)))["Rows"]
    assert page.max_row == len(sheet.rows) + 1


def test_a_record_says_the_query_and_the_version(session: Session) -> None:
    text = rendered("estimates", "csv", session, bare=False).decode()
    assert text.startswith("# MIPEX evidence\n# Table: Estimates\n")
    assert "# Data version: v" in text
    assert "SELECT" in text
