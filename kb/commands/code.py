"""Write findings of a study: by options, asked for on a terminal, or many at once from a coding sheet."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kb.fields import FINDING_FIELDS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from kb.collection import Collection
    from kb.intake.coding import Draft, StudyFile
    from kb.intake.coding_dialogue import Dialogue
    from kb.intake.coding_plan import SheetPlan
    from kb.vocabulary import Vocabulary

EXAMPLE = """examples:
  mipex-kb code migali2017determinants
  mipex-kb code migali2017determinants --copy --outcome immigration-flows --direction null
  mipex-kb code --template -o sheet.xlsx
  mipex-kb code --sheet sheet.xlsx --dry-run
  mipex-kb code --sheet sheet.csv --yes --skip-broken"""

_FIELDS = FINDING_FIELDS[1:]
_MANY = 100  # rows of a sheet that take more than a second


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options
    from kb.intake.coding_words import SEVERAL, field_help

    parser.add_argument("citekey", nargs="*", metavar="CITEKEY", help="the study; with --template several")
    told = field_help()
    for name in _FIELDS:
        text = told[name].meaning.replace("%", "%%")
        if name in SEVERAL:
            parser.add_argument(f"--{name}", action="append", metavar=name.upper(), help=f"{text}; repeatable")
        else:
            more = "; MIPEX_KB_CODER without it" if name == "coder" else ""
            parser.add_argument(f"--{name}", metavar=name.upper(), help=text + more)
    parser.add_argument(
        "--copy", nargs="?", const="", metavar="FINDING",
        help="begin with policy, population, source, source level and locator of a finding of the study; its last "
        "one without a key",
    )  # fmt: skip
    parser.add_argument("--sheet", metavar="FILE", help="write the findings of a coding sheet, .csv or .xlsx")
    parser.add_argument(
        "--skip-broken", action="store_true", help="with --sheet: write the others where rows are broken"
    )
    parser.add_argument(
        "--template", action="store_true", help="give an empty coding sheet; CSV unless -o ends in .xlsx"
    )
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")
    parser.add_argument("--format", choices=("table", "json"), default="table", help="how --sheet shows its plan")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Write a template, a sheet, or one finding after the other."""
    from kb.commands.common import chosen_collection
    from kb.errors import UsageError

    given = [name for name in _FIELDS if getattr(options, name) is not None]
    if options.sheet and (options.template or options.citekey or options.copy is not None or set(given) - {"coder"}):
        raise UsageError("A sheet names its own studies and fields. Give --sheet alone, or with --coder.")
    if options.template and (given or options.copy is not None):
        raise UsageError("A template is empty. Give --template with citation keys only.")
    if not options.sheet and (options.format != "table" or options.skip_broken):
        raise UsageError("--format and --skip-broken go with --sheet. Add --sheet FILE.")
    if options.output and not options.template:
        raise UsageError("-o names the file of a template. Add --template.")
    collection = chosen_collection(options)
    if options.template:
        return _template(options, collection)
    if options.sheet:
        return _sheet(options, collection)
    if len(options.citekey) != 1:
        raise UsageError(
            "Name one study: mipex-kb code CITEKEY; several studies at once go into a sheet, --sheet FILE."
        )
    return _findings(options, collection, options.citekey[0])


def _template(options: argparse.Namespace, collection: Collection) -> int:
    from kb.errors import UsageError
    from kb.intake.coding import study_file, vocabulary_of
    from kb.intake.coding_template import csv_template, xlsx_template
    from kb.output import emit

    ending = options.output.rpartition(".")[2].lower() if options.output else "csv"
    if ending not in ("csv", "xlsx"):
        raise UsageError(f"A coding sheet is .csv or .xlsx, not {options.output}. Name the file so.")
    for key in options.citekey:
        study_file(collection, key)
    make = xlsx_template if ending == "xlsx" else csv_template
    emit(make(vocabulary_of(collection), options.citekey), options.output, force=options.force)
    return 0


def _findings(options: argparse.Namespace, collection: Collection, key: str) -> int:
    """Write one finding, and on a terminal the next ones."""
    from kb.intake.coding import start, study_file, vocabulary_of
    from kb.intake.coding_dialogue import Dialogue
    from kb.intake.coding_prompt import Terminal

    vocabulary = vocabulary_of(collection)
    file = study_file(collection, key)
    given = _given(options, vocabulary)
    begun = {**start(file, key, coder=os.environ.get("MIPEX_KB_CODER", ""), copy=options.copy), **given}
    asking = sys.stdin.isatty() and sys.stdout.isatty()
    if not asking:
        return _unasked(options, collection, vocabulary, file, begun)
    terminal = Terminal(vocabulary)
    sure = {"coder", *given}
    try:
        while True:
            dialogue = Dialogue(terminal, collection, vocabulary, file, key)
            agreed = _agreed(options, dialogue, dialogue.fill(begun, sure))
            if agreed is None:
                return _left("Nothing was written." if not options.dry_run else "Dry run: nothing was written.", 0)
            _write(collection, file, agreed)
            if options.yes or terminal.ask("Another finding of this study? [y/N] ").casefold() not in ("y", "yes"):
                return 0
            file = study_file(collection, key)
            begun, sure = start(file, key, coder=agreed.get("coder", ""), copy=""), {"coder"}
    except EOFError:
        return _left("\nStopped; the finding at hand was not written.", 1)


