"""A reader of a store elsewhere: every question goes to the endpoint; words and tables are kept in the cache."""

from __future__ import annotations

import os
import re
import shutil
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kb.collection import cache_root
from kb.errors import EndpointError
from kb.named_queries import named_query
from kb.namespaces import prefix_header
from kb.remote.endpoint import Endpoint, texts
from kb.stamps import BUILD_VERSION
from kb.store import MEMORY_QUADS, Reader
from kb.vocabulary import Vocabulary, from_triples
from kb.words import read_words, write_words

if TYPE_CHECKING:
    from pathlib import Path

    from kb.remote.address import Address

#: The version of data that nobody pushed, or whose push was not finished.
UNKNOWN = "unknown"
_GRAPHS_AT_ONCE = 100


class RemoteReader(Reader):
    """A reader of the collection behind an endpoint. What is made of it is kept by the version that was pushed."""

    def __init__(self, address: Address) -> None:
        """Look what is there.

        Raises:
            EndpointError: the endpoint cannot be asked, or holds no studies.
        """
        super().__init__()
        self._endpoint = Endpoint(address)
        self._copy: ox.Store | None = None
        self._words: dict[tuple[str, ...], Vocabulary] = {}
        try:
            state = self._endpoint.state()
            if not state.pushed and not self._endpoint.truth(prefix_header() + "ASK { ?study a ev:Study }"):
                raise EndpointError(f"{address.shown} holds no studies. Fill it with: mipex-kb push {address.shown}")
        except EndpointError:
            self.close()
            raise
        self._version = state.version if re.fullmatch(r"[0-9a-f]{12}", state.version) else UNKNOWN
        self._folder = _cache_of(address) / f"{self._version}-{BUILD_VERSION}"
        if self._version != UNKNOWN:
            _make_room(self._folder)

    @property
    def unfinished(self) -> bool:
        """Whether a push is under way, or was broken off."""
        state = self._endpoint.state()
        return state.pushed and not state.version

    def close(self) -> None:
        """End the connections."""
        self._endpoint.close()

    @property
    def folder(self) -> Path:
        """The folder in the cache for this version of the data; there is none where the version is not known."""
        return self._folder

    def version(self) -> str:
        """Return the version that was pushed, ``UNKNOWN`` where there is none."""
        return self._version

    def place(self) -> dict[str, object]:
        """Return the address, and what a push left there."""
        return {"endpoint": list(self._endpoint.address), "state": list(self._endpoint.state())}

    def rows(self, query: str) -> list[list[str]]:
        """Return the solutions of a SELECT whose ORDER BY leaves no ties, as texts.

        Raises:
            EndpointError: the endpoint gives no whole answer.
        """
        return texts(self._endpoint.solutions(query, ordered=True))

    def warm(self) -> None:
        """Do nothing: the server keeps itself ready."""

    def vocabulary(self, *kinds: str) -> Vocabulary:
        """Return the concepts of some kinds, of all where none is named."""
        if kinds not in self._words:
            if (self._folder / "words").is_dir():
                self._words[kinds] = read_words(self._folder, kinds)
            else:
                everything = self._words[()] = self._words.get(()) or self._ask_words()
                if kinds:
                    self._words[kinds] = Vocabulary(concept for concept in everything if concept.kind in kinds)
        return self._words[kinds]

    def _ask_words(self) -> Vocabulary:
        found = self._endpoint.solutions(named_query("vocabulary").text(), ordered=True)
        words = from_triples(
            (str(subject.value), str(predicate.value), str(value.value))  # type: ignore[union-attr]
            for subject, predicate, value in found.rows
            if getattr(value, "language", None) in (None, "en")
        )
        pending = self._folder / f"{os.getpid()}.new"
        with suppress(OSError):
            pending.mkdir()
            write_words(pending, words)
            (pending / "words").rename(self._folder / "words")
        shutil.rmtree(pending, ignore_errors=True)
        return words

    def _whole(self) -> ox.Store:
        """Return a copy of all graphs, fetched once."""
        if self._copy is None:
            total = int(self.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0][0])
            if total > MEMORY_QUADS:
                raise EndpointError(
                    f"{self._endpoint.address.shown} holds {total:,} triples, too many to copy. Export them with the "
                    "tools of the server, or from the files."
                )
            store = ox.Store()
            graphs = self._endpoint.graphs()
            for start in range(0, len(graphs), _GRAPHS_AT_ONCE):
                for graph, triple in self._endpoint.triples(graphs[start : start + _GRAPHS_AT_ONCE]):
                    store.add(ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph)))
                    store.add(ox.Quad(*triple))
            self._copy = store
        return self._copy


def _cache_of(address: Address) -> Path:
    """Return the folder in the cache for an endpoint, as its address without credentials says it."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", address.shown)[-40:].strip("-")
    return cache_root() / "endpoints" / f"{name}-{zlib.crc32(address.url.encode()):08x}"


def _make_room(folder: Path) -> None:
    """Make the folder of a version, in the place of those of other versions."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
