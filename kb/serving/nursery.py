"""The process from which workers are forked, as the server sees it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kb.serving.worker_handle import Worker

if TYPE_CHECKING:
    Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_START = "import sys; sys.path.insert(0, sys.argv[1]); from kb.serving.nursery_process import main; main()"
_PROJECT = Path(__file__).resolve().parents[2]
_SECONDS = 120.0  # reading a large graph takes time


class Nursery:
    """A process of one ``generation``, which it keeps for as long as it lives; ``data`` is the version of its data."""

    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket, streams: Streams) -> None:
        self._process = process
        self._channel = channel
        self._reader, self._writer = streams
        self._turn = asyncio.Lock()
        self.generation = ""
        self.data = ""

    @classmethod
    async def start(cls, cache: Path, memory: int) -> Self:
        """Start it and wait until it has read the graph.

        Raises:
            OSError: it does not get that far.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-I", "-c", _START, str(_PROJECT), str(theirs.fileno()), str(cache), str(memory)]
            quiet = None if os.environ.get("MIPEX_KB_DEBUG") else subprocess.DEVNULL
            process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=quiet)
        nursery = cls(process, ours, await asyncio.open_unix_connection(sock=ours.dup()))
        try:
            said = await nursery._said()
            nursery.generation, nursery.data = str(said["generation"]), str(said["data"])
        except OSError:
            nursery.close()
            raise
        return nursery

    async def worker(self) -> Worker:
        """Return a new worker that is ready.

        Raises:
            OSError: there is none to be had.
        """
        ours, theirs = socket.socketpair()
        async with self._turn:
            with theirs:
                socket.send_fds(self._channel, [b"w"], [theirs.fileno()])
            process = int(str((await self._said())["process"]))
        worker = Worker(process, *await asyncio.open_unix_connection(sock=ours))
        try:
            await worker.ready()
        except OSError:
            worker.kill()
            raise
        return worker

    def close(self) -> None:
        """End it, and all its workers."""
        self._writer.close()
        self._channel.close()
        self._process.kill()
        self._process.wait()

    async def _said(self) -> dict[str, object]:
        try:
            async with asyncio.timeout(_SECONDS):
                found: dict[str, object] = json.loads(await self._reader.readline())
                return found
        except ValueError:
            raise OSError("the process for workers has ended") from None
