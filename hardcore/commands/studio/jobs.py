"""Jobs: what runs and waits, what came of the rest; showing, stopping, beginning again, waiting."""

from typing import Annotated

from pydantic import Field

from hardcore.commands.core.background import jobs_of
from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Result, Row, align
from hardcore.commands.core.types import Kind
from hardcore.controller.studio import Studio
from hardcore.errors import UserError
from hardcore.jobs.job import OVER, PLAYING, WRITING, Job, clock
from hardcore.jobs.joblist import JobList

JobNumber = Annotated[int, Field(ge=1, le=10**9), Kind("job", "the number of a job; jobs lists them")]


class JobPart(Row):
    """A part of what a job does, such as a section that is rendered: waiting, running or done, and its seconds."""

    name: str
    state: str
    seconds: float


class JobState(Result):
    """A job as it stands: `state` is waiting, running, done, failed, cancelled or interrupted.

    parts   of what it does, in order
    cells   of the grid that it fills: ids of track and scene
    """

    job: int
    line: str
    kind: str
    author: str
    state: str
    background: bool
    share: float
    doing: str = ""
    seconds: float = 0.0
    seconds_left: float | None = None
    tries: int = 0
    answer: str = ""
    why: str = ""
    standing: str
    parts: tuple[JobPart, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def is_over(self) -> bool:
        """Return whether nothing more comes of it by itself."""
        return self.state in OVER

    @property
    def doing_words(self) -> str:
        """Return what it does now, and about how long that will take, in a few words."""
        left = f"about {clock(self.seconds_left)} left" if self.seconds_left is not None else ""
        return ", ".join(filter(None, (self.doing or self.state, left)))

    @classmethod
    def of(cls, job: Job) -> "JobState":
        """Return how a job stands now."""
        left = job.seconds_left()
        return cls(
            job=job.number, line=job.label, kind=job.kind, author=job.author, state=job.state,
            background=job.background, share=job.share,
            doing=job.words, seconds=round(job.seconds(), 1), seconds_left=None if left is None else round(left, 1),
            tries=job.tries, answer=job.answer, why=job.why, standing=job.standing(), parts=_parts(job),
            cells=tuple((track, scene) for track, scene in job.arguments.get("cells", ())),
        )  # fmt: skip

    def text(self) -> str:
        """Return its line, how it stands, and what it answered."""
        lines = [f"job {self.job}: {self.line}", f"  {self.standing}"]
        lines += [f"  {line}" for line in align([(one.name, f"{one.seconds:.1f} s", one.state) for one in self.parts])]
        return "\n".join([*lines, *(f"  {line}" for line in self.answer.splitlines())])


def _parts(job: Job) -> tuple[JobPart, ...]:
    """Return the parts that a job says it has, each done as far as the job is: they are worked on one after another."""
    parts, found, at = job.arguments.get("sections", ()), [], 0.0
    total = sum(seconds for _, seconds in parts)
    done = (job.share - PLAYING) / (WRITING - PLAYING) * total
    for name, seconds in parts:
        state = "done" if job.state == "done" or done >= at + seconds else "running" if done > at else "waiting"
        found.append(JobPart(name=name, state=state, seconds=seconds))
        at += seconds
    return tuple(found)


class JobStates(Result):
    """Jobs, the newest last."""

    jobs: tuple[JobState, ...]

    def text(self) -> str:
        """Return a row for each."""
        if not self.jobs:
            return "no jobs; export FILE --background begins one"
        return "\n".join(align([(str(job.job), job.state, job.line[:60], job.standing) for job in self.jobs]))


def listed(studio: Studio) -> tuple[JobState, ...]:
    """Return every job of a studio, the oldest first."""
    return tuple(map(JobState.of, studio.jobs.all())) if isinstance(studio.jobs, JobList) else ()


@command("jobs", "jobs", effects=())
def jobs(call: Call) -> JobStates:
    """List the jobs: what runs, how far it is and how long it will still take, what waits, what came of the rest."""
    return JobStates(jobs=listed(call.studio))


@command("job show", "job show 1", effects=())
def job_show(call: Call, job: JobNumber) -> JobState:
    """Show a job: how it stands, what it answered, or why it failed."""
    return JobState.of(jobs_of(call).find(job))


@command("job cancel", "job cancel 1", effects={"jobs"})
async def job_cancel(call: Call, job: JobNumber) -> JobState:
    """Stop a job; its worker is killed with all that it has started, and nothing half made stays."""
    known = jobs_of(call)
    known.cancel(job)
    await known.settled(job)
    return JobState.of(known.find(job))


@command("job retry", "job retry 1", effects={"jobs"})
async def job_retry(call: Call, job: JobNumber) -> JobState:
    """Begin a job once more that failed, was cancelled or interrupted, with the project as it was then."""
    return JobState.of(jobs_of(call).retry(job))


@command("job wait", "job wait", effects=())
async def job_wait(call: Call, job: JobNumber | None = None) -> JobStates:
    """Wait until a job is over, or all of them, and say what came of it."""
    known = jobs_of(call)
    numbers = [job] if job is not None else [going.number for going in known.going()]
    waited = [known.find(number).number for number in numbers]
    await known.wait(waited, call.caller.progress)
    ended = tuple(JobState.of(known.find(number)) for number in waited)
    if job is not None and ended[0].state != "done":
        raise UserError(f"job {job} {ended[0].standing}", f"/job retry {job} begins it once more")
    return JobStates(jobs=ended)
