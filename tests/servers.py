"""Real SPARQL servers for tests, on loopback: Oxigraph's, and Virtuoso, which shares no code with it.

Virtuoso considers few plans of a query (``MaxOptimizeLayouts``): for a small graph it plans for longer than it asks.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
_SECONDS = 60.0
_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = .
MaxOptimizeLayouts = 3
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 10000
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def oxigraph() -> Iterator[str]:
    """Run Oxigraph's server on an empty store in memory, and give the address for queries."""
    process, url = start_oxigraph()
    try:
        yield url
    finally:
        process.kill()
        process.wait()


def start_oxigraph() -> tuple[subprocess.Popen[bytes], str]:
    port = free_port()
    command = [str(OXIGRAPH), "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process, _answering(process, f"http://127.0.0.1:{port}/query")


def start_virtuoso(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Run Virtuoso on an empty store in a folder. Its user dba may update, with the password dba."""
    port = free_port()
    folder.mkdir()
    (folder / "virtuoso.ini").write_text(_INI.format(port=port, sql=free_port()), "ascii")
    command = ["virtuoso-t", "-f", "-c", "virtuoso.ini"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process, _answering(process, f"http://127.0.0.1:{port}/sparql")


def _answering(process: subprocess.Popen[bytes], url: str) -> str:
    """Return the address once an answer comes from there."""
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends and process.poll() is None:
        with suppress(httpx.TransportError):
            httpx.post(url, data={"query": "ASK {}"}, timeout=5, verify=False)
            return url
        time.sleep(0.05)
    process.kill()
    raise AssertionError(f"{process.args!r} did not start")


Started = tuple[subprocess.Popen[bytes], dict[str, Any]]


@contextmanager
def shared(folder: Path, start: Callable[[], Started]) -> Iterator[dict[str, Any]]:
    """Give what ``start`` tells of a server that several test processes use; the last of them ends it."""
    with _state(folder) as state:
        if not state:
            process, told = start()
            state.update(pid=process.pid, users=0, told=told)
        state["users"] += 1
        found = dict(state["told"])
    try:
        yield found
    finally:
        with _state(folder) as state:
            state["users"] -= 1
            if not state["users"]:
                with suppress(ProcessLookupError):
                    os.kill(state["pid"], signal.SIGKILL)
                state.clear()


@contextmanager
def _state(folder: Path) -> Iterator[dict[str, Any]]:
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / "state.json"
        state = json.loads(path.read_text()) if path.exists() else {}
        yield state
        path.write_text(json.dumps(state))
