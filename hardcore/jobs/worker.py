"""A worker from the studio's side: a process beside it (jobs/host.py) that is asked, and killed when that is enough.

async with Worker(HEARING) as worker:
    heard = await worker.ask("hear", path="song.wav")
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from hardcore.errors import JobFailed, UserError
from hardcore.workers.child import Child, environment, python

Progress = Callable[[float, str], None]

# the curve of an hour's beats is far smaller
_LONGEST_LINE = 1 << 26
# Two threads in each library would only get into each other's way; the libraries' own use of memory is their code.
_CALM = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a worker is for, in words; what it loads; bytes it may take; and seconds it may be silent over a task."""

    what: str
    loads: tuple[str, ...]
    memory: int
    patience_s: float


class Ended(JobFailed):
    """The worker died over its task."""


class TookTooLong(JobFailed):
    """The worker said nothing for too long, and was ended."""


class Worker:
    """A process for tasks of a kind, for as long as the `async with` lasts; cancelling ends it.

    After one that died, or was ended over a task, the next task is given to a new one.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._child: Child | None = None

    async def __aenter__(self) -> Self:
        """Start the process; what it needs is loading while the caller goes on."""
        self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        await self._end()

    @property
    def pid(self) -> int:
        """Return the number of the process, 0 without one."""
        return self._child.pid if self._child is not None else 0

    async def ask(self, task: str, progress: Progress | None = None, **arguments: Any) -> dict[str, Any]:
        """Return what a task of jobs/host.py answers. Raises UserError, and JobFailed when the process ends."""
        if self._child is None:
            self._start()
        self.give(task, **arguments, **({} if progress is None else {"progress": True}))
        try:
            return await self.answer(progress)
        except asyncio.CancelledError:
            # Its answer would be taken for that to the next.
            await self._end()
            raise

    def give(self, task: str, **arguments: Any) -> None:
        """Give it a task, also before it has answered the one before; the answers come in the same order."""
        assert self._child is not None
        self._child.send((json.dumps({"task": task, **arguments}) + "\n").encode())

    async def answer(self, progress: Progress | None = None, patience_s: float | None = None) -> dict[str, Any]:
        """Return its next answer. Raises UserError, and JobFailed: Ended, TookTooLong, or no memory."""
        patience = self.kind.patience_s if patience_s is None else patience_s
        while "progress" in (words := await self._line(patience)):
            if progress is not None:
                progress(*words["progress"])
        if "failed" in words:
            raise JobFailed(f"{self.kind.what} failed: {words['failed']}", words["hint"])
        if "error" in words:
            raise UserError(words["error"], words["hint"])
        done: dict[str, Any] = words["done"]
        return done

    async def _line(self, patience_s: float) -> dict[str, Any]:
        assert self._child is not None
        line = await self._child.line(patience_s)
        if line is None:
            await self._end()
            raise TookTooLong(f"{self.kind.what} took longer than {patience_s:g} s", "a shorter or smaller file")
        if not line:
            await self._end()
            raise Ended(f"{self.kind.what} failed: the process that does it has ended", "is there memory left?")
        words: dict[str, Any] = json.loads(line)
        return words

    def _start(self) -> None:
        words = (*python("hardcore.jobs.host"), str(self.kind.memory), *self.kind.loads)
        self._child = Child(*words, env=environment(**_CALM), longest=_LONGEST_LINE)
        self._child.start()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.end()