def _agreed(options: argparse.Namespace, dialogue: Dialogue, values: Draft) -> Draft | None:
    """Return the finding to write, none where it is given up or only tried."""
    from kb.intake.coding import finding_text
    from kb.output import emit

    errors = any(each.is_error for each in dialogue.check(values))
    if errors or not (options.yes or options.dry_run):
        agreed = dialogue.agree(values)
        return None if options.dry_run else agreed
    emit(finding_text(values["study"], dialogue.number, values))
    return None if options.dry_run else values


def _unasked(
    options: argparse.Namespace, collection: Collection, vocabulary: Vocabulary, file: StudyFile, values: Draft
) -> int:
    """Write one finding that the options give whole."""
    from kb.errors import IntakeError, UsageError
    from kb.intake.coding import appraisal_of, draft, finding_text, has_measure
    from kb.intake.coding_dialogue import Dialogue
    from kb.intake.coding_prompt import Terminal
    from kb.intake.coding_words import missing
    from kb.output import emit, note

    key = values["study"]
    if lacking := missing(values, measure=not has_measure(file, key)):
        names = ", ".join(f"--{name}" for name in lacking)
        raise UsageError(f"{names} {'is' if len(lacking) == 1 else 'are'} missing. Give them, or run it on a terminal.")
    dialogue = Dialogue(Terminal(vocabulary), collection, vocabulary, file, key)
    found = dialogue.check(values)
    emit(finding_text(key, dialogue.number, draft(key, values)))
    note(str(appraisal_of(values, vocabulary)))
    for each in found:
        if not each.is_error:
            note(f"{each.problem.severity}: {each.sentence}")
    if errors := [each for each in found if each.is_error]:
        told = " ".join(f"{each.field or each.problem.key}: {each.sentence}" for each in errors)
        raise IntakeError(f"Nothing was written. {told}")
    if options.dry_run:
        return _left("Dry run: nothing was written.", 0)
    if not options.yes:
        return _left("Nothing was written. Add --yes to write without a question.", 1)
    _write(collection, file, values)
    return 0


def _given(options: argparse.Namespace, vocabulary: Vocabulary) -> Draft:
    """Return the fields that the options give, labels as notations."""
    from kb.intake.coding_words import named
    from kb.text import clean_text

    values = {name: getattr(options, name) for name in _FIELDS if getattr(options, name) is not None}
    texts = {name: "; ".join(value) if isinstance(value, list) else value for name, value in values.items()}
    return {name: named(name, text, vocabulary) for name, value in texts.items() if (text := clean_text(value))}


def _write(collection: Collection, file: StudyFile, values: Draft) -> None:
    from kb.commands.common import command_line
    from kb.intake.coding import write_findings
    from kb.output import note

    coded = write_findings(collection, values["study"], [values], f"code {values['study']}")
    note(f"Written: {coded.keys[0]}, to {file.path}. Take it back with: {command_line('undo', coded.folder)}")


def _sheet(options: argparse.Namespace, collection: Collection) -> int:
    from pathlib import Path

    from kb.commands.common import command_line
    from kb.intake.coding_plan import plan_sheet, write_plan
    from kb.intake.sheets import read_sheet
    from kb.output import emit, note
    from kb.text import counted

    sheet = read_sheet(Path(options.sheet))
    for remark in sheet.remarks:
        note(remark)
    if len(sheet.rows) > _MANY:
        note(f"Checking {len(sheet.rows)} rows ...")
    plan = plan_sheet(sheet, collection, options.coder or os.environ.get("MIPEX_KB_CODER", ""))
    emit(_json(plan) if options.format == "json" else "".join(_table(plan)))
    new, broken = plan.count("new"), plan.count("broken")
    code = 1 if broken else 0
    if options.dry_run:
        return _left("Dry run: nothing was written.", code)
    if broken and not options.skip_broken:
        rows = counted(broken, "row")
        return _left(f"Nothing was written: {rows} broken. Correct them, or add --skip-broken to write the others.", 1)
    if not new:
        return _left("Nothing was written: no row is new.", code)
    if not options.yes:
        if not sys.stdin.isatty():
            return _left("Nothing was written. Add --yes to write without a question.", 1)
        studies = len({row.study for row in plan.rows if row.status == "new"})
        question = f"Write {counted(new, 'finding')} of {counted(studies, 'study', 'studies')}? [y/N] "
        print(question, end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
            return _left("Left alone.", code)
    coded = write_plan(collection, plan)
    size = f"{counted(len(coded.keys), 'finding')} in {counted(len(coded.files), 'file')}"
    note(f"Written: {size} of {coded.folder}. Take them back with: {command_line('undo', coded.folder)}")
    return code


def _json(plan: SheetPlan) -> str:
    from kb.commands.common import as_json

    return as_json([{name: getattr(row, name) for name in row._fields if name != "values"} for row in plan.rows])


def _table(plan: SheetPlan) -> Iterator[str]:
    from kb.intake.coding_plan import STATUSES
    from kb.terminal import table_text

    header = ("row", "status", "study", "policy", "outcome", "direction", "appraisal")
    rows = [tuple(str(getattr(row, name))[:60] for name in header) for row in plan.rows]
    if rows:
        yield table_text(header, rows) + "\n"
    for row in plan.rows:
        yield from (f"{problem}\n" for problem in row.problems)
    yield ", ".join(f"{plan.count(status)} {status}" for status in STATUSES) + "\n"


def _left(text: str, code: int) -> int:
    from kb.output import note

    note(text)
    return code
