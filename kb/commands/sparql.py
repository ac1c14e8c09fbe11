"""Run a SPARQL query over the collection: your own text, a file, or a named query. Read-only and bounded in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

EXAMPLE = """examples:
  mipex-kb sparql -e 'SELECT ?s WHERE { ?s a ev:Study }' --format csv
  mipex-kb sparql --named list
  mipex-kb sparql --named null-results policy=health
  mipex-kb sparql --named null-results --describe
  mipex-kb sparql --named counts policy=health --show
  mipex-kb sparql query.rq --format json -o result.json

The prefixes ev, policy, outcome, population, country, design, study, finding, skos, dcterms, bibo, foaf and prov
need no declaration.
Without FILE, -e or --named the query is read from standard input."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options
    from kb.publishing.labelled import LABELLED_FORMATS
    from kb.sparql import DEFAULT_TIMEOUT, FORMATS

    parser.add_argument("file", nargs="*", metavar="FILE", help="a file with a query; after --named: NAME=VALUE")
    parser.add_argument("-e", "--execute", metavar="TEXT", help="the query itself")
    parser.add_argument("--named", metavar="NAME", help="a named query; 'list' lists them")
    parser.add_argument("--describe", action="store_true", help="say what a named query does, takes and returns")
    parser.add_argument("--show", action="store_true", help="print the query instead of running it")
    parser.add_argument(
        "--format",
        choices=(*FORMATS, *LABELLED_FORMATS),
        help="rows: table, csv, tsv, json, xml; graphs: ttl, nt, jsonld, xml, as the W3C has them; for people: "
        "spreadsheet (CSV) and xlsx, with names instead of addresses and formulas disarmed",
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=DEFAULT_TIMEOUT,
        metavar="SECONDS",
        help="stop after this time (%(default)g)",
    )
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Run or show the query."""
    from kb.commands.common import open_collection
    from kb.errors import UsageError
    from kb.output import emit, to_terminal
    from kb.publishing.labelled import LABELLED_FORMATS, render_labelled
    from kb.sparql import read_table, run_query

    if options.format == "xlsx" and not options.output and to_terminal():
        raise UsageError("A workbook cannot be shown on a terminal. Add -o FILE.xlsx.")
    if options.named == "list" or options.describe:
        emit(_words(options))
        return 0
    query = _query(options)
    if options.show:
        emit(query if query.endswith("\n") else query + "\n")
        return 0
    is_labelled = options.format in LABELLED_FORMATS
    form = "" if is_labelled or options.format in (None, "table") else options.format
    with open_collection(options) as reader:
        result = run_query(reader, query, form=form, timeout=options.timeout)
        sheet = render_labelled(options.format, result, query, reader) if is_labelled else b""
    if is_labelled:
        emit(sheet, options.output, force=options.force)
    elif result.kind == "graph" or form:
        emit(result.content, options.output, force=options.force)
    else:
        from kb.terminal import table_text

        table = read_table(result.content)
        emit(table_text(table.header, table.rows), options.output, force=options.force)
    return 0


def _query(options: argparse.Namespace) -> str:
    """Return the text of the query.

    Raises:
        UsageError: several places were named, or a file cannot be read.
    """
    import sys
    from pathlib import Path

    from kb.errors import UsageError
    from kb.named_queries import named_query, split_values

    if options.named:
        if options.execute:
            raise UsageError("Give either -e or --named, not both.")
        return named_query(options.named).text(split_values(options.file))
    if len(options.file) + bool(options.execute) > 1:
        raise UsageError("Give one query: a FILE or -e TEXT.")
    if options.execute:
        return str(options.execute)
    if not options.file and sys.stdin.isatty():
        raise UsageError("No query given. Name a FILE, or use -e TEXT or --named NAME (--named list lists them).")
    try:
        name = options.file[0] if options.file else "-"
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"{name} cannot be read: {reason}. Check the name of the file.") from None


def _words(options: argparse.Namespace) -> str:
    """Return the list of the named queries, or what one of them does.

    Raises:
        UsageError: no named query is given.
    """
    from kb.errors import UsageError
    from kb.named_queries import named_query
    from kb.query_pages import description, listing

    if options.named == "list":
        return listing()
    if not options.named:
        raise UsageError("--describe needs a named query. Add --named NAME (--named list lists them).")
    return description(named_query(options.named))


def _seconds(text: str) -> float:
    import argparse

    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds between 0 and 86400")
    return seconds
