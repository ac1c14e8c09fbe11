"""Tables to files that say themselves where they come from, in each format as it allows; nothing breaks out of it.

CSV and TSV have lines that begin with ``#`` on top, which pandas (``comment="#"``) and R (``comment.char = "#"``) skip;
JSON has ``about`` beside ``rows``; a workbook has a sheet; Markdown has a section below; BibTeX and biblatex have a
``@comment``; each record of RIS has a note without the query. CSL-JSON is left as it is: its readers would take a
record for a publication.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from kb.markdown import escaped
from kb.text import clean_text, guard_cell, has_unsafe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.sheet import About, Sheet
    from kb.studies import StudyDocument

#: Whole numbers that a spreadsheet shows as they were written.
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_WIDTHS = {"statement": 60, "title": 40, "source": 40}
_BREAK = re.compile(r"\r\n?|\n")
#: Where a spreadsheet, which knows no comments, would see a cell that is a formula, or one that runs over lines.
_RISKY = re.compile(r"(?<=[,;\t])(?=[\s\"']*[=+\-@|%＝＋－＠]|\")")
_RISKY_IN_TOKEN = re.compile(r"(?<=^[\"'])([\s\"']*)([=+\-@|%＝＋－＠\t])|[,;\t](?=[\s\"']*[=+\-@|%＝＋－＠\t]|\")")
#: Strings, addresses and comments of SPARQL; before that, a string that stands right behind a comma.
_TOKEN = re.compile(
    r"""(?<=[,;\t])(?=["'])|\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
    r"""|<[^<>"{}|^`\s]*>|\#[^\n]*""",
    re.DOTALL,
)
#: What would end a comment of BibTeX, or begin an entry in it, in prose.
_BIBTEX_PROSE = str.maketrans({"@": "(at)", "{": "(", "}": ")"})


def to_csv(sheet: Sheet, about: About | None, delimiter: str = ",") -> str:
    """Return a table as CSV (or TSV with a tab): a row a line, cells that look like formulas disarmed.

    A row with a ``#`` in it is quoted throughout, so that nobody takes part of it for a comment.
    """
    out = io.StringIO()
    out.writelines(f"# {line}".rstrip() + "\n" for line in (_record(about) if about else ()))
    plain = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    quoted = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in (sheet.header, *sheet.rows):
        cells = [guard_cell(clean_text(cell)) for cell in row]
        (quoted if any("#" in cell for cell in cells) else plain).writerow(cells)
    return out.getvalue()


def to_json(sheet: Sheet, about: About | None) -> str:
    """Return a table as JSON: ``about`` and ``rows``, or the rows alone.

    Rows are objects: the year a number, what is not known null, all else text.
    """
    import json

    names = _unique(sheet.header)
    rows = [dict(zip(names, map(_value, names, row), strict=True)) for row in sheet.rows]
    if about is None:
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    facts = {name.lower().replace(" ", "_"): value for name, value in about.facts().items()}
    record = {**facts, "query": runnable(about.query) or None}
    return json.dumps({"about": record, "rows": rows}, ensure_ascii=False, indent=1) + "\n"


def to_markdown(sheet: Sheet, about: About | None) -> str:
    """Return a table in Markdown, with the record as a section below; markup in texts is escaped."""
    lines = [_cells(sheet.header), "|" + " --- |" * len(sheet.header), *map(_cells, sheet.rows), ""]
    return "\n".join([*lines, *(markdown_record(about) if about else ())])


def markdown_record(about: About) -> Iterator[str]:
    """Yield the lines of a section of Markdown that says where something comes from."""
    yield "## About"
    yield ""
    yield from (f"- {name}: {markdown(value)}" for name, value in about.facts().items())
    yield ""
    if query := runnable(about.query).strip("\n"):
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", query)), default=0))
        yield from (f"{fence}sparql", query, fence, "")


def markdown(text: str) -> str:
    """Return a text such that Markdown shows it as it is, on one line."""
    return escaped(clean_text(text))


def to_xlsx(sheet: Sheet, about: About | None) -> bytes:
    """Return a table as an Excel workbook with a sheet that says where it comes from.

    A formula stays text; a column is numbers where all of it is whole numbers.
    """
    import datetime

    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    rows = [[clean_text(cell) for cell in row] for row in sheet.rows]
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "MIPEX evidence", "created": datetime.datetime(2004, 1, 1)})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet("Rows")
        for column, name in enumerate(sheet.header):
            whole = all(_WHOLE.fullmatch(row[column]) for row in rows if row[column])
            page.write_string(0, column, clean_text(name), bold)
            page.set_column(column, column, _WIDTHS.get(name.lower(), 18))
            for number, row in enumerate(rows, 1):
                if row[column] and whole:
                    page.write_number(number, column, int(row[column]), wrapped)
                elif row[column]:
                    page.write_string(number, column, row[column], wrapped)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(len(rows), 1), max(len(sheet.header) - 1, 0))
        if about:
            page = book.add_worksheet("About")
            page.set_column(0, 0, 18)
            page.set_column(1, 1, 100)
            for number, (name, value) in enumerate(_facts(about)):
                page.write_string(number, 0, name, bold)
                page.write_string(number, 1, value)
    return out.getvalue()


