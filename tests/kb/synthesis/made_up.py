"""Made-up findings and studies, and their syntheses without a store: what tests of the counting share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.evidence import Row
from kb.evidence_bases import EvidenceBases
from kb.synthesis.block import make_block
from kb.synthesis.known import Background
from kb.synthesis.profile import Known
from kb.tables import StudyRow
from kb.vocabulary import Concept, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.synthesis.model import Block

WORDS = Vocabulary(
    [
        Concept("data", "ess", "European Social Survey"),
        *(Concept("data", f"survey-{number}", f"Survey {number}") for number in range(40)),
        Concept("outcome", "trust", "Trust", valence=1),
        Concept("outcome", "threat", "Threat", valence=-1),
        Concept("outcome", "fertility", "Fertility", valence=0),
    ]
)
_APPRAISAL = {"+": "favourable", "-": "unfavourable", "0": "neutral", "m": "mixed", "?": "unclear", "n": "neutral"}
_DIRECTION = {"+": "positive", "-": "negative", "0": "null", "m": "mixed", "?": "unclear", "n": "positive"}


def row(key: str, sign: str, **fields: str) -> Row:
    """Return a finding; its sign is + - 0 m ? or n (a sign on an outcome that is neither good nor bad)."""
    values = {
        "finding": key, "study": key.rpartition("-")[0], "year": "2015", "policy": "overall",
        "outcome": "fertility" if sign == "n" else "trust", "role": "direct", "direction": _DIRECTION[sign],
        "appraisal": _APPRAISAL[sign], "measure": "mipex", "source_level": "abstract", "population": "immigrants",
        "statement": f"Statement of {key}.",
    }  # fmt: skip
    return Row(**{**dict.fromkeys(Row._fields, ""), **values, **fields})


def rows_of(signs: Mapping[str, str], **fields: str) -> list[Row]:
    """Return the findings of studies, one for each of their signs."""
    return [row(f"{study}-{n}", sign, **fields) for study, of in signs.items() for n, sign in enumerate(of, start=1)]


def study(key: str, **fields: str) -> StudyRow:
    """Return a study with a survey of its own, unless told otherwise."""
    values = {"study": key, "authors": "Alpha, Anna", "year": "2015", "design": "cross-sectional", **fields}
    return StudyRow(**{**dict.fromkeys(StudyRow._fields, ""), **values})


def separate(keys: Sequence[str]) -> dict[str, StudyRow]:
    """Return studies no two of which share data."""
    return {key: study(key, data=f"survey-{number}") for number, key in enumerate(sorted(keys))}


def block(
    rows: Sequence[Row],
    studies: Mapping[str, StudyRow] | None = None,
    *,
    place: tuple[str, str, str] = ("core", "direct", "primary"),
    by: str = "appraisal",
    by_result: bool = False,
    coverage: Mapping[str, str] | None = None,
    models: Mapping[str, str] | None = None,
    includes: Mapping[str, tuple[str, ...]] | None = None,
) -> Block:
    """Return the block of findings, of studies with separate data unless told otherwise."""
    known = studies or separate(sorted({row.study for row in rows}))
    behind = Background(Known(coverage or {}, frozenset(), None), dict(models or {}), dict(includes or {}))
    return make_block(
        place, rows, by, by_result=by_result, studies=known, bases=EvidenceBases(known.values(), WORDS), words=WORDS,
        behind=behind,
    )  # fmt: skip
