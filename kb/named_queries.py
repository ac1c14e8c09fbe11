"""The named queries: SPARQL files with a title, a description and parameters, filled in with escaped terms."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import QueryError
from kb.namespaces import concept_iri, prefix_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FOLDER = Path(__file__).parent / "queries"
_PARAMETER = re.compile(r"^# param: ([a-z-]+) \(([a-z-]+)(?: = ([^)\n]*))?\) (.*)$", re.MULTILINE)
_FRONT = re.compile(r"# (title|description|param):")
_CONDITION = re.compile(r"^[ \t]*#if ([a-z-]+)\n(.*?)^[ \t]*#end\n", re.MULTILINE | re.DOTALL)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Parameter(NamedTuple):
    """A parameter of a named query. ``kind`` is ``text``, ``number`` or a kind of concept.

    ``default`` is what a form begins with; the query itself knows no defaults.
    """

    name: str
    kind: str
    description: str
    default: str = ""


class NamedQuery(NamedTuple):
    """A query with a name: one that ships with the program, or one that a user saved."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    body: str

    def text(self, values: Mapping[str, Sequence[str]] | None = None) -> str:
        """Return the SPARQL with the given values; parts whose parameter is not given are left out.

        Values of concept parameters are notations. Every value is written as an escaped term.

        Raises:
            QueryError: a parameter does not exist, or a number is none.
        """
        given = {name: list(found) for name, found in (values or {}).items() if found}
        kinds = {parameter.name: parameter.kind for parameter in self.parameters}
        if unknown := sorted(set(given) - set(kinds)):
            known = ", ".join(sorted(kinds)) or "none"
            raise QueryError(f"The query {self.name} has no parameter {unknown[0]!r}. It has: {known}.")
        terms = {name: [_term(kinds[name], value) for value in found] for name, found in given.items()}

        def condition(match: re.Match[str]) -> str:
            name, part = match.group(1), match.group(2)
            if name not in terms:
                return ""
            return part.replace(f"(${name})", f"({', '.join(terms[name])})").replace(f"${name}", " ".join(terms[name]))

        return prefix_header() + _CONDITION.sub(condition, self.body)


def _term(kind: str, value: str) -> str:
    if kind == "number":
        if not value.isascii() or not value.isdigit():
            raise QueryError(f"{value!r} is no whole number. Write digits only.")
        return f'"{value}"'
    if kind == "text":
        return f'"{value.translate(_ESCAPES)}"'
    return f"<{concept_iri(kind, value)}>"


@cache
def named_query(name: str) -> NamedQuery:
    """Return a named query.

    Raises:
        QueryError: there is none of this name; the message lists them.
    """
    path = _FOLDER / f"{name}.rq"
    if not re.fullmatch(r"[a-z-]+", name) or not path.is_file():
        raise QueryError(f"There is no named query {name!r}. There are: {', '.join(names())}.")
    return parse(name, path.read_text("utf-8"))


def parse(name: str, text: str) -> NamedQuery:
    """Return the query that stands in a file: comments with title, description and parameters, then the SPARQL."""
    header = {}
    for key in ("title", "description"):
        match = re.search(rf"^# {key}: (.*)$", text, re.MULTILINE)
        header[key] = match.group(1).strip() if match else ""
    parameters = tuple(
        Parameter(match.group(1), match.group(2), match.group(4), (match.group(3) or "").strip())
        for match in _PARAMETER.finditer(text)
    )
    body = "".join(line for line in text.splitlines(keepends=True) if not _FRONT.match(line))
    return NamedQuery(name, header["title"], header["description"], parameters, body)


def names() -> list[str]:
    """Return the names of all named queries."""
    return sorted(path.stem for path in _FOLDER.glob("*.rq"))


def split_values(words: Sequence[str]) -> dict[str, list[str]]:
    """Return parameters written as NAME=VALUE; a name may come several times.

    Raises:
        QueryError: a word has no equals sign.
    """
    values: dict[str, list[str]] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise QueryError(f"{word!r} is no parameter. Write NAME=VALUE, such as policy=health.")
        values.setdefault(name, []).append(value)
    return values
