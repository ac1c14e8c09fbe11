"""What a build knew of each file: the digest of its text, its graph and keys, and the problems in it.

It is a small database, because a build after one change may not read and write what was known of a hundred thousand
files: it copies the file and replaces a few rows.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from kb.problems import Problem
from kb.stamps import BUILD_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MANIFEST = "manifest.sqlite"
_LAYOUT = Path(__file__).with_name("manifest.sql")
_ALL = "SELECT path, place, digest, graph, quads, keys, problems, clash FROM files ORDER BY place, path"
_ONE = "SELECT path, place, digest, graph, quads, keys, problems, clash FROM files WHERE path = ?"


class Part(NamedTuple):
    """One file as it was read: the named graph that it gives, how many quads, and the line of each key."""

    digest: str
    graph: str
    quads: int
    keys: dict[str, int]
    problems: list[Problem]


class Entry(NamedTuple):
    """A file in the manifest. ``place``: of its folder among those of the collection.

    ``clash``: why it is left out whole, none where its graph is in the store.
    """

    place: int
    path: str
    part: Part
    clash: Problem | None = None


class Manifest:
    """The files behind a generation, in the order in which they take precedence."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.schemes = self._value("schemes")

    def close(self) -> None:
        """Let the file go."""
        self._database.close()

    def entries(self, paths: Iterable[str] | None = None) -> list[Entry]:
        """Return what is known of some files, of all where none are named."""
        if paths is None:
            return list(map(_entry, self._database.execute(_ALL)))
        return sorted(_entry(row) for path in paths for row in self._database.execute(_ONE, (os.fsencode(path),)))

    def rivals(self, entry: Entry) -> set[str]:
        """Return the files that have the graph or a key of this one, whatever its case."""
        rows = self._database.execute("SELECT path FROM files WHERE graph = ?", (entry.part.graph,)).fetchall()
        for key in entry.part.keys:
            rows += self._database.execute("SELECT path FROM keys WHERE key = ?", (_same(key),)).fetchall()
        return {os.fsdecode(path) for (path,) in rows}

    @cached_property
    def parts(self) -> dict[str, Part]:
        """The files as they were read, by path."""
        return {entry.path: entry.part for entry in self.entries()}

    @cached_property
    def loaded(self) -> dict[str, str]:
        """The graphs of the store, each with the file that it comes from."""
        rows = self._database.execute("SELECT graph, path FROM files WHERE loaded ORDER BY place, path")
        return {graph: os.fsdecode(path) for graph, path in rows}

    def keys_of_graphs(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Yield the graphs of the store, each with the keys of its file and their lines."""
        for graph, keys in self._database.execute("SELECT graph, keys FROM files WHERE loaded AND keys <> '{}'"):
            yield graph, json.loads(keys)

    @property
    def quads(self) -> int:
        """The number of quads in the store."""
        number: int = self._database.execute("SELECT COALESCE(SUM(quads), 0) FROM files WHERE loaded").fetchone()[0]
        return number

    @property
    def problems(self) -> list[Problem]:
        """All problems, those of single files first."""
        rows = self._database.execute(
            "SELECT problems, clash FROM files WHERE problems <> '' OR clash <> ''"
        ).fetchall()
        return [one for row in rows for one in _problems(row[0])] + [one for row in rows for one in _problems(row[1])]

    def digests(self) -> dict[str, str]:
        """Return the graphs of the store, each with a digest of all that its quads depend on."""
        rows = self._database.execute("SELECT graph, digest, place FROM files WHERE loaded ORDER BY place, path")
        studies = self.schemes[:16]
        return {graph: f"{digest} {studies if place else ''}" for graph, digest, place in rows}

    def _value(self, name: str) -> str:
        ((value,),) = self._database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchall()
        return str(value)


def read_manifest(generation: Path | None) -> Manifest | None:
    """Return the manifest of a generation; none where it is missing, damaged or of another version."""
    if generation is None or not (generation / _MANIFEST).is_file():
        return None
    address = f"file:{quote(str(generation / _MANIFEST))}?mode=ro&immutable=1"
    database = sqlite3.connect(address, uri=True, check_same_thread=False)
    try:
        manifest = Manifest(database)
        if manifest._value("version") == BUILD_VERSION and manifest.entries([""]) == []:
            return manifest
    except (sqlite3.Error, ValueError, TypeError):
        pass
    database.close()
    return None


def version_in(generation: Path) -> str:
    """Return the version of the data that a generation holds."""
    manifest = read_manifest(generation)
    if manifest is None:
        return version_of({})
    with closing(manifest):
        return version_of(manifest.digests())


def version_of(graphs: dict[str, str]) -> str:
    """Return the version of the data: twelve letters that change with the digest of any graph."""
    text = "".join(f"{graph} {digest}\n" for graph, digest in sorted(graphs.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class ManifestWriter:
    """Writes the manifest of a generation, whole or from that of another one; it is in place when all is well."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def put(self, entries: Iterable[Entry]) -> None:
        """Enter files, or replace what is known of them."""
        for entry in entries:
            self.drop([entry.path])
            part = entry.part
            row = (
                os.fsencode(entry.path), entry.place, part.digest, part.graph, part.quads, json.dumps(part.keys),
                _json(part.problems), entry.clash is None, _json([entry.clash] if entry.clash else []),
            )  # fmt: skip
            self._database.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            keys = {(_same(key), row[0]) for key in part.keys}
            self._database.executemany("INSERT INTO keys VALUES (?, ?)", keys)

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files."""
        for path in map(os.fsencode, paths):
            if self._database.execute("DELETE FROM files WHERE path = ?", (path,)).rowcount:
                self._database.execute("DELETE FROM keys WHERE path = ?", (path,))


@contextmanager
def writing(generation: Path, schemes: str, start: Path | None = None) -> Iterator[ManifestWriter]:
    """Write the manifest of a generation; it starts as that of the generation ``start``, where one is named."""
    pending = generation / f"{_MANIFEST}.new"
    pending.unlink(missing_ok=True)
    if start:
        shutil.copyfile(start / _MANIFEST, pending)
    with closing(sqlite3.connect(pending, isolation_level=None, check_same_thread=False)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        if not start:
            for statement in _LAYOUT.read_text("utf-8").split(";"):
                database.execute(statement)
            database.executemany("INSERT INTO facts VALUES (?, ?)", (("version", BUILD_VERSION), ("schemes", schemes)))
        yield ManifestWriter(database)
        database.execute("COMMIT")
    pending.replace(generation / _MANIFEST)


def _entry(row: tuple[bytes, int, str, str, int, str, str, str]) -> Entry:
    path, place, digest, graph, quads, keys, problems, clash = row
    part = Part(digest, graph, quads, json.loads(keys), _problems(problems))
    return Entry(place, os.fsdecode(path), part, next(iter(_problems(clash)), None))


def _json(problems: list[Problem]) -> str:
    return json.dumps(problems) if problems else ""


def _problems(text: str) -> list[Problem]:
    return [Problem(*values) for values in json.loads(text)] if text else []


def _same(key: str) -> str:
    return key.casefold()
