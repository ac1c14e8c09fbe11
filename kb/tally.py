"""What a selection of findings amounts to, in one line: nothing of it is left out, whatever the width."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kb.terminal import SIGNS
from kb.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.evidence import Row
    from kb.evidence_bases import EvidenceBases


class Tally(NamedTuple):
    """Numbers of findings, of studies, of evidence bases, of studies of which the data are unknown, and so on.

    ``directions`` holds a number for each direction in the order of their signs; ``full`` counts findings that were
    read in the full text.
    """

    findings: int
    studies: int
    bases: int
    unknown: int
    directions: tuple[int, ...]
    full: int

    def wordings(self) -> tuple[str, ...]:
        """Return the same line in four lengths, the longest first."""
        findings, studies = _with_commas(self.findings, "finding"), _with_commas(self.studies, "study", "studies")
        bases, unknown = _with_commas(self.bases, "evidence base"), f"{self.unknown:,}"
        pairs = list(zip(SIGNS.items(), self.directions, strict=True))
        signs = " ".join(f"{sign}{number:,}" for (_, sign), number in pairs)
        spelled = ", ".join(f"{sign} {number:,} {name}" for (name, sign), number in pairs)
        full = share(self.full, self.findings)
        short = bases.replace("evidence ", "")
        more = (
            [f" ({unknown} of unknown data)", f" ({unknown} unknown)", f" ({unknown}?)"] if self.unknown else [""] * 3
        )
        studies_of_unknown = f" ({counted(self.unknown, 'study', 'studies')} of unknown data)" if self.unknown else ""
        return (
            f"{findings} of {studies}, {bases}{studies_of_unknown}, {spelled}, {full} read in full text",
            f"{findings}, {studies}, {bases}{more[0]}, {signs}, {full} read in full text",
            f"{findings}, {studies}, {short}{more[1]}, {signs}, {full} full text",
            f"{findings}, {studies}, {short}{more[2]}, {signs}, {full} full text",
        )


def tally(rows: Iterable[Row], bases: EvidenceBases) -> Tally:
    """Count findings."""
    rows = list(rows)
    studies = {row.study for row in rows}
    number, unknown = bases.count(studies)
    directions = Counter(row.direction for row in rows)
    full = sum(row.source_level == "fulltext" for row in rows)
    return Tally(len(rows), len(studies), number, unknown, tuple(directions[name] for name in SIGNS), full)


def share(part: int, whole: int) -> str:
    """Return a share in whole per cent; a part is never told as none or all."""
    if not whole:
        return "0%"
    percent = round(100 * part / whole)
    if part and not percent:
        return "<1%"
    return ">99%" if part != whole and percent == 100 else f"{percent}%"


def _with_commas(number: int, one: str, many: str = "") -> str:
    return counted(number, one, many).replace(str(number), f"{number:,}", 1)
