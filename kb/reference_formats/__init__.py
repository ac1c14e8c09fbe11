"""References in the formats of other programs: BibTeX, biblatex, RIS and CSL-JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.references import Reference

REFERENCE_FORMATS = ("bibtex", "biblatex", "ris", "csl-json")


def render_references(form: str, references: Iterable[Reference]) -> str:
    """Return references as one text in one of ``REFERENCE_FORMATS``, in the order given."""
    if form == "ris":
        from kb.reference_formats.ris import to_ris

        return to_ris(references)
    if form == "csl-json":
        from kb.reference_formats.csl import to_csl

        return to_csl(references)
    from kb.reference_formats.bibtex import to_biblatex, to_bibtex

    return to_biblatex(references) if form == "biblatex" else to_bibtex(references)
