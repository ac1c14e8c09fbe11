"""A briefing as a Word file: headings, lists and tables are real ones, and the keys stand small behind sentences."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from kb.briefing.model import Items, Table, Term, note_texts
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph

    from kb.briefing.model import Block, Document, Sentence

    Notes = dict[tuple[str, ...], int]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SMALL, _BODY = 7.5, 10
_PAPER, _SIDE = 210, 18  # widths in millimetres


def as_docx(document: Document) -> bytes:
    """Return the briefing as a file of Word."""
    import docx
    from docx.shared import Pt

    word = docx.Document()
    _page(word, document.title)
    notes = document.notes()
    word.add_heading(_plain(document.title), 0)
    word.add_paragraph().add_run(document.subtitle).italic = True
    _small(word.add_paragraph(), document.how_to_read)
    for section in document.sections:
        word.add_heading(_plain(section.heading), section.level)
        for block in section.blocks:
            _block(word, block, notes)
    head, intro = document.references_head
    if intro:
        word.add_heading(head, 1)
        _sentence(word.add_paragraph(), intro, notes)
        for reference in document.references:
            run = word.add_paragraph(style="List Bullet").add_run(_plain(reference.text))
            run.font.size = Pt(_BODY - 1)
    if notes:
        word.add_heading(document.notes_head[0], 1)
        _small(word.add_paragraph(), document.notes_head[1])
        for number, text in note_texts(notes).items():
            _small(word.add_paragraph(), f"[{number}] {text}")
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _page(word: WordDocument, title: str) -> None:
    """Set paper, type, and the properties of the file, which name no person."""
    from docx.shared import Mm, Pt

    properties = word.core_properties
    properties.title, properties.author, properties.comments = _plain(title), "mipex-kb", ""
    properties.language = "en-GB"
    for section in word.sections:
        section.page_width, section.page_height = Mm(_PAPER), Mm(297)
        section.left_margin = section.right_margin = Mm(_SIDE)
        section.top_margin = section.bottom_margin = Mm(16)
    styles: Any = word.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(_BODY)
    for name, before, after in (("Normal", 0, 3), ("List Bullet", 0, 1), ("Heading 1", 9, 2), ("Heading 2", 5, 1)):
        styles[name].paragraph_format.space_before = Pt(before)
        styles[name].paragraph_format.space_after = Pt(after)
        styles[name].paragraph_format.line_spacing = 1.0
    for name, size in (("Title", 19), ("Heading 1", 13), ("Heading 2", 11)):
        styles[name].font.size = Pt(size)


def _block(word: WordDocument, block: Block, notes: Notes) -> None:
    if isinstance(block, Table):
        _table(word, block, notes)
    elif isinstance(block, Items):
        for sentence in block.sentences:
            _sentence(word.add_paragraph(style="List Bullet"), sentence, notes)
    else:
        paragraph = word.add_paragraph()
        for place, sentence in enumerate(block.sentences):
            if place:
                paragraph.add_run(" ")
            _sentence(paragraph, sentence, notes)


def _table(word: WordDocument, block: Table, notes: Notes) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    table = word.add_table(rows=1, cols=len(block.header), style="Table Grid")
    for place, (cell, head) in enumerate(zip(table.rows[0].cells, block.header, strict=True)):
        _small(cell.paragraphs[0], head, bold=True)
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
    for row in block.rows:
        label, *cells = table.add_row().cells
        _small(label.paragraphs[0], _plain(row.label.text) + _mark(row.keys, notes))
        for cell, number in zip(cells, row.numbers, strict=True):
            _small(cell.paragraphs[0], number.text)
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table.autofit = False
    for column, width in zip(table.columns, _widths(block.header), strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    word.add_paragraph()


def _widths(header: Sequence[str]) -> list[float]:
    """Return the width of each column: of numbers what the longest word of the head takes, of labels the rest."""
    numbers = [4 + 1.75 * max(map(len, head.split())) for head in header[1:]]
    return [_PAPER - 2 * _SIDE - sum(numbers), *numbers]


def _sentence(paragraph: WordParagraph, sentence: Sentence, notes: Notes) -> None:
    for piece in sentence.pieces:
        run = paragraph.add_run(_plain(piece if isinstance(piece, str) else piece.text))
        if isinstance(piece, Term) and piece.kind == "command":
            run.font.name = "Consolas"
    if sentence.keys:
        _small(paragraph, _mark(sentence.keys, notes))


def _small(paragraph: WordParagraph, text: str, *, bold: bool = False) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(_SMALL), bold


def _mark(keys: tuple[str, ...], notes: Notes) -> str:
    """Return what leads to the keys: the number of a note, or a single key itself."""
    return "" if not keys else f" [{notes[keys] if len(keys) > 1 else keys[0]}]"


def _plain(text: str) -> str:
    """Return text without what no XML file may hold; spaces at its ends stay."""
    safe = _NOT_XML.sub("", text)
    inner = clean_text(safe)
    start, end = safe[: len(safe) - len(safe.lstrip())], safe[len(safe.rstrip()) :]
    return f"{start}{inner}{end}" if inner else safe
