"""The list of jobs: what runs, what waits, what came of the rest. Any number of jobs, one list, every surface.

A job is a function in a worker and JSON that goes there and comes back. Its project travels as a snapshot in its
folder. A worker that dies is said, and the job begins once more; after a second death it has failed, with the reason.
"""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from hardcore.bugs import log_bug
from hardcore.errors import HardcoreError, JobFailed, UserError, nearest
from hardcore.jobs.job import Job
from hardcore.jobs.kinds import KINDS
from hardcore.project.history import MAIN
from hardcore.project.state import ProjectState
from hardcore.workers.context import Words, named, request
from hardcore.workers.pool import Pool, Runner
from hardcore.workers.thread import beside, outlast
from hardcore.workers.worker import Ended, Progress

# While a job runs its listeners hear of it at least this often.
TICK_S = 0.5
# So many jobs that are over stay in the list.
KEPT = 50
_TRIES = 2
# Whoever stops a job is answered after so long, gone or not.
_MOMENT_S = 0.15

Listener = Callable[[Job], None]
# The file of a project, and the name of the function that reads it.
Snapshot = Mapping[str, str]


class Records(Protocol):
    """Where jobs are kept: a folder each, which a restart finds again. Every method raises UserError."""

    def begin(self, project: ProjectState | None, fixed: Mapping[str, Any]) -> tuple[int, Path, Snapshot | None]:
        """Return number, folder and snapshot of a new job; `fixed` is what never changes of it, as JSON."""

    def keep(self, number: int, changing: Mapping[str, Any]) -> None:
        """Keep how a job stands."""

    def own(self, number: int) -> None:
        """Take over a job of a session that is gone."""

    def drop(self, number: int) -> None:
        """Forget a job, with its folder."""

    def left(self) -> list[tuple[int, Path, dict[str, Any], dict[str, Any]]]:
        """Return number, folder, what never changes and how it stood, of the jobs of sessions that are gone."""

    def close(self) -> None:
        """Let go of the jobs of this session: from now on they belong to one that is gone."""


class Handler(Protocol):
    """What the studio does with what a job brings, on the loop."""

    def part(self, job: Job, part: Words) -> None:
        """Take a part of the result, as it comes."""

    async def done(self, job: Job, done: Words) -> str:
        """Take the result of a job of the background; return the answer in words. Raises UserError."""


