"""Many graphs into a new store: written by a second thread in large pieces, while the first still reads files."""

from __future__ import annotations

import os
import queue
import threading
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PIECE = 12_000  # quads handed over at once: enough for a bulk load to pay, few enough that the last one is short


class Loader:
    """Loads graphs into a new store at a path, in the order in which they are given.

    Oxigraph lets other threads run while it loads text, which it does not while it takes quads one by one. Text costs
    more work, so with one processor everything is loaded as quads at the end.
    """

    def __init__(self, path: Path, *, threaded: bool | None = None) -> None:
        self._path = path
        self._threaded = _processors() > 1 if threaded is None else threaded
        self._quads: list[ox.Quad] = []
        self._pieces: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="loader", daemon=True)
        if self._threaded:
            self._thread.start()

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Take the quads of one graph; each triple is stored in the default graph as well."""
        self._quads += with_union(quads)
        if self._threaded and len(self._quads) >= _PIECE:
            self._hand_over()

    def close(self) -> None:
        """Wait until everything is written.

        Raises:
            OSError: the store cannot be written.
        """
        if not self._threaded:
            store = ox.Store(str(self._path))
            store.bulk_extend(self._quads)
            store.flush()
            return
        self._hand_over()
        self._pieces.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _hand_over(self) -> None:
        self._pieces.put(ox.serialize(self._quads, format=ox.RdfFormat.N_QUADS))
        self._quads = []

    def _work(self) -> None:
        piece: bytes | None = b""
        try:
            store = ox.Store(str(self._path))
            while (piece := self._pieces.get()) is not None:
                store.bulk_load(piece, format=ox.RdfFormat.N_QUADS)
            store.flush()
        except BaseException as error:
            self._error = error
            while piece is not None:
                piece = self._pieces.get()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def with_union(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield each quad and its triple in the default graph, in which all files are one and nothing is repeated."""
    for quad in quads:
        yield quad
        yield ox.Quad(quad.subject, quad.predicate, quad.object)
