"""A briefing as its writers get it: sections of sentences, in which every number and every word has its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Number(NamedTuple):
    """A number as it is shown; ``unit`` says what of the findings with these ``keys`` it counts or measures."""

    text: str
    value: float
    unit: str
    keys: tuple[str, ...]


class Term(NamedTuple):
    """Words that are not the template's: a label, a definition, a statement, a command. ``kind`` says which."""

    text: str
    kind: str


#: A part of a sentence; a plain text is the template's own.
Piece = str | Number | Term


class Sentence(NamedTuple):
    """One sentence, or two that belong together, and the keys of the findings behind it.

    ``why`` says why there are no keys: scheme (a definition), absence, method, or record (how the collection was made).
    ``source`` is the address where a finding that stands alone was read.
    """

    pieces: tuple[Piece, ...]
    keys: tuple[str, ...] = ()
    why: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(piece if isinstance(piece, str) else piece.text for piece in self.pieces)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers in it."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Number))


class Paragraph(NamedTuple):
    """Sentences that follow each other."""

    sentences: tuple[Sentence, ...]


class Items(NamedTuple):
    """Sentences of which each stands alone, with a mark before it."""

    sentences: tuple[Sentence, ...]


class TableRow(NamedTuple):
    """A row of a table: what it is about, and numbers."""

    label: Term
    numbers: tuple[Number, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the findings that the row counts."""
        return tuple(sorted({key for number in self.numbers for key in number.keys}))


class Table(NamedTuple):
    """A table of numbers."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]


Block = Paragraph | Items | Table


class Section(NamedTuple):
    """A heading, of level 1 or 2, and what stands below it."""

    heading: str
    level: int
    blocks: tuple[Block, ...]


class Reference(NamedTuple):
    """One study of the list of references, as plain text and as Markdown."""

    text: str
    marked: str


class Document(NamedTuple):
    """A whole briefing. ``references`` have a heading and an introduction; so have the notes with the keys."""

    title: str
    subtitle: str
    how_to_read: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    references_head: tuple[str, Sentence | None]
    notes_head: tuple[str, str]

    def sentences(self) -> Iterator[Sentence]:
        """Yield all sentences in their order."""
        for section in self.sections:
            for block in section.blocks:
                if not isinstance(block, Table):
                    yield from block.sentences
        if self.references_head[1]:
            yield self.references_head[1]

    def notes(self) -> dict[tuple[str, ...], int]:
        """Return the numbers of the sets of keys, in the order in which sentences and rows first rest on them.

        A single key stands beside its sentence and needs no number.
        """
        sets: dict[tuple[str, ...], int] = {}

        def add(keys: tuple[str, ...]) -> None:
            if len(keys) > 1 and keys not in sets:
                sets[keys] = len(sets) + 1

        for section in self.sections:
            for block in section.blocks:
                for part in block.rows if isinstance(block, Table) else block.sentences:
                    add(part.keys)
        if self.references_head[1]:
            add(self.references_head[1].keys)
        return sets


def note_texts(notes: dict[tuple[str, ...], int]) -> dict[int, str]:
    """Return what stands in each note: its keys, or an earlier note and what that has more, where this is shorter."""
    found: dict[int, str] = {}
    for keys, number in notes.items():
        text = short_keys(keys)
        for earlier, known in notes.items():
            without = tuple(sorted(set(earlier) - set(keys)))
            if known < number and without and set(keys) <= set(earlier) and found[known] == short_keys(earlier):
                text = min(text, f"all of {known} without {short_keys(without)}", key=len)
        found[number] = text
    return found


def short_keys(keys: tuple[str, ...]) -> str:
    """Return keys of findings with each study named once, as in "reichel2011legal-1, -2; vink2013immigrant-3"."""
    by_study: dict[str, list[str]] = {}
    for key in sorted(keys, key=lambda key: (key.rpartition("-")[0], len(key), key)):
        study, _, number = key.rpartition("-")
        by_study.setdefault(study, []).append(number)
    return "; ".join(f"{study}-{', -'.join(numbers)}" for study, numbers in by_study.items())
