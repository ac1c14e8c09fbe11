"""What a picture of a synthesis shows, as plain data: drawings and text are made from it and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kb.synthesis.pooling import Summary


class Arrow(NamedTuple):
    """What a study says on one outcome: raw direction, the class of the count, and the findings behind them."""

    direction: str
    result: str
    findings: tuple[str, ...]


class Column(NamedTuple):
    """An outcome as named; ``more`` says whether more of it is good."""

    outcome: str
    label: str
    more: str


class Line(NamedTuple):
    """One study of a panel. ``arrows`` are by outcome.

    ``size`` is that of its arrows (empty: not known), ``height`` that of its bar from 1 to 3, ``level`` the letter of
    where it was read; ``data`` holds the first and the last year of its data.
    """

    study: str
    label: str
    year: int | None
    result: str
    arrows: dict[str, Arrow]
    countries: int | None
    size: str
    designs: str
    height: int
    level: str
    data: tuple[int, int] | None


class Estimate(NamedTuple):
    """A printed number: as printed, and as a value with its interval where there is a standard error.

    ``weight`` is its share in the summary that it is part of.
    """

    finding: str
    label: str
    outcome: str
    direction: str
    printed: str
    model: str
    value: float
    low: float | None
    high: float | None
    error: float
    weight: float = 0.0


class Forest(NamedTuple):
    """Estimates that may be summed up, and what they sum up to."""

    outcome: str
    scale: str
    estimates: tuple[Estimate, ...]
    summary: Summary


class Panel(NamedTuple):
    """One block of a synthesis: what may be counted together, with its split in words.

    ``numbers`` says what is or is not summed up; ``printed`` holds all estimates, none where they are not looked at.
    """

    heading: str
    split: str
    role: str
    kind: str
    results: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    forests: tuple[Forest, ...]
    printed: tuple[Estimate, ...] | None
    numbers: tuple[str, ...]


class Picture(NamedTuple):
    """A picture: title, remarks above, panels that are never counted together, legend, and what must stand below."""

    kind: str
    title: str
    remarks: tuple[str, ...]
    panels: tuple[Panel, ...]
    legend: tuple[str, ...]
    below: tuple[str, ...]
