"""The user's own queries: saved under a name as ``.rq`` files of the same kind as the named ones, and their history."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import QueryError, UserFolderError
from kb.named_queries import NamedQuery, parse
from kb.sparql_text import portable, without_header
from kb.text import clean_lines, clean_text, plain_letters
from kb.user_folder import changing, read_json, user_folder, write_json, write_text

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "queries"
HISTORY = "history.json"
KEPT = 200
LONGEST = 100_000
_NAME = re.compile(r"[^\W_][\w-]{0,49}\Z")
_FRONT = re.compile(r"^# (?:title|description):.*(?:\n|\Z)", re.MULTILINE)


class Asked(NamedTuple):
    """A query that was answered: its text, when, how many rows or triples it gave, and how long it took."""

    text: str
    when: str
    rows: int
    seconds: float


def name_of(title: str) -> str:
    """Return the name of the file in which a query with this title is saved.

    Raises:
        QueryError: the title holds no letter or digit.
    """
    name = re.sub(r"[\W_]+", "-", plain_letters(clean_text(title))).strip("-")[:50].strip("-")
    if not _NAME.match(name):
        raise QueryError(f"{clean_text(title)!r} is no name for a query. Use letters or digits.")
    return name


def saved_names() -> list[str]:
    """Return the names of the saved queries, sorted; files with other names are none.

    Raises:
        UserFolderError: the folder cannot be read.
    """
    folder = user_folder() / FOLDER
    try:
        return sorted(path.stem for path in folder.glob("*.rq") if _NAME.match(path.stem) and path.is_file())
    except OSError as error:
        raise UserFolderError(f"{folder} cannot be read: {error.strerror}. Check its permissions.") from None


def saved_query(name: str) -> NamedQuery:
    """Return a saved query; the PREFIX lines that say what is known anyway are left out of its body.

    Raises:
        QueryError: there is none of this name, or its file is no text of a query.
    """
    path = _path(name)
    try:
        content = path.read_bytes()[: LONGEST * 4 + 1]
        text = clean_lines(content.decode("utf-8-sig"))
    except FileNotFoundError:
        raise QueryError(f"There is no saved query {name!r}.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise QueryError(f"{path} cannot be read: {reason}. Correct or remove it.") from None
    if len(text) > LONGEST:
        raise QueryError(f"{path} is no query: it is longer than {LONGEST} letters. Remove it.")
    query = parse(name, text)
    return query._replace(
        title=clean_text(query.title) or name,
        description=clean_text(query.description),
        body=without_header(query.body),
    )


def saved_queries() -> list[NamedQuery]:
    """Return the saved queries by title; files that cannot be read are left out.

    Raises:
        UserFolderError: the folder cannot be read.
    """
    found = []
    for name in saved_names():
        try:
            found.append(saved_query(name))
        except QueryError:
            continue
    return sorted(found, key=lambda query: (query.title.casefold(), query.name))


def save_query(title: str, text: str, description: str = "", *, replace: bool = False) -> NamedQuery:
    """Save a query under the name that follows from its title, with the prefixes that it needs elsewhere.

    Raises:
        QueryError: the title is no name, the text is empty or too long, or one of this name is there already.
        UserFolderError: it cannot be written.
    """
    title, description = clean_text(title), clean_text(description)
    name = name_of(title)
    body = without_header(_FRONT.sub("", clean_lines(text))).strip()
    if not body:
        raise QueryError("There is no query to save. Write one first.")
    if len(body) > LONGEST:
        raise QueryError(f"This query is longer than {LONGEST} letters. Shorten it.")
    front = f"# title: {title}\n" + (f"# description: {description}\n" if description else "")
    with changing():
        if not replace and _path(name).exists():
            raise QueryError(f"A query is saved as {name!r} already. Choose another name, or replace it.")
        write_text(f"{FOLDER}/{name}.rq", front + portable(body) + "\n")
    return saved_query(name)


def delete_query(name: str) -> None:
    """Delete a saved query.

    Raises:
        QueryError: there is none of this name.
        UserFolderError: it cannot be deleted.
    """
    path = _path(name)
    try:
        path.unlink()
    except FileNotFoundError:
        raise QueryError(f"There is no saved query {name!r}.") from None
    except OSError as error:
        raise UserFolderError(f"{path} cannot be deleted: {error.strerror}. Check its permissions.") from None


def history() -> list[Asked]:
    """Return the last queries that were answered, the newest first; entries that make no sense are left out.

    Raises:
        UserFolderError: the file cannot be read.
    """
    content = read_json(HISTORY)
    found = [_asked(entry) for entry in content] if isinstance(content, list) else []
    return [asked for asked in found if asked is not None][:KEPT]


def remember(text: str, rows: int, seconds: float, when: datetime | None = None) -> None:
    """Put a query at the head of the history; the same text again takes the place of its last time.

    Raises:
        UserFolderError: it cannot be written.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return
    moment = (when or datetime.now(UTC)).isoformat(timespec="seconds")
    with changing():
        before = history()
        if before and before[0].text == text:
            before = before[1:]
        kept = [Asked(text, moment, rows, round(seconds, 3)), *before][:KEPT]
        write_json(HISTORY, [asked._asdict() for asked in kept])


def _path(name: str) -> Path:
    if not _NAME.match(name):
        raise QueryError(f"{name!r} is no name of a saved query. Names are letters, digits and hyphens.")
    return user_folder() / FOLDER / f"{name}.rq"


def _asked(entry: object) -> Asked | None:
    if not isinstance(entry, dict):
        return None
    text, when, rows, seconds = (entry.get(name) for name in Asked._fields)
    if not (isinstance(text, str) and text.strip() and isinstance(when, str)):
        return None
    number = rows if isinstance(rows, int) and rows >= 0 else 0
    time = float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 1e6 else 0.0
    return Asked(clean_lines(text)[:LONGEST], clean_text(when)[:40], number, time)
