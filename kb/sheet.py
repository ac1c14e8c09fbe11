"""What a screen shows, as a table to take away: its rows as shown, the studies behind them, and the query behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.evidence import Row
    from kb.session import Session
    from kb.studies import StudyDocument

#: Format -> ending of its files, in the order in which they are offered.
SHEET_FORMATS = {
    "csv": "csv", "tsv": "tsv", "xlsx": "xlsx", "json": "json", "md": "md",
    "bibtex": "bib", "biblatex": "biblatex.bib", "ris": "ris", "csl-json": "csl.json",
}  # fmt: skip
#: Formats in which there is no place for the record of where the rows come from.
WITHOUT_RECORD = ("csl-json",)


class Sheet(NamedTuple):
    """A table as it is shown.

    ``studies``: keys of the studies behind the rows, for references; ``summary``: one line that says what is shown;
    ``query``: the SPARQL behind it, empty where there is none; ``keys``: of each row the key of its finding or study,
    where rows are findings or studies, so that all that is known of them can be written too (see ``whole_sheet``).
    """

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    studies: tuple[str, ...]
    summary: str
    query: str
    keys: tuple[str, ...] = ()


class About(NamedTuple):
    """The record that goes with a table: what it shows, the query behind it, the day, and the versions."""

    title: str
    summary: str
    query: str
    date: str
    data_version: str
    program_version: str

    def facts(self) -> dict[str, str]:
        """Return what is known but for the query, by name, each on one line."""
        from kb.text import clean_text

        named = {
            "Table": self.title,
            "Shown": self.summary,
            "Date": self.date,
            "Data version": self.data_version,
            "Program": f"mipex-kb {self.program_version}",
        }
        return {name: text for name, value in named.items() if (text := clean_text(value))}


def about(sheet: Sheet, data_version: str, date: str = "") -> About:
    """Return the record of a table; ``date`` is an ISO day, today without it."""
    from datetime import UTC, datetime

    from kb import __version__
    from kb.sparql_text import portable, without_header

    query = portable(without_header(sheet.query)) if sheet.query.strip() else ""
    today = date or datetime.now(UTC).astimezone().date().isoformat()
    return About(sheet.title, sheet.summary, query, today, data_version, __version__)


def findings_sheet(title: str, rows: Sequence[Row], summary: str = "", query: str = "") -> Sheet:
    """Return findings as a table with all their columns."""
    from kb.evidence import Row

    keys = tuple(row.finding for row in rows)
    return Sheet(title, Row._fields, [tuple(row) for row in rows], studies_of(rows), summary, query, keys)


def studies_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the keys of the studies that findings come from, each once, in their order."""
    return tuple(dict.fromkeys(row.study for row in rows))


def whole_sheet(sheet: Sheet, session: Session) -> Sheet:
    """Return the same rows with all that is known of each finding or study; as it is where the rows are neither."""
    from kb.tables import StudyRow

    rows = {row.finding: row for row in session.findings()}
    if sheet.keys and all(key in rows for key in sheet.keys):
        chosen = [rows[key] for key in sheet.keys]
        return findings_sheet(sheet.title, chosen, sheet.summary, sheet.query)._replace(studies=sheet.studies)
    studies = [study for key in sheet.keys if (study := session.study(key))]
    if studies and len(studies) == len(sheet.keys):
        return sheet._replace(header=StudyRow._fields, rows=[tuple(study) for study in studies])
    return sheet


def reference_documents(studies: Iterable[str], session: Session) -> list[StudyDocument]:
    """Return studies for references, in the order given: without their findings, which takes half the time.

    Raises:
        UnknownStudyError: a key is not in the collection.
    """
    from kb.studies import study_documents

    return study_documents(session.reader, studies, findings=False)


def file_stem(about: About) -> str:
    """Return a name for files of a table, without ending: its title in plain letters, and the day."""
    import re

    from kb.text import clean_text, plain_letters

    words = re.sub("[^a-z0-9]+", "-", plain_letters(clean_text(about.title))).strip("-")
    return f"mipex-{words[:50].strip('-') or 'table'}-{about.date}"


def render_sheet(
    form: str, sheet: Sheet, about: About, documents: Iterable[StudyDocument] = (), *, bare: bool = False
) -> str | bytes:
    """Return a table in one of ``SHEET_FORMATS``; a workbook comes as bytes.

    ``documents`` are the studies behind it, for the formats of references. The file says where it comes from, as far as
    its format allows; ``bare`` leaves that out.
    """
    from kb import sheet_formats as formats

    record = None if bare else about
    if form in ("csv", "tsv"):
        return formats.to_csv(sheet, record, "," if form == "csv" else "\t")
    if form == "json":
        return formats.to_json(sheet, record)
    if form == "xlsx":
        return formats.to_xlsx(sheet, record)
    if form == "md":
        return formats.to_markdown(sheet, record)
    return formats.to_references(form, documents, record)
