"""The records of how the collection was made: searches, what they found, what was left out, and the second codings."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kb.errors import ProtocolError

if TYPE_CHECKING:
    from pathlib import Path


class Route(NamedTuple):
    """One way in which records were found. ``kind``: subject, citation or gathering; ``blind``: yes or no."""

    route: str
    kind: str
    blind: str
    date: str
    lookups: str
    description: str


class Search(NamedTuple):
    """One look-up: where, with which words, and how many fitting records it showed."""

    route: str
    date: str
    source: str
    query: str
    fitting: str


class Found(NamedTuple):
    """One record as a route met it. ``key``: the study that it is, in the collection or among the excluded."""

    route: str
    key: str
    title: str
    authors: str
    year: str
    where: str
    use: str


class Excluded(NamedTuple):
    """A record that is not in the collection, and why; ``category`` groups the reasons."""

    key: str
    title: str
    category: str
    reason: str
    date: str


class Coding(NamedTuple):
    """One finding as one coder coded it; findings of two coders on the same result share the ``unit``."""

    round: str
    study: str
    unit: str
    coder: str
    policy: str
    policy_area: str
    outcome: str
    outcome_group: str
    population: str
    role: str
    direction: str
    statement: str
    source: str
    source_level: str


class Resolution(NamedTuple):
    """What was decided where two coders differed."""

    round: str
    study: str
    unit: str
    what: str
    first: str
    second: str
    resolved: str
    reason: str


class Protocol(NamedTuple):
    """All records of one collection."""

    routes: list[Route]
    searches: list[Search]
    found: list[Found]
    excluded: list[Excluded]
    codings: list[Coding]
    resolutions: list[Resolution]


_Record = TypeVar("_Record", bound=tuple[str, ...])


def read_protocol(folder: Path) -> Protocol:
    """Read the CSV files of a protocol folder.

    Raises:
        ProtocolError: a file is missing, is no UTF-8, or has other columns than it should.
    """
    return Protocol(
        _read(folder / "routes.csv", Route),
        _read(folder / "searches.csv", Search),
        _read(folder / "found.csv", Found),
        _read(folder / "excluded.csv", Excluded),
        _read(folder / "codings.csv", Coding),
        _read(folder / "resolutions.csv", Resolution),
    )


def _read(path: Path, kind: type[_Record]) -> list[_Record]:
    from kb.text import clean_text

    columns = list(kind._fields)  # type: ignore[attr-defined]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if header != columns:
                raise ProtocolError(f"{path}:1: The columns are not {', '.join(columns)}. Name them so, in this order.")
            records = []
            for row in reader:
                if len(row) != len(columns):
                    wrong = f"{len(row)} values for {len(columns)} columns"
                    raise ProtocolError(f"{path}:{reader.line_num}: {wrong}. Put values with commas into quotes.")
                records.append(kind(*(clean_text(value) for value in row)))
            return records
    except FileNotFoundError:
        raise ProtocolError(f"There is no {path}. Name the folder of the records with --protocol.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ProtocolError(f"{path} cannot be read: {error}. Save it as CSV in UTF-8.") from None
