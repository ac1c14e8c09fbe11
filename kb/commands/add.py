"""Bring studies from a BibTeX or biblatex file into the collection: show the plan, ask, write one file a study."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from kb.intake.decoding import Decoded
    from kb.intake.deed import Decisions
    from kb.intake.plan import Plan, Row

EXAMPLE = """examples:
  mipex-kb add export.bib --dry-run
  mipex-kb add export.bib --yes --studies my-studies
  mipex-kb add export.bib --yes --update all --add-probable smith2020trust
  xclip -o | mipex-kb add - --dry-run"""

_MOST = 40  # rows of each kind that the table for a terminal shows whole


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="a BibTeX or biblatex file; - reads standard input")
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--dry-run", action="store_true", help="show the plan and write nothing")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument(
        "--add-probable", action="append", default=[], metavar="KEY",
        help="add this entry although a study like it is there; all for all of them; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--update", action="append", default=[], metavar="KEY",
        help="take over the better metadata of this entry; all for all of them; repeatable",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Plan, ask and write."""
    from kb.commands.common import chosen_collection, command_line
    from kb.intake.deed import Decisions, carry_out, wanted
    from kb.intake.existing import read_existing
    from kb.intake.plan import make_plan
    from kb.output import Progress, emit, note

    decoded = _decoded(options.file)
    collection = chosen_collection(options)
    progress = Progress("Comparing with the collection: {} of {} entries ")
    plan = make_plan(decoded, read_existing(collection), lambda done, total: progress(done, total, ""))
    progress.finish()
    decisions = Decisions(_choice(options.add_probable), _choice(options.update))
    _known(plan, [*options.add_probable, *options.update])
    if options.format == "json":
        for remark in plan.remarks:
            note(remark)
    emit(_json(plan) if options.format == "json" else "".join(_table(plan, decisions)))
    new, better = wanted(plan.rows, decisions)
    undecided = plan.count("broken") + plan.count("probable") + plan.count("changed") - len(better)
    undecided -= sum(row.status == "probable" for row in new)
    code = 1 if undecided else 0
    if options.dry_run or not (new or better):
        note("Nothing was written." if not options.dry_run else "Dry run: nothing was written.")
        return code
    if not options.yes and not _agreed(len(new), len(better), collection.studies[0]):
        note("Nothing was written. Add --yes to write without a question." if not sys.stdin.isatty() else "Left alone.")
        return code or int(not sys.stdin.isatty())
    progress = Progress("Writing: {} of {} files ")
    deed = carry_out(collection, plan, decisions, options.file, lambda done, total: progress(done, total, ""))
    progress.finish()
    folder = collection.studies[0]
    note(f"Written: {len(deed.added)} new, {len(deed.updated)} improved, in {folder}.")
    note(f"Take it back with: {command_line('undo', folder)}")
    note(f"Code what is new with: {command_line('code CITEKEY', folder)}")
    return code


def _decoded(name: str) -> Decoded:
    from pathlib import Path

    from kb.errors import UsageError
    from kb.intake.decoding import decode_bytes

    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}. Check the name.") from None
    return decode_bytes(content)


def _known(plan: Plan, keys: list[str]) -> None:
    from kb.errors import UsageError

    there = {"all", *(row.key for row in plan.rows), *(row.citekey for row in plan.rows)}
    if unknown := [key for key in keys if key not in there]:
        raise UsageError(f"The file has no entry {unknown[0]!r}. Name a key that it gives, or all.")


def _choice(keys: list[str]) -> frozenset[str] | bool:
    return True if "all" in keys else frozenset(keys)


def _agreed(new: int, better: int, folder: object) -> bool:
    if not sys.stdin.isatty():
        return False
    what = " and ".join(part for part in (f"add {new} studies" * bool(new), f"improve {better}" * bool(better)) if part)
    print(f"{what[:1].upper()}{what[1:]} in {folder}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _json(plan: Plan) -> str:
    from kb.commands.common import as_json

    return as_json(
        [
            {
                "key": row.key,
                "line": row.line,
                "type": row.type,
                "title": row.title,
                "status": row.status,
                "matches": [
                    {**{name: value for name, value in match._asdict().items() if name != "certain"},
                     "differences": row.differences if match is row.matches[0] else ()}
                    for match in row.matches
                ],
                "problems": row.problems,
                "file": row.file,
            }
            for row in plan.rows
        ]
    )  # fmt: skip


def _table(plan: Plan, decisions: Decisions) -> Iterator[str]:
    from kb.intake.plan import STATUSES
    from kb.output import to_terminal

    for remark in plan.remarks:
        yield f"{remark}\n"
    for status in STATUSES:
        rows = [row for row in plan.rows if row.status == status]
        if not rows:
            continue
        yield f"{len(rows)} {status}\n"
        shown = rows if not to_terminal() or status != "same" else rows[:_MOST]
        for row in shown:
            yield from _row(row)
        if len(shown) < len(rows):
            yield f"  and {len(rows) - len(shown)} more\n"
    yield from _hints(plan, decisions)


def _row(row: Row) -> Iterator[str]:
    from pathlib import Path

    name = row.key or "(no key)"
    yield f"  line {row.line}: {name}" + (f" | {row.title}" if row.title else "") + "\n"
    if row.status in ("new", "probable") and row.file:
        yield f"    to {Path(row.file).name}" + (f" ({'; '.join(row.changes)})" if row.changes else "") + "\n"
    for match in row.matches:
        yield f"    {'is' if match.certain else 'like'} {match.key}: {match.reason}, {match.score:.2f}\n"
    for field, ours, theirs in row.differences:
        yield f"    {field}: {ours or '(empty)'} -> {theirs}\n"
    for problem in row.problems:
        yield f"    {problem}\n"


def _hints(plan: Plan, decisions: Decisions) -> Iterator[str]:
    if plan.count("probable") and not decisions.add_probable:
        yield "Probable ones are left out; add one all the same with --add-probable KEY.\n"
    if plan.count("changed") and not decisions.update:
        yield "Better metadata is not taken over; take it with --update KEY, or --update all.\n"
