"""Sets of numbers as one whole number, in which bit N stands for N."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")
_AS_FLAGS = bytes.maketrans(b"01", b"\x00\x01")
_IN = ord("1")


def set_of(numbers: Iterable[int]) -> int:
    """Return the set of some numbers."""
    numbers = list(numbers)
    flags = bytearray(b"0") * (max(numbers, default=0) + 1)
    for number in numbers:
        flags[number] = _IN
    flags.reverse()
    return int(flags, 2)


def picked(items: Sequence[T], found: int) -> list[T]:
    """Return the items whose numbers are in a set, in their order."""
    return list(compress(items, bin(found)[:1:-1].encode().translate(_AS_FLAGS)))
