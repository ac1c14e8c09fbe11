"""Files of a collection changed all together or not at all, one writer at a time, with a way back.

Beside the files lies a hidden folder: ``lock`` holds off a second writer, ``pending.json`` describes a change that is
under way (whoever comes next takes it back), and ``done/`` keeps the changes that can be undone, the newest last.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import IntakeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FOLDER = ".intake"
_PENDING = "pending.json"
_KEPT = 50  # changes that can be taken back
_STUDY_FILE = re.compile(r"[^./\\][^/\\]*\.bib")


class Change(NamedTuple):
    """One file of a transaction: its name, its text before (none where it is new) and after (none: deleted)."""

    name: str
    before: str | None
    after: str | None


@contextmanager
def writing(studies: Path) -> Iterator[None]:
    """Hold the right to change a folder of studies; a second writer waits. A change cut short is taken back first.

    Raises:
        IntakeError: the folder cannot be written.
    """
    folder = studies / FOLDER
    try:
        (folder / "done").mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a", encoding="utf-8")
    except OSError as error:
        raise _not_writable(studies, error) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _mend(studies)
        except OSError as error:
            raise _not_writable(studies, error) from None
        yield


def recover(studies: Path) -> None:
    """Take back a change that was cut short, unless its writer is still at work; readers call this first."""
    try:
        with (studies / FOLDER / "lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _mend(studies)
    except OSError:
        return  # a writer is at work, or the folder is not ours to mend


def apply(
    studies: Path, what: str, after: Mapping[str, str | None], progress: Callable[[int, int], None] | None = None
) -> None:
    """Write files (name -> text, none deletes) so that all of them change or none. Only inside ``writing``.

    ``progress`` is told how many of how many files are written.

    Raises:
        IntakeError: a file cannot be read or written; everything is as it was before.
    """
    done = studies / FOLDER / "done"
    with _all_or_nothing(studies):
        changes = [Change(name, _read(studies / name), text) for name, text in sorted(after.items())]
        changes = [change for change in changes if change.before != change.after]
        if not changes:
            return
        _change(studies, what, changes, progress)
        (studies / FOLDER / _PENDING).replace(done / f"{_next_number(studies):08d}.json")
    with suppress(OSError):
        _flush(done)
        for old in _done(studies)[:-_KEPT]:
            old.unlink()


class Undone(NamedTuple):
    """A change that was taken back: what it was, and the files that are now as before."""

    what: str
    files: tuple[str, ...]


def last(studies: Path) -> tuple[str, list[Change]] | None:
    """Return what the newest change was and its files, none where nothing can be taken back.

    Raises:
        IntakeError: a record or a file cannot be read.
    """
    for path in reversed(_done(studies)):
        try:
            what, changes = _recorded(path)
            if any(_read(studies / change.name) != change.before for change in changes):
                return what, changes
            path.unlink(missing_ok=True)  # an undo was cut short after it had done its work
        except ValueError:
            raise IntakeError(f"{path} cannot be read; move it away to undo what was before it.") from None
        except OSError as error:
            raise _failed(studies, error) from None
    return None


def undo(studies: Path) -> Undone:
    """Take back the newest change. Only inside ``writing``.

    Raises:
        IntakeError: there is nothing to take back, a file was changed since, or one cannot be written.
    """
    newest = last(studies)
    if newest is None:
        raise IntakeError(f"There is nothing to undo in {studies}.")
    done, (what, changes) = _done(studies), newest
    with _all_or_nothing(studies):
        changed = [change.name for change in changes if _read(studies / change.name) != change.after]
        if changed:
            raise IntakeError(
                f"{', '.join(changed[:5])} changed since, and undoing would lose that. Take it back by hand, or with "
                "your version control."
            )
        _change(studies, f"undo of {what}", [Change(name, after, before) for name, before, after in changes])
        (studies / FOLDER / _PENDING).unlink()
    with suppress(OSError):
        done[-1].unlink(missing_ok=True)
    return Undone(what, tuple(change.name for change in changes))


@contextmanager
def _all_or_nothing(studies: Path) -> Iterator[None]:
    """Take a change back that cannot be finished, and say why."""
    try:
        yield
    except OSError as error:
        try:
            _mend(studies)
        except OSError:
            end = (
                "Not all could be put back at once; the next command does it. Free some space or mend the permissions."
            )
            raise _failed(studies, error, end) from None
        raise _failed(studies, error) from None


def _failed(studies: Path, error: OSError, end: str = "") -> IntakeError:
    end = end or "Nothing was changed; free some space or mend the permissions, and try again."
    return IntakeError(f"{error.filename or studies} cannot be read or written: {error.strerror}. {end}")


def _change(
    studies: Path, what: str, changes: list[Change], progress: Callable[[int, int], None] | None = None
) -> None:
    """Write down what is going to change, and change it."""
    _write(studies / FOLDER / _PENDING, _record(what, changes))
    _flush(studies / FOLDER)
    for number, change in enumerate(changes, 1):
        _put(studies / change.name, change.after)
        if progress:
            progress(number, len(changes))
    _flush(studies)


def _mend(studies: Path) -> None:
    """Take back a change that was cut short, and clear away what it left half written."""
    _take_back(studies)
    for left in (*studies.glob(".*.new"), *(studies / FOLDER).glob(".*.new")):
        left.unlink(missing_ok=True)


def _not_writable(studies: Path, error: OSError) -> IntakeError:
    return IntakeError(
        f"The folder {studies} cannot be written: {error.strerror}. Name a folder of yours with --studies, or make "
        "one with: mipex-kb init DIR"
    )


def _take_back(studies: Path) -> None:
    """Bring files back to what they were before a change that was cut short."""
    pending = studies / FOLDER / _PENDING
    try:
        _, changes = _recorded(pending)
    except FileNotFoundError:
        return
    except ValueError:  # not written by this program
        pending.unlink()
        return
    for change in changes:
        _put(studies / change.name, change.before)
    _flush(studies)
    pending.unlink()


def _recorded(path: Path) -> tuple[str, list[Change]]:
    """Return what a record says. A folder may come from anywhere: only plain names of study files are taken.

    Raises:
        ValueError: the record is malformed, or names something else than files of the folder.
    """
    record = json.loads(path.read_text("utf-8"))
    try:
        what, changes = str(record["what"]), [Change(*change) for change in record["changes"]]
    except (KeyError, TypeError):
        raise ValueError(path.name) from None
    for name, *texts in changes:
        if not isinstance(name, str) or not _STUDY_FILE.fullmatch(name):
            raise ValueError(path.name)
        if not all(text is None or isinstance(text, str) for text in texts):
            raise ValueError(path.name)
    return what, changes


def _record(what: str, changes: list[Change]) -> str:
    content = {"what": what, "when": datetime.now(UTC).isoformat(timespec="seconds"), "changes": changes}
    return json.dumps(content, indent=1)


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, text)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all: a neighbour first, onto the disk, then renamed."""
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with neighbour.open("wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        neighbour.replace(path)
    except OSError:
        neighbour.unlink(missing_ok=True)
        raise


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def _flush(folder: Path) -> None:
    """Bring the names of a folder onto the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _done(studies: Path) -> list[Path]:
    folder = studies / FOLDER / "done"
    return sorted(path for path in folder.glob("*.json") if path.stem.isdigit()) if folder.is_dir() else []


def _next_number(studies: Path) -> int:
    done = _done(studies)
    return int(done[-1].stem) + 1 if done else 1