class JobList:
    """Jobs of this session and of earlier ones. All of it belongs to the loop that runs them."""

    def __init__(self, records: Records, handler: Handler, pool: Pool | None = None) -> None:
        self._records, self._handler = records, handler
        self._pool = pool or Pool()
        self._jobs: dict[int, Job] = {}
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._listeners: list[Listener] = []
        self._stopping: set[int] = set()

    # What there is.

    def all(self) -> tuple[Job, ...]:
        """Return every job, the oldest first."""
        return tuple(self._jobs[number] for number in sorted(self._jobs))

    def going(self) -> tuple[Job, ...]:
        """Return the jobs that run or wait."""
        return tuple(job for job in self.all() if not job.is_over)

    def find(self, number: int) -> Job:
        """Return a job by its number. Raises UserError naming those there are."""
        if number not in self._jobs:
            raise UserError(f"no job {number}", nearest(str(number), [str(known) for known in sorted(self._jobs)]))
        return self._jobs[number]

    def project(self, job: Job) -> ProjectState:
        """Return the project as it was when a job was asked for. Raises UserError when it has none any more."""
        if job.snapshot is None:
            raise UserError(f"job {job.number} has no project")
        project: ProjectState = named(job.snapshot["reader"])(Path(job.snapshot["file"]))
        return project

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with a job whenever it changes; returns a function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def restore(self) -> int:
        """Take in the jobs of sessions that are gone and sweep what those left; return how many were interrupted."""
        interrupted = 0
        for number, folder, fixed, changing in self._records.left():
            job = Job(number=number, folder=folder, **{**fixed, "stages": tuple(fixed["stages"])})
            job = replace(job, **changing)
            _sweep(job)
            if not job.background:
                self._records.drop(number)
                continue
            if not job.is_over:
                interrupted += 1
                job = replace(job, state="interrupted", why="the studio was closed while it ran", ended_at=time.time())
                self._records.keep(number, job.record())
            self._jobs[number] = job
        self._forget()
        return interrupted

    # What is done.

    async def run(
        self,
        kind: str,
        arguments: Words,
        label: str,
        author: str,
        *,
        project: ProjectState | None = None,
        stages: Sequence[Path] = (),
        progress: Progress | None = None,
        runner: Runner | None = None,
    ) -> Words:
        """Return the result of a job, having waited for it; a cancellation stops it. Raises what the job raised.

        runner   what does it, such as the machines of a cluster; None: the workers of this machine
        """
        job = self._made(kind, arguments, label, author, project, stages, background=False)
        task = self._begin(job, progress, runner)
        await outlast(task, lambda: self._stop(job.number))
        done: Words = task.result()
        return done

    def start(
        self,
        kind: str,
        arguments: Words,
        label: str,
        author: str,
        *,
        project: ProjectState | None = None,
        stages: Sequence[Path] = (),
        head: str = MAIN,
    ) -> Job:
        """Return a job that goes on in the background; its result is for a branch. Raises UserError."""
        job = self._made(kind, arguments, label, author, project, stages, background=True, head=head)
        self._begin(job)
        return self.find(job.number)

    def cancel(self, number: int) -> Job:
        """Stop a job, if it is not over: its worker is killed at once, and all that this has started."""
        job = self.find(number)
        if job.is_over:
            return job
        self._stop(number)
        return self._change(number, words="being stopped")

    def retry(self, number: int) -> Job:
        """Begin a job once more that is over, with the project as it was. Raises UserError."""
        job = self.find(number)
        if not job.is_over:
            raise UserError(f"job {number} still goes on: {job.standing()}")
        if job.state == "done":
            raise UserError(f"job {number} is done", "give its line again to do it with the project as it is")
        self._records.own(number)
        again = replace(job, state="waiting", share=0.0, words="", why="", began_at=0.0, ended_at=0.0, tries=0)
        self._begin(self._put(again))
        return self.find(number)

    async def wait(self, numbers: Iterable[int] | None = None, progress: Progress | None = None) -> None:
        """Return when these jobs, or all, are over; `progress` is told how far they are together."""
        wanted = set(self._tasks if numbers is None else numbers)
        while going := [number for number in self._tasks if number in wanted]:
            if progress is not None:
                share = sum(self._jobs[number].share for number in going) + len(wanted) - len(going)
                progress(share / len(wanted), f"job {going[0]}: {self._jobs[going[0]].words or 'waits'}")
            await asyncio.wait([self._tasks[number] for number in going], timeout=TICK_S)

    async def settled(self, number: int) -> None:
        """Return when a job that is being stopped is over, or a moment later all the same."""
        if number in self._tasks:
            await asyncio.wait([self._tasks[number]], timeout=_MOMENT_S)

    async def stop(self) -> None:
        """Stop everything, as at the end of a session: what goes on in the background is kept as interrupted."""
        for task in self._tasks.values():
            task.cancel()
        await self.wait()

    def close(self) -> None:
        """Kill what is left of the workers and let go of the jobs."""
        self._pool.close()
        for job in self.going():
            _sweep(job)
        self._records.close()

    # How it goes.

    def _stop(self, number: int) -> None:
        if number in self._tasks:
            self._stopping.add(number)
            self._tasks[number].cancel()

    def _made(
        self, kind: str, arguments: Words, label: str, author: str,
        project: ProjectState | None, stages: Sequence[Path], background: bool, head: str = MAIN,
    ) -> Job:  # fmt: skip
        fixed = {
            "kind": kind, "label": label, "author": author, "arguments": arguments,
            "stages": [str(stage) for stage in stages], "background": background, "head": head,
        }  # fmt: skip
        number, folder, snapshot = self._records.begin(project, fixed)
        job = Job(
            number, kind, label, author, arguments, snapshot, folder, tuple(map(str, stages)), background,
            asked_at=time.time(), head=head,
        )  # fmt: skip
        return self._put(job)

    def _begin(self, job: Job, progress: Progress | None = None, runner: Runner | None = None) -> "asyncio.Task[Words]":
        task = asyncio.ensure_future(self._work(job.number, progress, runner or self._pool))
        self._tasks[job.number] = task
        task.add_done_callback(lambda _: self._ended(job.number, task))
        return task

    def _ended(self, number: int, task: "asyncio.Task[Words]") -> None:
        """Let go of a task; one that was cancelled before it began has not noted that."""
        self._tasks.pop(number, None)
        if not task.cancelled():
            task.exception()  # nobody may have waited for it: how it ended is in the list
        if number in self._jobs and not self._jobs[number].is_over:
            self._note_end(number, **self._stopped(number))

    def _stopped(self, number: int) -> dict[str, Any]:
        """Return how a job that was cancelled stands: somebody stopped it, or the session ended."""
        if number in self._stopping:
            return {"state": "cancelled"}
        return {"state": "interrupted", "why": "the studio was closed while it ran"}

    async def _work(self, number: int, progress: Progress | None, runner: Runner) -> Words:
        async with AsyncExitStack() as held:  # a place is free again when the job is over
            try:
                if self._jobs[number].background:
                    await held.enter_async_context(self._pool.place())
                self._change(number, state="running", began_at=time.time())
                done = await self._asked(number, progress, runner)
                job = self._jobs[number]
                answer = await self._handler.done(job, done) if job.background else ""
            except asyncio.CancelledError:
                await self._over(number, **self._stopped(number))
                raise
            except HardcoreError as error:
                await self._over(number, state="failed", why=error.line())
                raise
            except Exception as error:
                log_bug(error)
                await self._over(number, state="failed", why=f"a bug in hardcore ({type(error).__name__})")
                raise
            await self._over(number, state="done", share=1.0, words="", answer=answer)
            return done

    async def _asked(self, number: int, progress: Progress | None, runner: Runner) -> Words:
        """Return what a job's worker answers; one that dies over it is replaced once. Raises HardcoreError."""
        ticking = asyncio.ensure_future(self._tick(number))
        try:
            while True:
                job = self._change(number, tries=self._jobs[number].tries + 1)
                try:
                    return await self._once(job, progress, runner)
                except Ended as error:
                    await beside(_sweep, job)
                    if job.tries >= _TRIES:
                        raise JobFailed(f"its worker died twice: {error.message}", "see workers.log") from error
                    self._change(number, share=0.0, why="its worker died, and it was begun once more")
        finally:
            ticking.cancel()

    async def _once(self, job: Job, progress: Progress | None, runner: Runner) -> Words:
        kind = KINDS[job.kind]
        job.scratch.mkdir(exist_ok=True)

        def told(share: float, words: str) -> None:
            self._change(job.number, share=share, words=words)
            if progress is not None:
                progress(share, words)

        line = request(f"{kind.module}:{job.kind}", job.arguments, job.scratch, job.snapshot)
        return await runner.run(kind, line, told, lambda part: self._handler.part(self._jobs[job.number], part))

    async def _tick(self, number: int) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._tell(self._jobs[number])

    async def _over(self, number: int, **changes: Any) -> None:
        """Note how a job ended, once nothing of it is left on the disk but what it was to make."""
        sweeping = asyncio.ensure_future(beside(_sweep, self._jobs[number]))
        try:
            await outlast(sweeping, lambda: None)
        finally:
            self._note_end(number, **changes)

    def _note_end(self, number: int, **changes: Any) -> None:
        self._stopping.discard(number)
        job = self._change(number, ended_at=time.time(), **changes)
        if job.state == "done" and job.snapshot is not None:
            Path(job.snapshot["file"]).unlink(missing_ok=True)
        self._forget()

    def _change(self, number: int, **changes: Any) -> Job:
        before = self._jobs[number]
        job = self._put(replace(before, **changes))
        if job.state != before.state and job.background:
            with suppress(UserError):  # a disk that is full stops no job
                self._records.keep(number, job.record())
        return job

    def _put(self, job: Job) -> Job:
        self._jobs[job.number] = job
        self._tell(job)
        return job

    def _tell(self, job: Job) -> None:
        for listener in tuple(self._listeners):
            listener(job)

    def _forget(self) -> None:
        """Let go of jobs that are over: of those that somebody waited for, who has the answer, and of the oldest."""
        over = [job for job in self.all() if job.is_over]
        kept = [job for job in over if job.background][-KEPT:]
        for job in over:
            if job in kept:
                continue
            del self._jobs[job.number]
            with suppress(UserError):
                self._records.drop(job.number)


def _sweep(job: Job) -> None:
    """Throw away what the work of a job wrote for a while. What it had started may die a moment after its worker."""
    for folder in (job.scratch, *map(Path, job.stages)):
        for _ in range(20):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(0.05)
