"""Studies and ontology into the store: only what changed is read again, and readers are never in the way."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb import generations
from kb.errors import StoreError
from kb.manifest import Entry, Manifest, read_manifest, writing
from kb.problems import Problem, ordered
from kb.replacing import copy_store, put_in, take_out
from kb.stamps import (
    BUILD_VERSION,
    Scan,
    forget_stamps,
    is_fresh,
    is_overtaken,
    known_stamps,
    name_of,
    scan,
    write_stamps,
)
from kb.store import Reader, open_store
from kb.tables import link_before, write_tables
from kb.words import link_words, read_words, write_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.collection import Collection
    from kb.evidence import Row
    from kb.reading import StudyFile
    from kb.readings import Reading
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary

    Progress = Callable[[int, int, str], None]

_INCREMENT_LIMIT = 0.2  # above this share of changed graphs, loading all anew is quicker
_ONTOLOGY = 0  # the place of its folder


class BuildReport(NamedTuple):
    """What a build did. ``problems`` are those of the whole collection, not only of the files read now."""

    files: int
    read: int
    quads: int
    problems: list[Problem]


def ensure(
    collection: Collection, progress: Progress | None = None, seen: Scan | None = None
) -> tuple[Reader, BuildReport | None]:
    """Open the store, building it first where it is missing or out of date; the report says what was built.

    ``seen`` are the files as somebody has just looked at them.

    Raises:
        StoreError: the cache cannot be written.
        CollectionError: the ontology cannot be read.
    """
    seen = seen or scan(collection)
    report = None if is_fresh(collection, seen) else build(collection, progress, seen=seen)
    return open_store(collection), report


def build(
    collection: Collection, progress: Progress | None = None, *, clean: bool = False, seen: Scan | None = None
) -> BuildReport:
    """Bring the store up to date and return what was done; ``clean`` reads every file again.

    Raises:
        StoreError: the cache cannot be written.
        CollectionError: the ontology cannot be read.
    """
    import sqlite3

    cache = collection.cache()
    with generations.building(cache):
        if seen is None or is_overtaken(seen, generations.current(cache)):  # by the one who built before
            seen = scan(collection)
        work = _Build(collection, cache, progress, seen)
        try:
            if not clean:
                try:
                    return work.run()
                except sqlite3.DatabaseError:  # a damaged manifest
                    pass
            return work.run_clean()
        except OSError as error:
            raise StoreError(f"The store cannot be written: {error}. Free some space or set MIPEX_KB_CACHE.") from None


def known_manifest(collection: Collection) -> Manifest | None:
    """Return what the last build knew of the files, none where nothing was built."""
    return read_manifest(generations.current(collection.cache()))


class _Change(NamedTuple):
    """What is new since the last build: files that hold something else now, and paths of files that are gone."""

    files: list[StudyFile]
    gone: set[str]

    def __len__(self) -> int:
        return len(self.files) + len(self.gone)


class _Build:
    """One build, by the holder of the lock on the cache."""

    def __init__(self, collection: Collection, cache: Path, progress: Progress | None, seen: Scan) -> None:
        self._folders = (collection.ontology, *collection.studies)
        self._collection = collection
        self._cache = cache
        self._progress = progress
        self._seen = seen
        self._schemes = self._digest_of_schemes()
        self._read = 0

    def run(self) -> BuildReport:
        """Read what changed, write a new generation where the graph differs, and switch to it."""
        previous = generations.current(self._cache)
        old = read_manifest(previous)
        if previous is None or old is None:
            return self.run_clean()
        with closing(old):
            if old.schemes != self._schemes or not (previous / "store").is_dir():
                return self.run_clean()
            change = self._change(previous, old)
            if change is None:
                return self.run_clean()
            self._replace(previous, old, change)
        return self._report()

    def run_clean(self) -> BuildReport:
        """Read every file into a new generation, and switch to it."""
        from kb.admission import Admission
        from kb.loader import Loader
        from kb.search_file import link_index

        self._read = 0
        admission = Admission()
        studies: list[StudyRow] = []
        findings: list[Row] = []
        with generations.new(self._cache) as generation:
            with Loader(generation / "store") as loader, writing(generation, self._schemes) as manifest:
                for file, reading in self._read_all(generation):
                    entry = admission.decide(Entry(*file, reading.part))
                    manifest.put([entry])
                    if entry.clash is None:
                        loader.add(reading.text)
                        studies += reading.studies
                        findings += reading.findings
            write_tables(generation, studies, findings, read_words(generation, ["policy"]))
            if previous := generations.current(self._cache):
                link_index(previous, generation)
            write_stamps(generation, self._seen)
        generations.switch(self._cache, generation)
        return self._report()

    def _report(self) -> BuildReport:
        manifest = read_manifest(generations.current(self._cache))
        assert manifest is not None
        try:
            return BuildReport(len(self._seen.stamps), self._read, manifest.quads, ordered(manifest.problems))
        finally:
            manifest.close()

    def _digest_of_schemes(self) -> str:
        """Return the digest of the ontology, on which the reading of every study depends."""
        import hashlib

        digest = hashlib.sha256(BUILD_VERSION.encode())
        for file in self._files(_ONTOLOGY):
            digest.update(os.path.basename(file.path).encode() + Path(file.path).read_bytes())  # noqa: PTH119
        return digest.hexdigest()

    def _files(self, place: int | None = None) -> list[StudyFile]:
        """Return the files of a folder, of all where none is named, in the order in which they take precedence."""
        start = "" if place is None else f"{place}/"
        return sorted(self._file(name_of(stamp)) for stamp in self._seen.stamps if stamp.startswith(start))

    def _file(self, name: str) -> StudyFile:
        from kb.reading import StudyFile

        place, _, base = name.partition("/")
        return StudyFile(int(place), f"{self._folders[int(place)]}/{base}")

    def _read_all(self, generation: Path) -> Iterator[tuple[StudyFile, Reading]]:
        """Yield the reading of every file, those of the ontology first, whose words the others need."""
        from kb.reading import read_files
        from kb.readings import read_ontology
        from kb.vocabulary import from_quads

        files = self._files()
        schemes = [file for file in files if file.place == _ONTOLOGY]
        quads = []
        for file in schemes:
            self._count(file, len(files))
            reading, found = read_ontology(Path(file.path).read_bytes(), file.path, file.stem)
            quads += found
            yield file, reading
        words = from_quads(quads)
        write_words(generation, words)
        studies = files[len(schemes) :]
        for file, reading in zip(studies, read_files(studies, generation, words), strict=True):
            self._count(file, len(files))
            yield file, reading

    def _count(self, file: StudyFile, total: int) -> None:
        self._read += 1
        if self._progress:
            self._progress(self._read, total, os.path.basename(file.path))  # noqa: PTH119

    def _change(self, previous: Path, old: Manifest) -> _Change | None:
        """Return what differs from the last build, going by what the files hold; none where too much does."""
        from kb.readings import digest_of

        most = max(_INCREMENT_LIMIT * len(self._seen.stamps), 1)
        now, known = set(self._seen.stamps), set(known_stamps(previous))
        looked_at = {self._file(name_of(stamp)) for stamp in now - known}
        if known:
            gone = {self._file(name_of(stamp)).path for stamp in known - now} - {file.path for file in looked_at}
        else:  # the stamps are lost
            gone = set(old.parts) - {file.path for file in looked_at}
        change = _Change([], gone)
        for file in sorted(looked_at):
            entry = next(iter(old.entries([file.path])), None)
            if entry is None or entry.part.digest != digest_of(Path(file.path).read_bytes()):
                change.files.append(file)
            if len(change) > most:
                return None
        return change

    def _replace(self, previous: Path, old: Manifest, change: _Change) -> None:
        """Bring a change into the last generation where the graph stays the same, else into a new one."""
        from kb.admission import touched
        from kb.search_file import link_index

        readings = self._read_changed(previous, change.files)
        entries = [Entry(*file, readings[file.path].part) for file in change.files]
        before, after = touched(old, entries, change.gone)
        out, into = _graphs(before), _graphs(after)
        same = {graph for graph, entry in into.items() if graph in out and out[graph].part.digest == entry.part.digest}
        if out.keys() == into.keys() == same:
            if len(change):
                forget_stamps(previous)  # so that a build which dies here leaves no doubt
                self._write_manifest(previous, previous, change, after)
            write_stamps(previous, self._seen)
            return
        with generations.new(self._cache) as generation:
            store = copy_store(previous / "store", generation / "store")
            for graph in sorted(out.keys() - same):
                take_out(store, graph)
            for graph in sorted(into.keys() - same):
                put_in(store, self._text(previous, into[graph], readings))
            store.flush()
            del store
            link_words(previous, generation)
            link_before(previous, generation)
            link_index(previous, generation)
            self._write_manifest(previous, generation, change, after)
            write_stamps(generation, self._seen)
        generations.switch(self._cache, generation)

    def _write_manifest(self, previous: Path, generation: Path, change: _Change, after: list[Entry]) -> None:
        with writing(generation, self._schemes, previous) as manifest:
            manifest.drop(change.gone)
            manifest.put(after)

    def _read_changed(self, previous: Path, files: list[StudyFile]) -> dict[str, Reading]:
        """Read changed files of studies; the ontology is as it was."""
        from kb.reading import read_files

        readings: dict[str, Reading] = {}
        if files:
            words = self._words(previous)
            for file, reading in zip(files, read_files(files, previous, words), strict=True):
                self._count(file, len(files))
                readings[file.path] = reading
        return readings

    def _words(self, previous: Path) -> Vocabulary:
        """Return the words of the last generation, after mending them where they are lost."""
        from kb.readings import read_ontology
        from kb.vocabulary import from_quads

        words = read_words(previous)
        if not words.kinds():
            files = self._files(_ONTOLOGY)
            words = from_quads(
                quad for file in files for quad in read_ontology(Path(file.path).read_bytes(), file.path, file.stem)[1]
            )
            write_words(previous, words)
        return words

    def _text(self, previous: Path, entry: Entry, readings: dict[str, Reading]) -> bytes:
        """Return the quads of a file: as it was just read, or, where it only now comes in, read again."""
        from kb.reading import StudyFile, read_files

        if entry.path not in readings:
            files = [StudyFile(entry.place, entry.path)]
            readings[entry.path] = next(read_files(files, previous, self._words(previous)))
        return readings[entry.path].text


def _graphs(entries: list[Entry]) -> dict[str, Entry]:
    return {entry.part.graph: entry for entry in entries if entry.clash is None}
