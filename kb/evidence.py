"""The question that most people ask: which findings are there on this policy, and what do the filters hide."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.errors import UsageError
from kb.named_queries import named_query
from kb.text import counted, plain_letters
from kb.vocabulary import CIRCLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.store import Reader


class Row(NamedTuple):
    """One finding as a flat row of texts; what is not known is empty. The names head every table export."""

    finding: str
    study: str
    authors: str
    year: str
    title: str
    doi: str
    policy: str
    policy_label: str
    outcome: str
    outcome_label: str
    outcome_group: str
    population: str
    role: str
    relation: str
    direction: str
    appraisal: str
    statement: str
    estimate: str
    se: str
    p: str
    n: str
    measure: str
    design: str
    countries: str
    source: str
    source_level: str
    locator: str


class Question(NamedTuple):
    """What is asked: names as a user writes them. Several values of one field mean any of them.

    ``exact`` leaves out what lies below the policies and outcomes in their schemes. ``measure`` holds circles (core,
    comparable, reform, status), ``all``, or measures such as ``mipex:2015``.
    """

    policy: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    direction: tuple[str, ...] = ()
    appraisal: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    design: tuple[str, ...] = ()
    measure: tuple[str, ...] = ("core",)
    source_level: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    search: str = ""
    study: tuple[str, ...] = ()
    finding: tuple[str, ...] = ()
    exact: bool = False


class Answer(NamedTuple):
    """The findings, the circles that they come from, and how many findings on the same policies are not shown.

    ``measure_status`` says by core study whether its use of MIPEX was ``seen`` or is ``believed``.
    """

    rows: list[Row]
    circles: tuple[str, ...]
    hidden_circles: dict[str, int]
    hidden_filters: int
    measure_status: dict[str, str]

    def summary(self) -> str:
        """Return one sentence on what is shown and what is not."""
        studies = len({row.study for row in self.rows})
        shown = f"{counted(len(self.rows), 'finding')} of {counted(studies, 'study', 'studies')}"
        circle = "all circles" if len(self.circles) == len(CIRCLES) else " and ".join(self.circles)
        circle_name = "this circle" if len(self.circles) == 1 else "these circles"
        status = status_text(self.rows, self.measure_status)
        parts = [f"{shown}; circle shown: {circle}{f' (use of MIPEX: {status})' if status else ''}."]
        if self.hidden_filters:
            parts.append(f"Filters hide {counted(self.hidden_filters, 'more finding')} of {circle_name}.")
        if self.hidden_circles:
            others = ", ".join(f"{number} {name}" for name, number in self.hidden_circles.items())
            before = ", before the filters" if self.hidden_filters else ""
            parts.append(f"Not shown from other circles{before}: {others} (--measure all shows them).")
        return " ".join(parts)


def answer(reader: Reader, question: Question) -> Answer:
    """Answer a question.

    Raises:
        UnknownConceptError: a name is in no scheme; the message suggests.
        UsageError: a year is none.
    """
    parameters, circles = _parameters(reader, question)
    solutions = reader.rows(named_query("findings").text(parameters))
    rows = [Row(*solution[:-1]) for solution in solutions]
    status = {row.study: solution[-1] for row, solution in zip(rows, solutions, strict=True) if solution[-1]}
    if question.search.strip():
        rows = [row for row in rows if matches(row, question.search)]
    scope = {"policy": parameters["policy"]} if parameters.get("policy") else {}
    totals = dict.fromkeys(CIRCLES, 0)
    for _, circle, number, _ in reader.remembered(named_query("counts").text(scope)):
        totals[circle] += int(number)
    hidden = sum(totals[circle] for circle in circles) - len(rows)
    others = {circle: number for circle, number in totals.items() if number and circle not in circles}
    return Answer(rows, circles, others, hidden, status)


def findings_for(reader: Reader, question: Question) -> list[Row]:
    """Return the findings that answer a question, without counting what it leaves out; a search is not part of it.

    Raises:
        UnknownConceptError: a name is in no scheme.
        UsageError: a year is none.
    """
    return [Row(*solution[:-1]) for solution in reader.rows(query_text(reader, question))]


def keys_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the studies of findings, each once, in their order."""
    return tuple(dict.fromkeys(row.study for row in rows))


