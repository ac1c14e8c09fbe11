"""Studies and ontology into the store: only what changed is read again, and readers are never in the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb import generations
from kb.errors import StoreError
from kb.loader import Loader, with_union
from kb.manifest import Manifest, Part, digests, read_manifest, write_manifest
from kb.problems import Problem, ordered
from kb.stamps import BUILD_VERSION, is_fresh, settled, stamp, stamps_text, write_stamps
from kb.store import Reader, open_store
from kb.tables import link_before
from kb.words import write_words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

    from kb.collection import Collection, SourceFile
    from kb.vocabulary import Vocabulary

    Progress = Callable[[int, int, str], None]

_INCREMENT_LIMIT = 0.2  # above this share of changed graphs, loading all anew is quicker


class BuildReport(NamedTuple):
    """What a build did. ``problems`` are those of the whole collection, not only of the files read now."""

    files: int
    read: int
    quads: int
    problems: list[Problem]


def ensure(collection: Collection, progress: Progress | None = None) -> tuple[Reader, BuildReport | None]:
    """Open the store, building it first where it is missing or out of date; the report says what was built.

    Raises:
        StoreError: the cache cannot be written.
        CollectionError: the ontology cannot be read.
    """
    report = None if is_fresh(collection) else build(collection, progress)
    return open_store(collection), report


def build(collection: Collection, progress: Progress | None = None, *, clean: bool = False) -> BuildReport:
    """Bring the store up to date and return what was done; ``clean`` reads every file again.

    Raises:
        StoreError: the cache cannot be written.
        CollectionError: the ontology cannot be read.
    """
    cache = collection.cache()
    with generations.building(cache):
        try:
            return _Build(collection, cache, progress, clean=clean).run()
        except OSError as error:
            raise StoreError(f"The store cannot be written: {error}. Free some space or set MIPEX_KB_CACHE.") from None


def known_manifest(collection: Collection) -> Manifest | None:
    """Return what the last build knew of the files, none where nothing was built."""
    return read_manifest(generations.current(collection.cache()))


class _Build:
    """One build, by the holder of the lock on the cache."""

    def __init__(self, collection: Collection, cache: Path, progress: Progress | None, *, clean: bool) -> None:
        self._collection = collection
        self._cache = cache
        self._progress = progress
        self._previous = None if clean else generations.current(cache)
        self._old = read_manifest(self._previous)
        self._quads: dict[str, list[ox.Quad]] = {}
        self._vocabulary: Vocabulary | None = None
        self._digest = ""
        self._read = 0
        self._started = 0

    def run(self) -> BuildReport:
        """Read what changed, write a new generation where the graph differs, and switch to it."""
        import time

        started = self._started = time.time_ns()
        files = self._collection.files()
        schemes = self._digest = self._schemes()
        generation = None if self._old and self._old.schemes == schemes else generations.fresh(self._cache)
        manifest = self._read_files(files, generation)
        stamps = stamps_text(files, started)
        if generation is None and self._previous and self._same_graph(manifest):
            write_manifest(self._previous, manifest)
            write_stamps(self._previous, stamps)
        else:
            if generation is None:
                generation = generations.fresh(self._cache)
                self._write_store(generation, manifest)
            if self._previous:
                link_before(self._previous, generation)
            write_words(generation, self._words())
            write_manifest(generation, manifest)
            write_stamps(generation, stamps)
            generations.switch(self._cache, generation)
        return BuildReport(len(files), self._read, manifest.quads, ordered(manifest.problems))

    def _read_files(self, files: list[SourceFile], generation: Path | None) -> Manifest:
        """Read what changed; into a new generation, where nothing of the old store can be used, write as it comes."""
        loader = Loader(generation / "store") if generation else None
        manifest = Manifest(self._digest, {}, {}, [])
        admission = _Admission(manifest)
        try:
            for number, file in enumerate(files, 1):
                part = manifest.parts[file.path] = self._part(file, number, len(files))
                if admission.admit(file.path, part) and loader:
                    loader.add(self._quads[file.path])
        finally:
            if loader:
                loader.close()
        return manifest

    def _schemes(self) -> str:
        """Return the digest of the ontology, on which the reading of every study depends."""
        import hashlib

        digest = hashlib.sha256(BUILD_VERSION.encode())
        for file in self._collection.ontology_files():
            digest.update(file.name.encode() + Path(file.path).read_bytes())
        return digest.hexdigest()

    def _stamp(self, file: SourceFile) -> str:
        """Return the stamp of a file, one that never matches where it may change again without a new time."""
        return stamp(file) if settled(file, self._started) else "?"

    def _part(self, file: SourceFile, number: int, total: int) -> Part:
        import hashlib

        old = self._old.parts.get(file.path) if self._old and self._old.schemes == self._digest else None
        if old and old.stamp == stamp(file):
            return old
        content = Path(file.path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if old and old.digest == digest:
            return old._replace(stamp=self._stamp(file))
        self._read += 1
        if self._progress:
            self._progress(number, total, file.name)
        return self._make(file, content, digest)

    def _make(self, file: SourceFile, content: bytes, digest: str) -> Part:
        from kb.namespaces import graph_iri
        from kb.quads import record_quads, turtle_quads
        from kb.records import read_records

        graph = graph_iri(file.folder, file.stem)
        keys: dict[str, int] = {}
        problems: list[Problem] = []
        if file.folder == "ontology":
            quads = turtle_quads(content, graph, file.path)
        else:
            text, problems = _decode(content, file.path)
            record, found = read_records(text, file.path, self._words())
            problems += found
            keys = dict(record.lines)
            quads = record_quads(record, file.stem, self._words())
        quads = list(dict.fromkeys(quads))
        self._quads[file.path] = quads
        return Part(self._stamp(file), digest, graph, len(quads), keys, problems)

    def _words(self) -> Vocabulary:
        if self._vocabulary is None:
            from kb.vocabulary import from_quads
            from kb.words import read_words

            if self._previous and self._old and self._old.schemes == self._digest:
                self._vocabulary = read_words(self._previous)
            if self._vocabulary is None or not self._vocabulary.kinds():
                quads = (quad for file in self._collection.ontology_files() for quad in self._ontology_quads(file))
                self._vocabulary = from_quads(quads)
        return self._vocabulary

    def _ontology_quads(self, file: SourceFile) -> list[ox.Quad]:
        if file.path not in self._quads:
            self._make(file, Path(file.path).read_bytes(), "")
        return self._quads[file.path]

    def _same_graph(self, manifest: Manifest) -> bool:
        return bool(self._old) and digests(manifest) == digests(self._old)  # type: ignore[arg-type]

    def _write_store(self, generation: Path, manifest: Manifest) -> None:
        """Write the store, from the previous one where little changed."""
        import pyoxigraph as ox

        new, old = digests(manifest), digests(self._old) if self._old else {}
        changed = [graph for graph, digest in new.items() if old.get(graph) != digest]
        gone = [graph for graph in old if graph not in new]
        target = str(generation / "store")
        source = self._previous / "store" if self._previous and self._old else None
        if source and source.is_dir() and len(changed) + len(gone) <= max(_INCREMENT_LIMIT * len(new), 1):
            ox.Store.read_only(str(source)).backup(target)
            store = ox.Store(target)
            for graph in [*changed, *gone]:
                _take_out(store, ox.NamedNode(graph))
            for graph in changed:
                store.extend(with_union(self._graph_quads(manifest, graph)))
            store.flush()
        else:
            loader = Loader(generation / "store")
            try:
                for graph in new:
                    loader.add(self._graph_quads(manifest, graph))
            finally:
                loader.close()

    def _graph_quads(self, manifest: Manifest, graph: str) -> list[ox.Quad]:
        path = manifest.loaded[graph]
        if path not in self._quads:
            file = next(file for file in self._collection.files() if file.path == path)
            self._make(file, Path(path).read_bytes(), manifest.parts[path].digest)
        return self._quads[path]


def _take_out(store: ox.Store, graph: ox.NamedNode) -> None:
    """Remove a graph, and from the default graph what no other file states."""
    import pyoxigraph as ox

    quads = list(store.quads_for_pattern(None, None, None, graph))
    store.remove_graph(graph)
    for quad in quads:
        left = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(other.graph_name == ox.DefaultGraph() for other in left):
            store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))


class _Admission:
    """Which file stands for which graph; a file that repeats a key of an earlier one is left out whole."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._owner: dict[str, str] = {}

    def admit(self, path: str, part: Part) -> bool:
        """Enter the file in the manifest, or the clash that keeps it out; return whether it is in."""
        loaded, owner = self._manifest.loaded, self._owner
        taken = next((key for key in part.keys if key.casefold() in owner), "")
        if taken or part.graph in loaded:
            other = owner[taken.casefold()] if taken else loaded[part.graph]
            message = f"The key {taken} is already used in {other}." if taken else f"{other} has the same name."
            remedy = "Give one of the two another key or name; this file is left out until then."
            self._manifest.clashes.append(Problem("error", path, part.keys.get(taken, 1), taken, message, remedy))
            return False
        owner.update(dict.fromkeys((key.casefold() for key in part.keys), path))
        loaded[part.graph] = path
        return True


def _decode(content: bytes, path: str) -> tuple[str, list[Problem]]:
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "This file is not UTF-8."
        problem = Problem("error", path, line, "", message, "Save it as UTF-8; until then odd letters stand in it.")
        return content.decode("utf-8", "replace"), [problem]
