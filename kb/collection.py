"""Where the collection is: the folders of studies and ontology, their files, and the cache that belongs to them."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path
from typing import NamedTuple

from kb.errors import CollectionError


class SourceFile(NamedTuple):
    """One file of the collection as the folder shows it, without opening it."""

    folder: str
    path: str
    size: int
    mtime_ns: int

    @property
    def name(self) -> str:
        """The name of the file."""
        return os.path.basename(self.path)  # noqa: PTH119 - a Path per file would double the time of a plain query

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return self.name.rpartition(".")[0]


class Collection(NamedTuple):
    """Folders of studies, in order of precedence, and the folder of the ontology."""

    studies: tuple[Path, ...]
    ontology: Path

    def study_files(self) -> list[SourceFile]:
        """Return the ``.bib`` files, folder by folder, by name."""
        return [file for folder in self.studies for file in _files(folder, "studies", ".bib")]

    def ontology_files(self) -> list[SourceFile]:
        """Return the ``.ttl`` files by name."""
        return _files(self.ontology, "ontology", ".ttl")

    def files(self) -> list[SourceFile]:
        """Return all files, those of the ontology first."""
        return [*self.ontology_files(), *self.study_files()]

    def cache(self) -> Path:
        """Return the cache folder of this collection: one for each set of folders."""
        places = "\n".join(str(place) for place in (*self.studies, self.ontology)).encode("utf-8", "surrogateescape")
        name = re.sub(r"[^A-Za-z0-9]+", "-", str(self.studies[0].parent))[-40:].strip("-")
        return cache_root() / f"{name}-{zlib.crc32(places):08x}{len(places):04x}"


def cache_root() -> Path:
    """Return the folder of all caches: ``MIPEX_KB_CACHE``, else ``mipex-kb`` in the user's cache folder."""
    if named := os.environ.get("MIPEX_KB_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "mipex-kb"


def bundled() -> Collection:
    """Return the collection that came with the program."""
    package = Path(__file__).resolve().parent
    data = package / "data"
    root = data if data.is_dir() else package.parent
    return Collection((root / "studies",), root / "ontology")


def collection(studies: list[str] | None = None, ontology: str | None = None) -> Collection:
    """Return the collection at the given folders; what is not given, or called ``bundled``, is the bundled one.

    Raises:
        CollectionError: a folder does not exist or is none.
    """
    own = bundled()
    folders = tuple(own.studies[0] if name == "bundled" else Path(name).resolve() for name in studies or ["bundled"])
    schemes = Path(ontology).resolve() if ontology else own.ontology
    for folder in (*folders, schemes):
        if not folder.is_dir():
            raise CollectionError(f"There is no folder {folder}. Check --studies and --ontology.")
    return Collection(folders, schemes)


def _files(folder: Path, kind: str, ending: str) -> list[SourceFile]:
    try:
        with os.scandir(folder) as entries:
            found = [
                SourceFile(kind, entry.path, entry.stat().st_size, entry.stat().st_mtime_ns)
                for entry in entries
                if entry.name.endswith(ending) and not entry.name.startswith(".") and entry.is_file()
            ]
    except OSError as error:
        raise CollectionError(f"The folder {folder} cannot be read: {error.strerror}. Check its permissions.") from None
    return sorted(found, key=lambda file: file.path)
