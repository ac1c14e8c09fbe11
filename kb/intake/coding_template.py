"""Empty coding sheets, as CSV or as a workbook: a column for each field, and what goes into it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from kb.fields import FINDING_FIELDS
from kb.intake.coding_words import SEVERAL, choices, field_help, kinds_of, written
from kb.intake.sheets import FINDINGS_SHEET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.vocabulary import Concept, Vocabulary

_ROWS = 2_000  # rows of the workbook that are set up for findings
_FEW = 6  # values that an explanation names one by one
_NEEDED = {"yes": "needed", "moderator": "for moderators", "wanted": "wanted", "no": "if printed or useful"}
_ABOUT = (
    "One finding a row in the sheet Findings, from row 2 on. Rows and headings that begin with # are not read. Write "
    "numbers as printed. Then: mipex-kb code --sheet FILE --dry-run"
)


def csv_template(vocabulary: Vocabulary, studies: Sequence[str] = ()) -> str:
    """Return a sheet as CSV: headings, a row that explains them, and a row for each study."""
    from kb.export import to_csv

    explained = [_explanation(name, vocabulary) for name in FINDING_FIELDS]
    explained[0] = f"# {explained[0]}"
    return to_csv(FINDING_FIELDS, [explained, *([key, *[""] * (len(FINDING_FIELDS) - 1)] for key in studies)])


def xlsx_template(vocabulary: Vocabulary, studies: Sequence[str] = ()) -> bytes:
    """Return a sheet as a workbook whose cells are text: findings, an explanation, and the words with definitions.

    Cells for one concept offer a list and refuse what is not in it; cells for several offer it.
    """
    import datetime

    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "Coding sheet", "created": datetime.datetime(2004, 1, 1)})
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        sheet, about, words = map(book.add_worksheet, (FINDINGS_SHEET, "Explanation", "Words"))
        sheet.freeze_panes(1, 1)
        ranges = _write_words(words, bold, vocabulary)
        for column, name in enumerate(FINDING_FIELDS):
            sheet.set_column(column, column, {"statement": 60, "study": 28}.get(name, 18), text)
            sheet.write_string(0, column, name, bold)
            if name in ranges:
                several = name in SEVERAL
                sheet.data_validation(
                    1, column, _ROWS, column,
                    {
                        "validate": "list",
                        "source": ranges[name],
                        "error_type": "information" if several else "stop",
                        "error_title": "Not in the list",
                        "error_message": f"Choose a {name} from the list, or see the sheet Words.",
                        "input_title": name,
                        "input_message": field_help()[name].meaning[:255],
                    },
                )  # fmt: skip
        for number, key in enumerate(studies, 1):
            sheet.write_string(number, 0, key, text)
        about.write_string(0, 0, _ABOUT)
        about.set_column(0, 1, 16)
        about.set_column(2, 3, 70)
        for column, heading in enumerate(("field", "needed", "meaning", "values")):
            about.write_string(2, column, heading, bold)
        for number, (name, told) in enumerate(field_help().items(), 3):
            for column, cell in enumerate((name, _NEEDED[told.needed], told.meaning, _values(name, vocabulary))):
                about.write_string(number, column, cell, text)
    return out.getvalue()


def _write_words(sheet: object, bold: object, vocabulary: Vocabulary) -> dict[str, str]:
    """Write the concepts of each field below each other; return for each field where its names stand."""
    write = sheet.write_string  # type: ignore[attr-defined]
    for column, heading in enumerate(("field", "value", "label", "definition")):
        write(0, column, heading, bold)
    sheet.set_column(0, 2, 28)  # type: ignore[attr-defined]
    sheet.set_column(3, 3, 100)  # type: ignore[attr-defined]
    ranges = {}
    number = 0
    for name in FINDING_FIELDS:
        found = choices(name, vocabulary)
        first = number + 1
        for concept in found:
            number += 1
            for column, cell in enumerate((name, written(concept), concept.label, concept.definition)):
                write(number, column, cell)
        if found and name != "relation":
            ranges[name] = f"=Words!$B${first + 1}:$B${number + 1}"
    return ranges


def _explanation(name: str, vocabulary: Vocabulary) -> str:
    told = field_help()[name]
    values = _values(name, vocabulary)
    return f"{told.meaning} ({_NEEDED[told.needed]}{'; ' + values if values else ''})"


def _values(name: str, vocabulary: Vocabulary) -> str:
    found: list[Concept] = choices(name, vocabulary)
    if not found:
        return ""
    if len(found) <= _FEW:
        return f"one of: {', '.join(map(written, found))}"
    return " or ".join(f"mipex-kb vocab {kind}" for kind in kinds_of(name))
