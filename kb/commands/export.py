"""Write the collection for other programs: the graph, a table, nanopublications, or a package of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from kb.publishing.facts import Facts
    from kb.publishing.nanopublications import Nanopublication
    from kb.session import Session

EXAMPLE = """examples:
  mipex-kb export -o collection.ttl
  mipex-kb export --format nq | gzip > collection.nq.gz
  mipex-kb export --table findings -o findings.csv
  mipex-kb export --nanopubs nanopublications.trig
  mipex-kb export --package mipex-evidence.zip

Without --table, --nanopubs or --package it is the whole graph. Formats of graphs: ttl, nt, nq, trig, rdf, jsonld;
of tables: csv, tsv, json, xlsx, parquet. The same collection gives the same bytes."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options
    from kb.publishing.graph_files import GRAPH_FORMATS
    from kb.publishing.tables import TABLE_FORMATS, TABLES

    what = parser.add_mutually_exclusive_group()
    what.add_argument("--table", choices=TABLES, help="a table instead of the graph")
    what.add_argument(
        "--nanopubs",
        nargs="?",
        const="",
        metavar="PLACE",
        help="each finding as a nanopublication: into a folder, or one file where the name ends in .trig or .nq",
    )
    what.add_argument("--package", metavar="PLACE", help="everything, described: a folder, or an archive (.zip)")
    forms = (*GRAPH_FORMATS, *TABLE_FORMATS)
    parser.add_argument("--format", choices=forms, help="without it, what the ending of the file says; else ttl or csv")
    parser.add_argument("--record", action="store_true", help="tables say where they come from: query, day, versions")
    parser.add_argument("--sign", metavar="KEYFILE", help="sign nanopublications with this private RSA key")
    parser.add_argument("--orcid", default="", help="whose key that is")
    parser.add_argument("--title", default="", help="the name of the collection, if it is your own")
    parser.add_argument("--creator", default="", help="who made it")
    parser.add_argument("--license", default="", metavar="ADDRESS", help="the address of its licence")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Write what was asked for.

    Raises:
        UsageError: options do not go together.
    """
    from kb.commands.common import opened_session
    from kb.errors import UsageError

    if (options.sign or options.orcid) and options.nanopubs is None:
        raise UsageError("Only nanopublications are signed. Add --nanopubs.")
    if options.orcid and not options.sign:
        raise UsageError("An ORCID says whose key signs. Add --sign KEYFILE.")
    if options.record and not options.table:
        raise UsageError("Only tables have such a record. Add --table.")
    if (options.title or options.creator or options.license) and options.nanopubs is None and options.package is None:
        raise UsageError("Only nanopublications and packages name these. Add --nanopubs or --package.")
    if options.package == "":
        raise UsageError("The package needs a place. Name a folder, or an archive that ends in .zip.")
    if options.package and options.endpoint:
        raise UsageError("A package needs the files of the collection, not an endpoint. Leave --endpoint out.")
    place = options.nanopubs or options.package
    if place and options.output:
        raise UsageError(f"Name one place: {place} or {options.output}.")
    if not options.table and options.nanopubs is None and options.package is None:
        _graph(options)
        return 0
    with opened_session(options) as session:
        if options.table:
            _table(options, session)
        elif options.package is None:
            _nanopublications(options, session)
        else:
            _package(options, session)
    return 0


def _graph(options: argparse.Namespace) -> None:
    from kb.commands.common import open_collection
    from kb.publishing.graph_files import GRAPH_FORMATS, write_graph
    from kb.publishing.output import write_out

    form = _format(options, tuple(GRAPH_FORMATS), "ttl")
    with open_collection(options) as reader:
        write_out(lambda out: write_graph(reader, form, out), options.output, force=options.force)


def _table(options: argparse.Namespace, session: Session) -> None:
    from kb.errors import UsageError
    from kb.output import emit, to_terminal
    from kb.publishing.parquet import to_parquet
    from kb.publishing.tables import TABLE_FORMATS, make_table, table_kind
    from kb.sheet import about, render_sheet

    form = _format(options, TABLE_FORMATS, "csv")
    if form in ("xlsx", "parquet") and not options.output and to_terminal():
        raise UsageError(f"This cannot be shown on a terminal. Add -o FILE.{form}.")
    sheet = make_table(options.table, session)
    if form == "parquet":
        content: str | bytes = to_parquet(sheet, table_kind(options.table))
    else:
        content = render_sheet(form, sheet, about(sheet, session.version()), bare=not options.record)
    emit(content, options.output, force=options.force)


def _nanopublications(options: argparse.Namespace, session: Session) -> None:
    from pathlib import Path

    from kb.output import note
    from kb.publishing.nanopub_files import write_file, write_folder
    from kb.publishing.output import write_out
    from kb.text import counted

    place = options.nanopubs or options.output
    made = _made(options, session)
    if place and not place.removesuffix(".gz").endswith((".trig", ".nq")):
        number = write_folder(made, Path(place), force=options.force)
        note(f"Written: {place} ({counted(number, 'nanopublication')})")
        return
    options.output = place
    form = _format(options, ("trig", "nq"), "trig")
    write_out(lambda out: write_file(made, form, out), options.output, force=options.force)


def _made(options: argparse.Namespace, session: Session) -> Iterator[Nanopublication]:
    from pathlib import Path

    from kb.output import Progress
    from kb.publishing.nanopublications import make_nanopublications

    signer = None
    if options.sign:
        from kb.publishing.nanopub_signing import Signer

        signer = Signer(Path(options.sign), options.orcid)
    progress, total = Progress("Nanopublications: {} of {} "), len(session.findings())
    for number, plain in enumerate(make_nanopublications(session, _facts(options, session)), 1):
        progress(number, total, plain.key)
        yield signer.sign(plain) if signer else plain
    progress.finish()


def _package(options: argparse.Namespace, session: Session) -> None:
    from pathlib import Path

    from kb.output import Progress, note
    from kb.publishing.package import write_package

    progress = Progress("Writing the package: part {} of {} ")
    facts = _facts(options, session)
    write_package(session, facts, Path(options.package), progress, force=options.force)
    progress.finish()
    note(f"Written: {options.package}")
    if not facts.licence:
        note("No licence is named in it. Name yours with: --license ADDRESS")


def _facts(options: argparse.Namespace, session: Session) -> Facts:
    from kb.publishing.facts import read_facts

    return read_facts(session, title=options.title, licence=options.license, creator=options.creator)


def _format(options: argparse.Namespace, known: tuple[str, ...], otherwise: str) -> str:
    """Return the format asked for, or the one that the ending of the output file means.

    Raises:
        UsageError: it is none of those that there are for this.
    """
    from kb.errors import UsageError

    ending = options.output.removesuffix(".gz").rpartition(".")[2].lower() if options.output else otherwise
    form = str(options.format or ending)
    if form not in known:
        what = f"The format {form}" if options.format else f"The ending of {options.output}"
        raise UsageError(f"{what} does not fit. Use one of: {', '.join(known)}.")
    return form
