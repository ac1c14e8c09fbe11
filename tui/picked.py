"""What is chosen, as short texts of which each can be taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.facets import CIRCLE, POLICY, YEAR, facets
from kb.text import counted

if TYPE_CHECKING:
    from kb.facets import Choice
    from kb.session import Session

#: What is no facet, but part of a choice.
SEARCH, STUDIES, FINDINGS = "search", "studies", "findings"
_BY_KEY = ((STUDIES, "study", "studies"), (FINDINGS, "finding", "findings"))


class Picked(NamedTuple):
    """One part of a choice: the facet (or search, studies, findings), the value, and both in words."""

    facet: str
    value: str
    text: str


def picked_of(choice: Choice, session: Session) -> list[Picked]:
    """Return the parts of a choice: policies first, then the facets in their order, keys, the words searched for."""
    found = []
    for name in (POLICY, *(facet for facet in facets() if facet != POLICY)):
        facet = facets()[name]
        for number, value in enumerate(choice.of(name)):
            what = f"{facet.label.lower()} " if not number else "or "
            found.append(Picked(name, value, what + _label(name, value, session)))
    for name, one, many in _BY_KEY:
        keys: tuple[str, ...] = getattr(choice, name)
        if keys:
            found.append(Picked(name, "", f"{one} {keys[0]}" if len(keys) == 1 else counted(len(keys), one, many)))
    if words := " ".join(choice.search.split()):
        found.append(Picked(SEARCH, "", f"search “{words}”"))
    return found


def without(choice: Choice, facet: str, value: str) -> Choice:
    """Return the choice without one of its parts."""
    if facet == SEARCH:
        return choice._replace(search="")
    if facet == STUDIES:
        return choice._replace(studies=())
    if facet == FINDINGS:
        return choice._replace(findings=())
    return choice.only(facet, *(other for other in choice.of(facet) if other != value))


def _label(facet: str, value: str, session: Session) -> str:
    if facet == CIRCLE:
        return value
    return value.replace("-", "–") if facet == YEAR else session.label(facets()[facet].kind, value)
