"""Sentences of the template filled with numbers and words that say where they come from."""

from __future__ import annotations

import string
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.briefing.model import Number, Piece, Sentence, Term
from kb.text import clean_text, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.evidence import Row
    from kb.evidence_bases import EvidenceBases

#: What may stand in a brace: one piece, or several in a row.
Value = Piece | tuple[Piece, ...]


@cache
def template() -> dict[str, Any]:
    """Return the sentences."""
    return tomllib.loads(Path(__file__).with_name("template.toml").read_text("utf-8"))


@cache
def limits() -> dict[str, int]:
    """Return how much is told in full."""
    return tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))


def fill(pattern: str, why: str = "", /, **values: Value) -> Sentence:
    """Return a sentence; its keys are those of its numbers. ``why`` says why it has none."""
    pieces = pieces_of(pattern, **values)
    keys = sorted({key for piece in pieces if isinstance(piece, Number) for key in piece.keys})
    return Sentence(pieces, tuple(keys), "" if keys else why)


def resting_on(keys: Iterable[str], sentence: Sentence, source: str = "") -> Sentence:
    """Return a sentence that rests on findings, also where no number in it counts them."""
    return sentence._replace(keys=tuple(sorted({*sentence.keys, *keys})), why="", source=source)


def pieces_of(pattern: str, /, **values: Value) -> tuple[Piece, ...]:
    """Return a filled pattern as its pieces."""
    pieces: list[Piece] = []
    for text, name, _, _ in string.Formatter().parse(pattern):
        if text:
            pieces.append(text)
        if name is not None:
            value = values[name]
            if isinstance(value, Number | Term | str):
                pieces.append(value)
            else:
                pieces += value
    return tuple(pieces)


def term(text: str, kind: str) -> Term:
    """Return words of the collection, made safe."""
    return Term(clean_text(text), kind)


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: its first letter small, unless it begins an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() and not label.startswith(("MIPEX", "Europ")) else label


def command(name: str, **values: str) -> Term:
    """Return a command of the template as words of its own kind."""
    return Term(str(template()["commands"][name]).format(**values), "command")


def keys_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the keys of findings, each once, sorted."""
    return tuple(sorted({row.finding for row in rows}))


def bare(value: int, unit: str, keys: tuple[str, ...]) -> Number:
    """Return a number without its noun."""
    return Number(str(value), value, unit, keys)


def named(value: int, unit: str, keys: tuple[str, ...], noun: str = "") -> Number:
    """Return a number with the noun of its unit, or another one."""
    one, many = template()["units"][noun or unit]
    return Number(counted(value, one, many), value, unit, keys)


def studies(rows: Iterable[Row], noun: str = "studies") -> Number:
    """Return how many studies findings are of, with its noun."""
    found = list(rows)
    return named(len({row.study for row in found}), "studies", keys_of(found), noun)


def number_of_findings(rows: Iterable[Row]) -> Number:
    """Return how many findings there are, with its noun."""
    keys = keys_of(rows)
    return named(len(keys), "findings", keys)


def number_of_studies(rows: Iterable[Row]) -> Number:
    """Return how many studies findings are of, without its noun."""
    found = list(rows)
    return bare(len({row.study for row in found}), "studies", keys_of(found))


def in_bases(rows: Iterable[Row], bases: EvidenceBases) -> dict[str, Value]:
    """Return what stands for {bases} and {unknown}: evidence bases and studies of unknown data, if any."""
    found = list(rows)
    number, _ = bases.count(row.study for row in found)
    unknown = set(bases.unknown(row.study for row in found))
    value: Value = ""
    if unknown:
        lacking = [row for row in found if row.study in unknown]
        value = pieces_of(("; " if number else "") + template()["units"]["unknown"], studies=studies(lacking))
    return {"bases": named(number, "bases", keys_of(found)) if number else "", "unknown": value}


def listing(values: Mapping[str, list[Row]], kind: str, most: int = 0) -> tuple[Piece, ...]:
    """Return labels with their number of studies, most studies first; those beyond ``most`` are counted together."""
    order = sorted(values, key=lambda label: (-len({row.study for row in values[label]}), label))
    shown, rest = (order[:most], order[most:]) if most else (order, [])
    pieces: list[Piece] = []
    for label in shown:
        pieces += [", "] * bool(pieces) + [term(label, kind), " (", number_of_studies(values[label]), ")"]
    if rest:
        others = number_of_studies(row for label in rest for row in values[label])
        pieces += pieces_of(template()["studied"]["others"], others=others)
    return tuple(pieces)


def names(labels: Iterable[str], kind: str) -> tuple[Piece, ...]:
    """Return labels one after the other, without numbers."""
    pieces: list[Piece] = []
    for label in labels:
        pieces += [", "] * bool(pieces) + [term(label, kind)]
    return tuple(pieces)
