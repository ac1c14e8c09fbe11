"""Baskets: findings and studies that a user put aside, by key, under names of their own, kept between runs.

They live in one file of the user's folder. Every change is written at once, whole, after reading what other programs
wrote in the meantime; the last change can be taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.baskets_file import Basket, Item, Shelf, read_shelf, write_shelf
from kb.errors import UsageError
from kb.text import clean_text, counted
from kb.user_folder import changing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LONGEST_NAME = 60
LONGEST_NOTE = 1000


class Toggled(NamedTuple):
    """What a toggle did: whether the keys are in the basket now, and which basket that is."""

    added: bool
    basket: str


def today() -> str:
    """Return the day as ISO text."""
    from datetime import UTC, datetime

    return datetime.now(UTC).astimezone().date().isoformat()


class Baskets:
    """All baskets of the user, as they were when last read or changed. One of them is the current one."""

    def __init__(self, today: Callable[[], str] = today) -> None:
        """Read them; ``today`` gives the day on which something is added.

        Raises:
            UserFolderError: they cannot be read, or a newer program wrote them.
        """
        self._today = today
        self._shelf, self.damage = read_shelf()

    def read(self) -> None:
        """Read again what may have been changed by another program.

        Raises:
            UserFolderError: they cannot be read.
        """
        self._shelf, damage = read_shelf()
        self.damage = damage or self.damage

    @property
    def all(self) -> tuple[Basket, ...]:
        """The baskets in the order in which they were made; there is always one."""
        return self._shelf.baskets

    @property
    def current(self) -> Basket:
        """The basket into which things go."""
        return self.basket("")

    @property
    def last_change(self) -> str:
        """What was done last and can be taken back, in words; empty where there is nothing."""
        return self._shelf.did

    def basket(self, name: str) -> Basket:
        """Return a basket by name; the current one where the name is empty.

        Raises:
            UsageError: there is none of this name.
        """
        return _find(self._shelf, name)

    def marked(self) -> frozenset[str]:
        """Return the keys in the current basket."""
        return self.current.keys

    def toggle(self, keys: Iterable[str]) -> Toggled:
        """Put keys into the current basket, or take them out where all of them are in it as it was last read.

        Raises:
            UserFolderError: the change cannot be written.
        """
        keys, here = tuple(keys), self.current
        inside = bool(keys) and here.keys.issuperset(keys)
        shelf, _ = read_shelf()
        name = here.name if here.name in {basket.name for basket in shelf.baskets} else shelf.current
        if inside:
            self.remove(keys, name)
        else:
            self.add(keys, name)
        return Toggled(bool(keys) and not inside, name)

    def add(self, keys: Iterable[str], name: str = "", note: str = "") -> int:
        """Put keys into a basket, which is made where there is none of this name; return how many were not in it.

        Raises:
            UsageError: the name or a key cannot be one.
            UserFolderError: the change cannot be written.
        """
        keys = list(dict.fromkeys(_key(key) for key in keys))
        note = clean_text(note)[:LONGEST_NOTE]
        new = 0

        def change(shelf: Shelf) -> tuple[Shelf, str]:
            nonlocal new
            if name and not any(_same(basket.name, name) for basket in shelf.baskets):
                shelf = shelf._replace(baskets=(*shelf.baskets, Basket(_name(name))))
            basket = _find(shelf, name)
            here = basket.keys
            fresh = [Item(key, note, self._today()) for key in keys if key not in here]
            new = len(fresh)
            items = tuple(item._replace(note=note) if note and item.key in keys else item for item in basket.items)
            return _with(shelf, basket, (*items, *fresh)), f"{counted(new, 'entry', 'entries')} added to {basket.name}"

        self._change(change)
        return new

    def remove(self, keys: Iterable[str], name: str = "") -> int:
        """Take keys out of a basket, and return how many were in it.

        Raises:
            UsageError: there is no such basket.
            UserFolderError: the change cannot be written.
        """
        unwanted, gone = set(keys), 0

        def change(shelf: Shelf) -> tuple[Shelf, str]:
            nonlocal gone
            basket = _find(shelf, name)
            left = tuple(item for item in basket.items if item.key not in unwanted)
            gone = len(basket.items) - len(left)
            return _with(shelf, basket, left), f"{counted(gone, 'entry', 'entries')} taken out of {basket.name}"

        self._change(change)
        return gone

    def annotate(self, key: str, note: str, name: str = "") -> None:
        """Write a note on something in a basket; an empty one takes it away.

        Raises:
            UsageError: there is no such basket, or the key is not in it.
            UserFolderError: the change cannot be written.
        """
        text = clean_text(note)[:LONGEST_NOTE]

        def change(shelf: Shelf) -> tuple[Shelf, str]:
            basket = _find(shelf, name)
            if key not in basket.keys:
                raise UsageError(f"{key!r} is not in the basket {basket.name}. See: mipex-kb basket show")
            items = tuple(item._replace(note=text) if item.key == key else item for item in basket.items)
            return _with(shelf, basket, items), f"note on {key}"

        self._change(change)

    def create(self, name: str) -> None:
        """Make an empty basket, and make it the current one.

        Raises:
            UsageError: the name cannot be one, or there is one of this name.
            UserFolderError: the change cannot be written.
        """

        def change(shelf: Shelf) -> tuple[Shelf, str]:
            title = _free(shelf, name)
            return Shelf((*shelf.baskets, Basket(title)), title), f"new basket {title}"

        self._change(change)

    def rename(self, old: str, new: str) -> None:
        """Give a basket another name.

        Raises:
            UsageError: there is no such basket, or the new name cannot be one or is taken.
            UserFolderError: the change cannot be written.
        """

        def change(shelf: Shelf) -> tuple[Shelf, str]:
            basket = _find(shelf, old)
            title = _free(shelf, new, but=basket.name)
            baskets = tuple(other._replace(name=title) if other == basket else other for other in shelf.baskets)
            current = title if shelf.current == basket.name else shelf.current
            return Shelf(baskets, current), f"{basket.name} renamed to {title}"

        self._change(change)

    def delete(self, name: str) -> None:
        """Throw a basket away; the one before it becomes current where it was.

        Raises:
            UsageError: there is no such basket.
            UserFolderError: the change cannot be written.
        """

        def change(shelf: Shelf) -> tuple[Shelf, str]:
            basket = _find(shelf, name)
            place = shelf.baskets.index(basket)
            left = shelf.baskets[:place] + shelf.baskets[place + 1 :] or Shelf().baskets
            current = left[max(place - 1, 0)].name if shelf.current == basket.name else shelf.current
            return Shelf(left, current), f"basket {basket.name} deleted"

        self._change(change)

    def choose(self, name: str) -> None:
        """Make a basket the current one.

        Raises:
            UsageError: there is no such basket.
            UserFolderError: the change cannot be written.
        """

        def change(shelf: Shelf) -> tuple[Shelf, str]:
            return shelf._replace(current=_find(shelf, name).name), ""

        self._change(change)

    def undo(self) -> str:
        """Take the last change back, whichever program made it, and return it in words.

        Raises:
            UsageError: there is nothing to take back.
            UserFolderError: it cannot be written.
        """
        with changing():
            self._shelf, _ = read_shelf(locked=True)
            did, before = self._shelf.did, self._shelf.before
            if before is None:
                raise UsageError("There is no change of a basket to take back.")
            self._shelf = before
            write_shelf(before)
        return did

    def _change(self, change: Callable[[Shelf], tuple[Shelf, str]]) -> None:
        """Read, change and write, while nobody else does; keep what was before, unless that stays the same."""
        with changing():
            before, damage = read_shelf(locked=True)
            self.damage = damage or self.damage
            after, did = change(before)
            if did and (after.baskets, after.current) != (before.baskets, before.current):
                after = after._replace(did=did, before=before._replace(did="", before=None))
            else:
                after = after._replace(did=before.did, before=before.before)
            if after != before:
                write_shelf(after)
            self._shelf = after


def _find(shelf: Shelf, name: str) -> Basket:
    wanted = name or shelf.current
    found = next((basket for basket in shelf.baskets if _same(basket.name, wanted)), None)
    if found is None:
        names = ", ".join(basket.name for basket in shelf.baskets)
        raise UsageError(f"There is no basket {clean_text(name)!r}. There are: {names}.")
    return found


def _with(shelf: Shelf, basket: Basket, items: tuple[Item, ...]) -> Shelf:
    changed = basket._replace(items=items)
    return shelf._replace(baskets=tuple(changed if other == basket else other for other in shelf.baskets))


def _free(shelf: Shelf, name: str, but: str = "") -> str:
    title = _name(name)
    if any(_same(basket.name, title) and basket.name != but for basket in shelf.baskets):
        raise UsageError(f"There is a basket {title} already. Choose another name.")
    return title


def _name(name: str) -> str:
    title = clean_text(name)
    if not title:
        raise UsageError("A basket needs a name with letters or digits.")
    if len(title) > LONGEST_NAME:
        raise UsageError(f"A name of a basket has {LONGEST_NAME} characters at most. Choose a shorter one.")
    return title


def _key(key: str) -> str:
    if not key or clean_text(key) != key or " " in key:
        raise UsageError(
            f"{clean_text(key)!r} is no key. Give the key of a study or finding, such as smith2015trust-1."
        )
    return key


def _same(one: str, other: str) -> bool:
    return clean_text(one).casefold() == clean_text(other).casefold()
