"""The page on which queries are written: the editor YASGUI, which comes with the program, and the named queries."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from starlette.responses import HTMLResponse, Response

STATIC = Path(__file__).parent / "static"
#: The editor sets styles of its own; scripts come from this server alone, and nothing else is asked.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def query_page() -> Response:
    """Return the page."""
    headers = {"Content-Security-Policy": _POLICY, "Vary": "Accept"}
    return HTMLResponse((STATIC / "query.html").read_bytes(), headers=headers)


@cache
def named_queries() -> bytes:
    """Return the named queries as JSON: name, title, description, and the text without its parameters."""
    from kb.named_queries import named_query, names
    from kb.sparql_text import portable, without_header

    found = []
    for name in names():
        query = named_query(name)
        text = portable(without_header(query.text()))
        found.append({"name": name, "title": query.title, "description": query.description, "query": text})
    return json.dumps(found, ensure_ascii=False).encode()
