"""Show an evidence gap map: how many studies there are, which way they point, and where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from kb.session import Session

EXAMPLE = """examples:
  mipex-kb map
  mipex-kb map --down country --across policy --circle all
  mipex-kb map --policy health --across design --format list
  mipex-kb map --format csv -o map.csv
  mipex-kb map -o map.svg
  mipex-kb map -o map.html"""

_FORMATS = ("table", "list", "csv", "tsv", "json", "md", "xlsx", "svg", "html")
_ENDINGS = {**{name: name for name in _FORMATS[2:]}, "txt": "table"}
_FILTERS = {
    "policy": "a policy and what lies below it",
    "outcome": "an outcome, an outcome group or an actor",
    "population": "whom the finding is about",
    "direction": "positive, negative, null, mixed or unclear",
    "appraisal": "favourable, unfavourable, neutral, mixed or unclear",
    "role": "direct or moderator",
    "design": "the design of the study",
    "source-level": "where it was read: fulltext, abstract or secondary",
    "country": "a country that the study covers, by code or name",
    "data": "a survey or register that the study uses",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.commands.common import output_options
    from kb.dimensions import dimensions

    names = ", ".join(dimensions())
    parser.add_argument("--down", default="outcome", metavar="DIMENSION", help=f"what the rows are: {names}")
    parser.add_argument("--across", default="policy", metavar="DIMENSION", help="what the columns are, one of the same")
    for name, text in _FILTERS.items():
        parser.add_argument(
            f"--{name}", action="append", metavar=name.upper(), default=[], help=f"only {text}; repeatable"
        )
    parser.add_argument(
        "--circle", "--measure", action="append", metavar="CIRCLE", default=[],
        help="core, comparable, reform, status or all; repeatable; core without it",
    )  # fmt: skip
    parser.add_argument("--since", default="", metavar="YEAR", help="published in this year or later")
    parser.add_argument("--until", default="", metavar="YEAR", help="published in this year or earlier")
    parser.add_argument("--search", default="", metavar="TEXT", help="all these words, anywhere in finding or study")
    parser.add_argument(
        "--format", choices=_FORMATS,
        help="table without it, or what the ending of the file says; html is a page to filter and search offline",
    )  # fmt: skip
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the map and print or write it."""
    from kb.commands.common import opened_session
    from kb.output import emit, note

    form = _format(options)
    with opened_session(options) as session:
        content, said = _render(session, form, options)
    emit(content, options.output, force=options.force)
    note(said)
    return 0


def _render(session: Session, form: str, options: argparse.Namespace) -> tuple[str | bytes, str]:
    """Return the map in a format, and what is said beside it."""
    import os

    from kb import gap_map_files as files
    from kb.choice_words import choice_from
    from kb.commands.common import as_json
    from kb.dimensions import dimension
    from kb.errors import UsageError
    from kb.gap_map import Mapper
    from kb.output import to_terminal
    from kb.sheet import about, render_sheet

    down, across = dimension(options.down), dimension(options.across)
    if down == across:
        raise UsageError(f"Both dimensions are {down.name!r}. Choose another one with --down or --across.")
    names = {name: getattr(options, name.replace("-", "_")) for name in (*_FILTERS, "circle")}
    choice = choice_from(session, names, since=options.since, until=options.until, search=options.search)
    mapper = Mapper(session.index, session.vocabulary())
    made = mapper.make(choice, down, across)
    sheet = files.map_sheet(made, mapper, session)
    if form == "json":
        return as_json(files.map_data(made, mapper, session)), sheet.summary
    if form == "list":
        return files.map_list(made, mapper, session), sheet.summary
    if form == "svg":
        from kb.gap_map_page.picture import to_svg

        return to_svg(made, mapper, session), sheet.summary
    if form == "html":
        from kb.gap_map_page.page import to_html

        return to_html(session, choice, down, across), sheet.summary
    if form == "table":
        wide = to_terminal() and not options.output
        return files.map_table(made, os.get_terminal_size().columns if wide else 80), sheet.summary
    table = sheet if form in ("md", "xlsx") else files.cells_sheet(made, mapper, session)
    return render_sheet(form, table, about(table, session.version()), bare=True), sheet.summary


def _format(options: argparse.Namespace) -> str:
    """Return the format asked for, or the one that the ending of the output file means.

    Raises:
        UsageError: the ending is not known, or a workbook was to go to a terminal.
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
    if form == "xlsx" and not options.output and to_terminal():
        raise UsageError("A workbook cannot be shown on a terminal. Add -o FILE.xlsx.")
    return form
