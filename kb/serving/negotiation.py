"""Which of the media types on offer a client likes best, as its Accept header says (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE = re.compile(r"\s*([\w.+*-]+)/([\w.+*-]+)\s*(?:;(.*))?\Z", re.DOTALL)
_QUALITY = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*\Z", re.IGNORECASE)


class _Range(NamedTuple):
    kind: str
    quality: float

    def fits(self, media_type: str) -> int:
        """Return how exactly the range names a media type: 0 not at all, 1 anything, 2 its family, 3 itself."""
        if self.kind == media_type:
            return 3
        if self.kind == media_type.partition("/")[0] + "/*":
            return 2
        return int(self.kind == "*/*")


def preferred(accept: str, offers: Sequence[str]) -> str:
    """Return the media type that is liked best, the first of those liked alike, empty where none is acceptable.

    An empty header accepts anything; parts of it that are no media ranges are passed over.
    """
    ranges = _ranges(accept)
    if not accept.strip():
        return offers[0] if offers else ""
    best, found = 0.0, ""
    for offer in offers:
        fitting = [(exact, each.quality) for each in ranges if (exact := each.fits(offer))]
        quality = max(fitting)[1] if fitting else 0.0
        if quality > best:
            best, found = quality, offer
    return found


def _ranges(accept: str) -> list[_Range]:
    found = []
    for part in accept.split(","):
        if match := _RANGE.match(part):
            weights = [_QUALITY.match(option) for option in (match.group(3) or "").split(";")]
            quality = next((float(weight.group(1)) for weight in weights if weight), 1.0)
            found.append(_Range(f"{match.group(1)}/{match.group(2)}".lower(), quality))
    return found
