"""Everything that the page of a gap map needs to choose, count and show findings by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.bit_sets import picked
from kb.dimensions import dimensions, values_of
from kb.facets import CIRCLE, YEAR, Value, band_of, facets
from kb.gap_map_page.picture import KINDS
from kb.gap_map_words import NOTE
from kb.synthesis.rules import rules
from kb.terminal import SIGNS
from kb.text import clean_text

if TYPE_CHECKING:
    from kb.dimensions import Dimension
    from kb.facets import Choice, Facet
    from kb.session import Session

#: The fields of a finding that the page shows or searches, beside those of its study.
FIELDS = (
    "finding", "policy", "policy_label", "outcome", "outcome_label", "population", "role", "relation", "direction",
    "appraisal", "statement", "estimate", "se", "p", "n", "measure", "design", "countries", "source", "source_level",
    "locator",
)  # fmt: skip
STUDY_FIELDS = ("study", "authors", "year", "title", "container", "doi", "measure_status")
_SYNTHESIS = "synthesis"  # the design of studies that sum up others, which are in no count


def page_data(session: Session, choice: Choice, down: Dimension, across: Dimension) -> dict[str, Any]:
    """Return all findings of all circles, what they may be chosen by, and what is chosen at first."""
    rows = session.findings()
    places = {study: number for number, study in enumerate(dict.fromkeys(row.study for row in rows))}
    reviews = {row.study for row in session.index.rows_of(session.index.sets("design").get(_SYNTHESIS, 0))}
    base_of, bases = _bases(session, list(places))
    known = [(key, session.study(key)) for key in places]
    first_like: dict[object, int] = {}
    alike = [first_like.setdefault(row._replace(finding=""), number) for number, row in enumerate(rows)]
    lists = [_facet(session, facet, choice.of(facet.name)) for facet in facets().values()]
    return {
        "note": NOTE,
        "version": session.version(),
        "share": rules().share,
        "signs": SIGNS,
        "kinds": KINDS,
        "dimensions": [
            {
                **entry._asdict(),
                "values": [value.name for value in values_of(entry, session.index, session.vocabulary())],
            }
            for entry in dimensions().values()
        ],
        "facets": [listed for listed, _ in lists],
        "fields": FIELDS,
        "findings": [
            [
                places[row.study], alike[number], [families[number] for _, families in lists],
                *(clean_text(getattr(row, name)) for name in FIELDS),
            ]
            for number, row in enumerate(rows)
        ],
        "study_fields": STUDY_FIELDS,
        "studies": [
            [key in reviews, base_of.get(key, -1), *(clean_text(getattr(study, name, "")) for name in STUDY_FIELDS)]
            for key, study in known
        ],
        "bases": bases,
        "start": {"picked": choice.picked, "search": choice.search, "down": down.name, "across": across.name},
    }  # fmt: skip


def _facet(session: Session, facet: Facet, chosen: tuple[str, ...]) -> tuple[dict[str, Any], list[int]]:
    """Return the values of a facet with those above each, and for each finding the number of its set of values."""
    vocabulary = session.vocabulary()
    shown = session.index.values(facet.name)
    used = {value.name for value in shown}
    shown += [Value(name, session.label(facet.kind, name), "", 0) for name in chosen if name not in used]
    values: dict[str, Value] = {value.name: value for value in shown}
    for dimension in dimensions().values():
        if dimension.facet == facet.name:
            for value in values_of(dimension, session.index, vocabulary):
                values.setdefault(value.name, value)
    numbers = {name: number for number, name in enumerate(values)}

    def above(name: str) -> list[int]:
        if facet.name == YEAR:
            return [numbers[band]] if name.isdecimal() and (band := band_of(name)) in numbers else []
        higher = () if facet.name == CIRCLE else vocabulary.ancestors(facet.kind, name)
        return [numbers[concept.notation] for concept in higher if concept.notation in numbers]

    having: list[list[int]] = [[] for _ in session.findings()]
    everyone = range(len(having))
    for name, found in session.index.sets(facet.name).items():
        if name in numbers:
            for number in picked(everyone, found):
                having[number].append(numbers[name])
    families: dict[tuple[int, ...], int] = {}
    family = [families.setdefault(tuple(sorted(found)), len(families)) for found in having]
    return {
        "name": facet.name,
        "label": facet.label,
        "help": facet.help,
        "values": [[value.name, clean_text(value.label), value.depth, above(value.name)] for value in values.values()],
        "shown": len(shown),
        "families": list(families),
    }, family


def _bases(session: Session, studies: list[str]) -> tuple[dict[str, int], list[list[int]]]:
    """Return to which group each study of known data belongs, and the groups that each group shares data with.

    Studies that share data with the same studies are one group; groups that hang together are an evidence base.
    """
    bases = session.bases()
    unknown, here = set(bases.unknown(studies)), set(studies)
    tied = {key: frozenset({key, *bases.tied(key)} & here) for key in studies if key not in unknown}
    groups = {near: number for number, near in enumerate(dict.fromkeys(tied.values()))}
    found = {key: groups[near] for key, near in tied.items()}
    return found, [sorted({found[key] for key in near}) for near in groups]
