"""What the program remembers between runs: the last screen, the theme, and what each screen wants to find again."""

from __future__ import annotations

from typing import NamedTuple

from kb.errors import UserFolderError
from kb.user_folder import read_json, write_json

_FILE = "state.json"


class State(NamedTuple):
    """``screens`` holds by screen what it wants to find again."""

    place: str = ""
    theme: str = ""
    screens: dict[str, dict[str, object]] = {}  # noqa: RUF012 - never changed in place


def read_state() -> State:
    """Return what was remembered; nothing where it cannot be read or is damaged."""
    try:
        found = read_json(_FILE)
    except UserFolderError:
        return State()
    if not isinstance(found, dict):
        return State()
    place, theme, screens = (found.get(name) for name in State._fields)
    kept = screens.items() if isinstance(screens, dict) else ()
    return State(
        place if isinstance(place, str) else "",
        theme if isinstance(theme, str) else "",
        {name: memory for name, memory in kept if isinstance(memory, dict)},
    )


def write_state(state: State) -> None:
    """Remember.

    Raises:
        UserFolderError: the user's folder cannot be written.
    """
    write_json(_FILE, state._asdict())
