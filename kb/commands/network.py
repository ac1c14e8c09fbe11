"""Show who shares data, who writes with whom, and which topics and studies hang together, with clusters and bridges."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from kb.evidence import Row
    from kb.store import Reader
    from kb.tables import StudyRow

EXAMPLE = """examples:
  mipex-kb network
  mipex-kb network authors --circle all --format csv -o authors.csv
  mipex-kb network topics -o topics.svg
  mipex-kb network data --policy health -o health.graphml"""

_FORMATS = ("table", "csv", "json", "graphml", "gexf", "svg")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options
    from kb.network.views import KINDS

    listing = "; ".join(f"{name}: {text}" for name, text in KINDS.items())
    parser.add_argument("kind", nargs="?", metavar="KIND", default="data", help=f"{listing} (data without it)")
    parser.add_argument(
        "--policy", action="append", metavar="POLICY", default=[],
        help="only studies with findings on this policy or what lies below it, and these findings; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--circle",
        action="append",
        metavar="CIRCLE",
        help="core, comparable, reform, status or all; repeatable; core without it",
    )
    parser.add_argument("--format", choices=_FORMATS, help="table without it, or what the ending of the file says")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the network and print or write it."""
    from kb.commands.common import open_collection
    from kb.evidence_bases import EvidenceBases
    from kb.network.build import build_network
    from kb.network.files import render_network
    from kb.output import emit, note
    from kb.tables import make_tables

    form = options.format or options.output.rpartition(".")[2].lower() if options.output else options.format
    form = form if form in _FORMATS else "table"
    with open_collection(options) as reader:
        words = reader.vocabulary()
        tables = make_tables(reader)
        studies, findings = _chosen(reader, tables.studies, tables.findings, options)
        bases = EvidenceBases(studies, words)
        network = build_network(options.kind, studies, findings, words, bases)
    emit(render_network(form, network), options.output, force=options.force)
    if form != "table":
        note(f"{network.summary()} {network.note()}")
    if options.kind == "data":
        from kb.text import counted

        number, unknown = bases.count(study.study for study in studies)
        note(f"{counted(number, 'evidence base')}; {counted(unknown, 'study', 'studies')} of unknown data.")
    return 0


def _chosen(
    reader: Reader, studies: list[StudyRow], findings: list[Row], options: argparse.Namespace
) -> tuple[list[StudyRow], list[Row]]:
    """Return the studies of the circles, and their findings; with a policy only those that it concerns.

    Raises:
        UnknownConceptError: there is no such policy.
        UsageError: there is no such circle.
    """
    from kb.errors import UsageError
    from kb.evidence import Question, answer
    from kb.network.origin import studies_of
    from kb.vocabulary import CIRCLES

    circles = options.circle or ["core"]
    for circle in circles:
        if circle not in (*CIRCLES, "all"):
            raise UsageError(f"There is no circle {circle!r}. There are: {', '.join(CIRCLES)} and all.")
    rows = answer(reader, Question(policy=tuple(options.policy), measure=tuple(circles))).rows
    if options.policy:
        keys = {row.study for row in rows}
        return [study for study in studies if study.study in keys], rows
    if "all" in circles:
        return studies, findings
    return studies_of(studies, rows, circles), rows
