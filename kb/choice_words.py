"""A choice of findings from names as a user writes them, and the other way round, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import UsageError
from kb.facets import CIRCLE, YEAR, Choice, facets
from kb.text import clean_text, counted
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.session import Session
    from kb.vocabulary import Vocabulary


def choice_from(
    session: Session, names: Mapping[str, Iterable[str]], *, since: str = "", until: str = "", search: str = ""
) -> Choice:
    """Return the choice of findings with any of the named values of each facet; of circle core where none is named.

    Raises:
        UnknownConceptError: a name is in no scheme; the message suggests.
        UsageError: a year is none, or there is no such circle.
    """
    picked = {(CIRCLE, circle) for circle in _circles(tuple(names.get(CIRCLE, ())))}
    for facet, texts in names.items():
        if facet != CIRCLE:
            kind = facets()[facet].kind
            picked |= {(facet, session.vocabulary().resolve(kind, text).notation) for text in texts}
    for name, year in (("since", since), ("until", until)):
        if year and not (len(year) == 4 and year.isascii() and year.isdigit()):
            raise UsageError(f"{year!r} is no year. Write --{name} with four digits, such as 2015.")
    if since or until:
        years = [year for year in session.index.sets(YEAR) if year.isdecimal()]
        within = [year for year in years if (since or year) <= year <= (until or year)]
        picked |= {(YEAR, year) for year in within or [since or until]}
    return Choice(tuple(sorted(picked)), search)


def _circles(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in (*CIRCLES, "all"):
            raise UsageError(f"There is no circle {name!r}. There are: {', '.join(CIRCLES)} and all.")
    return () if "all" in names else names or ("core",)


def in_words(choice: Choice, vocabulary: Vocabulary) -> str:
    """Return what is chosen, such as "Circle core; Country Austria or Germany"; empty where nothing is left out."""
    parts = []
    for name, facet in facets().items():
        values = [
            concept.label if (concept := vocabulary.get(facet.kind, value)) and name != CIRCLE else value
            for value in choice.of(name)
        ]
        parts += [f"{facet.label} {' or '.join(values)}"] if values else []
    parts += [f"search {choice.search.strip()!r}"] if choice.search.strip() else []
    parts += [counted(len(choice.findings), "chosen finding")] if choice.findings else []
    parts += [counted(len(choice.studies), "chosen study", "chosen studies")] if choice.studies else []
    return clean_text("; ".join(parts))
