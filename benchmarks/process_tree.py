"""A process with all that it starts: how long it ran, how much work that was, and the most memory at one time."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAUSE = 0.2  # seconds between two looks at the memory


class Run(NamedTuple):
    """What a process wrote, its wall and processor time in seconds, and its peak of resident memory in MB."""

    output: bytes
    wall: float
    processor: float
    memory: float


def run(command: Sequence[str], env: dict[str, str]) -> Run:
    """Run a program to its end.

    Raises:
        RuntimeError: it failed.
    """
    before = os.times()
    start = time.perf_counter()
    peak = 0.0
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while True:
            try:
                output, told = process.communicate(timeout=_PAUSE)
                break
            except subprocess.TimeoutExpired:
                peak = max(peak, _resident(process.pid))
    wall = time.perf_counter() - start
    after = os.times()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {told.decode()[-500:]}")
    work = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(output, wall, work, peak)


def _resident(root: int) -> float:
    """Return the resident memory of a process and of all below it, in MB; what they share counts for each."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines() if ":" in line)
        except OSError:
            continue
        number = int(status.parent.name)
        parents[number] = int(lines["PPid"])
        sizes[number] = int(lines.get("VmRSS", "0 kB").split()[0]) * 1024
    below = {root}
    while more := {number for number, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(sizes.get(number, 0) for number in below) / 1e6
