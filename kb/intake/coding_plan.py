"""What a coding sheet would write, before it is written: every row as a finding, with its status and its problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.errors import IntakeError, UnknownStudyError
from kb.intake.coding import (
    appraisal_of,
    draft,
    findings_in,
    full_problems,
    hindrances,
    next_number,
    start,
    study_file,
    vocabulary_of,
    with_findings,
    write_all,
)
from kb.intake.coding_words import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.collection import Collection
    from kb.intake.coding import Coded, Draft, FieldProblem, StudyFile
    from kb.intake.sheets import Sheet, SheetRow
    from kb.vocabulary import Vocabulary

STATUSES = ("new", "same", "broken")
#: Fields that make two findings the same one.
_IDENTITY = ("policy", "outcome", "population", "role", "direction", "statement")


class PlannedRow(NamedTuple):
    """One row as a finding. ``problems``: sentences that name row and column; errors make it broken, others do not."""

    row: int
    study: str
    policy: str
    outcome: str
    direction: str
    appraisal: str
    status: str
    problems: tuple[str, ...]
    values: Mapping[str, str]


class SheetPlan(NamedTuple):
    """The rows in the order of the sheet, and the text of the file of each study as it was when they were planned."""

    name: str
    rows: list[PlannedRow]
    before: dict[str, str]

    def count(self, status: str) -> int:
        """Return how many rows have a status."""
        return sum(row.status == status for row in self.rows)


def plan_sheet(sheet: Sheet, collection: Collection, coder: str = "") -> SheetPlan:
    """Return what writing a sheet would do. ``coder`` and today stand for what a row does not say.

    Raises:
        CollectionError: the ontology cannot be read.
    """
    planner = _Planner(sheet, collection, coder)
    for row in sheet.rows:
        planner.read(row)
    planner.validate()
    before = {key: file.text for key, file in planner.files.items()}
    return SheetPlan(sheet.name, [planner.planned(row) for row in sheet.rows], before)


def write_plan(collection: Collection, plan: SheetPlan) -> Coded:
    """Write the rows that are new, in one transaction.

    Raises:
        IntakeError: a file cannot be written, or changed since the plan was made; nothing is written then.
    """
    drafts: dict[str, list[Mapping[str, str]]] = {}
    for row in plan.rows:
        if row.status == "new":
            drafts.setdefault(row.study, []).append(row.values)
    return write_all(collection, drafts, f"code sheet {plan.name}", plan.before)


class _Planner:
    def __init__(self, sheet: Sheet, collection: Collection, coder: str) -> None:
        self._sheet = sheet
        self._collection = collection
        self._coder = coder
        self._vocabulary: Vocabulary = vocabulary_of(collection)
        self.files: dict[str, StudyFile] = {}
        self._unknown: dict[str, str] = {}
        self._seen: dict[str, dict[tuple[object, ...], str]] = {}
        self._drafts: dict[int, Draft] = {}
        self._same: dict[int, str] = {}
        self._broken: set[str] = set()
        self._unread = {(row.number, field) for row in sheet.rows for field, _ in row.errors}
        self._errors: dict[int, list[str]] = {}
        self._warnings: dict[int, list[str]] = {}

    def read(self, row: SheetRow) -> None:
        """Take one row as a draft, and look whether the finding is there already."""
        key = row.cells.get("study", "")
        self._errors[row.number] = [self._told(row.number, field, text) for field, text in row.errors]
        self._warnings[row.number] = [self._told(row.number, field, text) for field, text in row.warnings]
        values = {name: named(name, text, self._vocabulary) for name, text in row.cells.items()}
        if problem := self._find(key):
            self._drafts[row.number] = draft(key, values)
            self._errors[row.number].append(self._told(row.number, "study", problem))
            return
        values = {**start(self.files[key], key, coder=self._coder), **values}
        self._drafts[row.number] = draft(key, values)
        identity = _identity(self._drafts[row.number])
        if all(identity) and (there := self._seen[key].get(identity)):
            self._same[row.number] = there
        elif all(identity):
            self._seen[key][identity] = f"row {row.number}"

    def validate(self) -> None:
        """Check all rows at once, each study with its new findings in its file."""
        numbers: dict[str, int] = {}
        texts: dict[str, str] = {}
        for key, file in self.files.items():
            rows = [n for n, values in self._drafts.items() if values.get("study") == key and n not in self._same]
            path = str(file.path)
            text = texts.get(path, file.text)
            first = next_number(text, key)
            numbers.update((f"{key}-{first + offset}", number) for offset, number in enumerate(rows))
            texts[path] = with_findings(text, key, [self._drafts[number] for number in rows])
        found = full_problems(texts, self._collection, self._vocabulary)
        for file in self.files.values():
            path = str(file.path)
            errors = hindrances(file.text, texts[path], path, found.get(path, []), self._vocabulary)
            self._sort(errors, numbers, self._errors)
            self._sort((each for each in found.pop(path, []) if not each.is_error), numbers, self._warnings)

    def planned(self, row: SheetRow) -> PlannedRow:
        """Return a row with its status."""
        values = self._drafts[row.number]
        there = self._same.get(row.number, "")
        problems = list(dict.fromkeys(self._errors[row.number]))
        if there in self._broken:
            problems.append(f"Row {row.number}: {there} says the same and is broken. Correct that one and delete this.")
        status = "broken" if problems else "same" if there else "new"
        if status == "broken":
            self._broken.add(f"row {row.number}")
        if status == "same":
            problems.append(f"Row {row.number}: {there} says the same.")
        return PlannedRow(
            row.number, values.get("study", ""), values.get("policy", ""), values.get("outcome", ""),
            values.get("direction", ""), appraisal_of(values, self._vocabulary).value, status,
            (*problems, *dict.fromkeys(self._warnings[row.number])), values,
        )  # fmt: skip

    def _find(self, key: str) -> str:
        """Look the study up once; return what is wrong with it, empty where it is found."""
        if not key:
            return "The study is missing. Write its citation key."
        if key not in self.files and key not in self._unknown:
            try:
                file = study_file(self._collection, key)
            except (UnknownStudyError, IntakeError) as error:
                self._unknown[key] = str(error)
                return str(error)
            other = next((known.folder for known in self.files.values() if known.folder != file.folder), None)
            if other:
                self._unknown[key] = f"{key} lies in {file.folder} and others in {other}. Code them apart."
                return self._unknown[key]
            self.files[key] = file
            known = findings_in(file.text, key)
            self._seen[key] = {_identity(self._renamed(values)): name for name, values in reversed(known.items())}
        return self._unknown.get(key, "")

    def _renamed(self, values: Mapping[str, str]) -> dict[str, str]:
        return {name: named(name, text, self._vocabulary) for name, text in values.items()}

    def _sort(self, found: Iterable[FieldProblem], numbers: Mapping[str, int], into: dict[int, list[str]]) -> None:
        """Give each problem to the row that it is about, one of a whole file to all rows of its studies."""
        for each in found:
            if each.problem.key in numbers:
                number = numbers[each.problem.key]
                if (number, each.field) in self._unread:
                    continue
                into[number].append(self._told(number, each.field, each.sentence))
            elif each.is_error:
                for number, values in self._drafts.items():
                    file = self.files.get(values.get("study", ""))
                    if file and str(file.path) == each.problem.file and number not in self._same:
                        into[number].append(self._told(number, "", str(each.problem)))

    def _told(self, number: int, field: str, text: str) -> str:
        """Return a sentence with the place that it is about."""
        letter = self._sheet.columns.get(field, "")
        column = f", column {letter} ({field})" if letter else f", {field}" if field else ""
        return f"Row {number}{column}: {text}"


def _identity(values: Mapping[str, str]) -> tuple[object, ...]:
    people = frozenset(part.strip() for part in values.get("population", "").split(";") if part.strip())
    return tuple(people if name == "population" else values.get(name, "") for name in _IDENTITY)