def to_references(form: str, documents: Iterable[StudyDocument], about: About | None) -> str:
    """Return the studies as references: bibtex, biblatex, ris or csl-json."""
    from kb.export import study_references

    text = study_references(form, documents)
    if about and form in ("bibtex", "biblatex"):
        return f"{bibtex_record(about)}\n{text}"
    if about and form == "ris":
        note = "; ".join(f"{name}: {value}" for name, value in about.facts().items() if name != "Shown")
        return text.replace("\r\nER  - \r\n", f"\r\nN1  - From MIPEX evidence. {note}\r\nER  - \r\n")
    return text


def bibtex_record(about: About) -> str:
    """Return the record as a comment of BibTeX, in which neither ``@`` nor an open brace is left.

    In the query they stand in the numbered form of SPARQL 1.1, and a line says so.
    """
    facts = [f"{name}: {value.translate(_BIBTEX_PROSE)}" for name, value in about.facts().items()]
    query = runnable(about.query)
    stand_ins: dict[str, str] = {"@": "\\u0040"} if "@" in query else {}
    if not _balanced(query):
        stand_ins |= {"{": "\\u007B", "}": "\\u007D"}
    words = {"@": "the at sign", "{": "an opening brace", "}": "a closing brace"}
    told = "".join(f"; {code} is {words[mark]}" for mark, code in stand_ins.items())
    lines = [f"Query (SPARQL{told}):", *_lines(_replaced(query, stand_ins))] if query.strip() else []
    return "@comment{MIPEX evidence\n" + "\n".join([*facts, *lines]) + "\n}\n"


def runnable(query: str) -> str:
    """Return a query in which characters that are no visible text stand in their numbered form; it means the same."""
    query = _BREAK.sub("\n", query)
    if not has_unsafe(query):
        return query
    return "".join(_numbered(letter) if has_unsafe(letter) else letter for letter in query)


def _numbered(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _record(about: About) -> list[str]:
    """Return the record as lines, the query last; no part of a line starts like a formula, and the query still runs."""
    lines = [_RISKY.sub("'", f"{name}: {value}") for name, value in about.facts().items()]
    query = _TOKEN.sub(_calm, runnable(about.query))
    return ["MIPEX evidence", *lines, *(["Query (SPARQL):", *_lines(query)] if query.strip() else [])]


def _calm(token: re.Match[str]) -> str:
    """Return a part of a query without what a spreadsheet would obey; it means the same."""
    if not token[0]:
        return " "
    return _RISKY_IN_TOKEN.sub(lambda found: (found[1] or "") + _numbered(found[2] or found[0]), token[0])


def _lines(query: str) -> list[str]:
    return query.strip("\n").split("\n") if query.strip() else []


def _replaced(text: str, stand_ins: dict[str, str]) -> str:
    return "".join(stand_ins.get(letter, letter) for letter in text)


def _balanced(text: str) -> bool:
    depth = 0
    for mark in re.findall(r"[{}]", text):
        depth += 1 if mark == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _unique(header: tuple[str, ...]) -> list[str]:
    """Return the names of the columns; one that is there already gets a number."""
    names: dict[str, None] = {}
    for title in header:
        name, number = clean_text(title), 2
        while name in names:
            name, number = f"{clean_text(title)} {number}", number + 1
        names[name] = None
    return list(names)


def _value(name: str, cell: str) -> str | int | None:
    cell = clean_text(cell)
    if name.lower() == "year" and _WHOLE.fullmatch(cell):
        return int(cell)
    return cell or None


def _cells(row: Iterable[str]) -> str:
    return "| " + " | ".join(markdown(cell) for cell in row) + " |"


def _facts(about: About) -> Iterator[tuple[str, str]]:
    """Yield the record as rows of a workbook: a fact a row, then a line of the query a row."""
    yield from about.facts().items()
    for number, line in enumerate(_lines(runnable(about.query))):
        yield "" if number else "Query (SPARQL)", line
