"""The dimensions of a gap map: what its rows and columns may be, whether or not anything was found there."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import UsageError
from kb.facets import CIRCLE, YEAR, Value, band_of, facets

if TYPE_CHECKING:
    from kb.facets import Choice
    from kb.finding_index import FindingIndex
    from kb.vocabulary import Vocabulary

#: The name of the row of findings that have none of the values.
REST = ""


class Dimension(NamedTuple):
    """One dimension: ``facet`` holds its values, ``values`` says which of them, ``rest`` names what has none."""

    name: str
    label: str
    many: str
    facet: str
    values: str
    rest: str


@cache
def dimensions() -> dict[str, Dimension]:
    """Return all dimensions by name, in the order in which they are offered."""
    content = tomllib.loads(Path(__file__).with_name("dimensions.toml").read_text("utf-8"))
    return {entry["name"]: Dimension(**entry) for entry in content["dimension"]}


def dimension(name: str) -> Dimension:
    """Return a dimension by name.

    Raises:
        UsageError: there is none of this name.
    """
    found = dimensions().get(name)
    if found is None:
        raise UsageError(f"There is no dimension {name!r}. There are: {', '.join(dimensions())}.")
    return found


def values_of(
    chosen: Dimension, index: FindingIndex, vocabulary: Vocabulary, choice: Choice | None = None
) -> list[Value]:
    """Return the values of a dimension in their order, also those without findings.

    Where ``choice`` picks values of the same facet, only what they concern is left: the rest is no gap.
    """
    kind = facets()[chosen.facet].kind
    if chosen.values == "bands":
        found = _bands(index)
    elif chosen.values == "used":
        found = index.values(chosen.facet)
    else:
        concepts = vocabulary.tops(kind) if chosen.values == "top" else vocabulary.concepts(kind)
        wanted = [concept for concept in concepts if chosen.values in ("top", concept.level)]
        found = [Value(concept.notation, concept.label, "", 0) for concept in wanted]
    picked = choice.of(chosen.facet) if choice else ()
    return [value for value in found if not picked or any(related(chosen, value.name, p, vocabulary) for p in picked)]


def related(chosen: Dimension, value: str, picked: str, vocabulary: Vocabulary) -> bool:
    """Say whether a picked value is the value, or lies below or above it."""
    return value == picked or is_below(chosen, picked, value, vocabulary) or is_below(chosen, value, picked, vocabulary)


def is_below(chosen: Dimension, value: str, above: str, vocabulary: Vocabulary) -> bool:
    """Say whether a value lies below another one: in the scheme, or as a year in its band."""
    if chosen.facet == YEAR:
        return value.isdecimal() and band_of(value) == above
    if chosen.facet == CIRCLE:
        return False
    kind = facets()[chosen.facet].kind
    return any(concept.notation == above for concept in vocabulary.ancestors(kind, value))


def _bands(index: FindingIndex) -> list[Value]:
    """Return all bands of years from the first to the last in use, the first first."""
    years = [int(year) for year in index.sets(YEAR) if year.isdecimal()]
    bands = dict.fromkeys(band_of(str(year)) for year in range(min(years), max(years) + 1)) if years else {}
    return [Value(band, band.replace("-", "–"), "", 0) for band in bands]
