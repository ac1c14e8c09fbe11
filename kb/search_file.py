"""The index of the search over studies in a file beside the store, so that a search need not wait for it.

The file belongs to one generation, as the tables do that it is made from. Where it is missing it is made from that of a
generation before: only studies that changed since are read again.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kb.collecting import without_collecting
from kb.study_search import StudyIndex
from kb.study_texts import FIELDS

if TYPE_CHECKING:
    from pathlib import Path

    from kb.tables import Tables
    from kb.vocabulary import Vocabulary

FILE = f"search.{sys.implementation.cache_tag}"
_MOST = 0.1  # above this share of changed studies, making the index anew is quicker
_LAYOUT = "1"


def study_index(folder: Path, tables: Tables, vocabulary: Vocabulary) -> StudyIndex:
    """Return the index of the tables of a generation, after making and keeping it where it is missing."""
    with without_collecting():
        version, index = _known(folder)
        if index is not None and version == tables.version:
            return index
        changed = _changed_since(version, tables)
        if index is None or changed is None:
            index = StudyIndex(tables.studies, tables.findings, vocabulary)
        else:
            index.change(changed, tables.studies, tables.findings, vocabulary)
        _keep(folder, tables.version, index)
        return index


def _changed_since(version: str, tables: Tables) -> set[str] | None:
    """Return the keys of the studies that changed since a version; none where nobody knows, or where they are many."""
    versions = [known for known, _ in tables.history]
    if version not in versions:
        return None
    changed = {key for _, keys in tables.history[versions.index(version) :] for key in keys}
    return changed if len(changed) <= _MOST * len(tables.studies) else None


def _known(folder: Path) -> tuple[str, StudyIndex | None]:
    try:
        found: dict[str, Any] = marshal.loads((folder / FILE).read_bytes())  # noqa: S302 - a file of our own cache
        if found["layout"] == _layout():
            return found["version"], StudyIndex.of(found["index"])
    except (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError):
        pass
    return "", None


def _keep(folder: Path, version: str, index: StudyIndex) -> None:
    pending = folder / f"{FILE}.{os.getpid()}.new"
    with suppress(OSError):
        pending.write_bytes(marshal.dumps({"layout": _layout(), "version": version, "index": index.state()}))
        pending.replace(folder / FILE)


def _layout() -> list[str]:
    return [_LAYOUT, *FIELDS]


def link_index(previous: Path, generation: Path) -> None:
    """Give a new generation the index of the one before, to start from."""
    with suppress(OSError):
        os.link(previous / FILE, generation / FILE)
