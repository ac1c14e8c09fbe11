"""A terminal that is closed while the program runs, whoever leads its session: the program ends."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.collection import Collection
    from kb.store import Reader


def test_the_program_ends_with_its_terminal(toy: Collection, toy_reader: Reader) -> None:
    ours, theirs = pty.openpty()
    program = [str(Path(sys.executable).parent / "mipex-kb"), "tui", "--studies", str(toy.studies[0])]
    command = [*program, "--ontology", str(toy.ontology)]
    env = {**os.environ, "TERM": "xterm-256color"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        try:
            os.close(theirs)
            seen = b""
            while b"findings" not in seen:  # it stands on the screen, and reads keys
                assert select.select([ours], [], [], 60)[0]
                seen += os.read(ours, 65536)
            os.close(ours)
            assert process.wait(60) == 129
        finally:
            process.kill()
