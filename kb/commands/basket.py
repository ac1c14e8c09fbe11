"""Keep findings and studies in named baskets, the same as in the terminal UI, and take them away as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.baskets import Baskets
from kb.errors import UsageError
from kb.sheet import SHEET_FORMATS, WITHOUT_RECORD
from kb.text import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


EXAMPLE = """actions (list without one; options come after the keys and names):
  list                      all baskets; a star marks the current one
  show [NAME]               what is in a basket
  add KEY ...               put findings and studies in; --basket NAME, --note TEXT
  remove KEY ...            take them out; --basket NAME
  note KEY TEXT             write a note on one of them; an empty one takes it away
  new NAME, use NAME        make a basket; make one the current one
  rename OLD NEW, delete NAME
  undo                      take the last change back
  export [NAME]             --format md (a reading list), csv, xlsx, bibtex and others; -o FILE

examples:
  mipex-kb basket add migali2017determinants-1 --note "for chapter 2"
  mipex-kb basket export --format md -o reading.md
  mipex-kb basket export "Chapter 2" --format csv"""

_ENDINGS = {"bib": "bibtex", **{form: form for form in ("csv", "tsv", "xlsx", "json", "md", "ris")}}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    from kb.basket_contents import ORDERS
    from kb.commands.common import output_options

    parser.add_argument("action", nargs="?", default="list", metavar="ACTION", help="what to do; see below")
    parser.add_argument("words", nargs="*", metavar="WORD", help="keys and names, as the action needs them")
    parser.add_argument("--basket", default="", metavar="NAME", help="which basket; the current one without it")
    parser.add_argument("--note", default="", metavar="TEXT", help="a note on what is added")
    parser.add_argument("--format", choices=tuple(SHEET_FORMATS), help="md without it, or what the ending says")
    parser.add_argument("--by", choices=ORDERS, default="added", help="the order of a reading list")
    parser.add_argument("--style", default="plain", metavar="STYLE", help="citations of a reading list, such as apa")
    parser.add_argument("--bare", action="store_true", help="without the query, the date and the versions in the file")
    output_options(parser)


def run(options: argparse.Namespace) -> int:
    """Do one thing with the baskets."""
    from kb.commands.common import chosen_collection
    from kb.output import note

    chosen_collection(options)
    if options.action not in _ACTIONS:
        raise UsageError(f"There is no action {options.action!r}. There are: {', '.join(_ACTIONS)}.")
    act, least, most = _ACTIONS[options.action]
    number = len(options.words)
    if number < least or (most is not None and number > most):
        raise UsageError(f"{options.action} was given the wrong number of words. See: mipex-kb basket --help")
    baskets = Baskets()
    if baskets.damage:
        note(baskets.damage)
    act(options, baskets)
    return 0


def _list(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import emit
    from kb.terminal import table_text

    current = baskets.current.name
    rows = [("*" * (basket.name == current), basket.name, str(len(basket.items))) for basket in baskets.all]
    emit(table_text(("", "Basket", "Entries"), rows), options.output, force=options.force)


def _show(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.basket_contents import lines_of
    from kb.commands.common import opened_session
    from kb.output import emit, note
    from kb.terminal import SIGNS, table_text

    basket = baskets.basket(_name(options))
    with opened_session(options) as session:
        lines = lines_of(basket, session)
    rows = []
    for line in lines:
        finding = line.finding
        what = (
            f"{SIGNS.get(finding.direction, '?')} {finding.statement}" if finding else line.study and line.study.title
        )
        rows.append((line.item.key, line.citation, what or "(no longer in the collection)", line.item.note))
    if rows:
        emit(table_text(("Key", "Study", "Statement or title", "Note"), rows), options.output, force=options.force)
    missing = sum(line.study is None for line in lines)
    gone = f"; {missing} no longer in the collection" if missing else ""
    note(f"{basket.name}: {counted(len(lines), 'entry', 'entries')}{gone}.")


def _add(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.basket_contents import lines_of
    from kb.baskets_file import Basket, Item
    from kb.commands.common import opened_session
    from kb.output import note

    wanted = Basket("", tuple(Item(key) for key in options.words))
    with opened_session(options) as session:
        unknown = [line.item.key for line in lines_of(wanted, session) if line.study is None]
    if unknown:
        raise UsageError(f"There is no study or finding {unknown[0]!r}. Nothing was added. See: mipex-kb show --help")
    number = baskets.add(options.words, options.basket, options.note)
    note(f"{counted(number, 'entry', 'entries')} added to {baskets.basket(options.basket).name}.")


def _remove(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import note

    number = baskets.remove(options.words, options.basket)
    note(f"{counted(number, 'entry', 'entries')} taken out of {baskets.basket(options.basket).name}.")


def _note(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import note

    baskets.annotate(options.words[0], " ".join(options.words[1:]), options.basket)
    note(f"Note on {options.words[0]} written.")


def _new(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import note

    baskets.create(options.words[0])
    note(f"New basket: {baskets.current.name}. It is the current one.")


def _use(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import note

    baskets.choose(options.words[0])
    note(f"Current basket: {baskets.current.name}.")


def _rename(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import note

    baskets.rename(*options.words)
    note(f"Renamed: {baskets.basket(options.words[1]).name}.")


def _delete(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import note

    basket = baskets.basket(options.words[0])
    baskets.delete(basket.name)
    entries = counted(len(basket.items), "entry", "entries")
    note(f"Deleted: {basket.name} with {entries}. Take it back with: mipex-kb basket undo")


def _undo(_: argparse.Namespace, baskets: Baskets) -> None:
    from kb.output import note

    note(f"Taken back: {baskets.undo()}.")


def _export(options: argparse.Namespace, baskets: Baskets) -> None:
    from kb.basket_contents import basket_sheet, reading_list
    from kb.commands.common import opened_session
    from kb.output import emit, note, to_terminal
    from kb.sheet import about, reference_documents, render_sheet

    ending = options.output.rpartition(".")[2].lower() if options.output else "md"
    form = options.format or _ENDINGS.get(ending, "")
    if not form:
        known = ", ".join(f".{name}" for name in _ENDINGS)
        raise UsageError(f"The ending of {options.output} names no format. Use {known}, or add --format.")
    if form == "xlsx" and not options.output and to_terminal():
        raise UsageError("A workbook cannot be shown on a terminal. Add -o FILE.xlsx.")
    basket = baskets.basket(_name(options))
    with opened_session(options) as session:
        sheet = basket_sheet(basket, session)
        record = about(sheet, session.version())
        content: str | bytes
        if form == "md":
            kept = None if options.bare else record
            content = reading_list(basket, session, order=options.by, style=options.style, about=kept)
        else:
            documents = reference_documents(sheet.studies, session)
            content = render_sheet(form, sheet, record, documents, bare=options.bare)
    emit(content, options.output, force=options.force)
    told = (
        " This format has no place for the query and the date." if form in WITHOUT_RECORD and not options.bare else ""
    )
    note(f"{sheet.title}: {sheet.summary}.{told}")


def _name(options: argparse.Namespace) -> str:
    name: str = options.words[0] if options.words else options.basket
    return name


#: Action -> what it does, and how many words it takes at least and at most (none: any number).
_ACTIONS: dict[str, tuple[Callable[[argparse.Namespace, Baskets], None], int, int | None]] = {
    "list": (_list, 0, 0), "show": (_show, 0, 1), "add": (_add, 1, None), "remove": (_remove, 1, None),
    "note": (_note, 1, None), "new": (_new, 1, 1), "use": (_use, 1, 1), "rename": (_rename, 2, 2),
    "delete": (_delete, 1, 1), "undo": (_undo, 0, 0), "export": (_export, 0, 1),
}  # fmt: skip
