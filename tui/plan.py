"""The plan of an addition as the screen works with it: reading a source, marks on rows, and what would be written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import IntakeError
from kb.intake.deed import Decisions, carry_out
from kb.intake.plan import STATUSES, Plan, make_plan
from kb.text import clean_text, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kb.collection import Collection
    from kb.intake.deed import Deed
    from kb.intake.plan import Row

    Progress = Callable[[int, int], None]

#: Status -> the sign before its word, so that meaning never hangs on colour.
SIGNS = {"new": "+", "same": "=", "probable": "?", "changed": "~", "broken": "!"}
#: Statuses of rows that are written only where somebody says so.
DECIDED = ("probable", "changed")


class Source(NamedTuple):
    """What is read: a name for people, and the bytes."""

    name: str
    content: bytes


class Place(NamedTuple):
    """What tells a row from the others: its line and key in the file."""

    line: int
    key: str


def place_of(row: Row) -> Place:
    """Return the place of a row."""
    return Place(row.line, row.key)


def remark_on(row: Row) -> str:
    """Return in a line what is wrong with a row, what it is or is like, and in what it is better than ours."""
    matches = [f"{'is' if match.certain else 'like'} {match.key}" for match in row.matches]
    fields = [f"better: {', '.join(found.field for found in row.differences)}"] if row.differences else []
    return "; ".join([*row.problems, *matches[:1], *fields])


def read_source(name: str) -> Source:
    """Read a file.

    Raises:
        IntakeError: it is not there, no file, or cannot be read.
    """
    shown = clean_text(name)
    try:
        path = Path(name.strip()).expanduser()
        if path.is_dir():
            raise IntakeError(f"{shown} is a folder. Name a file in it.")
        if path.exists() and not path.is_file():
            raise IntakeError(f"{shown} is no file. Name a BibTeX or biblatex file.")
        return Source(clean_text(path.name), path.read_bytes())
    except (OSError, ValueError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "its name cannot be used"
        raise IntakeError(f"{shown} cannot be read: {reason}. Check the name.") from None


def plan_of(collection: Collection, source: Source, progress: Progress) -> Plan:
    """Compare a source with the collection; nothing is written.

    Raises:
        KnowledgeBaseError: the collection cannot be read.
    """
    from kb.intake.decoding import decode_bytes
    from kb.intake.existing import read_existing

    try:
        existing = read_existing(collection)
    except OSError as error:
        raise IntakeError(f"{error.filename} cannot be read: {error.strerror}. Check its permissions.") from None
    return make_plan(decode_bytes(source.content), existing, progress)


class Proposal:
    """A plan and the decisions on it."""

    def __init__(self, source: Source, plan: Plan, marks: Iterable[Place] = ()) -> None:
        """Begin with ``marks`` of an earlier plan of the same source, as far as they still fit."""
        self.source = source
        self.plan = plan
        open_rows = {place_of(row) for row in plan.rows if row.status in DECIDED}
        self.marks: set[Place] = open_rows.intersection(marks)

    def is_written(self, row: Row) -> bool:
        """Say whether a row would be written."""
        if row.status in DECIDED:
            return place_of(row) in self.marks
        return row.status == "new" and bool(row.text)

    def mark(self, rows: Iterable[Row]) -> bool:
        """Mark rows that need a decision, or take the marks off where all are marked; say whether there were any."""
        places = {place_of(row) for row in rows if row.status in DECIDED}
        if places <= self.marks:
            self.marks -= places
        else:
            self.marks |= places
        return bool(places)

    def rows(self, status: str) -> list[Row]:
        """Return the rows with a status, all where it is empty."""
        return [row for row in self.plan.rows if not status or row.status == status]

    def statuses(self) -> list[str]:
        """Return the statuses that occur, in their order, and the empty one for all."""
        return [*(status for status in STATUSES if self.plan.count(status)), ""]

    def files(self) -> tuple[int, int]:
        """Return how many files would be new, and how many changed."""
        rows = [row for row in self.plan.rows if self.is_written(row)]
        return sum(row.status != "changed" for row in rows), len({row.file for row in rows if row.status == "changed"})

    def summary(self) -> str:
        """Return one sentence: how many entries of each status, and how many files would be written."""
        counts = [f"{self.plan.count(status)} {status}" for status in STATUSES if self.plan.count(status)]
        what = ", ".join(counts) if counts else "no entry was found"
        return f"{self.source.name}: {what}. {self.deed_in_words() or 'Nothing would be written.'}"

    def deed_in_words(self) -> str:
        """Return what w would do, empty where that is nothing."""
        new, changed = self.files()
        parts = [f"{counted(new, 'new file')}"] * bool(new) + [f"{counted(changed, 'changed file')}"] * bool(changed)
        return f"Would write {' and '.join(parts)}." if parts else ""

    def question(self, folder: Path) -> str:
        """Return the question before the deed."""
        new, changed = self.files()
        parts = [f"write {counted(new, 'new file')}"] * bool(new) + [f"change {counted(changed, 'file')}"] * bool(
            changed
        )
        text = f"{' and '.join(parts)} in {folder}?"
        return text[:1].upper() + text[1:]

    def write(self, collection: Collection) -> Deed:
        """Carry out what is new or marked, and nothing else.

        Raises:
            IntakeError: the folder cannot be written, or its files are not those that the plan knew.
        """
        chosen = Plan([row for row in self.plan.rows if self.is_written(row)], self.plan.remarks)
        return carry_out(collection, chosen, Decisions(add_probable=True, update=True), self.source.name)
