"""A worker as the server sees it: started, asked, weighed, slowed down and killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.serving.refusals import Refusal, broken, busy

if TYPE_CHECKING:
    from collections.abc import Sequence

_READY_SECONDS = 30.0
_LOWEST = 19


class Reply(NamedTuple):
    """What a worker answered: what it says about the body, and the body."""

    head: dict[str, Any]
    body: bytes


class Room:
    """How many bytes of answers the server may hold at once."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> None:
        """Take room for a body.

        Raises:
            Refusal: there is none.
        """
        if size > self._left:
            raise busy()
        self._left -= size

    def give(self, size: int) -> None:
        """Give room back."""
        self._left += size


class Worker:
    """One process, used for one request at a time.

    ``fit`` says whether it can take another request, ``growth`` how many bytes it has taken since it began.
    """

    def __init__(self, process: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process = process
        self._handle = os.pidfd_open(process) if hasattr(os, "pidfd_open") else None
        self._reader = reader
        self._writer = writer
        self._cpu_before = 0.0
        self._memory_before = 0
        self.generation = ""
        self.growth = 0
        self.fit = True

    @property
    def gone(self) -> bool:
        """Whether it has ended while nobody asked it."""
        return self._reader.at_eof()

    async def ready(self) -> None:
        """Wait until it can be asked.

        Raises:
            OSError: it does not get that far.
        """
        try:
            async with asyncio.timeout(_READY_SECONDS):
                hello = json.loads(await self._reader.readline())
        except (ValueError, OSError):
            raise OSError("a process for queries did not start") from None
        self.generation, self._memory_before = hello["generation"], hello["memory"]

    async def ask(self, steps: Sequence[dict[str, Any]], room: Room) -> Reply:
        """Return the answer to the last of some requests; whoever gets it gives the room of its body back.

        Raises:
            Refusal: a request is refused, the process did not survive it, or there is no room for the answer.
        """
        for request in steps[:-1]:
            reply = await self._ask(request, room)
            room.give(len(reply.body))
        return await self._ask(steps[-1], room)

    async def _ask(self, request: dict[str, Any], room: Room) -> Reply:
        self._cpu_before = self._cpu()
        self.fit = False
        try:
            self._writer.write(json.dumps(request).encode() + b"\n")
            await self._writer.drain()
            head = json.loads(await self._reader.readline())
        except (ValueError, OSError):
            raise broken() from None
        self.growth = head["memory"] - self._memory_before
        if "refused" in head:
            self.fit = head["fit"]
            status, sentence, headers = head["refused"]
            raise Refusal(status, sentence, **headers)
        room.take(head["length"])
        try:
            body = await self._reader.readexactly(head["length"])
        except (asyncio.IncompleteReadError, OSError):
            room.give(head["length"])
            raise broken() from None
        except BaseException:
            room.give(head["length"])
            raise
        self.fit = True
        return Reply(head, body)

    def cpu_seconds(self) -> float:
        """Return how much of a processor the request under way has had."""
        return self._cpu() - self._cpu_before

    def slow_down(self) -> None:
        """Let every other process go first."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process, _LOWEST)

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._writer.close()
        handle, self._handle = self._handle, None
        with suppress(OSError):
            if handle is None:
                os.kill(self._process, signal.SIGKILL)
            else:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                os.close(handle)

    def _cpu(self) -> float:
        try:
            return int(Path(f"/proc/{self._process}/schedstat").read_bytes().split()[0]) / 1e9
        except (OSError, ValueError, IndexError):
            return asyncio.get_running_loop().time()
