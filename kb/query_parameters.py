"""The parameters of a named query as a form asks for them: what may stand in a field, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import QueryError, UsageError
from kb.named_queries import check_value
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.completion import Completer, Suggestion
    from kb.named_queries import NamedQuery, Parameter
    from kb.vocabulary import Vocabulary

SEPARATOR = ";"


def read_values(parameter: Parameter, text: str, vocabulary: Vocabulary) -> list[str]:
    """Return the values that a field holds, several with ``;`` between; concepts by their notation.

    Raises:
        UsageError: a value does not fit the kind of the parameter.
    """
    found = [part for part in (clean_text(piece) for piece in text.split(SEPARATOR)) if part]
    if parameter.kind in vocabulary.kinds():
        return [vocabulary.resolve(parameter.kind, value).notation for value in found]
    for value in found:
        check_value(parameter.kind, value)
    return found


def filled(query: NamedQuery, texts: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """Return the SPARQL of a query with the fields of its form.

    Raises:
        UsageError: a value does not fit; the message begins with the name of the parameter.
    """
    values = {}
    for parameter in query.parameters:
        try:
            values[parameter.name] = read_values(parameter, texts.get(parameter.name, ""), vocabulary)
        except UsageError as error:
            raise QueryError(f"{parameter.name}: {error}") from None
    return query.text(values)


def problems(query: NamedQuery, texts: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return by parameter what is wrong with its field."""
    found = {}
    for parameter in query.parameters:
        try:
            read_values(parameter, texts.get(parameter.name, ""), vocabulary)
        except UsageError as error:
            found[parameter.name] = str(error)
    return found


def suggestions(parameter: Parameter, text: str, completer: Completer) -> list[Suggestion]:
    """Return what may stand in a field, for the value that is being typed in it, the last one."""
    segment = text.rpartition(SEPARATOR)[2]
    kind = parameter.name if parameter.kind == "text" else parameter.kind
    return completer.of_kind(kind, segment)


def taken(text: str, suggestion: Suggestion) -> str:
    """Return the text of a field with a suggestion in the place of the value that was being typed."""
    before, separator, _ = text.rpartition(SEPARATOR)
    return f"{before}{separator} {suggestion.text}" if separator else suggestion.text
