"""What tests of builds share: changing a collection, and looking at what a build made of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kb.build import build
from kb.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from kb.collection import Collection

TITLE = "SELECT ?t { <https://w3id.org/mipex-kb/study/alpha2001trust> dcterms:title ?t }"
STUDIES = "SELECT ?k { ?s a ev:Study ; dcterms:identifier ?k } ORDER BY ?k"


def age(folder: Path) -> None:
    """Make all files look as if they had been written long ago, so that no stamp is in doubt."""
    for path in folder.rglob("*.*"):
        os.utime(path, ns=(10**18, 10**18))


def dump(collection: Collection) -> bytes:
    with open_store(collection) as reader:
        return reader.dump()


def clean_dump(collection: Collection) -> bytes:
    """Return what a build from nothing gives for the same files."""
    build(collection, clean=True)
    return dump(collection)


def rows(collection: Collection, query: str) -> list[str]:
    with open_store(collection) as reader:
        return [row[0] for row in reader.rows(query)]


def edit(collection: Collection, name: str, old: str, new: str) -> Path:
    path = collection.studies[0] / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def change_study(collection: Collection) -> None:
    edit(collection, "alpha2001trust.bib", "direction   = {positive}", "direction   = {null}")


def remove_study(collection: Collection) -> None:
    (collection.studies[0] / "gamma2003index.bib").unlink()
