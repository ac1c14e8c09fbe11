"""All queries that a user can begin with, in one list: saved ones, those of the program, and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.named_queries import named_query, names
from kb.saved_queries import history, saved_queries
from kb.sparql_text import without_header
from kb.text import clean_text, counted, plain_letters

if TYPE_CHECKING:
    from kb.named_queries import NamedQuery

SAVED, NAMED, ASKED = "saved", "named", "history"


class Listed(NamedTuple):
    """A query of the list. ``origin``: saved, named or history; ``query`` is none for one of the history.

    ``text`` is the SPARQL without its known prefixes; where there are parameters, without any of them.
    """

    origin: str
    title: str
    description: str
    text: str
    query: NamedQuery | None

    def fits(self, search: str) -> bool:
        """Say whether all words of a search stand in it."""
        text = plain_letters(f"{self.origin} {self.title} {self.description} {self.text}")
        return all(word in text for word in plain_letters(search).split())


def all_queries() -> list[Listed]:
    """Return the saved queries, then the named ones by title, then the history, the newest first.

    Raises:
        UserFolderError: the user's folder cannot be read.
    """
    saved = [_listed(SAVED, query) for query in saved_queries()]
    named = [_listed(NAMED, named_query(name)) for name in names()]
    asked = [
        Listed(ASKED, clean_text(found.text), _told(found.when, found.rows, found.seconds), found.text, None)
        for found in history()
    ]
    return [*saved, *sorted(named, key=lambda listed: listed.title), *asked]


def _listed(origin: str, query: NamedQuery) -> Listed:
    return Listed(origin, query.title, query.description, without_header(query.text()), query)


def _told(when: str, rows: int, seconds: float) -> str:
    moment = when.replace("T", " ").partition("+")[0]
    return f"{moment}: {counted(rows, 'row')} in {seconds:.1f} s"
