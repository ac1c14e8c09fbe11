"""Which findings are told one by one, and how: each result that occurs first, then each study, the best read first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.briefing.fill import fill, in_sentence, pieces_of, resting_on, template, term
from kb.export import short_citation
from kb.synthesis.classes import class_of
from kb.synthesis.model import MODERATOR
from kb.synthesis.profile import LEVELS, number_of_countries
from kb.synthesis.rules import APPRAISAL, forbidden_words, rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.briefing.material import Material
    from kb.briefing.model import Piece, Sentence
    from kb.evidence import Row

_POINTING = re.compile(r"\bfindings?\b", re.IGNORECASE)


def chosen(material: Material, rows: Iterable[Row], most: int, by: str = APPRAISAL) -> list[Row]:
    """Return the findings that are told, by their class; all classes that occur are among them."""
    order = rules().scales[by].classes
    ranked = sorted(rows, key=lambda row: _grounding(material, row))
    picked: list[Row] = []
    for name in order:
        picked += [row for row in ranked if class_of(row, by) == name][:1]
    for row in ranked:
        if len(picked) < most and row.study not in {other.study for other in picked}:
            picked.append(row)
    picked += [row for row in ranked if row not in picked][: max(0, most - len(picked))]
    return sorted(picked, key=lambda row: (order.index(class_of(row, by)), ranked.index(row)))


def first_of(material: Material, rows: Iterable[Row], name: str, most: int) -> list[Row]:
    """Return the best read findings of a class, not more than ``most``."""
    return sorted((row for row in rows if class_of(row) == name), key=lambda row: _grounding(material, row))[:most]


def told(material: Material, row: Row, study_class: str = "") -> Sentence:
    """Return a finding in the words of the collection, with its citation, its class and where it was read.

    ``study_class`` is how its study counts, which is said where it differs.
    """
    words = template()
    labels = rules().labels
    name, within = labels[class_of(row)], ""
    if row.role == MODERATOR:
        name = words["changes"].get(row.direction, words["changes"]["unclear"])
    elif study_class not in ("", class_of(row)):
        within = words["found"]["within"].format(**{"class": labels[study_class]})
    level = words["levels"].get(row.source_level, words["levels"]["unknown"])
    statement = fill("{text}", text=term(row.statement, "statement"))
    if forbidden_words(row.statement):
        statement = _from_codes(material, row)
        level = f"{level}, {words['coded']['note']}"
    sentence = fill(
        words["found"]["finding"], statement=statement.pieces, citation=term(short_citation(row), "citation"),
        level=level, within=within, note=_note(material, row), **{"class": name},
    )  # fmt: skip
    return resting_on([row.finding], sentence, row.source)


def _note(material: Material, row: Row) -> tuple[Piece, ...]:
    """Return the coder's note on a finding; only that there is one, where a reader could not read it here.

    Such notes use words that a briefing leaves out, or point to other findings of the study.
    """
    words, note = template()["found"], material.notes.get(row.finding, "")
    if not note:
        return ()
    if forbidden_words(note) or _POINTING.search(note):
        return (words["no_note"],)
    return pieces_of(words["note"], note=term(note, "note"))


def _from_codes(material: Material, row: Row) -> Sentence:
    words = template()["coded"]
    name = MODERATOR if row.role == MODERATOR else row.direction if row.direction in words else "unclear"
    return fill(
        words[name], policy=term(in_sentence(row.policy_label), "policy"), outcome=term(row.outcome_label, "outcome"),
        relation=term(row.relation, "relation"), direction=term(row.direction, "direction"),
    )  # fmt: skip


def _grounding(material: Material, row: Row) -> tuple[int, int, int, str]:
    level = LEVELS.index(row.source_level) if row.source_level in LEVELS else len(LEVELS)
    study = material.session.study(row.study)
    number = number_of_countries(study, material.behind.known.coverage.get(row.study, "")) if study else None
    return level, -(number or 0), len(row.finding), row.finding
