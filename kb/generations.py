"""Generations of the store: each build writes a new one beside the old and switches by renaming one small file.

A reader holds a shared lock on the generation that it reads; a builder holds an exclusive lock on the cache, and
deletes only generations that nobody reads. A build that dies leaves ``current`` as it was.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from kb.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CURRENT = "current"
_PREFIX = "generation-"
_LOCK = "in-use.lock"


def current(cache: Path) -> Path | None:
    """Return the folder of the current generation, or none where nothing was built yet."""
    try:
        name = (cache / _CURRENT).read_text("utf-8").strip()
    except OSError:
        return None
    folder = cache / name
    return folder if name.startswith(_PREFIX) and (folder / _LOCK).is_file() else None


def hold(cache: Path) -> tuple[Path, IO[str]] | None:
    """Return the current generation with a shared lock on it; closing the file lets it go."""
    for _ in range(20):
        folder = current(cache)
        if folder is None:
            return None
        with suppress(OSError):
            lock = (folder / _LOCK).open("r", encoding="utf-8")
            fcntl.flock(lock, fcntl.LOCK_SH)
            if (folder / _LOCK).exists():
                return folder, lock
            lock.close()
    return None


@contextmanager
def building(cache: Path) -> Iterator[None]:
    """Hold the right to build; a second builder waits here until the first has finished.

    Raises:
        StoreError: the cache folder cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = (cache / "build.lock").open("w", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"The cache folder {cache} cannot be written: {error.strerror}. Set MIPEX_KB_CACHE to a folder of yours."
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fresh(cache: Path) -> Path:
    """Return a new, empty generation folder. Only for the builder that holds the lock."""
    numbers = [int(folder.name.removeprefix(_PREFIX)) for folder in _all(cache)]
    folder = cache / f"{_PREFIX}{max(numbers, default=0) + 1:06d}"
    folder.mkdir()
    (folder / _LOCK).touch()
    return folder


@contextmanager
def new(cache: Path) -> Iterator[Path]:
    """Give a new generation folder, which is deleted again where it cannot be filled."""
    folder = fresh(cache)
    try:
        yield folder
    except BaseException:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
        raise


def switch(cache: Path, generation: Path) -> None:
    """Make a finished generation the current one, atomically, and delete those that nobody reads."""
    pending = cache / f"{_CURRENT}.new"
    with pending.open("w", encoding="utf-8") as file:
        file.write(generation.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    pending.replace(cache / _CURRENT)
    for folder in _all(cache):
        if folder != generation:
            _delete_unread(folder)


def _all(cache: Path) -> list[Path]:
    return sorted(f for f in cache.iterdir() if f.name.removeprefix(_PREFIX).isdigit() and f.is_dir())


def _delete_unread(folder: Path) -> None:
    import shutil

    try:
        with (folder / _LOCK).open("r", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (folder / _LOCK).unlink()
    except BlockingIOError:
        return
    except OSError:
        pass  # left behind by a build that died before it made the lock
    shutil.rmtree(folder, ignore_errors=True)
