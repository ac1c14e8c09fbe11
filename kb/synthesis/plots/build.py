"""From a synthesis to what a picture of it shows."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from kb.synthesis.block_words import BlockWords, studies_text
from kb.synthesis.classes import class_of_study
from kb.synthesis.comparable import number
from kb.synthesis.model import DIRECT, MODERATOR, REVIEW
from kb.synthesis.plots.look import letters_text, level_letter, size_of, wording
from kb.synthesis.plots.model import Arrow, Column, Estimate, Forest, Line, Panel, Picture
from kb.synthesis.profile import data_years
from kb.synthesis.rules import DIRECTION, rules
from kb.synthesis.words import hidden_lines, template, title
from kb.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.evidence import Row
    from kb.session import Session
    from kb.synthesis.model import Block, Member, Synthesis
    from kb.synthesis.pooling import Pooled
    from kb.tables import StudyRow
    from kb.vocabulary import Vocabulary

_VALENCES = {1: "good", -1: "bad", 0: "neither", None: "unknown"}
_YEAR = re.compile("[0-9]{4}")
_TALL, _MIDDLE, _LOW = 3, 2, 1


class Source(NamedTuple):
    """Where details stand that a synthesis only names: findings and studies by key, words on the model by finding."""

    rows: Mapping[str, Row]
    studies: Mapping[str, StudyRow]
    models: Mapping[str, str]
    words: Vocabulary


def source(session: Session, synthesis: Synthesis) -> Source:
    """Return the details of what a synthesis counts."""
    from kb.studies import more_of

    studies = sorted({study for block in synthesis.blocks for study in block.everything.studies})
    found = [study for study in (session.study(key) for key in studies) if study]
    rows = {row.finding: row for key in studies for row in session.findings_of(key)}
    more = more_of(session.reader, studies) if studies else {}
    models = {key: fields["model"] for key, fields in more.items() if fields.get("model")}
    return Source(rows, {study.study: study for study in found}, models, session.vocabulary())


def picture(synthesis: Synthesis, kind: str, details: Source) -> Picture:
    """Return what a picture of one of ``KINDS`` shows, circles without a study included."""
    words = wording()["kinds"][kind]
    panels = tuple(_panels(synthesis, details))
    signs = wording()["signs"]
    values = {
        "arrows": " ".join(signs[role] for role in (DIRECT, MODERATOR) if role == DIRECT or _has(panels, role)),
        "letters": letters_text(rules().scales[synthesis.by].classes),
    }  # fmt: skip
    return Picture(
        kind, f"{title(synthesis)}: {words['name']}", tuple(_remarks(synthesis)), panels,
        tuple(line.format(**values) for line in words["legend"]), (words["not_this"], _n(synthesis)),
    )  # fmt: skip


def _has(panels: tuple[Panel, ...], role: str) -> bool:
    return any(panel.role == role for panel in panels)


def _remarks(synthesis: Synthesis) -> list[str]:
    head = template()["head"]
    found = []
    if synthesis.filters:
        filters = "; ".join(f"{name} {clean_text(value)}" for name, value in synthesis.filters)
        found.append(head["filters"].format(filters=filters))
    if synthesis.by_result:
        found.append(head["by_result"])
    return [*found, *hidden_lines(synthesis)]


def _n(synthesis: Synthesis) -> str:
    words = wording()["below"]
    there = [block for block in synthesis.blocks if block.everything.number]
    parts = [
        f"{studies_text(block.everything.number, review=block.kind == REVIEW)} ({block.circle}, {block.role})"
        for block in there
    ]
    text = ", ".join(parts) or words["nothing"]
    form: str = words["n" if len(parts) > 1 else "n_one"]
    return form.format(studies=text, version=synthesis.version, search=synthesis.last_search or "not recorded")


def _panels(synthesis: Synthesis, details: Source) -> list[Panel]:
    words = template()
    panels = []
    for circle in synthesis.circles:
        blocks = [block for block in synthesis.blocks if block.circle == circle and block.everything.number]
        panels += [make_panel(synthesis, block, details) for block in blocks]
        if not blocks:
            panels.append(Panel(words["circles"][circle], words["empty"]["circle"], "", "", (), (), (), (), None, ()))
    return panels


def make_panel(synthesis: Synthesis, block: Block, details: Source) -> Panel:
    """Return the panel of one block: its studies in the order of the block, with all that a picture needs."""
    says = BlockWords(synthesis, block, template())
    heading = f"{template()['circles'][block.circle]}. {template()['kinds'][f'{block.role}-{block.kind}']}"
    labels = _labels(block)
    lines = tuple(_line(synthesis.by, block, member, labels[member.study], details) for member in block.members)
    valences = wording()["below"]["valences"]
    columns = tuple(
        Column(split.notation, clean_text(split.label), valences[_VALENCES[split.valence]]) for split in block.outcomes
    )
    printed: tuple[Estimate, ...] | None = None
    forests: tuple[Forest, ...] = ()
    if block.numbers is not None:
        outcomes = {column.outcome: column.label for column in columns}
        found = {key: _estimate(key, labels, outcomes, details) for key in block.numbers.printed.findings}
        printed = tuple(found.values())
        forests = tuple(_forest(pooled, found, outcomes) for pooled in block.numbers.pooled)
    results = rules().scales[synthesis.by].classes
    return Panel(
        heading, says.main(), block.role, block.kind, results, columns, lines, forests, printed, tuple(says.numbers()),
    )  # fmt: skip


def _labels(block: Block) -> dict[str, str]:
    """Return author and year of each study, with its key where that is not enough."""
    plain = {member.study: clean_text(f"{member.author} {member.year}") for member in block.members}
    times = list(plain.values())
    return {key: f"{text} [{key}]" if times.count(text) > 1 else text for key, text in plain.items()}


def _line(by: str, block: Block, member: Member, label: str, details: Source) -> Line:
    of: dict[str, list[Row]] = defaultdict(list)
    for key in member.findings:
        of[details.rows[key].outcome].append(details.rows[key])
    arrows = {
        outcome: Arrow(class_of_study(rows, DIRECTION), class_of_study(rows, by), tuple(row.finding for row in rows))
        for outcome, rows in of.items()
    }
    years = data_years(details.studies[member.study])
    return Line(
        member.study, label, int(member.year) if _YEAR.fullmatch(member.year) else None, member.result, arrows,
        member.countries, size_of(member.countries), clean_text(", ".join(member.designs)),
        _LOW if block.kind == REVIEW else height_of(member.designs, details.words), level_letter(member.level),
        (years[0], years[1]) if years else None,
    )  # fmt: skip


def height_of(designs: tuple[str, ...], words: Vocabulary) -> int:
    """Return how tall the bar of a study is: the height of the tallest of its designs."""
    if set(designs) & set(rules().causal):
        return _TALL
    wider = {concept.notation for design in designs for concept in words.ancestors("design", design)}
    return _MIDDLE if {*designs, *wider} & set(wording()["heights"]["middle"]) else _LOW


def _estimate(key: str, labels: Mapping[str, str], outcomes: Mapping[str, str], details: Source) -> Estimate:
    row = details.rows[key]
    value, error = number(row.estimate) or 0.0, number(row.se) or 0.0
    reach = NormalDist().inv_cdf((1 + rules().confidence) / 2) * error
    names = ("estimate", "SE", "p", "n")
    values = (row.estimate, row.se, row.p, row.n)
    printed = ", ".join(f"{name} {text}" for name, text in zip(names, values, strict=True) if text)
    return Estimate(
        key, labels[row.study], outcomes.get(row.outcome, row.outcome), row.direction, clean_text(printed),
        clean_text(details.models.get(key, "")), value, value - reach if error > 0 else None,
        value + reach if error > 0 else None, error,
    )  # fmt: skip


def _forest(pooled: Pooled, found: Mapping[str, Estimate], outcomes: Mapping[str, str]) -> Forest:
    """Return a summary with its estimates, each with its weight in the summary."""
    members = [found[key] for key in pooled.findings]
    weights = [1 / (member.error**2 + pooled.summary.tau2) for member in members]
    estimates = tuple(
        member._replace(weight=weight / sum(weights)) for member, weight in zip(members, weights, strict=True)
    )
    outcome = outcomes.get(pooled.outcome, pooled.outcome)
    return Forest(outcome, clean_text(pooled.scale), estimates, pooled.summary)
