"""Rows to files: tables, JSON, workbooks and references; safe in spreadsheets, never over an existing file."""

from __future__ import annotations

import csv
import io
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from kb.errors import ExportError
from kb.markdown import escaped
from kb.text import counted, guard_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kb.evidence import Answer, Row
    from kb.store import Reader
    from kb.studies import StudyDocument
    from kb.tables import StudyRow

#: Ending of a file -> format.
FORMATS = {"csv": "csv", "tsv": "tsv", "json": "json", "md": "md", "xlsx": "xlsx", "bib": "bibtex", "ris": "ris"}


def render_answer(form: str, answer: Answer, reader: Reader) -> str | bytes:
    """Return findings in a format: table (plain text), csv, tsv, json, md, xlsx, bibtex, biblatex, ris or csl-json."""
    from kb.evidence import Row
    from kb.reference_formats import REFERENCE_FORMATS

    if form in ("csv", "tsv"):
        return to_csv(Row._fields, answer.rows, "," if form == "csv" else "\t")
    if form == "json":
        return to_json(answer.rows)
    if form == "md":
        return to_markdown(answer)
    if form == "xlsx":
        return to_xlsx(Row._fields, answer.rows, answer.summary())
    if form in REFERENCE_FORMATS:
        return to_references(form, reader, answer.rows)
    from kb.terminal import findings_text

    return findings_text(answer.rows, status=answer.measure_status)


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Return rows as CSV (or TSV with a tab): UTF-8 text, one line each, cells that look like formulas disarmed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guard_cell(cell).replace("\r", " ") for cell in row] for row in rows)
    return out.getvalue()


def to_json(rows: Iterable[Row]) -> str:
    """Return findings as a JSON list of objects: the year a number, what is not known null, all else text."""
    import json

    objects = [
        {name: (int(cell) if name == "year" else cell) if cell else None for name, cell in row._asdict().items()}
        for row in rows
    ]
    return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"


def to_markdown(answer: Answer) -> str:
    """Return findings as a Markdown table with the summary below; markup in texts is escaped."""
    header = ("Policy", "Outcome", "Population", "Direction", "Appraisal", "Statement", "Study", "Read in")
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for row in answer.rows:
        outcome = f"{row.outcome_label} ({row.relation})" if row.relation else row.outcome_label
        study = f"{short_citation(row)}, {row.finding}"
        read_in = ", ".join(part for part in (row.source_level, row.locator, row.source) if part)
        cells = (row.policy_label, outcome, row.population, row.direction, row.appraisal, row.statement, study, read_in)
        lines.append("| " + " | ".join(escaped(cell) for cell in cells) + " |")
    return "\n".join([*lines, "", answer.summary(), ""])


def to_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]], summary: str) -> bytes:
    """Return rows as an Excel workbook: a sheet of findings and one that says what is shown."""
    import datetime

    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "MIPEX evidence", "created": datetime.datetime(2004, 1, 1)})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Findings")
        sheet.write_row(0, 0, header, bold)
        number = 0
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if header[column] == "year" and cell:
                    sheet.write_number(number, column, int(cell), wrapped)
                elif cell:
                    sheet.write_string(number, column, cell, wrapped)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(number, 1), len(header) - 1)
        for column, name in enumerate(header):
            sheet.set_column(column, column, {"statement": 60, "title": 40, "source": 40}.get(name, 18))
        book.add_worksheet("About").write_string(0, 0, summary)
    return out.getvalue()


def to_references(form: str, reader: Reader, rows: Iterable[Row]) -> str:
    """Return the references of the studies that the findings come from: bibtex, biblatex, ris or csl-json."""
    from kb.studies import study_documents

    keys = sorted({row.study for row in rows})
    return study_references(form, study_documents(reader, keys, findings=False))


def study_references(form: str, documents: Iterable[StudyDocument]) -> str:
    """Return the references of studies: bibtex, biblatex, ris or csl-json."""
    from kb.reference_formats import render_references
    from kb.references import read_reference

    return render_references(form, [read_reference(document.key, document.fields) for document in documents])


def short_citation(row: Row | StudyRow) -> str:
    """Return the families and the year, as in "Röder and Mühlau 2012" or "Juárez et al. 2019"."""
    families = [name.partition(",")[0] for name in row.authors.split("; ") if name]
    who = f"{families[0]} et al." if len(families) > 2 else " and ".join(families) or row.study
    return f"{who} {row.year}"


def numbers(row: Row) -> str:
    """Return the printed numbers of a finding on one line, empty where none is known."""
    named = (("estimate", row.estimate), ("SE", row.se), ("p", row.p), ("n", row.n))
    return ", ".join(f"{name} {value}" for name, value in named if value)


def study_json(documents: Iterable[StudyDocument]) -> str:
    """Return studies as a JSON list of objects: key, the fields that are known, and the findings."""
    import json

    found = [
        {
            "key": document.key,
            **document.fields,
            "findings": [{**row._asdict(), **document.more[row.finding]} for row in document.findings],
        }
        for document in documents
    ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def study_text(document: StudyDocument) -> str:
    """Return one study as plain text: the reference, how it was coded, and its findings with their sources."""
    from kb.studies import reference
    from kb.terminal import findings_text

    fields = document.fields
    in_reference = {"authors", "editors", "author_names", "editor_names", "year", "title", "container", "publisher"}
    in_reference |= {"volume", "number", "pages", "doi"}
    rest = {name: value for name, value in fields.items() if name not in in_reference}
    width = max(map(len, rest), default=0)
    lines = [document.key, reference(fields), ""]
    lines += [f"  {name:<{width}}  {value}" for name, value in rest.items()]
    count = len(document.findings)
    status = {document.key: fields["measurestatus"]} if "measurestatus" in fields else {}
    lines += ["", counted(count, "finding") if count else "Uncoded: no finding yet.", ""]
    return "\n".join(lines) + "\n" + findings_text(document.findings, document.more, status)


def write_file(path: Path, content: bytes, *, force: bool = False) -> None:
    """Write a file whole or not at all.

    Raises:
        ExportError: the file exists and ``force`` is off, or it cannot be written.
    """
    with new_file(path, force=force) as pending:
        pending.write_bytes(content)


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give the place of a file that gets its name only once all of it is written.

    Raises:
        ExportError: the file exists and ``force`` is off, or it cannot be written.
    """
    if os.path.isdir(path):  # noqa: PTH112 - unlike Path.is_dir, it does not raise on impossible names
        raise ExportError(f"{path} is a folder. Name a file in it.")
    if os.path.lexists(path) and not force:
        raise ExportError(f"{path} exists already. Choose another name, or add --force to replace it.")
    pending = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        yield pending
        pending.replace(path)
    except BaseException as error:
        with suppress(OSError):
            pending.unlink()
        if isinstance(error, OSError):
            raise ExportError(f"{path} cannot be written: {error.strerror}. Choose another place.") from None
        raise
