"""The text of a SPARQL query as people write it: its parts for an editor, and the prefixes that it relies on."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\r\n]*)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z) | '''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)
             | "(?:[^"\\\r\n]|\\.)*"? | '(?:[^'\\\r\n]|\\.)*'?)
  | (?P<iri><[^<>"{}|^`\\\s]*>)
  | (?P<variable>[?$]\w*)
  | (?P<language>@[A-Za-z][\w-]*)
  | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?|_)?:(?:(?:[\w:-]|%[0-9A-Fa-f]{2}|\\\S)(?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\\S)*
            (?:[\w:-]|%[0-9A-Fa-f]{2}|\\\S))?)?)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<sign>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_HEADER = re.compile(r"\s*PREFIX\s+([\w.-]*):\s*<([^<>\s]*)>[ \t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")


class Token(NamedTuple):
    """A part of a query. ``kind`` is comment, string, iri, variable, language, name, number, keyword, function, word or
    sign; ``name`` is a prefixed name such as ``policy:health``."""

    kind: str
    start: int
    end: int


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return the words of the language in upper case: ``keywords`` and ``functions``."""
    found = tomllib.loads(Path(__file__).with_name("sparql_words.toml").read_text("utf-8"))
    return {kind: tuple(names) for kind, names in found.items()}


@cache
def _kinds() -> dict[str, str]:
    return {word: kind.removesuffix("s") for kind, found in words().items() for word in found}


def tokens(text: str) -> Iterator[Token]:
    """Yield the parts of a text in their order, whether it is a query or not yet one."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "word":
            word = match.group()
            kind = "keyword" if word in ("a", "true", "false") else _kinds().get(word.upper(), "word")
        yield Token(kind, match.start(), match.end())


def declared(text: str) -> dict[str, str]:
    """Return the prefixes that a query declares: prefix -> address."""
    found: dict[str, str] = {}
    last = ["", "", ""]
    for token in tokens(text):
        last = [*last[1:], text[token.start : token.end]]
        if token.kind == "iri" and last[0].upper() == "PREFIX" and last[1].endswith(":"):
            found[last[1][:-1]] = last[2][1:-1]
    return found


def without_header(text: str) -> str:
    """Return a query without the PREFIX lines before it that say no more than what is known anyway."""
    comments = _COMMENTS.match(text)
    start = place = comments.end() if comments else 0
    while (match := _HEADER.match(text, place)) and PREFIXES.get(match.group(1)) == match.group(2):
        place = match.end()
    return text[:start] + text[place:].lstrip("\r\n") if place > start else text


def portable(text: str) -> str:
    """Return a query that runs anywhere: the known prefixes that it uses and does not declare are written before it."""
    known = declared(text)
    used = {text[token.start : token.end].partition(":")[0] for token in tokens(text) if token.kind == "name"}
    needed = [name for name in PREFIXES if name in used and name not in known]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in needed) + text


def short_name(iri: str) -> str:
    """Return an address as a prefixed name, such as ``policy:health``; as it is where no known prefix fits."""
    for place in (iri.rfind("#"), iri.rfind("/")):
        prefix = _known().get(iri[: place + 1]) if place > 0 else None
        if prefix and _LOCAL.match(iri[place + 1 :]):
            return f"{prefix}:{iri[place + 1 :]}"
    return iri


def term(iri: str) -> str:
    """Return an address as it is written in a query: as a prefixed name, else in angle brackets."""
    found = short_name(iri)
    return f"<{iri}>" if found == iri else found


@cache
def _known() -> dict[str, str]:
    return {address: prefix for prefix, address in PREFIXES.items()}


def place(text: str, position: int) -> tuple[int, int]:
    """Return line and column of a position, both counted from 1; a line ends as in any editor."""
    before = re.split(r"\r\n|\r|\n", text[:position])
    return len(before), len(before[-1]) + 1
