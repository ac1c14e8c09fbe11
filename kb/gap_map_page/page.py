"""A gap map as one page that works from a file: its style, script and data are in it, and it asks nobody for more."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from kb.gap_map_page.data import page_data
from kb.gap_map_page.picture import read

if TYPE_CHECKING:
    from kb.dimensions import Dimension
    from kb.facets import Choice
    from kb.session import Session

_STYLES = ("colours.css", "page.css")
_SCRIPTS = ("model.js", "state.js", "drawing.js", "table.js", "findings.js", "filters.js", "start.js")
_PLACE = re.compile(r"\{\{(\w+)\}\}")
#: What could end the element that holds the data, or a line of it, although it stands in a text.
_RISKY = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def to_html(session: Session, choice: Choice, down: Dimension, across: Dimension) -> str:
    """Return the page: all findings of the collection, with what is chosen and both dimensions as it opens."""
    style = "\n".join(map(read, _STYLES))
    script = '(() => {\n"use strict";\n' + "\n".join(map(read, _SCRIPTS)) + "})();\n"
    parts = {
        "policy": escape(_policy(script, style)),
        "style": style,
        "signs": read("signs.svg").replace(' xmlns="http://www.w3.org/2000/svg"', ""),
        "data": as_script(page_data(session, choice, down, across)),
        "script": script,
    }
    return _PLACE.sub(lambda found: parts[found.group(1)], read("page.html"))


def as_script(value: object) -> str:
    """Return JSON that may stand in a script element, whatever its texts hold."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_RISKY)


def _policy(script: str, style: str) -> str:
    """Return the policy by which a browser runs this script and style alone, and fetches nothing."""
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (script, style)]
    return (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; base-uri 'none'; "
        "form-action 'none'"
    )
