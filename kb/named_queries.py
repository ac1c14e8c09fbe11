"""The named queries: SPARQL files with a question, a description and parameters, filled in with escaped terms."""

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
#: What the program asks for itself; not listed.
_INTERNAL = _FOLDER / "internal"
_FIELD = re.compile(r"^# (title|question|description|group|columns): (.*)$", re.MULTILINE)
_PARAMETER = re.compile(r"^# param: ([a-z-]+) \(([a-z-]+)(?:(:| =) ([^)\n]*))?\) (.*)$", re.MULTILINE)
_FRONT = re.compile(r"# (title|question|description|group|columns|param):")
_CONDITION = re.compile(r"^[ \t]*#if ([a-z-]+)\n(.*?)^[ \t]*#end\n", re.MULTILINE | re.DOTALL)
_NOTATION = re.compile(r"\w[\w/.%-]*\Z")
_NUMBER = re.compile(r"[0-9]{1,9}\Z")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
#: Some engines read \uXXXX before anything else, also behind an escaped backslash; so its u is written as one.
_CODEPOINT = re.compile(r"\\\\([uU])")


class Parameter(NamedTuple):
    """A parameter of a named query. ``kind`` is ``text``, ``number`` or a kind of concept.

    ``default`` is what a form begins with; the query itself knows no defaults. ``example`` is a value that finds
    something in the bundled collection.
    """

    name: str
    kind: str
    description: str
    default: str = ""
    example: str = ""


class NamedQuery(NamedTuple):
    """A query with a name: one that ships with the program, or one that a user saved.

    ``question`` says in plain words what it answers, ``group`` where it is listed, ``columns`` what it returns.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    body: str
    question: str = ""
    group: str = ""
    columns: tuple[str, ...] = ()

    def text(self, values: Mapping[str, Sequence[str]] | None = None) -> str:
        """Return the SPARQL with the given values; parts whose parameter is not given are left out.

        Values of concept parameters are notations. Every value is written as an escaped term.

        Raises:
            QueryError: a parameter does not exist, or its values do not fit.
        """
        given = {name: list(dict.fromkeys(found)) for name, found in (values or {}).items() if found}
        kinds = {parameter.name: parameter.kind for parameter in self.parameters}
        if unknown := sorted(set(given) - set(kinds)):
            known = ", ".join(sorted(kinds)) or "none"
            raise QueryError(f"The query {self.name} has no parameter {unknown[0]!r}. It has: {known}.")
        for name, found in given.items():
            if len(found) > 1 and not re.search(rf"[({{] ?\${name} ?[)}}]", self.body):
                raise QueryError(f"The parameter {name} takes one value. Give it once.")
        terms = {name: [term(kinds[name], value) for value in found] for name, found in given.items()}

        def condition(match: re.Match[str]) -> str:
            name, part = match.group(1), match.group(2)
            if name not in terms:
                return ""
            place = re.compile(rf"\(\${name}\)|\${name}(?![\w-])")
            return place.sub(
                lambda found: f"({', '.join(terms[name])})" if found.group()[0] == "(" else " ".join(terms[name]), part
            )

        return prefix_header() + _CONDITION.sub(condition, self.body)


def term(kind: str, value: str) -> str:
    """Return a value as a SPARQL term: a literal for ``text`` and ``number``, else the address of a concept.

    Raises:
        QueryError: the value does not fit the kind.
    """
    check_value(kind, value)
    if kind == "number":
        return str(int(value))
    if kind == "text":
        letters = _CODEPOINT.sub(lambda match: rf"\\\U{ord(match.group(1)):08X}", value.translate(_ESCAPES))
        return f'"{letters}"'
    return f"<{concept_iri(kind, value)}>"


def check_value(kind: str, value: str) -> None:
    """Check that a value fits the kind of its parameter.

    Raises:
        QueryError: a number is none, a notation is none, or a text is not Unicode.
    """
    if kind == "number":
        if not _NUMBER.match(value):
            raise QueryError(f"{value!r} is no whole number. Write digits only, at most nine.")
    elif kind == "text":
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise QueryError(f"{value!r} is no text in UTF-8. Correct it.")
    elif not _NOTATION.match(value):
        raise QueryError(f"{value!r} is no {kind}. Write its notation: letters, digits and hyphens.")


@cache
def named_query(name: str) -> NamedQuery:
    """Return a named query, also one that the program only asks for itself.

    Raises:
        QueryError: there is none of this name; the message lists them.
    """
    for folder in (_FOLDER, _INTERNAL):
        path = folder / f"{name}.rq"
        if re.fullmatch(r"[a-z-]+", name) and path.is_file():
            return parse(name, path.read_text("utf-8"))
    raise QueryError(f"There is no named query {name!r}. There are: {', '.join(names())}.")


def parse(name: str, text: str) -> NamedQuery:
    """Return the query that stands in a file: comments that say what it is, then the SPARQL."""
    front = dict(reversed(_FIELD.findall(text)))
    parameters = []
    for parameter, kind, sign, value, description in _PARAMETER.findall(text):
        default, example = (value.strip() if sign == wanted else "" for wanted in (" =", ":"))
        parameters.append(Parameter(parameter, kind, description, default, example or default))
    body = "".join(line for line in text.splitlines(keepends=True) if not _FRONT.match(line))
    return NamedQuery(
        name,
        front.get("title", "").strip(),
        front.get("description", "").strip(),
        tuple(parameters),
        body,
        front.get("question", "").strip(),
        front.get("group", "").strip(),
        tuple(front.get("columns", "").split()),
    )


def names() -> list[str]:
    """Return the names of the named queries that users are offered."""
    return sorted(path.stem for path in _FOLDER.glob("*.rq"))


def internal_names() -> list[str]:
    """Return the names of the queries that the program only asks for itself."""
    return sorted(path.stem for path in _INTERNAL.glob("*.rq"))


def groups() -> dict[str, list[NamedQuery]]:
    """Return the offered queries by the heading of their group, in the order of a listing."""
    import tomllib

    headings = tomllib.loads((_FOLDER / "groups.toml").read_text("utf-8"))
    queries = [named_query(name) for name in names()]
    return {heading: [query for query in queries if query.group == group] for group, heading in headings.items()}


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
