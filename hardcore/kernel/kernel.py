"""The kernel from the studio's side: a process that is started when it is first asked, interrupted, killed, replaced.

    kernel = Kernel()
    done = await kernel.run({"code": "2 + 3"}, serve, limit_s=10)

`serve` answers what the code asks of the studio while it runs.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from hardcore.bugs import log_bug
from hardcore.errors import HardcoreError, JobFailed, UserError, in_a_line
from hardcore.workers.child import INSIDE, Child, environment, python
from hardcore.workers.thread import outlast

Words = dict[str, Any]
Serve = Callable[[Words], Awaitable[Any]]

MEMORY = 512 << 20
# Code that does not end within this time after it was interrupted is killed.
GRACE_S = 1.0
# So long it may take to start; that is no part of what code may take.
_START_S = 60.0
_LONGEST_LINE = 1 << 24
_GONE = "its names are gone, the next line begins anew"


class Kernel:
    """Python beside the studio, in a process of its own. What kills it, its code or the system, harms only it."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory = memory
        self._child: Child | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._is_ready = False

    @property
    def pid(self) -> int:
        """Return the number of the process, 0 without one."""
        return self._child.pid if self._child is not None else 0

    async def run(self, request: Words, serve: Serve, limit_s: float) -> Words:
        """Return what comes of a request of `process.py`, which may compute for so many seconds.

        What it asks of the studio does not count. Past the limit it is interrupted; its answer says so. Cancelling
        interrupts it too. Raises JobFailed when the process ended or had to be, UserError for a call from itself.
        """
        task = asyncio.current_task()
        if task is self._owner:
            raise UserError("Python that runs cannot ask for Python", "call the function itself")
        child = self._started()
        async with self._turn:
            if self._child is not child:  # it ended while this waited for its turn
                child = self._started()
            self._owner = task
            try:
                child.send(_line(request))
                return await self._answered(child, serve, limit_s)
            except asyncio.CancelledError:
                await outlast(asyncio.ensure_future(self._stopped(child)), child.kill)
                raise
            finally:
                self._owner = None

    async def _answered(self, child: Child, serve: Serve, limit_s: float) -> Words:
        left_s = limit_s
        if not self._is_ready:
            await self._taken_in(child, await child.line(_START_S) or b"")
            self._is_ready = True
        while True:
            since_s = time.monotonic()
            line = await child.line(max(0.0, left_s))
            left_s -= time.monotonic() - since_s
            if line is None:
                return await self._out_of_time(child, limit_s)
            words = await self._taken_in(child, line)
            if "done" in words:
                done: Words = words["done"]
                return done
            child.send(await _served(words, serve))

    async def _taken_in(self, child: Child, line: bytes) -> Words:
        if not line:
            await self._end(child)
            raise JobFailed("the Python process has ended", _GONE)
        words: Words = json.loads(line)
        return words

    async def _out_of_time(self, child: Child, limit_s: float) -> Words:
        done = await self._stopped(child)
        if done is None:
            raise JobFailed(f"Python took longer than {limit_s:g} s and did not stop: it was ended", _GONE)
        if done["error"] == "stopped":
            done["error"] = f"stopped after {limit_s:g} s"
        return done

    async def _stopped(self, child: Child) -> Words | None:
        """Interrupt what runs and return what came of it; None where it had to be killed."""
        child.interrupt()
        end_s = time.monotonic() + GRACE_S
        while (left_s := end_s - time.monotonic()) > 0:
            line = await child.line(left_s)
            if not line:
                break
            words = json.loads(line)
            self._is_ready = True
            if "done" in words:
                done: Words = words["done"]
                return done
        await self._end(child)
        return None

    def _started(self) -> Child:
        """Return the process, a new one where there is none or its loop is another."""
        loop = asyncio.get_running_loop()
        if self._child is not None and self._loop is not loop:
            self.close()
        if self._child is None or self._child.ended.done():
            self._turn = asyncio.Lock() if self._loop is not loop else self._turn
            env = environment(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", **{INSIDE: "1"})
            words = (*python("hardcore.kernel.process"), str(self._memory))
            child = Child(*words, env=env, longest=_LONGEST_LINE)
            child.start()
            self._child, self._loop, self._is_ready = child, loop, False
        return self._child

    async def _end(self, child: Child) -> None:
        if self._child is child:
            self._child = None
        await child.end()

    def close(self) -> None:
        """Kill the process, if there is one; the next request starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill_and_wait()


async def _served(words: Words, serve: Serve) -> bytes:
    try:
        return _line({"answer": words["call"], "result": await serve(words)})
    except HardcoreError as error:
        return _line({"answer": words["call"], "error": error.line()})
    except Exception as error:
        log_bug(error)
        return _line({"answer": words["call"], "error": in_a_line(error)})


def _line(words: Words) -> bytes:
    return json.dumps(words).encode() + b"\n"
