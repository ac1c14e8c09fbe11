"""The user's own folder: baskets, saved queries and what the program remembers, as small JSON files written whole."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import UserFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator


def user_folder() -> Path:
    """Return the folder: ``MIPEX_KB_HOME``, else ``mipex-kb`` in the user's data folder. It may not exist yet."""
    if named := os.environ.get("MIPEX_KB_HOME"):
        return Path(named).expanduser()
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "mipex-kb"


def read_json(name: str) -> Any:  # noqa: ANN401 - whatever the file holds; callers check it
    """Return what a file of the folder holds, none where it does not exist.

    A file that is no JSON is set aside under another name, so that nothing is lost and the program still opens.

    Raises:
        UserFolderError: the file cannot be read.
    """
    path = user_folder() / name
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        set_aside(name)
        return None
    except OSError as error:
        raise UserFolderError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from None


def set_aside(name: str) -> Path | None:
    """Rename a damaged file of the folder, and return its new place; none where it cannot be renamed."""
    path = user_folder() / name
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged{number}")).exists():
        number += 1
    with suppress(OSError):
        return path.rename(aside)
    return None


def write_json(name: str, value: object) -> None:
    """Write a file of the folder, whole or not at all.

    Raises:
        UserFolderError: it cannot be written.
    """
    write_text(name, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write_text(name: str, text: str) -> None:
    """Write a text file of the folder, whole or not at all.

    Raises:
        UserFolderError: it cannot be written.
    """
    path = user_folder() / name
    pending = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pending.touch(mode=0o600)
        pending.write_text(text, "utf-8")
        pending.replace(path)
    except OSError as error:
        with suppress(OSError):
            pending.unlink()
        raise UserFolderError(
            f"{path} cannot be written: {error.strerror}. Name another folder with MIPEX_KB_HOME."
        ) from None


@contextmanager
def changing() -> Iterator[None]:
    """Let one process at a time read and write the folder.

    Raises:
        UserFolderError: the folder cannot be written.
    """
    import fcntl

    folder = user_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / ".lock").open("a")
    except OSError as error:
        raise UserFolderError(
            f"{folder} cannot be written: {error.strerror}. Name another folder with MIPEX_KB_HOME."
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
