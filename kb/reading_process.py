"""A process that reads files of studies for a build: batches of paths come in, readings go out, until no more come."""

from __future__ import annotations

import marshal
import os
import signal
import sys
from pathlib import Path
from typing import IO, Any

from kb.readings import read_study
from kb.words import read_words

_MOST = 2**31  # bytes of a message


def main() -> None:
    """Answer one batch after the other; the first message names the generation that holds the words.

    What goes wrong ends the process, and the build reads that batch itself and meets the same.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build is told, and ends this process
    commands, answers = sys.stdin.buffer, sys.stdout.buffer
    words = read_words(Path(os.fsdecode(receive(commands))))
    while batch := receive(commands):
        found: list[Any] = []
        for path, stem in batch:
            part, *rest = read_study(Path(path).read_bytes(), path, stem, words)
            found.append(((*part[:4], _plain(part.problems)), *map(_plain, rest)))
        send(answers, found)


def _plain(value: Any) -> Any:  # noqa: ANN401 - bytes, or a list of named tuples
    """Return a value without named tuples, which cannot be sent."""
    return list(map(tuple, value)) if isinstance(value, list) else value


def send(pipe: IO[bytes], message: Any) -> None:  # noqa: ANN401 - any plain value
    """Write a message of plain values, after its length.

    Raises:
        OSError: nobody reads any more.
    """
    content = marshal.dumps(message)
    pipe.write(len(content).to_bytes(8, "little"))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:  # noqa: ANN401 - any plain value
    """Read a message; none where the other side has ended.

    Raises:
        EOFError, ValueError: the other side ended in the middle of one.
    """
    length = int.from_bytes(pipe.read(8), "little")
    if length > _MOST:
        raise ValueError("This is no message.")
    return marshal.loads(pipe.read(length)) if length else None  # noqa: S302 - both sides are this program
