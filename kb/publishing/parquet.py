"""Tables as Parquet: typed columns, nothing guarded, and what is not known is null."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from kb.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.publishing.tables import TableKind
    from kb.sheet import Sheet


def has_parquet() -> bool:
    """Say whether Parquet files can be written here."""
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def to_parquet(sheet: Sheet, kind: TableKind) -> bytes:
    """Return a table as Parquet, with the meaning of each column in its metadata.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError(
            "Parquet files need the library pyarrow. Install it with: pip install 'mipex-kb[parquet]'"
        ) from None
    types: dict[str, tuple[pa.DataType, Callable[[str], object]]] = {
        "": (pa.string(), str), "integer": (pa.int32(), int), "number": (pa.float64(), float),
    }  # fmt: skip
    fields: list[pa.Field[pa.DataType]] = []
    columns: list[pa.Array[pa.Scalar[pa.DataType]]] = []
    for position, name in enumerate(sheet.header):
        type_, read = types[kind.numbers.get(name, "")]
        cells = [row[position] for row in sheet.rows]
        columns.append(pa.array([read(cell) if cell else None for cell in cells], type_))
        fields.append(pa.field(name, type_, metadata={"description": kind.columns[name]}))
    schema = pa.schema(fields, metadata={"title": kind.title, "description": kind.description})
    out = io.BytesIO()
    pq.write_table(pa.table(columns, schema=schema), out, compression="zstd")
    return out.getvalue()
