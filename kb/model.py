"""The words of the project as frozen types: study, finding, estimate."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """An author or editor. An organisation has its whole name as ``family`` and no ``given``."""

    family: str
    given: str = ""

    def __str__(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family


class DataUse(NamedTuple):
    """A data source that a study uses; ``rounds`` are its rounds or years as coded, empty where not known."""

    source: str
    rounds: str = ""


class Relation(NamedTuple):
    """The relation that a moderating policy strengthens or weakens; both ends are concepts."""

    start: str
    end: str

    def __str__(self) -> str:
        return f"{self.start} -> {self.end}"


class Study(NamedTuple):
    """One publication. Texts are clean Unicode; concepts are notations; empty means not known."""

    key: str
    type: str
    title: str
    year: int
    authors: tuple[Person, ...] = ()
    editors: tuple[Person, ...] = ()
    container: str = ""
    publisher: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    url: str = ""
    measures: tuple[str, ...] = ()
    measure_status: str = ""
    designs: tuple[str, ...] = ()
    data: tuple[DataUse, ...] = ()
    countries: tuple[str, ...] = ()
    coverage: str = ""
    period: str = ""
    n: str = ""
    bib_status: str = ""
    bib_sources: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    note: str = ""
    other: tuple[tuple[str, str], ...] = ()


class Estimate(NamedTuple):
    """The numbers of a finding exactly as printed, and the model that they come from."""

    value: str = ""
    se: str = ""
    p: str = ""
    n: str = ""
    model: str = ""

    def __bool__(self) -> bool:
        return any((self.value, self.se, self.p, self.n, self.model))


class Finding(NamedTuple):
    """One statement of one study on one policy and one outcome. ``measures`` overrides the study's where given."""

    key: str
    study: str
    policy: str
    outcome: str
    role: str
    direction: str
    statement: str
    populations: tuple[str, ...] = ()
    relation: Relation | None = None
    appraisal: str = ""
    measures: tuple[str, ...] = ()
    estimate: Estimate = Estimate()
    sources: tuple[str, ...] = ()
    source_level: str = ""
    locator: str = ""
    coder: str = ""
    coded: str = ""
    verifier: str = ""
    verified: str = ""
    note: str = ""
    other: tuple[tuple[str, str], ...] = ()


class Record(NamedTuple):
    """What one file of the collection holds: its studies, their findings, and the line of each key."""

    studies: tuple[Study, ...] = ()
    findings: tuple[Finding, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()
