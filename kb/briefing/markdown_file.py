"""A briefing as Markdown: footnotes lead to the keys, and no text of the collection is taken for markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.briefing.model import Items, Table, note_texts
from kb.markdown import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.briefing.model import Block, Document, Section, Sentence

_LIST_START = re.compile(r"^([-+]|\d+[.)])(?=\s)")


def as_markdown(document: Document) -> str:
    """Return the briefing as Markdown."""
    notes = document.notes()
    lines = [f"# {escaped(document.title)}", f"*{document.subtitle}*", document.how_to_read]
    for section in document.sections:
        lines += _section(section, notes)
    head, intro = document.references_head
    if intro:
        lines += [f"## {head}", _sentence(intro, notes)]
        lines.append("\n".join(f"- {reference.marked}" for reference in document.references))
    if notes:
        title, text = document.notes_head
        lines += [f"## {title}", text]
        lines += [f"[^{number}]: {escaped(text)}" for number, text in note_texts(notes).items()]
    return "\n\n".join(lines) + "\n"


def _section(section: Section, notes: dict[tuple[str, ...], int]) -> Iterator[str]:
    yield f"{'#' * (section.level + 1)} {escaped(section.heading)}"
    for block in section.blocks:
        yield _block(block, notes)


def _block(block: Block, notes: dict[tuple[str, ...], int]) -> str:
    if isinstance(block, Table):
        lines = [list(block.header), ["---", *["---:"] * (len(block.header) - 1)]]
        for row in block.rows:
            label = escaped(row.label.text) + _mark(row.keys, notes)
            lines.append([label, *(number.text for number in row.numbers)])
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    if isinstance(block, Items):
        return "\n".join(f"- {_sentence(sentence, notes)}" for sentence in block.sentences)
    return " ".join(_sentence(sentence, notes) for sentence in block.sentences)


def _sentence(sentence: Sentence, notes: dict[tuple[str, ...], int]) -> str:
    parts = []
    for piece in sentence.pieces:
        text = piece if isinstance(piece, str) else piece.text
        is_command = not isinstance(piece, str) and getattr(piece, "kind", "") == "command"
        parts.append(f"`{text.replace('`', '')}`" if is_command else escaped(text))
    return _LIST_START.sub(r"\\\1", "".join(parts)) + _mark(sentence.keys, notes)


def _mark(keys: tuple[str, ...], notes: dict[tuple[str, ...], int]) -> str:
    """Return what leads to the keys: a footnote, or a single key itself."""
    if not keys:
        return ""
    return f" \\[{escaped(keys[0])}\\]" if len(keys) == 1 else f"[^{notes[keys]}]"
