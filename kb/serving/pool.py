"""Workers in two lanes, so that long queries are in nobody's way.

Every query begins in the quick lane. One that has had a fifth of a second of a processor is a long one: its worker
gets the lowest priority, another takes its place in the quick lane, and only so many long ones run at once. A query
whose text was long before begins in the long lane. A query that outlives its time is killed with its worker.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kb import generations
from kb.errors import StoreError
from kb.serving.nursery import Nursery
from kb.serving.refusals import busy, timed_out
from kb.serving.worker_handle import Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence
    from pathlib import Path

    from kb.serving.worker_handle import Reply, Worker

_Wanted = TypeVar("_Wanted")
_LONG_AFTER = 0.2  # seconds of a processor
_LOOK_EVERY = 0.02
_PATIENCE = 5.0  # seconds for which a request waits for a worker, but no more than half of its time
_QUICK_WAITING, _LONG_WAITING = 128, 16  # requests that may wait
_REMEMBERED = 1000  # texts of long queries
_HEAVY = 96 * 1024**2  # bytes above what it began with, after which a worker is not used again


class Limits(NamedTuple):
    """What a query may take. ``workers`` is how many run quickly at once, ``long`` how many long ones beside them."""

    seconds: float = 30.0
    rows: int = 100_000
    bytes: int = 32 * 1024**2
    memory: int = 512 * 1024**2
    workers: int = 4
    long: int = 2


class Pool:
    """The workers of a server."""

    def __init__(self, cache: Path, limits: Limits) -> None:
        self._cache = cache
        self.limits = limits
        self.room = Room(8 * limits.bytes)
        self._nursery: Nursery | None = None
        self._old: list[Nursery] = []
        self._all: set[Worker] = set()
        self._quick: set[Worker] = set()
        self._starting = 0
        self._renewing = False
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._long = asyncio.Semaphore(limits.long)
        self._known_long: OrderedDict[object, None] = OrderedDict()
        self._waiting = {_QUICK_WAITING: 0, _LONG_WAITING: 0}
        self._chores: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StoreError: they do not start.
        """
        try:
            self._nursery = await Nursery.start(self._cache, self.limits.memory)
            for _ in range(self.limits.workers):
                await self._add()
        except OSError:
            await self.close()
            raise StoreError("The store cannot be opened. Run: mipex-kb build --clean") from None

    async def close(self) -> None:
        """Kill all workers."""
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        for worker in self._all:
            worker.kill()
        for nursery in (self._nursery, *self._old):
            if nursery:
                nursery.close()

    async def ask(self, *steps: dict[str, Any], text: object = None) -> Reply:
        """Return the answer to the last of some requests, which one worker gets one after the other.

        ``text`` is what they are remembered by when they turn out to be long.

        Whoever gets the answer gives the room of its body back. A caller that is cancelled ends the query.

        Raises:
            Refusal: it is refused, took too long, broke off, or has no place now.
        """
        self._look_for_new_generation()
        try:
            async with asyncio.timeout(self.limits.seconds):
                if text not in self._known_long and (reply := await self._ask_quickly(steps, text)):
                    return reply
                async with self._place(), self._worker() as worker:
                    self._take_aside(worker)
                    return await worker.ask(steps, self.room)
        except TimeoutError:
            raise timed_out(self.limits.seconds) from None

    async def _ask_quickly(self, steps: Sequence[dict[str, Any]], text: object) -> Reply | None:
        """Return the answer of a worker of the quick lane, none where the query is long and the long lane is full."""
        async with self._worker() as worker:
            errand = asyncio.ensure_future(worker.ask(steps, self.room))
            try:
                while not errand.done() and worker.cpu_seconds() < _LONG_AFTER:
                    await asyncio.wait({errand}, timeout=_LOOK_EVERY)
                if errand.done():
                    return errand.result()
                self._remember(text)
                if self._long.locked():
                    return None
                async with self._long:
                    self._take_aside(worker)
                    return await errand
            finally:
                errand.cancel()
                await asyncio.wait({errand})

    def _take_aside(self, worker: Worker) -> None:
        """Put a worker into the long lane and another in its place."""
        worker.slow_down()
        self._quick.discard(worker)
        self._replenish()

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[Worker]:
        """Have a worker of the quick lane for one request."""
        worker = await self._patiently(self._idle.get(), _QUICK_WAITING)
        while worker.gone or worker.generation != self.generation():
            self._drop(worker)
            worker = await self._patiently(self._idle.get(), _QUICK_WAITING)
        try:
            yield worker
        finally:
            if worker.fit and worker in self._quick and worker.growth < _HEAVY:
                self._idle.put_nowait(worker)
            else:
                self._drop(worker)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Hold a place in the long lane."""
        await self._patiently(self._long.acquire(), _LONG_WAITING)
        try:
            yield
        finally:
            self._long.release()

    async def _patiently(self, wanted: Coroutine[Any, Any, _Wanted], most: int) -> _Wanted:
        """Wait a while for something, unless too many wait for it.

        Raises:
            Refusal: they do, or it does not come.
        """
        if self._waiting[most] >= most:
            wanted.close()
            raise busy()
        self._waiting[most] += 1
        try:
            async with asyncio.timeout(min(_PATIENCE, self.limits.seconds / 2)):
                return await wanted
        except TimeoutError:
            raise busy() from None
        finally:
            self._waiting[most] -= 1

    def generation(self) -> str:
        """Return the name of the generation that requests are answered from now."""
        return self._nursery.generation if self._nursery else ""

    def data(self) -> str:
        """Return the version of the data that requests are answered from now."""
        return self._nursery.data if self._nursery else ""

    def _look_for_new_generation(self) -> None:
        """Where the collection was built anew, read it; until that is done, the one before is served."""
        current = generations.current(self._cache)
        if current and current.name != self.generation() and not self._renewing:
            self._renewing = True
            self._later(self._renew())

    async def _renew(self) -> None:
        """Take workers from another process from now on; the one before stays until its last worker is gone."""
        try:
            nursery = await Nursery.start(self._cache, self.limits.memory)
        except OSError:
            return
        finally:
            self._renewing = False
        if self._nursery:
            self._old.append(self._nursery)
        self._nursery = nursery
        self._close_old()

    def _close_old(self) -> None:
        used = {worker.generation for worker in self._all}
        for nursery in [each for each in self._old if each.generation not in used]:
            self._old.remove(nursery)
            nursery.close()

    def _remember(self, text: object) -> None:
        if text is None:
            return
        self._known_long[text] = None
        if len(self._known_long) > _REMEMBERED:
            self._known_long.popitem(last=False)

    def _drop(self, worker: Worker) -> None:
        self._quick.discard(worker)
        self._all.discard(worker)
        worker.kill()
        self._close_old()
        self._replenish()

    def _replenish(self) -> None:
        while len(self._quick) + self._starting < self.limits.workers:
            self._starting += 1
            self._later(self._add_until_it_works())

    def _later(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _add_until_it_works(self) -> None:
        try:
            while True:
                with suppress(OSError):
                    return await self._add()
                await asyncio.sleep(1)
                await self._renew()
        finally:
            self._starting -= 1

    async def _add(self) -> None:
        if self._nursery is None:
            raise OSError("there is nothing to fork a worker from")
        worker = await self._nursery.worker()
        self._all.add(worker)
        self._quick.add(worker)
        self._idle.put_nowait(worker)
