"""From records to studies: what the searches found, what was left out and taken in, and what they all missed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kb.recapture import chapman

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kb.protocol import Found, Protocol
    from kb.recapture import Recapture


class Flow(NamedTuple):
    """Counts in the order of a PRISMA flow diagram.

    ``records`` were met by all routes (``by_route``: each alone); without ``duplicates`` (met again by another route,
    or another version of the same study) they are ``screened``. Those are ``excluded``, by reason, or ``included``; of
    the included, ``coded`` have findings. ``unrecorded``: keys of the collection that no record leads to.
    """

    records: int
    by_route: dict[str, int]
    duplicates: int
    screened: int
    excluded: dict[str, int]
    included: int
    by_circle: dict[str, int]
    coded: int
    unrecorded: list[str]


class Completeness(NamedTuple):
    """How many core studies may still be missing.

    ``routes``: subject searches against citation lists, made without knowing the collection. ``routes_seen``: the same,
    counting only studies whose use of MIPEX was seen. ``collection``: the collection as it was before those searches
    against all of them; ``held`` of the ``met`` were in it.
    """

    routes: Recapture
    routes_seen: Recapture
    collection: Recapture
    met: int
    held: int
    core: int


def flow(protocol: Protocol, circle_of: Mapping[str, str], coded: set[str]) -> Flow:
    """Count records; ``circle_of`` has every study of the collection, ``coded`` those with findings."""
    keys = {found.key for found in protocol.found}
    category = {record.key: record.category for record in protocol.excluded}
    included = keys & set(circle_of)
    excluded = Counter(category.get(key, "no reason recorded") for key in keys - included)
    routes = Counter(found.route for found in protocol.found)
    return Flow(
        len(protocol.found),
        {route.route: routes[route.route] for route in protocol.routes},
        len(protocol.found) - len(keys),
        len(keys),
        dict(sorted(excluded.items(), key=lambda item: (-item[1], item[0]))),
        len(included),
        dict(Counter(circle_of[key] for key in sorted(included))),
        len(included & coded),
        sorted(set(circle_of) - keys),
    )


def completeness(protocol: Protocol, core: set[str], seen: set[str]) -> Completeness:
    """Estimate how many core studies there are; ``seen``: those of them whose use of MIPEX was seen.

    Records that the blind routes met and that are no core studies are no part of the estimate.
    """
    blind = {route.route: route.kind for route in protocol.routes if route.blind == "yes"}
    met = {kind: _keys(protocol.found, [name for name, of in blind.items() if of == kind]) for kind in blind.values()}
    subject, citation = met.get("subject", set()) & core, met.get("citation", set()) & core
    before = _keys(protocol.found, [route.route for route in protocol.routes if route.blind != "yes"]) & core
    either = subject | citation
    return Completeness(
        chapman(subject, citation),
        chapman(subject & seen, citation & seen),
        chapman(before, either),
        len(either),
        len(either & before),
        len(core),
    )


def _keys(found: Iterable[Found], routes: Iterable[str]) -> set[str]:
    wanted = set(routes)
    return {record.key for record in found if record.route in wanted}
