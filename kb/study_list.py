"""Studies as a list: those of some circles, with or without findings, all or those that a search found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kb.named_queries import named_query
from kb.sheet import Sheet
from kb.study_texts import FIELDS
from kb.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.evidence import Row
    from kb.study_search import Hits, StudyIndex
    from kb.tables import StudyRow

HEADER = (
    "study", "authors", "year", "title", "container", "doi", "circle", "measure", "measure_status", "findings",
    "found_in",
)  # fmt: skip
NO_CIRCLE = "none"


class Line(NamedTuple):
    """One line of the list: the study, how many findings it has, and in which fields it was found, best first."""

    study: StudyRow
    findings: int
    fields: tuple[str, ...] = ()

    @property
    def found_in(self) -> str:
        """The names of the fields in which it was found, as people call them."""
        return ", ".join(FIELDS[name].label for name in self.fields)

    @property
    def coded(self) -> str:
        """How many findings it has, or that it is uncoded."""
        return counted(self.findings, "finding") if self.findings else "uncoded"


def list_studies(
    studies: Sequence[StudyRow],
    findings: Iterable[Row],
    hits: Hits | None = None,
    circles: Iterable[str] = (),
    *,
    uncoded: bool = False,
) -> list[Line]:
    """Return the lines of studies in their order, or as found; only some circles, only those without findings."""
    numbers = Counter(row.study for row in findings)
    known = {study.study: study for study in studies}
    chosen: Mapping[str, tuple[str, ...]] = (
        {study.study: () for study in studies} if hits is None else {hit.study: hit.fields for hit in hits.hits}
    )
    wanted = set(circles)
    return [
        Line(known[key], numbers[key], fields)
        for key, fields in chosen.items()
        if (not wanted or (known[key].circle or NO_CIRCLE) in wanted) and not (uncoded and numbers[key])
    ]


def summary(lines: Sequence[Line], total: int, hits: Hits | None = None) -> str:
    """Return one line that says what is shown of how many studies, and which words were taken for others."""
    without = sum(not line.findings for line in lines)
    shown = counted(total, "study", "studies")
    parts = [shown if len(lines) == total else f"{len(lines)} of {shown}"]
    parts.append(counted(sum(line.findings for line in lines), "finding"))
    if without:
        parts.append(f"{without} uncoded")
    text = ", ".join(parts) + "."
    if hits and hits.instead:
        taken = "; ".join(f"{' or '.join(near)} for {word!r}" for word, near in hits.instead.items())
        text += f" Taken, because nothing was found: {taken}."
    return text


def studies_sheet(lines: Sequence[Line], said: str, query: str = "") -> Sheet:
    """Return the lines as a table to take away; ``query`` is the SPARQL behind it, without which it names them."""
    keys = tuple(line.study.study for line in lines)
    rows: list[tuple[str, ...]] = [
        (
            line.study.study, line.study.authors, line.study.year, line.study.title, line.study.container,
            line.study.doi, line.study.circle, line.study.measure, line.study.measure_status, str(line.findings),
            line.found_in,
        )
        for line in lines
    ]  # fmt: skip
    query = query or named_query("studies").text({"study": keys or ("none",)})
    return Sheet("Studies", HEADER, rows, keys, said, query, keys)


def found(index: StudyIndex, words: str) -> Hits | None:
    """Return what a search finds, none where no word was typed."""
    from kb.search_terms import read_terms

    return index.search(words) if read_terms(words) else None
