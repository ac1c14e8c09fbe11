"""Screens as text that can be compared and read in a diff: what stands in each cell, and in which style."""

from __future__ import annotations

from concurrent.futures import Future
from itertools import groupby
from string import ascii_letters
from typing import TYPE_CHECKING, Any

from kb.session import Session
from kb.tables import Tables, make_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.style import Style
    from textual.app import App

    from kb.collection import Collection
    from kb.store import Reader
    from kb.studies import StudyDocument

TIMES = 14  # of the bundled findings: more than ten thousand


def drawn(app: App[Any]) -> str:
    """Return the screen: its lines, a legend of styles, and the style of each run of cells of each line."""
    strips = app.screen._compositor.render_strips()
    legend: dict[str, str] = {}
    runs = []
    for strip in strips:
        cells = [(style_of(segment.style), len(segment.text)) for segment in strip if segment.text]
        parts = []
        for style, group in groupby(cells, key=lambda cell: cell[0]):
            letter = legend.setdefault(style, ascii_letters[len(legend)])
            parts.append(f"{letter}{sum(size for _, size in group)}")
        runs.append(" ".join(parts))
    text = "\n".join(strip.text.rstrip() for strip in strips)
    styles = "\n".join(f"{letter} {style}" for style, letter in legend.items())
    return f"{text}\n--- styles\n{styles}\n--- runs\n" + "\n".join(runs) + "\n"


def style_of(style: Style | None) -> str:
    """Return colours and attributes in words."""
    if style is None:
        return "plain"
    colours = [colour.name if colour else "default" for colour in (style.color, style.bgcolor)]
    names = ("bold", "dim", "italic", "underline", "reverse", "strike")
    return " ".join([f"{colours[0]} on {colours[1]}", *(name for name in names if getattr(style, name))])


class Multiplied(Session):
    """The bundled collection many times over, without a store for the copies: a study is asked for as its original."""

    def __init__(self, collection: Collection, reader: Reader) -> None:
        tables = make_tables(reader)
        studies = [row._replace(study=f"{row.study}x{n}") for n in range(TIMES) for row in tables.studies]
        findings = [
            row._replace(study=f"{row.study}x{n}", finding=f"{row.study}x{n}{row.finding.removeprefix(row.study)}")
            for n in range(TIMES)
            for row in tables.findings
        ]
        super().__init__(collection, reader, Tables(studies, findings, "multiplied"))

    def documents(self, keys: Iterable[str]) -> list[StudyDocument]:
        """Return the originals under the keys asked for."""
        keys = list(keys)
        found = super().documents(key.rpartition("x")[0] for key in keys)
        return [
            document._replace(
                key=key,
                findings=(rows := self.findings_of(key)),
                more={row.finding: {} for row in rows},
            )
            for key, document in zip(keys, found, strict=True)
        ]

    def close(self) -> None:
        """Leave the store to the tests that share it."""


def opened_already(session: Session) -> Future[Session | None]:
    """Return a session as the application takes one that is being opened."""
    future: Future[Session | None] = Future()
    future.set_result(session)
    return future


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a stored file, each with its heading."""
    for part in text.split("=== ")[1:]:
        heading, _, body = part.partition("\n")
        yield heading, body
