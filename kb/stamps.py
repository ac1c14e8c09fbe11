"""Whether a store is up to date: the size and time of every file, as they were when it was built.

Asked before every answer, and a folder may hold a hundred thousand files: so a file is one short text here and no
object, and what is left is the time that the system takes to look at it.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from kb import generations
from kb.errors import CollectionError

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection

#: Changes whenever the same files would give other quads or another layout of the cache.
BUILD_VERSION = "9"
_STAMPS = "stamps"
_RACY_NS = 50_000_000  # a file written this shortly before it was read may change again without a new time
_BETWEEN = "\0"  # what no name of a file can hold


class Scan(NamedTuple):
    """The files of a collection at one moment, one text each: ``PLACE/NAME SIZE TIME``, in the order of the folders.

    The place is 0 for the ontology, 1 for the first folder of studies, and so on. ``doubtful`` are files that were
    written so shortly before that they may change again without a new time.
    """

    stamps: list[str]
    doubtful: set[str]
    taken_ns: int


def scan(collection: Collection) -> Scan:
    """Look at the files of a collection.

    Raises:
        CollectionError: a folder cannot be read.
    """
    found = Scan([], set(), time.time_ns())
    for place, folder in enumerate((collection.ontology, *collection.studies)):
        try:
            _look_at(folder, place, found)
        except OSError as error:
            message = f"The folder {folder} cannot be read: {error.strerror}. Check its permissions."
            raise CollectionError(message) from None
    return found


def is_fresh(collection: Collection, seen: Scan | None = None) -> bool:
    """Say whether the current generation was built from the files as they now are, going by size and time."""
    generation = generations.current(collection.cache())
    if generation is None:
        return False
    known, now = _kept(generation), _content((seen or scan(collection)).stamps)
    return known == now or (len(known) == len(now) and set(known.split(b"\0")) == set(now.split(b"\0")))


def known_stamps(generation: Path) -> list[str]:
    """Return the stamps of the files behind a generation, none where they are lost or of another version."""
    version, *stamps = _kept(generation).decode("utf-8", "surrogateescape").split(_BETWEEN)
    return stamps if version == BUILD_VERSION else []


def write_stamps(generation: Path, seen: Scan) -> None:
    """Write the stamps of a generation; doubtful files get one that never matches, so that they are looked at again."""
    stamps = seen.stamps
    if seen.doubtful:
        stamps = [f"{name_of(stamp)} ? ?" if stamp in seen.doubtful else stamp for stamp in stamps]
    pending = generation / f"{_STAMPS}.new"
    pending.write_bytes(_content(stamps))
    pending.replace(generation / _STAMPS)


def is_overtaken(seen: Scan, generation: Path | None) -> bool:
    """Say whether a build may have looked at the files later than this was seen."""
    try:
        return generation is not None and (generation / _STAMPS).stat().st_mtime_ns > seen.taken_ns - _RACY_NS
    except OSError:
        return True


def forget_stamps(generation: Path) -> None:
    """Take the stamps of a generation away, so that every file is looked at again."""
    (generation / _STAMPS).unlink(missing_ok=True)


def name_of(stamp: str) -> str:
    """Return the place and name of the file of a stamp."""
    return stamp.rsplit(" ", 2)[0]


def _look_at(folder: Path, place: int, found: Scan) -> None:
    ending = ".bib" if place else ".ttl"
    settled = found.taken_ns - _RACY_NS
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # so that no path is followed again for each file
    try:
        with os.scandir(opened) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(ending) and name[0] != "." and entry.is_file():
                    try:
                        status = entry.stat()
                    except FileNotFoundError:  # deleted a moment ago
                        continue
                    stamp = f"{place}/{name} {status.st_size} {status.st_mtime_ns}"
                    found.stamps.append(stamp)
                    if status.st_mtime_ns > settled:
                        found.doubtful.add(stamp)
    finally:
        os.close(opened)


def _content(stamps: list[str]) -> bytes:
    return _BETWEEN.join((BUILD_VERSION, *stamps)).encode("utf-8", "surrogateescape")


def _kept(generation: Path) -> bytes:
    try:
        return (generation / _STAMPS).read_bytes()
    except OSError:
        return b""
