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
_FIRST = "counts"


class Listed(NamedTuple):
    """A query of the list. ``origin``: saved, named or history; ``query`` is none for one of the history.

    ``text`` is the SPARQL without its known prefixes; where there are parameters, without any of them.
    """

    origin: str
    title: str
    description: str
    text: str
    query: NamedQuery | None

    def rank(self, search: str) -> int:
        """Return how well it fits the words of a search: 0 where its title begins so, -1 where a word is missing."""
        wanted, title = plain_letters(search).strip(), plain_letters(self.title)
        words = wanted.split()
        if title.startswith(wanted):
            return 0
        if all(word in title for word in words):
            return 1
        text = plain_letters(f"{self.origin} {self.title} {self.description} {self.text}")
        return 2 if all(word in text for word in words) else -1


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


def search_queries(queries: list[Listed], search: str) -> list[Listed]:
    """Return the queries in which all words of a search stand, those with the words in their title first."""
    ranks = [listed.rank(search) for listed in queries]
    return [listed for wanted in (0, 1, 2) for rank, listed in zip(ranks, queries, strict=True) if rank == wanted]


def _listed(origin: str, query: NamedQuery) -> Listed:
    description = f"{query.question} {query.description}".strip()
    return Listed(origin, query.title, description, without_header(query.text()), query)


def _told(when: str, rows: int, seconds: float) -> str:
    moment = when.replace("T", " ").partition("+")[0]
    return f"{moment}: {counted(rows, 'row')} in {seconds:.1f} s"


def first_text() -> str:
    """Return the text that stands in the editor before anything was written there: a query that runs as it is."""
    query = named_query(_FIRST)
    return f"# {query.title}: {query.description}\n{without_header(query.text())}"
