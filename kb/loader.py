"""Many graphs into a new store: written by a second thread in large pieces, while the first still reads files."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

if TYPE_CHECKING:
    from pathlib import Path

#: Bytes handed over at once, at first and at most. A small collection has its last piece written soon after the last
#: file was read; a large one has few pieces, because Oxigraph writes each into files of its own and merges these later.
_FIRST, _LARGEST = 2_000_000, 64_000_000
_WAITING = 2  # pieces


class Loader:
    """Loads N-Quads into a new store at a path; Oxigraph lets other threads run while it loads text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._texts: list[bytes] = []
        self._held = 0
        self._piece = _FIRST
        self._pieces: queue.Queue[bytes | None] = queue.Queue(maxsize=_WAITING)
        self._error: BaseException | None = None
        self._abandoned = False
        self._thread = threading.Thread(target=self._work, name="loader", daemon=True)
        self._thread.start()

    def add(self, text: bytes) -> None:
        """Take the quads of one graph."""
        self._texts.append(text)
        self._held += len(text)
        if self._held >= self._piece:
            self._hand_over()
            self._piece = min(2 * self._piece, _LARGEST)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Wait until everything is written; after an error, until what is being written now is.

        Raises:
            OSError: the store cannot be written.
        """
        if kind is None:
            self._hand_over()
        else:
            self._abandoned = True
        self._pieces.put(None)
        self._thread.join()
        if kind is None and self._error is not None:
            raise self._error

    def _hand_over(self) -> None:
        self._pieces.put(b"".join(self._texts))
        self._texts = []
        self._held = 0

    def _work(self) -> None:
        piece: bytes | None = b""
        try:
            store = ox.Store(str(self._path))
            while (piece := self._pieces.get()) is not None:
                if not self._abandoned:
                    store.bulk_load(piece, format=ox.RdfFormat.N_QUADS, lenient=True)  # Oxigraph itself wrote the text
            store.flush()
        except BaseException as error:
            self._error = error
            while piece is not None:
                piece = self._pieces.get()
