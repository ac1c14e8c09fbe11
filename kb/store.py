"""The store as readers see it: one state of a collection, opened read-only; queries see the union of all graphs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import IO, TYPE_CHECKING, Self

from kb import generations
from kb.errors import StoreError
from kb.namespaces import PREFIXES
from kb.words import read_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from kb.collection import Collection
    from kb.vocabulary import Vocabulary


#: Up to this size a graph is loaded into memory on request; it takes about 300 bytes a quad there.
MEMORY_QUADS = 1_000_000


class Reader(ABC):
    """What the program asks: one state of a collection, whose default graph is the union of its named graphs.

    It keeps that state for as long as it is open.
    """

    def __init__(self) -> None:
        self._memory: dict[str, list[list[str]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let the state go."""

    @property
    def unfinished(self) -> bool:
        """Whether the state is half one and half another."""
        return False

    @property
    @abstractmethod
    def folder(self) -> Path:
        """Where stands what was made of this state, such as its words and tables."""

    @abstractmethod
    def version(self) -> str:
        """Return the version of the data: twelve letters that change with any file of the collection."""

    @abstractmethod
    def place(self) -> dict[str, object]:
        """Return where a process of its own finds the data, as it stands in its request."""

    @abstractmethod
    def rows(self, query: str) -> list[list[str]]:
        """Return the solutions of a SELECT as texts: IRIs and literals by their value, unbound as empty."""

    @abstractmethod
    def vocabulary(self, *kinds: str) -> Vocabulary:
        """Return the concepts of some kinds, of all where none is named."""

    @abstractmethod
    def _whole(self) -> ox.Store:
        """Return a store with all quads."""

    @abstractmethod
    def warm(self) -> None:
        """Get ready to be asked again and again; may run in another thread."""

    def remembered(self, query: str) -> list[list[str]]:
        """Return the solutions of a small query that is asked again and again; a state never changes."""
        if query not in self._memory:
            self._memory[query] = self.rows(query)
        return self._memory[query]

    def triples(self) -> Iterator[ox.Triple]:
        """Yield every triple of the union of all graphs once."""
        import pyoxigraph as ox

        for quad in self.quads(graph=ox.DefaultGraph()):
            yield quad.triple

    def graphs(self) -> list[ox.NamedNode]:
        """Return the named graphs by address: one for each file."""
        import pyoxigraph as ox

        return sorted((graph for graph in self._whole().named_graphs() if isinstance(graph, ox.NamedNode)), key=str)

    def quads(
        self,
        subject: ox.NamedNode | ox.BlankNode | None = None,
        graph: ox.NamedNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield what is stated of a subject, or in a graph; the default graph is the union of the others."""
        return self._whole().quads_for_pattern(subject, None, None, graph)

    def states(self, triple: ox.Triple) -> bool:
        """Say whether any graph states this."""
        import pyoxigraph as ox

        return ox.Quad(triple.subject, triple.predicate, triple.object) in self._whole()

    def dump(self) -> bytes:
        """Return the whole graph as sorted N-Quads."""
        import pyoxigraph as ox

        from kb.quads import to_nquads

        return to_nquads(quad for quad in self._whole() if quad.graph_name != ox.DefaultGraph())


class EmbeddedReader(Reader):
    """A reader of one generation of the store in the cache. The store itself is opened when it is first asked."""

    def __init__(self, folder: Path, lock: IO[str]) -> None:
        super().__init__()
        self._folder = folder
        self._lock = lock
        self._words: dict[tuple[str, ...], Vocabulary] = {}
        self._store: ox.Store | None = None
        if not (folder / "store" / "CURRENT").is_file():
            lock.close()
            raise StoreError("The store cannot be opened: it is gone. Run: mipex-kb build --clean")

    def close(self) -> None:
        """Let the generation go."""
        self._lock.close()

    @property
    def folder(self) -> Path:
        """The folder of the generation."""
        return self._folder

    def version(self) -> str:
        """Return the version of the data: a digest of all files."""
        from kb.manifest import version_in

        return version_in(self._folder)

    def place(self) -> dict[str, object]:
        """Return the folder of the store."""
        return {"store": str(self._folder / "store")}

    def rows(self, query: str) -> list[list[str]]:
        """Return the solutions of a SELECT as texts: IRIs and literals by their value, unbound as empty.

        The query is asked and read in this one call, because solutions may not leave their thread.
        """
        import pyoxigraph as ox

        solutions = self._whole().query(query, prefixes=PREFIXES)
        assert isinstance(solutions, ox.QuerySolutions)
        return [["" if term is None else term.value for term in solution] for solution in solutions]

    def warm(self) -> None:
        """Load the graph into memory, where queries take a third of the time: for sessions that ask again and again.

        A graph of more than ``MEMORY_QUADS`` quads stays on disk.
        """
        import pyoxigraph as ox

        store = self._whole()
        if len(store) <= MEMORY_QUADS:
            memory = ox.Store()
            memory.bulk_load(store.dump(format=ox.RdfFormat.N_QUADS) or b"", ox.RdfFormat.N_QUADS)
            self._store = memory

    def vocabulary(self, *kinds: str) -> Vocabulary:
        """Return the concepts of some kinds, of all where none is named."""
        if kinds not in self._words:
            self._words[kinds] = read_words(self._folder, kinds)
        return self._words[kinds]

    def _whole(self) -> ox.Store:
        if self._store is None:
            import pyoxigraph as ox

            try:
                self._store = ox.Store.read_only(str(self._folder / "store"))
            except (OSError, RuntimeError) as error:
                raise StoreError(f"The store cannot be opened ({error}). Run: mipex-kb build --clean") from None
        return self._store


def open_store(collection: Collection) -> EmbeddedReader:
    """Open the current generation of a collection, without looking whether it is up to date.

    Raises:
        StoreError: nothing was built yet, or the store is gone.
    """
    held = generations.hold(collection.cache())
    if held is None:
        raise StoreError("The store is not built yet. Run: mipex-kb build")
    return EmbeddedReader(*held)
