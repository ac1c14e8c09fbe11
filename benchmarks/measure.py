"""Taking times: whole processes and functions, in turns with their baseline, so that a busy machine hits both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Ratio(NamedTuple):
    """A measured ratio: what was timed, against what, in seconds, and the bound that it has to keep."""

    name: str
    seconds: float
    baseline: str
    baseline_seconds: float
    bound: float
    at_most: bool = True

    @property
    def value(self) -> float:
        """The ratio; where ``at_most`` is false, how many times faster than the baseline."""
        if self.at_most:
            return self.seconds / self.baseline_seconds
        return self.baseline_seconds / self.seconds

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        times = f"{self.seconds * 1000:8.1f} ms against {self.baseline_seconds * 1000:8.1f} ms"
        return f"{self.name} / {self.baseline}: {self.value:.2f} ({sign} {self.bound:g}: {verdict})  [{times}]"


class Limit(NamedTuple):
    """A measured time, in seconds, and the bound that it has to keep."""

    name: str
    seconds: float
    bound: float

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.seconds <= self.bound

    def __str__(self) -> str:
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        return f"{self.name}: {self.seconds * 1000:.1f} ms (<= {self.bound * 1000:g} ms: {verdict})"


def environment(**more: str) -> dict[str, str]:
    """Return the environment of measured processes: as a user has it, with compiled modules kept."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, **more}


def processes(commands: Sequence[Sequence[str]], folder: Path, env: dict[str, str], times: int) -> list[float]:
    """Return the median wall time of each command over some rounds; the commands take turns, after one round unseen.

    Raises:
        RuntimeError: a command failed.
    """
    taken: list[list[float]] = [[] for _ in commands]
    for number in range(times + 1):
        for command, found in zip(commands, taken, strict=True):
            start = time.perf_counter()
            done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
            seconds = time.perf_counter() - start
            if done.returncode:
                raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.decode()[-500:]}")
            if number:
                found.append(seconds)
    return [statistics.median(found) for found in taken]


def functions(calls: Sequence[Callable[[], object]], times: int) -> list[float]:
    """Return the median wall time of each call over some rounds; the calls take turns, after one round unseen."""
    taken: list[list[float]] = [[] for _ in calls]
    for number in range(times + 1):
        for call, found in zip(calls, taken, strict=True):
            start = time.perf_counter()
            call()
            if number:
                found.append(time.perf_counter() - start)
    return [statistics.median(found) for found in taken]
