"""What a coder has to know of the vocabulary: which names go into a field, and which appraisal follows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from kb.appraisal import appraise
from kb.errors import UnknownConceptError
from kb.fields import CONCEPT_FIELDS
from kb.text import plain_letters
from kb.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.vocabulary import Concept, Vocabulary

#: Fields that hold several values, with a semicolon between them.
SEVERAL = ("population", "measure", "source")


class FieldHelp(NamedTuple):
    """What a field is for. ``needed``: yes, moderator (only there), wanted (a gap without it) or no."""

    needed: str
    meaning: str


class Appraisal(NamedTuple):
    """The appraisal of a draft. ``value`` is empty where it is not known yet.

    ``status``: follows (from direction and outcome; it may not be coded), open (it may be coded), needed (it has to be
    coded) or unknown (role, direction or outcome are missing).
    """

    value: str
    status: Literal["follows", "open", "needed", "unknown"]

    def __str__(self) -> str:
        return {
            "follows": f"The appraisal follows: {self.value}.",
            "open": f"The outcome is neither good nor bad by itself: {self.value}, unless the source says otherwise.",
            "needed": f"The appraisal of a moderator is coded: {self.value or 'not yet'}.",
            "unknown": "The appraisal follows from role, direction and outcome.",
        }[self.status]


@cache
def field_help() -> dict[str, FieldHelp]:
    """Return every field of a finding with what it is for, in the order of the manual."""
    lines = (Path(__file__).parent / "coding_fields.tsv").read_text("utf-8").splitlines()[1:]
    return {name: FieldHelp(needed, meaning) for name, needed, meaning in (line.split("\t") for line in lines)}


def is_needed(field: str, values: Mapping[str, str]) -> bool:
    """Say whether a finding cannot be written without a field."""
    needed = field_help()[field].needed
    return needed == "yes" or (needed == "moderator" and values.get("role") == "moderator")


def missing(values: Mapping[str, str], *, measure: bool = False) -> list[str]:
    """Return the fields that a draft lacks and cannot do without, in the order of the manual.

    ``measure``: whether it has to say what stood for the policy, because its study does not.
    """
    needed = [field for field in field_help() if is_needed(field, values) or (measure and field == "measure")]
    return [field for field in needed if not values.get(field)]


def kinds_of(field: str) -> tuple[str, ...]:
    """Return the kinds of concept that a field names, none for plain text."""
    if field == "relation":
        return ("outcome", "factor")
    return (CONCEPT_FIELDS[field],) if field in CONCEPT_FIELDS else ()


def choices(field: str, vocabulary: Vocabulary) -> list[Concept]:
    """Return the concepts that a field may name."""
    return [concept for kind in kinds_of(field) for concept in complete(kind, "", vocabulary)]


def complete(kind: str, beginning: str, vocabulary: Vocabulary) -> list[Concept]:
    """Return the concepts that the words may mean: first those whose name begins so, then those that hold all words.

    Names are notation, label and alternative labels. Without words all are returned; of outcomes only those at which a
    finding may point, not the groups above them.
    """
    wanted = fold(plain_letters(beginning))
    ranked = []
    for order, concept in enumerate(vocabulary.concepts(kind)):
        if kind == "outcome" and concept.level != "outcome":
            continue
        names = [fold(plain_letters(name)) for name in (concept.notation, concept.label, *concept.alt_labels)]
        everything = " ".join(names)
        begins = next((rank for rank, name in enumerate(names) if name.startswith(wanted)), None)
        if begins is not None:
            ranked.append((min(begins, 2), order, concept))
        elif all(word in everything for word in wanted.split()):
            ranked.append((3, order, concept))
    return [concept for _, _, concept in sorted(ranked, key=lambda found: found[:2])]


def written(concept: Concept) -> str:
    """Return the concept as a field names it: the notation, for a measure with a colon as in ``mipex:2015``."""
    return concept.notation.replace("-", ":", 1) if concept.kind == "measure" else concept.notation


def named(field: str, text: str, vocabulary: Vocabulary, *, beginnings: bool = False) -> str:
    """Return the text with labels and alternative labels replaced by notations; what names nothing stays as it is.

    With ``beginnings``, the beginning of a name will do, and what names nothing is an error.

    Raises:
        UnknownConceptError: only with ``beginnings``: nothing fits, or several do.
    """
    kinds = kinds_of(field)
    if not kinds:
        return text
    if beginnings and field == "relation" and text.count("->") != 1:
        raise UnknownConceptError(f"{text!r} has not two ends. Write one -> other, such as migrant-status -> wages.")
    sign = "->" if field == "relation" else ";"
    several = sign in text and (field in SEVERAL or field == "relation")
    parts = [part.strip() for part in text.split(sign)] if several else [text.strip()]
    found = [_notation(field, part, vocabulary, beginnings=beginnings) for part in parts if part]
    return f"{' -> ' if field == 'relation' else '; '}".join(found)


def _notation(field: str, text: str, vocabulary: Vocabulary, *, beginnings: bool) -> str:
    errors = []
    for kind in kinds_of(field):
        try:
            concept = vocabulary.resolve(kind, text)
        except UnknownConceptError as error:
            errors.append(error)
            continue
        if beginnings and field == "outcome" and concept.level != "outcome":
            below = ", ".join(each.notation for each in vocabulary.narrower(kind, concept.notation)[:8])
            raise UnknownConceptError(f"{concept.notation} is a group of outcomes. Choose one below it: {below}.")
        if beginnings or fold(text) in map(fold, (concept.notation, concept.label, *concept.alt_labels)):
            return written(concept)
    if beginnings and errors:
        raise errors[0]
    return text


def appraisal_of(draft: Mapping[str, str], vocabulary: Vocabulary) -> Appraisal:
    """Return the appraisal as it follows from a draft, or that it has to be coded."""
    role, direction, coded = draft.get("role", ""), draft.get("direction", ""), draft.get("appraisal", "")
    if role == "moderator":
        return Appraisal(coded, "needed")
    outcome = vocabulary.get("outcome", draft.get("outcome", ""))
    if role != "direct" or not outcome or not vocabulary.get("direction", direction):
        return Appraisal(coded, "unknown")
    value = appraise(direction, outcome.valence)
    return Appraisal(value, "follows") if outcome.valence in (1, -1) else Appraisal(coded or value, "open")
