"""The pool: workers by kind, kept for a while after a task, and a queue of what has to wait for a place.

What a person waits for never waits for a place; what goes on in the background takes one of a few, by priority first
and age next. The queue is ours: a queue that processes share stays locked when one of them dies.
"""

import asyncio
import heapq
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from hardcore.workers.context import Words
from hardcore.workers.worker import Kind, Part, Progress, Worker

# More workers of a kind than so many end at once when they have no task.
MOST_IDLE = 1


@dataclass(slots=True)
class _Idle:
    worker: Worker
    loop: asyncio.AbstractEventLoop
    timer: asyncio.TimerHandle


@dataclass(order=True, slots=True)
class _Waiting:
    priority: int
    number: int
    begin: "asyncio.Future[None]" = field(compare=False)


class Runner(Protocol):
    """What does tasks: the pool of this machine, or others."""

    async def run(self, kind: Kind, line: bytes, progress: Progress | None = None, part: Part | None = None) -> Words:
        """Return the answer to a line of `context.request`; a cancellation stops it. Raises HardcoreError."""


class Pool:
    """Workers for tasks; `places` is how many tasks of the background run at once."""

    def __init__(self, places: int | None = None) -> None:
        self._free = places or max(2, os.cpu_count() or 1)
        self._queue: list[_Waiting] = []
        self._numbers = count()
        self._idle: list[_Idle] = []
        self._busy: set[Worker] = set()

    async def run(self, kind: Kind, line: bytes, progress: Progress | None = None, part: Part | None = None) -> Words:
        """Return the answer to a line of `context.request`, from a worker of a kind. Raises what `Worker.do` does.

        Only a worker that did what it was asked is used again; cancelling kills it with all that it has started.
        """
        worker = self._taken(kind)
        self._busy.add(worker)
        is_good = False
        try:
            done = await worker.do(line, progress, part)
            is_good = not kind.fresh
            return done
        finally:
            self._busy.discard(worker)
            if is_good:
                self._keep(worker)
            else:
                await worker.end()

    @asynccontextmanager
    async def place(self, priority: int = 0) -> AsyncIterator[None]:
        """Hold one of the places of the background; the lowest `priority` that waits comes first."""
        if self._free:
            self._free -= 1
        else:
            await self._turn(priority)
        try:
            yield
        finally:
            self._pass_on()

    async def _turn(self, priority: int) -> None:
        waiting = _Waiting(priority, next(self._numbers), asyncio.get_running_loop().create_future())
        heapq.heappush(self._queue, waiting)
        try:
            await waiting.begin
        except asyncio.CancelledError:
            if waiting.begin.cancelled():
                self._queue.remove(waiting)
                heapq.heapify(self._queue)
            else:
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Give a place to the next that waits."""
        if self._queue:
            heapq.heappop(self._queue).begin.set_result(None)
        else:
            self._free += 1

    def _taken(self, kind: Kind) -> Worker:
        """Return an idle worker of a kind, or a new one; one that died meanwhile starts again when it is asked."""
        loop = asyncio.get_running_loop()
        for idle in self._idle:
            if idle.worker.kind is kind and idle.loop is loop:
                self._idle.remove(idle)
                idle.timer.cancel()
                return idle.worker
        worker = Worker(kind)
        worker.start()
        return worker

    def _keep(self, worker: Worker) -> None:
        loop = asyncio.get_running_loop()
        of_kind = [idle for idle in self._idle if idle.worker.kind is worker.kind]
        for idle in of_kind[: max(0, len(of_kind) + 1 - MOST_IDLE)]:
            self._drop(idle)
        idle = _Idle(worker, loop, loop.call_later(worker.kind.idle_s, lambda: self._drop(idle)))
        self._idle.append(idle)

    def _drop(self, idle: _Idle) -> None:
        if idle in self._idle:
            self._idle.remove(idle)
            idle.timer.cancel()
            idle.worker.kill()

    def close(self) -> None:
        """Kill every worker, busy or not; they are gone when this returns."""
        for idle in tuple(self._idle):
            self._drop(idle)
        for worker in self._busy:
            worker.kill()
