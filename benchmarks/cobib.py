"""The evidence command beside ``cobib list`` over the same references; cobib gets an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Ratio, processes

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONFIG = """from cobib.config import config
config.database.file = {file!r}
config.database.git = False
config.logging.logfile = {log!r}
config.logging.version = None
"""


def cobib_ratios(folder: Path, env: dict[str, str], times: int = 7) -> Iterator[Ratio]:
    """Compare the evidence command with ``cobib list``.

    Raises:
        RuntimeError: cobib could not be installed or filled.
    """
    program = Path(sys.executable).parent / "mipex-kb"
    home = folder / "cobib"
    venv.create(home / "env", with_pip=True)
    _run([str(home / "env" / "bin" / "python"), "-m", "pip", "install", "--quiet", "cobib>=6,<7"], env)
    config = home / "config.py"
    config.write_text(_CONFIG.format(file=str(home / "database.yaml"), log=str(home / "log")), "utf-8")
    references = home / "references.bib"
    _run([str(program), "evidence", "--measure", "all", "--format", "bibtex", "-o", str(references)], env)
    cobib = [str(home / "env" / "bin" / "cobib"), "-p", "-c", str(config)]
    _run([*cobib, "init"], env)
    _run([*cobib, "add", "-b", str(references)], env)
    commands = [[str(program), "evidence", "health", "--format", "csv"], [*cobib, "list"]]
    evidence, listing = processes(commands, folder, env, times)
    yield Ratio("evidence health --format csv, process", evidence, "cobib list", listing, 0.25)


def _run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.decode()[-500:]}")
