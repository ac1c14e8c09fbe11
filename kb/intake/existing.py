"""The studies that a collection holds, as far as an addition has to know them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.intake.decoding import decode_bytes
from kb.intake.incoming import facts_of, read_incoming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.collection import Collection
    from kb.intake.incoming import Facts


_FINDING = re.compile(r"^@finding\{\s*([^,\s]+)", re.MULTILINE)


class KnownStudy(NamedTuple):
    """One study of the collection: where it is, what identifies it, and its fields."""

    path: str
    facts: Facts
    fields: Mapping[str, str]


class Existing(NamedTuple):
    """The studies by key, all keys in use, and the folder into which additions go."""

    studies: dict[str, KnownStudy]
    keys: frozenset[str]
    folder: Path

    def path_of(self, key: str) -> str:
        """Return the file of a study, also of one that the same plan adds."""
        return self.studies[key].path if key in self.studies else self.new_path(key)

    def new_path(self, key: str) -> str:
        """Return the file that a new study would get."""
        return str(self.folder / f"{key}.bib")


def read_existing(collection: Collection) -> Existing:
    """Read the studies of a collection; additions go into its first folder.

    Raises:
        CollectionError: a folder cannot be read.
    """
    studies: dict[str, KnownStudy] = {}
    keys: set[str] = set()
    for file in collection.study_files():
        keys.add(file.stem)
        text = decode_bytes(Path(file.path).read_bytes()).text
        first, found, rest = text.partition("\n@finding{")
        keys.update(match.group(1) for match in _FINDING.finditer(found + rest))
        for item in read_incoming(first).entries:
            keys.add(item.key)
            studies.setdefault(item.key, KnownStudy(file.path, facts_of(item.fields), item.fields))
        if "\n@" in _FINDING.sub("", rest).replace("\n@comment", ""):  # a study behind findings
            for item in read_incoming(found + rest).entries:
                if item.kind != "finding":
                    keys.add(item.key)
                    studies.setdefault(item.key, KnownStudy(file.path, facts_of(item.fields), item.fields))
    return Existing(studies, frozenset(keys), collection.studies[0])
