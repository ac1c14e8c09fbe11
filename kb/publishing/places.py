"""Where exports of several files go: a folder or an archive, whole or not at all, and the same bytes each time."""

from __future__ import annotations

import gzip
import os
import shutil
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, cast

from kb.errors import ExportError
from kb.export import new_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The list of what an export wrote into a folder; a folder that holds anything else is never replaced.
CHECKSUMS = "checksums.sha256"
_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that archives know: no file of a package has a time of its own


@contextmanager
def opened(path: Path, *, packed: bool) -> Iterator[IO[bytes]]:
    """Open a file to write; ``packed`` writes it through gzip, without the time in it."""
    with path.open("wb") as out:
        if not packed:
            yield out
            return
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=out, mtime=0) as through:
            yield cast("IO[bytes]", through)


@contextmanager
def new_place(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a folder to fill, which then becomes a folder of this name, or an archive where it ends in ``.zip``.

    ``force`` replaces an archive, or a folder in which an export wrote all there is.

    Raises:
        ExportError: something is there already, or the place cannot be written.
    """
    path = path.absolute()
    if path.suffix.lower() == ".zip":
        with new_file(path, force=force) as pending, _filling(pending.with_name(f"{pending.name}.d"), path) as folder:
            yield folder
            _pack(folder, pending)
        return
    with _filling(path.with_name(f".{path.name[:100]}.{os.getpid()}.part"), path) as folder:
        _check_free(path, force=force)
        yield folder
        _switch(folder, path)


@contextmanager
def _filling(folder: Path, path: Path) -> Iterator[Path]:
    try:
        folder.mkdir()
        yield folder
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}. Choose another place.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_free(path: Path, *, force: bool) -> None:
    if not os.path.lexists(path):
        return
    if not path.is_dir() or path.is_symlink():
        raise ExportError(f"{path} exists already and is no folder. Choose another name.")
    if other := sorted(_files(path) - _exported(path)):
        raise ExportError(f"{path} holds {other[0]}, which no export wrote. Choose another name.")
    if any(path.iterdir()) and not force:
        raise ExportError(f"{path} exists already. Choose another name, or add --force to replace it.")


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}


def _exported(folder: Path) -> set[str]:
    """Return the files that an export wrote here, by its list of checksums."""
    try:
        lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    return {CHECKSUMS, *(line.partition("  ")[2] for line in lines)}


def write_checksums(folder: Path) -> None:
    """Write the checksums of all files in a folder, as ``sha256sum --check`` reads them."""
    lines = [f"{checksum(folder / name)}  {name}\n" for name in sorted(_files(folder))]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    import hashlib

    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _switch(folder: Path, path: Path) -> None:
    """Put a filled folder in the place of an old one; where that fails, the old one stays."""
    old = folder.with_name(f"{folder.name}.old")
    if path.is_dir():
        path.rename(old)
    try:
        folder.rename(path)
    except OSError:
        with suppress(OSError):
            old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _pack(folder: Path, target: Path) -> None:
    """Write the files of a folder into an archive, by name and without times."""
    import zipfile

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _TIME)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as content, archive.open(entry, "w", force_zip64=True) as out:
                shutil.copyfileobj(content, out)
