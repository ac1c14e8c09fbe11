"""The deed after the plan: new studies written, better metadata put into files of ours, all in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import IntakeError
from kb.intake.compose import balanced
from kb.intake.loose import read_loose
from kb.intake.transaction import apply, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.collection import Collection
    from kb.intake.difference import Difference
    from kb.intake.plan import Plan, Row


class Decisions(NamedTuple):
    """What to do with what is not plain: rows that probably are studies of ours, and rows with better metadata.

    ``add_probable`` and ``update`` hold the keys that the rows have in the incoming file; ``True`` means all of them.
    """

    add_probable: frozenset[str] | bool = False
    update: frozenset[str] | bool = False


class Deed(NamedTuple):
    """What was written: the new citation keys, and those of the studies that were improved."""

    added: tuple[str, ...]
    updated: tuple[str, ...]


def wanted(rows: Iterable[Row], decisions: Decisions) -> tuple[list[Row], list[Row]]:
    """Return the rows that would be written as new studies, and those that would improve one."""
    rows = list(rows)
    new = [
        row for row in rows if row.text and (row.status == "new" or _chosen(row, "probable", decisions.add_probable))
    ]
    return new, [row for row in rows if _chosen(row, "changed", decisions.update)]


def carry_out(
    collection: Collection,
    plan: Plan,
    decisions: Decisions,
    name: str,
    progress: Callable[[int, int], None] | None = None,
) -> Deed:
    """Write what the plan says and the decisions allow; all of it or nothing. ``name``: what the file is called.

    ``progress`` is told how many of how many files are written.

    Raises:
        IntakeError: the folder cannot be written, or its files are not those that the plan knew.
    """
    new, better = wanted(plan.rows, decisions)
    folder = collection.studies[0]
    with writing(folder):
        after: dict[str, str | None] = {}
        for row in new:
            path = folder / f"{row.citekey}.bib"
            if path.exists():
                raise IntakeError(f"{path} was made in the meantime. Nothing was written; add the file once more.")
            after[path.name] = row.text
        for row in better:
            path = Path(row.file)
            if path.parent != folder:
                raise IntakeError(f"{path} is not in {folder}; a study of another folder is not changed from here.")
            text = after.get(path.name) or _text_of(path)
            after[path.name] = improved(text, row.citekey, row.differences)
        apply(folder, f"add {name}", after, progress)
    return Deed(tuple(row.citekey for row in new), tuple(row.citekey for row in better))


def improved(text: str, key: str, differences: Iterable[Difference]) -> str:
    """Return the text of a file with fields of one entry added or replaced; all other letters stay as they are.

    Raises:
        IntakeError: the entry is not in the text.
    """
    entry = next((entry for entry in read_loose(text).entries if entry.key == key), None)
    if entry is None:
        raise IntakeError(f"{key} is not in its file any more. Nothing was written; add the file once more.")
    line = "\r\n" if "\r\n" in text else "\n"
    places = {part.name: part for part in reversed(entry.fields)}
    edits: list[tuple[int, int, str]] = []
    extra = []
    for difference in differences:
        value = balanced(" ".join(difference.theirs.split()))
        part = places.get(difference.field)
        if part:
            written = text[part.start : part.end]
            head = written[: written.index("=") + 1]
            edits.append((part.start, part.end, f"{head} {{{value}}}"))
        else:
            extra.append(f"  {difference.field} = {{{value}}}")
    if extra:
        end = len(text[: entry.close].rstrip())
        comma = "" if text[:end].endswith(",") else ","
        edits.append((end, end, comma + line + f",{line}".join(extra)))
    for start, stop, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[stop:]
    return text


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise IntakeError(f"{path} cannot be read: {error.strerror}. Nothing was written; try again.") from None


def _chosen(row: Row, status: str, choice: frozenset[str] | bool) -> bool:
    if row.status != status:
        return False
    return choice if isinstance(choice, bool) else row.key in choice or row.citekey in choice
