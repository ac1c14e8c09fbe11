"""What an addition would do, before it is done: every entry of a file with its status, its like and its new file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.intake.citekeys import citekey
from kb.intake.compose import compose
from kb.intake.difference import Difference, differences
from kb.intake.identity import Index, Match
from kb.intake.incoming import facts_of, first_author_of, read_incoming, title_of, year_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kb.intake.decoding import Decoded
    from kb.intake.existing import Existing
    from kb.intake.incoming import Incoming, IncomingFile

    Progress = Callable[[int, int], None]

STATUSES = ("new", "same", "probable", "changed", "broken")
#: What a study of ours says from its first day: nobody has confirmed its reference yet.
ADDED = {"bibstatus": "unconfirmed"}


class Row(NamedTuple):
    """One entry of the incoming file. ``key``: the key that it has there; ``file``: the file that it is or would be in.

    ``problems``: sentences on what is wrong or needs a look; ``changes``: what the new file has other than the entry.
    ``text``: the text of that file, empty where none would be written. ``year`` and ``author``: as the entry has them,
    of the authors the family name of the first.
    """

    key: str
    line: int
    type: str
    title: str
    status: str
    matches: tuple[Match, ...]
    problems: tuple[str, ...]
    file: str
    citekey: str = ""
    changes: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    text: str = ""
    year: str = ""
    author: str = ""


class Plan(NamedTuple):
    """The rows in the order of the file, and remarks on the file itself."""

    rows: list[Row]
    remarks: tuple[str, ...]

    def count(self, status: str) -> int:
        """Return how many entries have a status."""
        return sum(row.status == status for row in self.rows)

    @property
    def open_questions(self) -> int:
        """How many entries are broken or need a decision."""
        return self.count("broken") + self.count("probable") + self.count("changed")


def make_plan(decoded: Decoded, existing: Existing, progress: Progress | None = None) -> Plan:
    """Return what adding a file to a collection would do; nothing is written."""
    file = read_incoming(decoded.text)
    remarks = [f"The file is {decoded.remark}."] if decoded.remark else []
    remarks += [f"Line {remark.line}: {remark.reason}" for remark in file.remarks]
    index = Index()
    for key, study in existing.studies.items():
        index.add(key, study.facts)
    taken = set(existing.keys)
    fields = {key: study.fields for key, study in existing.studies.items()}
    rows = []
    findings = _findings(file)
    for number, item in enumerate(file.entries, 1):
        if progress and number % 50 == 0:
            progress(number, len(file.entries))
        if item.kind != "finding":
            row = _row(item, file, index, existing, taken, fields, findings)
            rows.append(row._replace(year=str(year_of(item.fields) or ""), author=first_author_of(item.fields)))
    rows += [
        Row(
            piece.key, piece.line, piece.kind, "", "broken", (), (f"{piece.reason[:1].upper()}{piece.reason[1:]}.",), ""
        )
        for piece in file.broken
    ]
    rows += _homeless(findings, rows, existing)
    if not rows:
        remarks.append("No entry was found. Export the references as BibTeX or biblatex, and add that file.")
    return Plan(sorted(rows, key=lambda row: row.line), tuple(remarks))


def _row(
    item: Incoming,
    file: IncomingFile,
    index: Index,
    existing: Existing,
    taken: set[str],
    fields: dict[str, Mapping[str, str]],
    findings: dict[str, list[Incoming]],
) -> Row:
    facts = facts_of(item.fields)
    matches = index.find(facts)
    title = title_of(item.fields)
    problems = _problems(item)
    best = matches[0] if matches else None
    better = differences(fields[best.key], item.fields) if best and best.certain else ()
    if best and best.certain and (other := _elsewhere(best, better, item, known=best.key in existing.studies)):
        best = best._replace(certain=False, reason=f"{best.reason}, but other {other}", score=0.9)
        matches = [best, *matches[1:]]
    if best and best.certain:
        path = existing.path_of(best.key)
        status = "changed" if better and best.key in existing.studies else "same"
        shown = better if status == "changed" else ()
        return Row(
            item.key, item.entry.line, item.kind, title, status, tuple(matches), problems, path, best.key, (), shown
        )  # fmt: skip
    key = item.key if _is_ours(item) and item.key not in taken else citekey(item.fields, facts.year, taken)
    composed = compose(item, file, key, added={} if _is_ours(item) else ADDED, findings=findings.get(item.key, []))
    if composed.problems:
        return Row(item.key, item.entry.line, item.kind, title, "broken", (), problems + composed.problems, "")
    taken.add(key)
    if not best:
        index.add(key, facts)
        fields[key] = item.fields
    return Row(
        item.key, item.entry.line, item.kind, title, "probable" if best else "new", tuple(matches[:3]),
        problems, existing.new_path(key), key, composed.changes, (), composed.text,
    )  # fmt: skip


def _elsewhere(best: Match, better: tuple[Difference, ...], item: Incoming, *, known: bool) -> str:
    """Return the field that shows two records of one title to be two publications, empty where none does.

    A column has the same title, author and year in several issues. A DOI in common leaves no doubt about a study of the
    collection; within one file, a contradiction is always put before a person.
    """
    against = [found.field for found in better if found.ours]
    if not known:
        return against[0] if against else ""
    if best.reason == "the same DOI":
        return ""
    issue = [name for name in against if name in ("volume", "number")]
    if "pages" in against and item.fields.get("volume") and not any(found.field == "volume" for found in better):
        issue.append("pages")
    return issue[0] if issue else ""


def _is_ours(item: Incoming) -> bool:
    """Say whether an entry is already in our coding format: it keeps its key and our fields."""
    return "bibstatus" in item.fields and item.key.isascii() and item.key.isalnum() and item.key.islower()


def _problems(item: Incoming) -> tuple[str, ...]:
    found = []
    if not item.fields.get("title", "").strip():
        found.append("It has no title.")
    if not year_of(item.fields):
        found.append("It has no year.")
    if not (item.fields.get("author") or item.fields.get("editor")):
        found.append("It has no author.")
    if item.undefined:
        found.append(f"Nothing defines the abbreviation {', '.join(item.undefined)}.")
    if item.repeated:
        found.append(f"Given twice, the first is used: {', '.join(dict.fromkeys(item.repeated))}.")
    if item.missing_parent:
        found.append(f"It refers to {item.missing_parent}, which is not in the file.")
    if not item.key:
        found.append("It has no key.")
    return tuple(found)


def _findings(file: IncomingFile) -> dict[str, list[Incoming]]:
    """Return the findings of a file by the study that they name."""
    found: dict[str, list[Incoming]] = {}
    for item in file.entries:
        if item.kind == "finding":
            found.setdefault(item.fields.get("study", "").strip(), []).append(item)
    return found


def _homeless(findings: Mapping[str, list[Incoming]], rows: Iterable[Row], existing: Existing) -> list[Row]:
    """Return a row for each finding whose study is not written by this plan."""
    written = {row.key for row in rows if row.text}
    known = {row.key: row for row in rows}
    left = []
    for study, items in findings.items():
        if study in written:
            continue
        reason = (
            "Its study is in the collection already: add the finding with mipex-kb code."
            if study in known
            else f"Its study {study} is not in the file."
        )
        for item in items:
            there = item.key in existing.keys
            status, problems = ("same", ()) if there else ("broken", (reason,))
            path = existing.path_of(study) if there else ""
            left.append(Row(item.key, item.entry.line, item.kind, "", status, (), problems, path))
    return left
