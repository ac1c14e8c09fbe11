"""List the findings on one or more policies, with what lies below them in the scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb evidence anti-discrimination
  mipex-kb evidence "family reunion" --direction positive --format json
  mipex-kb evidence health --measure all --since 2015 -o health.xlsx
  mipex-kb evidence health -o health.ris
  mipex-kb evidence --outcome generalised-trust --search discrimination"""

_FORMATS = ("table", "csv", "tsv", "json", "md", "xlsx", "bibtex", "biblatex", "ris", "csl-json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options

    parser.add_argument(
        "policy", nargs="*", metavar="POLICY", help="notation, label or the beginning of one; all policies without it"
    )
    parser.add_argument("--exact", action="store_true", help="leave out what lies below the policies and outcomes")
    several = "; repeatable"
    for name, text in (
        ("outcome", "an outcome, an outcome group or an actor"),
        ("population", "whom the finding is about"),
        ("direction", "positive, negative, null, mixed or unclear"),
        ("appraisal", "favourable, unfavourable, neutral, mixed or unclear"),
        ("role", "direct or moderator"),
        ("design", "the design of the study"),
        ("source-level", "where it was read: fulltext, abstract or secondary"),
        ("country", "a country that the study covers, by code or name"),
    ):
        parser.add_argument(f"--{name}", action="append", metavar=name.upper(), default=[], help=text + several)
    parser.add_argument(
        "--measure",
        action="append",
        metavar="MEASURE",
        help="a circle (core, comparable, reform, status), all, or a measure such as mipex:2015; core without it",
    )
    parser.add_argument("--since", default="", metavar="YEAR", help="published in this year or later")
    parser.add_argument("--until", default="", metavar="YEAR", help="published in this year or earlier")
    parser.add_argument("--search", default="", metavar="TEXT", help="all these words, anywhere in finding or study")
    parser.add_argument("--format", choices=_FORMATS, help="table without it, or what the ending of the file says")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Answer the question and print or write the findings."""
    from kb.commands.common import open_collection
    from kb.evidence import Question, answer
    from kb.export import render_answer
    from kb.output import emit, note, to_terminal

    form = _format(options)
    question = Question(
        policy=tuple(options.policy), outcome=tuple(options.outcome), population=tuple(options.population),
        direction=tuple(options.direction), appraisal=tuple(options.appraisal), role=tuple(options.role),
        design=tuple(options.design), measure=tuple(options.measure or ("core",)),
        source_level=tuple(options.source_level), country=tuple(options.country),
        since=options.since, until=options.until, search=options.search, exact=options.exact,
    )  # fmt: skip
    with open_collection(options) as reader:
        found = answer(reader, question)
        if form == "table" and not options.output and to_terminal():
            from kb.terminal import print_findings

            print_findings(found)
        else:
            emit(render_answer(form, found, reader), options.output, force=options.force)
    note(found.summary())
    return 0


def _format(options: argparse.Namespace) -> str:
    """Return the format asked for, or the one that the ending of the output file means.

    Raises:
        UsageError: the ending is not known, or a workbook was to go to a terminal.
    """
    from kb.errors import UsageError
    from kb.export import FORMATS
    from kb.output import to_terminal

    if options.format == "xlsx" and not options.output and to_terminal():
        raise UsageError("A workbook cannot be shown on a terminal. Add -o FILE.xlsx.")
    if options.format or not options.output:
        return options.format or "table"
    ending = options.output.rpartition(".")[2].lower()
    if ending not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError(f"The ending of {options.output} names no format. Use {known}, or add --format.")
    return FORMATS[ending]
