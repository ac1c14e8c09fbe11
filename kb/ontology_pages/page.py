"""The frame of every page: style in it, no script, nothing fetched; and the words that pages say of themselves."""

from __future__ import annotations

import re
import tomllib
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.namespaces import BASE
from kb.ontology_pages.markup import join, link, tag

if TYPE_CHECKING:
    from kb.ontology_pages.markup import Html

_FOLDER = Path(__file__).parent
_PLACE = re.compile(r"\{\{(\w+)\}\}")
INDEX = "index.html"


@cache
def words() -> dict[str, dict[str, Any]]:
    """Return the words of the pages, by section."""
    return tomllib.loads((_FOLDER / "words.toml").read_text("utf-8"))


def page(heading: str, content: Html, *, home: bool = False) -> str:
    """Return a whole page."""
    said = words()["page"]
    style = (_FOLDER / "page.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    path = join() if home else tag("nav", link(INDEX, said["home"]), " / ", heading, aria_label=said["home"])
    title = heading if home else f"{heading} – {said['home']}"
    parts = {
        "policy": escape(policy), "title": escape(title), "style": style, "path": path, "heading": escape(heading),
        "content": content, "skip": escape(said["skip"]), "written": escape(said["written"]),
        "base": escape(said["base"].format(base=BASE)),
    }  # fmt: skip
    return _PLACE.sub(lambda found: parts[found.group(1)], (_FOLDER / "page.html").read_text("utf-8"))
