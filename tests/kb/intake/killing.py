"""A child process that is killed at one step of what it writes: an opening, a renaming, a deletion or a flush."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEPS = ("open", "os.rename", "os.remove", "os.mkdir")
MOST = 200  # more steps than any change of a test has


def survives(step: int, act: Callable[[], object], folder: Path, *, torn: bool = False) -> bool:
    """Run ``act`` in a child that is killed just before its ``step``-th access to the folder (counted from 1).

    ``torn``: a file that is about to be flushed is cut in half first. Say whether the child came to its end.
    """
    child = os.fork()
    if child == 0:
        try:
            _arm(step, str(folder), torn=torn)
            act()
        except BaseException:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def _arm(step: int, folder: str, *, torn: bool) -> None:
    left = step
    flush = os.fsync

    def count() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS and str(arguments[0]).startswith(folder) and count():
            os.kill(os.getpid(), signal.SIGKILL)

    def fsync(handle: int) -> None:
        if count():
            size = os.fstat(handle).st_size
            if torn and not os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112 - a handle, not a path
                os.ftruncate(handle, size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        flush(handle)

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(watch)
