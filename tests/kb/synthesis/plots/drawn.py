"""Made-up syntheses of made-up blocks, and their pictures: what tests of the pictures share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.synthesis.model import Counted, Hidden, Synthesis
from kb.synthesis.plots.build import Source, picture
from kb.vocabulary import Concept, Vocabulary
from tests.kb.synthesis.made_up import block, separate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.evidence import Row
    from kb.synthesis.model import Block
    from kb.synthesis.plots.model import Picture
    from kb.tables import StudyRow

DESIGNS = Vocabulary(
    [
        Concept("design", "observational", "Observational"),
        Concept("design", "cross-sectional", "Cross-sectional", broader=("observational",)),
        Concept("design", "panel", "Panel", broader=("observational",)),
        Concept("design", "quasi-experimental", "Quasi-experimental"),
        Concept("design", "natural-experiment", "Natural experiment", broader=("quasi-experimental",)),
        Concept("design", "matching", "Matching", broader=("quasi-experimental",)),
    ]
)


def synthesis(*blocks: Block, by: str = "appraisal", circles: tuple[str, ...] = ("core",)) -> Synthesis:
    """Return a synthesis on trust of these blocks."""
    return Synthesis(
        "overall", "Overall MIPEX score", ("trust",), "Trust", by, (), False, circles, blocks,
        Hidden({}, {}, Counted()), "2026-11-25", "0123456789ab", False,
    )  # fmt: skip


def drawn(
    kind: str,
    rows: Sequence[Row],
    studies: Mapping[str, StudyRow] | None = None,
    *,
    models: Mapping[str, str] | None = None,
    place: tuple[str, str, str] = ("core", "direct", "primary"),
    by: str = "appraisal",
) -> Picture:
    """Return the picture of findings that make one block."""
    known = studies or separate(sorted({row.study for row in rows}))
    made = block(rows, known, models=models, place=place, by=by)
    details = Source({row.finding: row for row in rows}, known, models or {}, DESIGNS)
    return picture(synthesis(made, by=by), kind, details)
