"""Nanopublications to files: all of them in one, or a file each in a folder."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from kb.publishing.graph_files import write_quads
from kb.publishing.nanopublications import NANOPUB_PREFIXES
from kb.publishing.places import new_place, opened, write_checksums

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kb.publishing.nanopublications import Nanopublication


def write_file(made: Iterable[Nanopublication], form: str, out: IO[bytes]) -> None:
    """Write nanopublications one after the other, as trig or nq."""
    quads = (quad for nanopublication in made for quad in nanopublication.quads)
    if form == "trig":
        write_quads(quads, form, out, NANOPUB_PREFIXES)
    else:
        out.writelines(f"{quad} .\n".encode() for quad in quads)


def write_folder(made: Iterable[Nanopublication], place: Path, *, force: bool = False) -> int:
    """Write a file for each nanopublication, and the checksums of all; return how many there are.

    Raises:
        ExportError: something else is there already, or it cannot be written.
    """
    names = []
    with new_place(place, force=force) as folder:
        for nanopublication in made:
            names.append(f"{quote(nanopublication.key, safe='')}.trig")
            with opened(folder / names[-1], packed=False) as out:
                write_file([nanopublication], "trig", out)
        write_checksums(folder)
    return len(names)
