"""How commands have slow work done: as a job, waited for or in the background.

@finishes("export")
def export_done(call: Call, job: Job, done: Words) -> Result: ...

done = await work(call, "export", arguments, project=project)     # waits; Ctrl-C stops it
return in_background(call, "export", arguments, project=project)  # answers at once; `export_done` takes the result
"""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from hardcore.commands.core.call import Call, Caller
from hardcore.commands.core.results import Result
from hardcore.controller.events import ArtifactMade, JobChanged, acting, caused
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.jobs.job import Job
from hardcore.jobs.joblist import JobList
from hardcore.project.state import ProjectState
from hardcore.workers.context import Words

Finish = Callable[[Call, Job, Words], Result]
Part = Callable[[Studio, Words], None]

_finishes: dict[str, Finish] = {}
_parts: dict[str, Part] = {}


class Begun(Result):
    """A job that goes on in the background."""

    job: int
    line: str

    def text(self) -> str:
        """Return its number and how to follow it."""
        return f"job {self.job} goes on in the background: /jobs shows how far it is, /job cancel {self.job} stops it"


def finishes(kind: str) -> Callable[[Finish], Finish]:
    """Register what takes the result of a kind's jobs of the background, on the project as it is then."""

    def register(finish: Finish) -> Finish:
        _finishes[kind] = finish
        return finish

    return register


def takes_parts(kind: str) -> Callable[[Part], Part]:
    """Register what takes the parts of a kind's results as they come."""

    def register(part: Part) -> Part:
        _parts[kind] = part
        return part

    return register


def job_changed(job: Job) -> JobChanged:
    """Return the event that tells how a job stands."""
    return JobChanged(job=str(job.number), label=job.label, state=job.state, share=job.share, words=job.words)


class Results:
    """Takes what jobs bring into a studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def part(self, job: Job, part: Words) -> None:
        """Take a part of a result."""
        if job.kind in _parts:
            _parts[job.kind](self._studio, part)

    async def done(self, job: Job, done: Words) -> str:
        """Take the result of a job of the background; return the answer in words. Raises UserError."""
        caller = Caller(author=job.author, head=job.head, cause=caused((), job.label))
        call = Call(self._studio, caller, job.label)
        with acting(caller.author, caller.cause):
            answer = _finishes[job.kind](call, job, done)
        await self._studio.controller.durable()
        for path in answer.artifacts:
            call.events.tell(ArtifactMade(path=path, label=call.label, author=caller.author, cause=caller.cause))
        return answer.text()


def stage_beside(path: Path) -> Path:
    """Return a folder for a job's files until they are whole: the list of jobs throws it away whatever happens."""
    return path.with_name(f".hardcore-{secrets.token_hex(4)}.part")


def jobs_of(call: Call) -> JobList:
    """Return the list of jobs. Raises UserError in a studio that has none."""
    if not isinstance(call.studio.jobs, JobList):
        raise UserError("this studio runs no jobs")
    return call.studio.jobs


async def work(
    call: Call, kind: str, arguments: Words, *, project: ProjectState | None = None, stages: Sequence[Path] = ()
) -> Words:
    """Return the result of a job that the caller waits for. Raises UserError, EngineError, JobFailed."""
    return await jobs_of(call).run(
        kind, arguments, call.label, call.caller.author, project=project, stages=stages, progress=call.caller.progress
    )


def in_background(
    call: Call, kind: str, arguments: Words, *, project: ProjectState | None = None, stages: Sequence[Path] = ()
) -> Begun:
    """Return the number of a job that goes on in the background. Raises UserError."""
    who = call.caller
    job = jobs_of(call).start(kind, arguments, call.label, who.author, project=project, stages=stages, head=who.head)
    return Begun(job=job.number, line=job.label)
