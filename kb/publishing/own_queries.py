"""The queries behind exports: files of SPARQL, with the prefixes that they rely on."""

from __future__ import annotations

from pathlib import Path

from kb.namespaces import prefix_header

_FOLDER = Path(__file__).parent / "queries"


def own_query(name: str) -> str:
    """Return a query as it runs anywhere."""
    return prefix_header() + (_FOLDER / f"{name}.rq").read_text("utf-8")
