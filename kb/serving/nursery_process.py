"""The process from which workers are forked: it has read the libraries and the graph already, so that they need not.

What it holds is shared by all of them. It belongs to one generation; another build gets another such process. It
leaves the network before it opens anything. A byte over its socket, with the socket of a worker, asks for one; it
answers with a line that holds the number of the process. When its own socket is closed, it ends, and they with it.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>


def main() -> None:
    """Fork workers until the socket is closed. Arguments: the socket, the cache folder, the bytes a query may take."""
    number, cache, memory = sys.argv[2:5]
    from kb.query_worker import leave_network

    leave_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    from kb import generations
    from kb.manifest import version_in
    from kb.serving.worker import work

    held = generations.hold(Path(cache))
    if held is None:
        return
    folder, lock = held
    with lock, socket.socket(fileno=int(number)) as channel:
        shared = _shared(folder)
        gc.freeze()
        _say(channel, {"generation": folder.name, "data": version_in(folder)})
        while True:
            asked, sockets, _, _ = socket.recv_fds(channel, 1, 1)
            if not asked:
                return
            child = os.fork()
            if child:
                os.close(sockets[0])
                _say(channel, {"process": child})
                continue
            try:
                channel.close()
                _become_worker(int(memory))
                with socket.socket(fileno=sockets[0]) as own:
                    work(own, shared or _opened(folder), folder.name)
            finally:
                os._exit(0)


def _shared(folder: Path) -> ox.Store | None:
    """Return the graph in memory, where queries take a third of the time; none where it is too large for that."""
    import pyoxigraph as ox

    from kb.store import MEMORY_QUADS

    disk = _opened(folder)
    if len(disk) > MEMORY_QUADS:
        return None
    store = ox.Store()
    store.bulk_load(disk.dump(format=ox.RdfFormat.N_QUADS) or b"", ox.RdfFormat.N_QUADS)
    return store


def _opened(folder: Path) -> ox.Store:
    import pyoxigraph as ox

    return ox.Store.read_only(str(folder / "store"))


def _become_worker(memory: int) -> None:
    """Give a new worker its bounds: it dies with its parent, and fails rather than take the memory of others."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # other systems than Linux do not say how much it has now
        now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))


def _say(channel: socket.socket, what: dict[str, object]) -> None:
    channel.sendall(json.dumps(what).encode() + b"\n")
