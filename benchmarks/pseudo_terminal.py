"""A program in a real pseudo-terminal: what it writes is read, keys are sent, and the time between is taken."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b.")


class PseudoTerminal:
    """One program and its terminal; it is killed at the end."""

    def __init__(self, command: Sequence[str], env: dict[str, str], size: tuple[int, int] = (80, 24)) -> None:
        """Start ``command`` in a terminal of ``size`` columns and lines."""
        self.started = time.perf_counter()
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.execvpe(command[0], list(command), {**env, "TERM": "xterm-256color"})
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.close(self._terminal)
        os.waitpid(self._process, 0)

    def wait_for(self, marker: bytes, limit: float = 60.0) -> float:
        """Return the moment at which a text stands in what the program writes from now on.

        Raises:
            RuntimeError: it did not come within the limit, in seconds.
        """
        seen = b""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            if select.select([self._terminal], [], [], 0.5)[0]:
                seen += os.read(self._terminal, 65536)
                if marker in _ESCAPES.sub(b"", seen):
                    return time.perf_counter()
        raise RuntimeError(f"{marker!r} did not come within {limit:g} seconds: {_ESCAPES.sub(b'', seen)[-2000:]!r}")

    def settle(self, quiet: float = 0.3) -> None:
        """Read what comes until nothing has come for some seconds."""
        while select.select([self._terminal], [], [], quiet)[0]:
            os.read(self._terminal, 65536)

    def press(self, keys: bytes) -> float:
        """Send keys, and return the moment."""
        moment = time.perf_counter()
        os.write(self._terminal, keys)
        return moment

    def memory(self) -> float:
        """Return the resident memory of the program in MB (10^6 bytes)."""
        status = Path(f"/proc/{self._process}/status").read_text("utf-8").splitlines()
        line = next(line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024 / 1e6
