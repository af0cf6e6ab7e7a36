"""A worker from the studio's side: a process beside it (host.py) that is asked, and killed when that is enough.

async with Worker(HEARING) as worker:
    heard = await worker.ask("hear", path="song.wav")
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hardcore import errors
from hardcore.errors import JobFailed, UserError
from hardcore.paths import state_folder
from hardcore.workers.child import INSIDE, Child, environment, python
from hardcore.workers.context import Words, request

Progress = Callable[[float, str], None]
Part = Callable[[Words], None]

# the curve of an hour's beats is far smaller
_LONGEST_LINE = 1 << 26
# Two threads in each library would only get into each other's way; the libraries' own use of memory is their code.
# Threads that a model asks for sleep while they wait: on a busy machine those that spin take forty times as long.
_CALM = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
_LOG, _LONGEST_LOG = "workers.log", 1 << 20


@dataclass(frozen=True, slots=True)
class Kind:
    """What a worker is for.

    what        in words, for messages
    module      where the functions of its tasks are
    loads       what takes long to load, and is loaded while the worker waits for its first task
    memory      bytes it may take more than it starts with, 0: any
    patience_s  seconds it may be silent over a task
    fresh       every task gets a process of its own
    idle_s      seconds it is kept after a task
    interpreter what runs it, where that is not what runs the studio: Python of another environment
    """

    what: str
    module: str
    loads: tuple[str, ...] = ()
    memory: int = 0
    patience_s: float = 600.0
    fresh: bool = False
    idle_s: float = 15.0
    interpreter: Callable[[], str] | None = None


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
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        await self.end()

    @property
    def pid(self) -> int:
        """Return the number of the process, 0 without one."""
        return self._child.pid if self._child is not None else 0

    async def ask(self, task: str, progress: Progress | None = None, /, **arguments: Any) -> Words:
        """Return what a function of the kind's module answers. Raises what `answer` does."""
        return await self.do(request(f"{self.kind.module}:{task}", arguments), progress)

    async def load(self) -> None:
        """Return when what takes long to load is loaded. Raises Ended, TookTooLong."""
        await self.do(b'{"run": "load"}\n')

    async def do(self, line: bytes, progress: Progress | None = None, part: Part | None = None) -> Words:
        """Return the answer to a line of `context.request`; `part` gets parts of it as they come.

        Raises what `answer` does. A cancellation ends the process.
        """
        if self._child is None:
            self.start()
        assert self._child is not None
        self._child.send(line)
        try:
            return await self.answer(progress, part)
        except asyncio.CancelledError:
            # Its answer would be taken for that to the next.
            await self.end()
            raise

    def give(self, task: str, **arguments: Any) -> None:
        """Give it a task, also before it has answered the one before; the answers come in the same order."""
        assert self._child is not None
        self._child.send(request(f"{self.kind.module}:{task}", arguments))

    async def answer(
        self, progress: Progress | None = None, part: Part | None = None, patience_s: float | None = None
    ) -> Words:
        """Return its next answer. Raises UserError, EngineError, and JobFailed: Ended, TookTooLong, or no memory."""
        patience = self.kind.patience_s if patience_s is None else patience_s
        while (words := await self._line(patience)).keys() & {"progress", "part"}:
            if progress is not None and "progress" in words:
                progress(*words["progress"])
            if part is not None and "part" in words:
                part(words["part"])
        return result_of(self.kind, words)

    async def _line(self, patience_s: float) -> Words:
        assert self._child is not None
        line = await self._child.line(patience_s)
        if line is None:
            await self.end()
            raise TookTooLong(f"{self.kind.what} took longer than {patience_s:g} s", "a shorter or smaller file")
        if not line:
            await self.end()
            raise Ended(f"{self.kind.what} failed: the process that does it has ended", "is there memory left?")
        words: Words = json.loads(line)
        return words

    def start(self) -> None:
        """Start the process; whoever does so ends it. Raises OSError, and UserError without its interpreter."""
        runs = self.kind.interpreter() if self.kind.interpreter is not None else ""
        words = (*python("hardcore.workers.host", runs), str(self.kind.memory), *self.kind.loads)
        with contextlib.ExitStack() as held:
            log = None
            with contextlib.suppress(OSError, UserError):
                log = held.enter_context(_log().open("ab"))
            env = environment(**_CALM, **{INSIDE: "1"})
            child = Child(*words, env=env, errors=log, longest=_LONGEST_LINE)
            child.start()
        self._child = child

    async def end(self) -> None:
        """End the process, if there is one, and return once it is gone."""
        child, self._child = self._child, None
        if child is not None:
            await child.end()

    def kill(self) -> None:
        """Kill the process, if there is one, and return once it is gone: for where no loop runs."""
        child, self._child = self._child, None
        if child is not None:
            child.kill_and_wait()


def result_of(kind: Kind, words: Mapping[str, Any]) -> Words:
    """Return the result in an answer of `host.answer`. Raises the error that it says instead."""
    if "failed" in words:
        raise JobFailed(f"{kind.what} failed: {words['failed']}", words["hint"])
    if "error" in words:
        error: errors.HardcoreError = getattr(errors, words["kind"], JobFailed)(words["error"], words["hint"])
        raise error
    done: Words = words["done"]
    return done


def _log() -> Path:
    """Return the file that all workers write their errors to; one that has grown long is put aside first."""
    log = state_folder() / _LOG
    if log.exists() and log.stat().st_size > _LONGEST_LOG:
        log.replace(log.with_suffix(".log~"))
    return log
