"""First useful paint of the terminal UI beside an empty Textual application, both in a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import Ratio
from kb.build import ensure
from kb.collection import bundled
from kb.evidence import Question, answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_EMPTY = """from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("first-paint-marker")
Empty().run()
"""
_ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b.")


def ui_ratios(env: dict[str, str], times: int = 9) -> Iterator[Ratio]:
    """Compare the time until findings stand on the screen with the time until an empty application shows one word."""
    program = str(Path(sys.executable).parent / "mipex-kb")
    reader, _ = ensure(bundled())
    with reader:
        marker = answer(reader, Question()).rows[0].outcome_label[:12].encode()
    ours, empty = [], []
    for number in range(times + 1):
        first = time_to([program], marker, env)
        second = time_to([sys.executable, "-c", _EMPTY], b"first-paint-marker", env)
        if number:
            ours.append(first)
            empty.append(second)
    yield Ratio("first useful paint of the UI", median(ours), "empty Textual application", median(empty), 2)


def time_to(command: Sequence[str], marker: bytes, env: dict[str, str], limit: float = 30.0) -> float:
    """Return the seconds until a text stands in what a program writes to its terminal of 80x24.

    Raises:
        RuntimeError: it did not come within the limit.
    """
    start = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe(command[0], list(command), {**env, "TERM": "xterm-256color"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen = b""
    try:
        while time.perf_counter() - start < limit:
            if select.select([terminal], [], [], 0.5)[0]:
                seen += os.read(terminal, 65536)
                if marker in _ESCAPES.sub(b"", seen):
                    return time.perf_counter() - start
        raise RuntimeError(f"{marker!r} did not come within {limit:g} seconds")
    finally:
        os.kill(process, signal.SIGKILL)
        os.close(terminal)
        os.waitpid(process, 0)
