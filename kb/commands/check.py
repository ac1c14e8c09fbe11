"""Look for mistakes in studies and ontology, and say what changed since the last check.

The exit code is 1 where there is a mistake; warnings alone end with 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb check
  mipex-kb check --studies my-studies --quiet
  mipex-kb check --changes
  mipex-kb check --format json"""

_MOST = 10  # changes that are told without being asked for


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--quiet", action="store_true", help="leave out warnings")
    parser.add_argument("--changes", action="store_true", help="list every change since the last check")
    parser.add_argument("--strict", action="store_true", help="end with 1 for warnings too")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    """Check, and print one line for each problem: file:line, what is wrong, what to do."""
    from kb.check import check
    from kb.commands.common import chosen_collection
    from kb.intake.changes import changes_since_last_check
    from kb.output import Progress, emit, note
    from kb.text import counted

    progress, collection = Progress(), chosen_collection(options)
    report = check(collection, progress)
    progress.finish()
    changes = changes_since_last_check(collection)
    shown = [problem for problem in report.problems if problem.severity == "error" or not options.quiet]
    if options.format == "json":
        import json

        emit(json.dumps([problem._asdict() for problem in shown], ensure_ascii=False, indent=1) + "\n")
    else:
        emit("".join(f"{problem}\n" for problem in shown))
    told = changes.lines if options.changes else changes.lines[:_MOST]
    if changes.lines:
        note(f"Changed since the check of {changes.when}:")
        for line in told:
            note(f"  {line}")
        if len(told) < len(changes.lines):
            note(f"  and {len(changes.lines) - len(told)} more (--changes lists them)")
    elif options.changes:
        note(f"Nothing changed since the check of {changes.when}." if changes.when else "This is the first check.")
    errors = sum(problem.severity == "error" for problem in report.problems)
    warnings = len(report.problems) - errors
    size = [counted(report.studies, "study", "studies"), counted(report.findings, "finding")]
    size.append(counted(report.concepts, "concept"))
    note(f"{', '.join(size)}: {counted(errors, 'error')}, {counted(warnings, 'warning')}.")
    return 1 if errors or (warnings and options.strict) else 0
