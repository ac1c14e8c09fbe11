"""Reads many files of studies, in their order: in as many processes as there are processors where that pays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from kb.evidence import Row
from kb.manifest import Part
from kb.problems import Problem
from kb.reading_process import receive, send
from kb.readings import Reading, read_study
from kb.tables import StudyRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.vocabulary import Vocabulary

_ENOUGH = 1000  # files: with fewer, the processes cost more time to start than they save
_BATCH = 50  # files
_START = "import sys; sys.path.insert(0, sys.argv[1]); from kb.reading_process import main; main()"


class StudyFile(NamedTuple):
    """A file of studies that is to be read. ``place``: of its folder among those of the collection."""

    place: int
    path: str

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return os.path.basename(self.path).rpartition(".")[0]  # noqa: PTH119 - a Path per file takes longer


def read_files(
    files: Sequence[StudyFile], generation: Path, words: Vocabulary, processes: int | None = None
) -> Iterator[Reading]:
    """Yield the reading of each file, in the order of the files. The words are those of the generation.

    Raises:
        OSError: a file cannot be read.
    """
    number = processors() if processes is None else processes
    if number < 2 or (processes is None and len(files) < _ENOUGH):
        yield from _read(files, words)
        return
    team = _Team(number, generation, words)
    try:
        batches = (files[start : start + _BATCH] for start in range(0, len(files), _BATCH))
        yield from team.read(batches)
    finally:
        team.close()


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read(files: Sequence[StudyFile], words: Vocabulary) -> Iterator[Reading]:
    for file in files:
        yield read_study(Path(file.path).read_bytes(), file.path, file.stem, words)


class _Team:
    """Some processes that read, each with a thread that waits for it."""

    def __init__(self, number: int, generation: Path, words: Vocabulary) -> None:
        self._words = words
        self._number = number
        self._threads = ThreadPoolExecutor(number, "reading")
        self._idle: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._closed = False
        for _ in range(number):
            process = _start(generation)
            self._idle.put(process)
            if process:
                self._processes.append(process)

    def read(self, batches: Iterator[Sequence[StudyFile]]) -> Iterator[Reading]:
        """Yield the readings of all files of all batches, in order; no more is read ahead than keeps all at work."""
        ahead = deque(self._threads.submit(self._ask, batch) for batch in islice(batches, 2 * self._number))
        while ahead:
            readings = ahead.popleft().result()
            ahead.extend(self._threads.submit(self._ask, batch) for batch in islice(batches, 1))
            yield from readings

    def close(self) -> None:
        """End all processes."""
        self._closed = True
        for process in self._processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

    def _ask(self, batch: Sequence[StudyFile]) -> list[Reading]:
        """Return the readings of a batch; what a process cannot do is done here."""
        process = self._idle.get()
        readings = None
        try:
            readings = _answer(process, batch) if process else None
        finally:
            self._idle.put(process if readings is not None else None)
        if readings is None and not self._closed:
            readings = list(_read(batch, self._words))
        return readings or []


def _start(generation: Path) -> subprocess.Popen[bytes] | None:
    """Return a process that reads, none where the system allows no more."""
    command = [sys.executable, "-I", "-c", _START, str(Path(__file__).resolve().parent.parent)]
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )  # fmt: skip
        assert process.stdin is not None
        send(process.stdin, os.fsencode(generation))
    except OSError:
        return None
    return process


def _answer(process: subprocess.Popen[bytes], batch: Sequence[StudyFile]) -> list[Reading] | None:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        send(process.stdin, [(file.path, file.stem) for file in batch])
        found = receive(process.stdout)
    except (OSError, EOFError, ValueError, TypeError):
        return None
    if found is None:
        return None
    return [
        Reading(
            Part(digest, graph, quads, keys, [Problem(*problem) for problem in problems]),
            text,
            list(map(StudyRow._make, studies)),
            list(map(Row._make, findings)),
        )
        for (digest, graph, quads, keys, problems), text, studies, findings in found
    ]
