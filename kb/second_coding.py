"""How far two coders of the same studies agree, from the record of both codings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.kappa import Agreement, agreement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.protocol import Coding

#: Variables on which agreement is measured -> what the reader is told.
VARIABLES = {
    "policy": "policy",
    "policy_area": "policy area",
    "outcome": "outcome",
    "outcome_group": "outcome group",
    "direction": "direction",
    "role": "role",
}
#: Rounds made by the codebook, and the one before it, which used raw words for outcomes.
BY_CODEBOOK = ("2", "3")
BEFORE_CODEBOOK = ("1",)


class Comparison(NamedTuple):
    """Two codings of the same studies.

    A unit is one result of a study. ``both`` were coded by both coders, the others by one of them only; agreement on
    the variables is measured over the units that both have.
    """

    rounds: tuple[str, ...]
    studies: int
    units: int
    both: int
    only_first: int
    only_second: int
    variables: dict[str, Agreement]


def compare(codings: Iterable[Coding], rounds: tuple[str, ...]) -> Comparison:
    """Compare the two codings of some rounds; the first coder of a study is the one whose identifier sorts first.

    Raises:
        ValueError: the rounds hold no unit that both coders have.
    """
    units: dict[tuple[str, str], dict[str, Coding]] = {}
    coders: dict[str, list[str]] = {}
    for coding in codings:
        if coding.round in rounds:
            units.setdefault((coding.study, coding.unit), {})[coding.coder] = coding
            coders.setdefault(coding.round, []).append(coding.coder)
    first = {number: min(found) for number, found in coders.items()}
    pairs = [(study, found[min(found)], found[max(found)]) for (study, _), found in units.items() if len(found) == 2]
    single = [next(iter(found.values())) for found in units.values() if len(found) == 1]
    only_first = sum(coding.coder == first[coding.round] for coding in single)
    names = [name for name in VARIABLES if name != "outcome" or rounds == BY_CODEBOOK]
    return Comparison(
        rounds,
        len({study for study, _ in units}),
        len(units),
        len(pairs),
        only_first,
        len(single) - only_first,
        {
            name: agreement([(study, getattr(one, name), getattr(other, name)) for study, one, other in pairs])
            for name in names
        },
    )
