"""Whether a store is up to date: the size and time of every file, as they were when it was built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb import generations

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection, SourceFile

#: Changes whenever the same files would give other quads or another layout of the cache.
BUILD_VERSION = "7"
_STAMPS = "stamps.txt"
_RACY_NS = 50_000_000  # a file written this shortly before it was read may change again without a new time


def is_fresh(collection: Collection) -> bool:
    """Say whether the current generation was built from the files as they now are, going by size and time."""
    generation = generations.current(collection.cache())
    return generation is not None and _matches(generation, stamps_text(collection.files()))


def stamp(file: SourceFile) -> str:
    """Return the size and time of change of a file as one text."""
    return f"{file.size} {file.mtime_ns}"


def settled(file: SourceFile, read_at_ns: int) -> bool:
    """Say whether a file that was read at a moment can no longer change without a new time."""
    return file.mtime_ns <= read_at_ns - _RACY_NS


def stamps_text(files: list[SourceFile], read_at_ns: int | None = None) -> str:
    """Return the stamps of all files as the text that decides whether a store is fresh.

    With ``read_at_ns``, a file changed just before that moment gets a stamp that never matches, so that it is looked
    at again.
    """
    lines = [BUILD_VERSION]
    for file in files:
        sure = read_at_ns is None or settled(file, read_at_ns)
        lines.append(f"{file.path} {stamp(file) if sure else '?'}")
    return "\n".join(lines)


def write_stamps(generation: Path, text: str) -> None:
    """Write the stamps of a generation."""
    pending = generation / f"{_STAMPS}.new"
    pending.write_bytes(text.encode("utf-8", "surrogateescape"))
    pending.replace(generation / _STAMPS)


def _matches(generation: Path, text: str) -> bool:
    try:
        return (generation / _STAMPS).read_bytes() == text.encode("utf-8", "surrogateescape")
    except OSError:
        return False
