"""What is in a basket, looked up in a collection: for showing, as a table of findings, and as a reading list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.sheet import Sheet, reference_documents
from kb.sheet_formats import markdown, markdown_record
from kb.terminal import SIGNS
from kb.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kb.baskets_file import Basket, Item
    from kb.evidence import Row
    from kb.session import Session
    from kb.sheet import About
    from kb.tables import StudyRow

ORDERS = ("added", "policy")


class Line(NamedTuple):
    """Something in a basket: a study, or a finding and its study; neither where the collection has it no longer."""

    item: Item
    study: StudyRow | None
    finding: Row | None

    @property
    def citation(self) -> str:
        """The families and the year; empty where it is no longer in the collection."""
        if self.study is None:
            return ""
        families = [name.partition(",")[0] for name in self.study.authors.split("; ") if name]
        who = f"{families[0]} et al." if len(families) > 2 else " and ".join(families) or self.study.study
        return f"{who} {self.study.year}"


def lines_of(basket: Basket, session: Session) -> list[Line]:
    """Return what is in a basket, in the order of adding."""
    return [_line(item, session) for item in basket.items]


def _line(item: Item, session: Session) -> Line:
    if study := session.study(item.key):
        return Line(item, study, None)
    key = item.key.rpartition("-")[0]
    finding = next((row for row in session.findings_of(key) if row.finding == item.key), None)
    return Line(item, session.study(key), finding) if finding else Line(item, None, None)


def findings_in(lines: Iterable[Line], session: Session) -> list[Row]:
    """Return the findings of a basket, each once, in the order of adding; a study brings all of its findings."""
    found: dict[str, Row] = {}
    for line in lines:
        if line.finding:
            found.setdefault(line.finding.finding, line.finding)
        elif line.study:
            found |= {row.finding: row for row in session.findings_of(line.study.study) if row.finding not in found}
    return list(found.values())


def studies_in(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the keys of the studies of a basket, each once, in the order of adding."""
    return tuple(dict.fromkeys(line.study.study for line in lines if line.study))


def basket_sheet(basket: Basket, session: Session) -> Sheet:
    """Return the findings of a basket as a table, with notes and days; its studies go with it as references."""
    from kb.evidence import Row
    from kb.facets import EVERYTHING

    lines = lines_of(basket, session)
    rows, studies = findings_in(lines, session), studies_in(lines)
    keys = tuple(row.finding for row in rows)
    items = {item.key: item for item in basket.items}
    cells: list[tuple[str, ...]] = []
    for row in rows:
        own = [items[key] for key in (row.finding, row.study) if key in items]
        cells.append((*row, "; ".join(item.note for item in own if item.note), own[0].added))
    query = session.query(EVERYTHING._replace(findings=keys)) if keys else ""
    summary = f"{session.summary(rows)}{_left_out(lines, rows)}"
    return Sheet(f"Basket: {basket.name}", (*Row._fields, "note", "added"), cells, studies, summary, query, keys)


def _left_out(lines: Sequence[Line], rows: Sequence[Row]) -> str:
    coded = {row.study for row in rows}
    uncoded = sum(key not in coded for key in studies_in(lines))
    missing = sum(line.study is None for line in lines)
    parts = [f"{counted(uncoded, 'study', 'studies')} without a finding"] if uncoded else []
    parts += [f"{counted(missing, 'key')} no longer in the collection"] if missing else []
    return f"; not in the table: {' and '.join(parts)}" if parts else ""


def reading_list(
    basket: Basket, session: Session, *, order: str = "added", style: str = "plain", about: About | None = None
) -> str:
    """Return a basket as a reading list in Markdown: citations with their findings and notes below.

    ``order``: ``added``, or ``policy`` for a section a policy; ``style``: a style of ``kb.citations``.

    Raises:
        CitationStyleError: there is no such style.
    """
    from kb.citations import citation_style, cite

    citation_style(style)
    lines = lines_of(basket, session)
    rows, studies = findings_in(lines, session), studies_in(lines)
    notes = {item.key: item.note for item in basket.items if item.note}
    documents = reference_documents(studies, session)
    cited = {document.key: cite(document, style, markdown=True) for document in documents}

    def entries(keys: Iterable[str], shown: Sequence[Row], *, policy: bool) -> Iterator[str]:
        for key in dict.fromkeys(keys):
            yield f"- {cited[key]}{_note(notes.get(key, ''))}"
            for row in shown:
                if row.study == key:
                    yield f"  - {_finding(row, policy=policy)}{_note(notes.get(row.finding, ''))}"
        yield ""

    text = [f"# {markdown(basket.name)}", "", f"{markdown(session.summary(rows))}.", ""]
    coded = {row.study for row in rows}
    if order == "policy":
        for label in sorted({row.policy_label for row in rows}):
            own = [row for row in rows if row.policy_label == label]
            text += [f"## {markdown(label)}", "", *entries((row.study for row in own), own, policy=False)]
        if rest := [key for key in studies if key not in coded]:
            text += ["## Without a finding", "", *entries(rest, (), policy=False)]
    else:
        text += entries(studies, rows, policy=True)
    if missing := [line.item.key for line in lines if line.study is None]:
        text += [f"No longer in the collection: {', '.join(map(markdown, missing))}.", ""]
    return "\n".join([*text, *(markdown_record(about) if about else ())])


def _finding(row: Row, *, policy: bool) -> str:
    what = f"{row.policy_label} and {row.outcome_label}" if policy else row.outcome_label
    relation = f" ({row.relation})" if row.relation else ""
    read_in = ", ".join(part for part in (row.source_level, row.locator) if part)
    sign = f"{SIGNS.get(row.direction, '?')} {row.direction}"
    return markdown(f"{sign}: {what}{relation}; {row.population}. {row.statement} [{row.finding}; {read_in}]")


def _note(note: str) -> str:
    return f" *Note: {markdown(note)}*" if note else ""