def measure_status(reader: Reader) -> dict[str, str]:
    """Return by core study whether the use of MIPEX was ``seen`` on a page or is only ``believed``."""
    return {row[0]: row[1] for row in reader.remembered(named_query("measure-status").text())}


def status_text(rows: Iterable[Row], status: Mapping[str, str]) -> str:
    """Return for how many studies of the rows the use of MIPEX was seen and is believed; empty where none is core.

    Findings of a core study that rest on another measure do not count.
    """
    found = [
        status[study] for study in {row.study for row in rows if row.measure.startswith("mipex")} if study in status
    ]
    return ", ".join(f"{name} {found.count(name)}" for name in ("seen", "believed") if name in found)


def circles_of(reader: Reader) -> dict[str, str]:
    """Return the circle of every study, empty where it has no measure."""
    return {row[0]: row[2] for row in reader.remembered(named_query("overview").text())}


def coded_studies(reader: Reader) -> set[str]:
    """Return the studies with at least one finding."""
    return {row.study for row in findings_for(reader, Question(measure=("all",)))}


def query_text(reader: Reader, question: Question) -> str:
    """Return the SPARQL behind a question, as it can be run elsewhere; a search is not part of it.

    Raises:
        UnknownConceptError: a name is in no scheme.
        UsageError: a year is none.
    """
    return named_query("findings").text(_parameters(reader, question)[0])


def matches(row: Row, search: str) -> bool:
    """Say whether every word of the search occurs in the row, whatever its case or accents."""
    text = haystack(row)
    return all(word in text for word in plain_letters(search).split())


def haystack(row: Row) -> str:
    """Return the letters of a row in which a search looks."""
    return plain_letters(
        f"{row.statement} {row.title} {row.authors} {row.year} {row.policy_label} {row.outcome_label} {row.population} "
        f"{row.finding} {row.relation} {row.doi} {row.countries} {row.measure} {row.locator} {row.outcome} {row.role}"
    )


def _parameters(reader: Reader, question: Question) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    circles, measures = _circles(reader, question.measure)
    parameters: dict[str, list[str]] = {
        "policy": _notations(reader, "policy", question.policy, below=not question.exact),
        "outcome": _notations(reader, "outcome", question.outcome, below=not question.exact),
        "population": _notations(reader, "population", question.population, below=True),
        "direction": _notations(reader, "direction", question.direction),
        "appraisal": _notations(reader, "appraisal", question.appraisal),
        "role": _notations(reader, "role", question.role),
        "design": _notations(reader, "design", question.design, below=True),
        "source-level": _notations(reader, "source-level", question.source_level),
        "country": _notations(reader, "country", question.country),
        "data": _notations(reader, "data", question.data, below=True),
        "year": list(question.year),
        "measure": measures,
        "circle": [] if len(circles) == len(CIRCLES) else list(circles),
        "study": list(question.study),
        "finding": list(question.finding),
    }
    for name, year in (("since", question.since), ("until", question.until)):
        if year and not (len(year) == 4 and year.isascii() and year.isdigit()):
            raise UsageError(f"{year!r} is no year. Write --{name} with four digits, such as 2015.")
        parameters[name] = [year] if year else []
    return parameters, circles


def _notations(reader: Reader, kind: str, texts: Iterable[str], *, below: bool = False) -> list[str]:
    texts = list(texts)
    if not texts:
        return []
    words = reader.vocabulary(kind)
    found: dict[str, None] = {}
    for text in texts:
        queue = [words.resolve(kind, text)]
        while queue:
            concept = queue.pop()
            if concept.notation not in found:
                found[concept.notation] = None
                queue += words.narrower(kind, concept.notation) if below else []
    return list(found)


def _circles(reader: Reader, texts: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
    """Return the circles asked for, and the single measures, which bring their circle with them."""
    if "all" in texts or not texts:
        return CIRCLES, []
    plain = {text for text in texts if text in CIRCLES}
    single = [text for text in texts if text not in CIRCLES]
    if not single:
        return tuple(circle for circle in CIRCLES if circle in plain), []
    words = reader.vocabulary("measure")
    measures = _notations(reader, "measure", [text.replace(":", "-") for text in single] + sorted(plain), below=True)
    wanted = {words.top("measure", measure) for measure in measures}
    return tuple(circle for circle in CIRCLES if circle in wanted), measures
