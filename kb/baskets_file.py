"""The file of the baskets: read with patience, so that nothing in it is lost, and written whole."""

from __future__ import annotations

from typing import Any, NamedTuple

from kb.errors import UserFolderError
from kb.text import clean_text
from kb.user_folder import changing, read_json, set_aside, user_folder, write_json

FILE = "baskets.json"
_VERSION = 1
_FIRST = "Reading"


class Item(NamedTuple):
    """Something in a basket: the key of a finding or study, a note on it, and the day on which it was added."""

    key: str
    note: str = ""
    added: str = ""


class Basket(NamedTuple):
    """A name, and what is in it in the order of adding."""

    name: str
    items: tuple[Item, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The keys of what is in it."""
        return frozenset(item.key for item in self.items)


class Shelf(NamedTuple):
    """All baskets, the name of the current one, what was done last, and how all was before that."""

    baskets: tuple[Basket, ...] = (Basket(_FIRST),)
    current: str = _FIRST
    did: str = ""
    before: Shelf | None = None


def read_shelf(*, locked: bool = False) -> tuple[Shelf, str]:
    """Return the baskets, and a sentence where the file was damaged; ``locked``: the folder is the caller's.

    A damaged file is set aside under another name; what can be read of it stays.

    Raises:
        UserFolderError: the file cannot be read, or a newer program wrote it.
    """
    path = user_folder() / FILE
    if not path.exists():
        return Shelf(), ""
    if locked:
        return _read()
    try:
        with changing():
            return _read()
    except UserFolderError:
        if not path.exists():
            raise
        return _read()  # the folder is not ours to write, but perhaps to read


def write_shelf(shelf: Shelf) -> None:
    """Write the baskets.

    Raises:
        UserFolderError: they cannot be written.
    """
    before = {"did": shelf.did, **_as_json(shelf.before)} if shelf.before else None
    write_json(FILE, {"version": _VERSION, **_as_json(shelf), "before": before})


def _as_json(shelf: Shelf) -> dict[str, object]:
    baskets = [{"name": name, "items": [item._asdict() for item in items]} for name, items in shelf.baskets]
    return {"current": shelf.current, "baskets": baskets}


def _read() -> tuple[Shelf, str]:
    found, path = read_json(FILE), user_folder() / FILE
    if isinstance(found, dict) and isinstance(found.get("version"), int) and found["version"] > _VERSION:
        raise UserFolderError(f"{path} was written by a newer version of this program. Update it, and open it again.")
    shelf, whole = _shelf(found)
    if whole:
        before = found.get("before")
        if isinstance(before, dict) and isinstance(before.get("did"), str):
            earlier, earlier_whole = _shelf(before)
            if earlier_whole:
                shelf = shelf._replace(did=clean_text(before["did"]), before=earlier)
        return shelf, ""
    aside = set_aside(FILE) if path.exists() else None
    if found is not None:
        try:
            write_shelf(shelf)
        except UserFolderError:
            return shelf, f"{path} is damaged, and cannot be mended. Check its permissions."
    where = f"kept as {aside}" if aside else f"kept beside {path}, with .damaged in its name"
    return shelf, f"The file of the baskets was damaged: it is {where}, and what could be read of it is shown."


def _shelf(found: Any) -> tuple[Shelf, bool]:  # noqa: ANN401 - whatever the file held
    """Return what can be read, and whether that is all."""
    listed = found.get("baskets") if isinstance(found, dict) else None
    whole = isinstance(listed, list) and bool(listed)
    baskets: dict[str, Basket] = {}
    for thing in listed if isinstance(listed, list) else []:
        basket, read = _basket(thing)
        whole = whole and read and basket.name.casefold() not in baskets
        if basket.name:
            known = baskets.setdefault(basket.name.casefold(), Basket(basket.name))
            here = known.keys
            more = tuple(item for item in basket.items if item.key not in here)
            baskets[basket.name.casefold()] = known._replace(items=known.items + more)
    if not baskets:
        return Shelf(), False
    names = [basket.name for basket in baskets.values()]
    current = found.get("current")
    whole = whole and current in names
    return Shelf(tuple(baskets.values()), current if current in names else names[0]), whole


def _basket(thing: Any) -> tuple[Basket, bool]:  # noqa: ANN401 - whatever the file held
    if not isinstance(thing, dict) or not isinstance(thing.get("name"), str):
        return Basket(""), False
    listed = thing.get("items")
    items: dict[str, Item] = {}
    whole = isinstance(listed, list)
    for found in listed if isinstance(listed, list) else []:
        cells = [found.get(name) for name in Item._fields] if isinstance(found, dict) else []
        texts = [clean_text(cell) for cell in cells if isinstance(cell, str)]
        whole = whole and len(texts) == len(Item._fields) and texts[0] not in items
        if len(texts) == len(Item._fields) and texts[0]:
            items.setdefault(texts[0], Item(*texts))
    name = clean_text(thing["name"])
    return Basket(name, tuple(items.values())), whole and bool(name)
