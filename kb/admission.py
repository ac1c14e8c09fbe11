"""Which file stands for which graph: a file that repeats a key or a graph of an earlier one is left out whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.manifest import Entry, Manifest

_REMEDY = "Give one of the two another key or name; this file is left out until then."


class Admission:
    """Takes files in their order, and decides for each one whether it is in."""

    def __init__(self) -> None:
        self._owner: dict[str, str] = {}
        self._graphs: dict[str, str] = {}

    def decide(self, entry: Entry) -> Entry:
        """Return the entry as it stands after all before it: with the clash that keeps it out, or without one."""
        part = entry.part
        taken = next((key for key in part.keys if key.casefold() in self._owner), "")
        if taken or part.graph in self._graphs:
            other = self._owner[taken.casefold()] if taken else self._graphs[part.graph]
            message = f"The key {taken} is already used in {other}." if taken else f"{other} has the same name."
            line = part.keys.get(taken, 1)
            return entry._replace(clash=Problem("error", entry.path, line, taken, message, _REMEDY))
        self._owner.update(dict.fromkeys((key.casefold() for key in part.keys), entry.path))
        self._graphs[part.graph] = entry.path
        return entry._replace(clash=None)


def touched(manifest: Manifest, new: Iterable[Entry], gone: Iterable[str]) -> tuple[list[Entry], list[Entry]]:
    """Return the files whose admission a change may alter: as they were, and as they are, in their order.

    These are the changed files, and all that share a key or a graph with one of them, or with one of those.
    """
    now = {entry.path: entry for entry in new}
    dropped = set(gone)
    before: dict[str, Entry] = {}
    looked_at: set[str] = set()
    queue = [*now.values(), *manifest.entries(dropped)]
    while queue:
        entry = queue.pop()
        for path in {entry.path, *manifest.rivals(entry)} - looked_at:
            looked_at.add(path)
            for known in manifest.entries([path]):
                before[path] = known
                queue.append(known)
    after = {**before, **now}
    admission = Admission()
    return list(before.values()), [
        admission.decide(entry) for entry in sorted(after.values()) if entry.path not in dropped
    ]
