"""What tests of the command line share: running it, in this process or in one of its own, and judging what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.cli import COMMANDS, main

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LIBRARY_COMMANDS = [name for name in COMMANDS if name != "tui"]


def query_workers() -> list[int]:
    """Return the processes that run queries for this one, ended ones that nobody waited for among them."""
    me = str(os.getpid())
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError):
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                line = (folder / "cmdline").read_bytes()
                if parent == me and (b"query_worker" in line or not line):
                    found.append(int(folder.name))
    return found


class Run(NamedTuple):
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


class Line:
    """Runs the command line in this process, on the toy collection unless told otherwise."""

    def __init__(self, studies: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._toy = ["--studies", str(studies)]
        self._capsys = capsys

    def __call__(self, *words: str, toy: bool = True) -> Run:
        try:
            code = main([*words, *self._toy] if toy else list(words))
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        printed = self._capsys.readouterr()
        return Run(code, printed.out, printed.err)


def process(words: Sequence[str], text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kb.cli", *words]
    known = {**os.environ, **environment}
    return subprocess.run(command, input=text, capture_output=True, text=True, env=known, timeout=60, check=False)


def is_one_plain_sentence(text: str) -> bool:
    return text.startswith("mipex-kb: ") and text.count("\n") == 1 and "Traceback" not in text
