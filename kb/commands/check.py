"""Look for mistakes in studies and ontology. Exit code 1 where there is one; warnings alone end with 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb check
  mipex-kb check --studies my-studies --quiet
  mipex-kb check --format json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--quiet", action="store_true", help="leave out warnings")
    parser.add_argument("--strict", action="store_true", help="end with 1 for warnings too")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    """Check, and print one line for each problem: file:line, what is wrong, what to do."""
    from kb.check import check
    from kb.commands.common import chosen_collection
    from kb.output import Progress, emit, note
    from kb.text import counted

    progress = Progress()
    report = check(chosen_collection(options), progress)
    progress.finish()
    shown = [problem for problem in report.problems if problem.severity == "error" or not options.quiet]
    if options.format == "json":
        import json

        emit(json.dumps([problem._asdict() for problem in shown], ensure_ascii=False, indent=1) + "\n")
    else:
        emit("".join(f"{problem}\n" for problem in shown))
    errors = sum(problem.severity == "error" for problem in report.problems)
    warnings = len(report.problems) - errors
    size = [counted(report.studies, "study", "studies"), counted(report.findings, "finding")]
    size.append(counted(report.concepts, "concept"))
    note(f"{', '.join(size)}: {counted(errors, 'error')}, {counted(warnings, 'warning')}.")
    return 1 if errors or (warnings and options.strict) else 0
