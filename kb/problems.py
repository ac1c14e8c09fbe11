"""A problem found in the collection: where it is, what is wrong, what to do."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Problem(NamedTuple):
    """One problem. ``line`` counts from 1; ``key`` is the citation key, empty where none could be read."""

    severity: Severity
    file: str
    line: int
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        key = f" [{self.key}]" if self.key else ""
        return f"{self.file}:{self.line}: {self.severity}:{key} {self.message} {self.remedy}"


def ordered(problems: list[Problem]) -> list[Problem]:
    """Return the problems without repetitions, by file, line and text."""
    return sorted(set(problems), key=lambda p: (p.file, p.line, p.key, p.message))
