"""A briefing as one HTML page that needs nothing else: everything is escaped, there is no script, it prints well."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kb.briefing.model import Items, Table, Term, note_texts, short_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.briefing.model import Block, Document, Section, Sentence

    Notes = dict[tuple[str, ...], int]

_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def as_html(document: Document) -> str:
    """Return the briefing as a page."""
    notes = document.notes()
    lines = [
        f"<h1>{escape(document.title)}</h1>",
        f'<p class="subtitle">{escape(document.subtitle)}</p>',
        f'<p class="small">{escape(document.how_to_read)}</p>',
    ]
    for section in document.sections:
        lines += _section(section, notes)
    head, intro = document.references_head
    if intro:
        lines += [f"<h2>{escape(head)}</h2>", f"<p>{_sentence(intro, notes)}</p>", '<ul class="references">']
        lines += [f"<li>{escape(reference.text)}</li>" for reference in document.references]
        lines.append("</ul>")
    if notes:
        lines += [
            f"<h2>{escape(document.notes_head[0])}</h2>",
            f'<p class="small">{escape(document.notes_head[1])}</p>',
        ]
        lines.append('<ol class="notes">')
        lines += [f'<li id="n{number}">{escape(text)}</li>' for number, text in note_texts(notes).items()]
        lines.append("</ol>")
    style = Path(__file__).with_name("page.css").read_text("utf-8")
    return _PAGE.format(title=escape(document.title), style=style, body="\n".join(lines))


def _section(section: Section, notes: Notes) -> Iterator[str]:
    level = section.level + 1
    yield f"<h{level}>{escape(section.heading)}</h{level}>"
    for block in section.blocks:
        yield from _block(block, notes)


def _block(block: Block, notes: Notes) -> Iterator[str]:
    if isinstance(block, Table):
        yield "<table>"
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in block.header)
        yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
        for row in block.rows:
            label = escape(row.label.text) + _mark(row.keys, notes)
            cells = "".join(
                f'<td title="{escape(short_keys(number.keys))}">{escape(number.text)}</td>' for number in row.numbers
            )
            yield f'<tr><th scope="row">{label}</th>{cells}</tr>'
        yield "</tbody>\n</table>"
    elif isinstance(block, Items):
        yield "<ul>"
        yield from (f"<li>{_sentence(sentence, notes)}</li>" for sentence in block.sentences)
        yield "</ul>"
    else:
        yield f"<p>{' '.join(_sentence(sentence, notes) for sentence in block.sentences)}</p>"


def _sentence(sentence: Sentence, notes: Notes) -> str:
    parts = []
    for piece in sentence.pieces:
        text = escape(piece if isinstance(piece, str) else piece.text)
        parts.append(f"<code>{text}</code>" if isinstance(piece, Term) and piece.kind == "command" else text)
    return "".join(parts) + _mark(sentence.keys, notes, sentence.source)


def _mark(keys: tuple[str, ...], notes: Notes, source: str = "") -> str:
    """Return what leads to the keys: a link to a note, or a single key, which links to where the finding was read."""
    if not keys:
        return ""
    if len(keys) > 1:
        return f'<a class="note" href="#n{notes[keys]}" title="{escape(short_keys(keys))}">[{notes[keys]}]</a>'
    text = f"[{escape(keys[0])}]"
    if source.startswith(("https://", "http://")):
        return f' <a class="key" rel="noreferrer" href="{escape(source)}">{text}</a>'
    return f' <span class="key">{text}</span>'
