"""List the studies, uncoded ones included: all of them, or those in which all words occur, the best match first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from kb.store import Reader
    from kb.study_list import Line
    from kb.study_search import Hits

EXAMPLE = """examples:
  mipex-kb studies
  mipex-kb studies ziller 2014
  mipex-kb studies citizenship --circle core --format csv
  mipex-kb studies "\\"family reunion\\"" --style apa
  mipex-kb studies naturalisation --style chicago -o reading-list.md
  mipex-kb studies --uncoded --format bibtex -o uncoded.bib"""

_TEXTS = ("table", "csv", "tsv", "json", "md", "xlsx")
_LISTS = ("table", "md")
_ENDINGS = {"csv": "csv", "tsv": "tsv", "json": "json", "md": "md", "xlsx": "xlsx", "bib": "bibtex", "ris": "ris",
            "txt": "table"}  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.citations import citation_styles
    from kb.commands.common import output_options
    from kb.reference_formats import REFERENCE_FORMATS
    from kb.study_list import NO_CIRCLE
    from kb.vocabulary import CIRCLES

    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORDS",
        help='words or "phrases" in title, authors, year, key, DOI, journal, statements, and names of what was coded',
    )
    parser.add_argument("--uncoded", action="store_true", help="only studies without a finding")
    parser.add_argument(
        "--circle", action="append", choices=(*CIRCLES, NO_CIRCLE), default=[],
        help="only studies of this circle; repeatable; all without it",
    )  # fmt: skip
    names = ", ".join(style.name for style in citation_styles())
    parser.add_argument(
        "--style", default="", metavar="STYLE", help=f"a reading list in this style: {names}, or a .csl file"
    )
    parser.add_argument(
        "--format", choices=(*_TEXTS, *REFERENCE_FORMATS), help="table without it, or what the ending of the file says"
    )
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Find the studies and print or write them."""
    from kb.commands.common import open_collection
    from kb.output import emit, note, to_terminal
    from kb.search_file import study_index
    from kb.study_list import found, list_studies, summary
    from kb.tables import make_tables

    form = _format(options)
    with open_collection(options) as reader:
        tables = make_tables(reader)
        hits = None
        if options.words:
            hits = found(study_index(reader.folder, tables, reader.vocabulary()), " ".join(options.words))
        lines = list_studies(tables.studies, tables.findings, hits, options.circle, uncoded=options.uncoded)
        said = summary(lines, len(tables.studies), hits)
        if options.style:
            emit(_reading_list(reader, lines, options.style, form), options.output, force=options.force)
        elif form == "table" and not options.output and to_terminal():
            _print(lines, hits)
        else:
            emit(_render(reader, form, lines, hits, said, tables.version), options.output, force=options.force)
    note(said)
    return 0


def _format(options: argparse.Namespace) -> str:
    """Return the format asked for, or the one that the ending of the output file means.

    Raises:
        UsageError: the ending is not known, a workbook was to go to a terminal, or a reading list to a table.
    """
    from kb.errors import UsageError
    from kb.output import to_terminal

    form: str = options.format or "table"
    if not options.format and options.output:
        ending = options.output.rpartition(".")[2].lower()
        if ending not in _ENDINGS:
            known = ", ".join(f".{name}" for name in _ENDINGS)
            raise UsageError(f"The ending of {options.output} names no format. Use {known}, or add --format.")
        form = _ENDINGS[ending]
    if options.style and form not in _LISTS:
        raise UsageError(f"A reading list in a style is plain text or md, and cannot be {form}. Leave --style out.")
    if form == "xlsx" and not options.output and to_terminal():
        raise UsageError("A workbook cannot be shown on a terminal. Add -o FILE.xlsx.")
    return form


def _reading_list(reader: Reader, lines: list[Line], style: str, form: str) -> str:
    from kb.citations import reading_list
    from kb.studies import study_documents

    documents = study_documents(reader, [line.study.study for line in lines], findings=False)
    entries = reading_list(documents, style, markdown=form == "md")
    return "".join(f"- {entry}\n" if form == "md" else f"{entry}\n" for entry in entries)


def _render(reader: Reader, form: str, lines: list[Line], hits: Hits | None, said: str, version: str) -> str | bytes:
    from kb.sheet import about, render_sheet
    from kb.studies import study_documents
    from kb.study_list import studies_sheet
    from kb.terminal import table_text

    if form == "table":
        rows = [_cells(line, hits) for line in lines]
        return table_text(_header(hits), rows)
    sheet = studies_sheet(lines, said)
    documents = [] if form in _TEXTS else study_documents(reader, sheet.studies, findings=False)
    return render_sheet(form, sheet, about(sheet, version), documents, bare=True)


def _header(hits: Hits | None) -> tuple[str, ...]:
    return ("Key", "Study", "Title", "Circle", "Coded", *(("Found in",) if hits else ()))


def _cells(line: Line, hits: Hits | None) -> tuple[str, ...]:
    from kb.export import short_citation

    study = line.study
    found_in = (line.found_in,) if hits else ()
    return (study.study, short_citation(study), study.title, study.circle, line.coded, *found_in)


def _print(lines: list[Line], hits: Hits | None) -> None:
    """Print the studies as a table on the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kb.export import short_citation

    table = Table(expand=True, pad_edge=False)
    table.add_column("Study", ratio=3, overflow="fold")
    table.add_column("Title", ratio=6)
    table.add_column("Coded", width=11)
    for line in lines:
        study = Text(short_citation(line.study))
        study.append(f"\n{line.study.study}", style="dim")
        title = Text(line.study.title)
        below = [line.study.container, f"found in: {line.found_in}" if hits else ""]
        title.append("".join(f"\n{text}" for text in below if text), style="dim")
        coded = Text(line.coded)
        coded.append(f"\n{line.study.circle}", style="dim")
        table.add_row(study, title, coded)
    Console(highlight=False, markup=False, emoji=False).print(table)
