"""Jobs: real workers that are told, stopped, killed and found again; nothing of them is left behind."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hardcore.errors import JobFailed, UserError
from hardcore.jobs.job import Job
from hardcore.jobs.joblist import JobList
from hardcore.jobs.kinds import KINDS
from hardcore.paths import state_folder
from hardcore.store.job_records import JobRecords
from hardcore.workers.context import Words
from hardcore.workers.pool import Pool
from hardcore.workers.worker import Kind
from tests.forking import Forked
from tests.leavings import lasting, processes
from tests.song import song
from tests.workers.conftest import real_processes as real_processes

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes and /proc")
ROOT = Path(__file__).resolve().parents[2]
PROBES = ("count", "refuse", "stray", "title", "await_file", "die", "litter")


class Taken:
    """What jobs of the background brought."""

    def __init__(self) -> None:
        self.parts: list[Words] = []
        self.results: list[Words] = []

    def part(self, job: Job, part: Words) -> None:
        self.parts.append(part)

    async def done(self, job: Job, done: Words) -> str:
        self.results.append(done)
        return f"answer {done}"


@pytest.fixture(autouse=True)
def probes(monkeypatch: pytest.MonkeyPatch) -> None:
    probing = Kind("probing", "tests.jobs.probes")
    for name in PROBES:
        monkeypatch.setitem(KINDS, name, probing)


def joblist(taken: Taken | None = None, places: int | None = None) -> JobList:
    return JobList(JobRecords(lambda: state_folder() / "jobs"), taken or Taken(), Pool(places))


@pytest.fixture
def jobs(home: Path) -> Iterator[JobList]:
    """Yield a list of jobs; afterwards nothing of them may be there but what is kept of those of the background."""
    listed = joblist()
    yield listed
    listed.close()
    assert processes(home) == []
    assert not list((home / "state").rglob("scratch"))


def run(jobs: JobList, kind: str, **arguments: Any) -> Words:
    return asyncio.run(jobs.run(kind, arguments, kind, "you"))


def test_a_job_that_is_waited_for_answers_and_is_forgotten(jobs: JobList, home: Path) -> None:
    told: list[tuple[float, str]] = []
    done = asyncio.run(jobs.run("count", {"to": 3}, "count", "you", progress=lambda *how: told.append(how)))
    assert done["counted"] == 3
    assert told[-1] == (2 / 3, "number 2")
    assert jobs.all() == () and not list((home / "state" / "jobs").glob("[0-9]*"))


def test_what_a_task_refuses_and_where_it_fails_is_said(jobs: JobList, home: Path) -> None:
    with pytest.raises(UserError, match="that cannot be done"):
        run(jobs, "refuse")
    with pytest.raises(JobFailed, match=r"a bug in hardcore \(KeyError in probes.py"):
        run(jobs, "stray")
    assert "nobody expects this" in (home / "state" / "workers.log").read_text()


def test_a_job_gets_the_project_as_it_was_asked_with(jobs: JobList) -> None:
    project = song()
    done = asyncio.run(jobs.run("title", {}, "title", "you", project=project))
    assert done == {"title": "song", "bpm": 138.0}


def test_a_job_of_the_background_hands_over_its_parts_and_its_result(home: Path) -> None:
    taken = Taken()
    jobs = joblist(taken)
    changes: list[Job] = []
    jobs.listen(changes.append)

    async def session() -> Job:
        job = jobs.start("count", {"to": 4}, "count --background", "rule")
        assert not job.is_over
        await jobs.wait()
        return jobs.find(job.number)

    job = asyncio.run(session())
    jobs.close()
    assert [part["number"] for part in taken.parts] == [0, 1, 2, 3]
    assert taken.results[0]["counted"] == 4 and job.answer.startswith("answer")
    assert changes[0].state == "waiting" and job.state == "done" == changes[-1].state
    assert "running" in {job.state for job in changes} and job.author == "rule"


@posix
def test_any_number_runs_at_once_and_what_waits_for_a_place_comes_in_its_turn(home: Path) -> None:
    jobs = joblist(places=1)
    ended: list[str] = []
    jobs.listen(lambda job: ended.append(job.label) if job.is_over else None)
    for name in ("first", "second"):
        os.mkfifo(home / name)

    async def session() -> None:
        first = jobs.start("await_file", {"fifo": str(home / "first")}, "first", "you")
        second = jobs.start("count", {"to": 1}, "second", "you")
        third = jobs.start("count", {"to": 1}, "third", "you")
        # What a person waits for needs no place.
        assert (await jobs.run("count", {"to": 2}, "now", "you"))["counted"] == 2
        assert [jobs.find(job.number).state for job in (first, second, third)] == ["running", "waiting", "waiting"]
        jobs.cancel(second.number)
        await asyncio.to_thread((home / "first").write_text, "go")
        await jobs.wait()

    asyncio.run(session())
    jobs.close()
    assert ended == ["now", "second", "first", "third"]


@posix
def test_a_job_that_says_nothing_is_told_of_all_the_same(home: Path, jobs: JobList) -> None:
    os.mkfifo(home / "pipe")
    heard: list[str] = []
    jobs.listen(lambda job: heard.append(job.standing(job.began_at + 10.0)))

    async def session() -> None:
        job = jobs.start("await_file", {"fifo": str(home / "pipe")}, "silent", "you")
        while sum(words.startswith("50%") for words in heard) < 3:
            await asyncio.wait([asyncio.ensure_future(jobs.settled(job.number))])
        await asyncio.to_thread((home / "pipe").write_text, "go")
        await jobs.wait()

    asyncio.run(session())
    assert "50%, waiting, about 0:10 left" in heard


@posix
@pytest.mark.parametrize(("times", "state"), [(1, "done"), (2, "failed")])
def test_a_worker_that_dies_is_said_and_its_job_is_begun_once_more(
    home: Path, jobs: JobList, times: int, state: str
) -> None:
    said: list[str] = []
    jobs.listen(lambda job: said.append(job.standing()))

    async def session() -> Job:
        job = jobs.start("die", {"log": str(home / "log"), "times": times}, "die", "you")
        await jobs.wait()
        return jobs.find(job.number)

    job = asyncio.run(session())
    assert (job.state, job.tries) == (state, 2)
    assert any("its worker died, and it was begun once more" in words for words in said)
    assert (home / "log").read_text().count("begun") == 2
    if state == "failed":
        assert "its worker died twice" in job.why


def moments(many: int) -> list[Any]:
    """Return how often something was told before a job is ended: ten in every run, hundreds in the soak."""
    drawn = random.Random(7)
    return [
        pytest.param(drawn.randrange(60), marks=[pytest.mark.soak] if number >= 10 else []) for number in range(many)
    ]


async def ended_after(jobs: JobList, folder: Path, told: int, end: Callable[[Job], object]) -> Job:
    """Begin a job that litters, let it end when it has told so much, and return what became of it."""
    enough = asyncio.Event()
    heard = 0

    def hear(job: Job) -> None:
        nonlocal heard
        heard += 1
        if heard >= told:
            enough.set()

    jobs.listen(hear)
    stage = folder / ".stage.part"
    job = jobs.start("litter", {"stage": str(stage)}, "litter", "you", stages=[stage])
    await enough.wait()
    end(job)
    await jobs.wait()
    assert list(folder.iterdir()) == []
    return jobs.find(job.number)


@posix
@pytest.mark.parametrize("told", moments(500))
def test_a_job_that_is_cancelled_at_any_moment_leaves_nothing(
    home: Path, jobs: JobList, tmp_path: Path, told: int
) -> None:
    assert asyncio.run(ended_after(jobs, tmp_path, told, lambda job: jobs.cancel(job.number))).state == "cancelled"
    assert lasting(home) == []


@posix
@pytest.mark.parametrize("told", moments(200))
def test_a_worker_that_is_killed_at_any_moment_leaves_nothing(
    home: Path, jobs: JobList, tmp_path: Path, told: int
) -> None:
    def kill_all(job: Job) -> None:
        hosts = [line.split()[0] for line in processes(home) if "workers.host" in line]
        for pid in hosts:
            os.kill(int(pid), signal.SIGKILL)
        # once more, and that was enough
        asyncio.get_running_loop().call_later(0.5, lambda: jobs.find(job.number).is_over or jobs.cancel(job.number))

    assert asyncio.run(ended_after(jobs, tmp_path, told, kill_all)).is_over
    assert lasting(home) == []


STUDIO = """
import asyncio, signal, sys
from pathlib import Path
from hardcore.jobs.joblist import JobList
from hardcore.jobs.kinds import KINDS
from hardcore.paths import state_folder
from hardcore.store.job_records import JobRecords
from hardcore.workers.worker import Kind
from tests.jobs.test_joblist import Taken
from tests.song import song
KINDS.update(litter=Kind("probing", "tests.jobs.probes"))
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests that nohup started ignore it, and so would this
async def main(stage, enough):
    jobs = JobList(JobRecords(lambda: state_folder() / "jobs"), Taken())
    jobs.start("litter", {"stage": str(stage)}, "litter", "you", project=song(), stages=[stage])
    told = 0
    def hear(job):
        nonlocal told
        told += 1
        if told == enough:
            print("enough", flush=True)
    jobs.listen(hear)
    await asyncio.Event().wait()
asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


@posix
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 20))])
def test_the_next_start_finds_the_jobs_of_studios_that_were_killed_and_sweeps_what_they_left(
    home: Path, tmp_path: Path, seed: int
) -> None:
    drawn = random.Random(seed)
    studios = [
        Forked(
            [sys.executable, "-c", STUDIO, str(tmp_path / f".{number}.part"), str(drawn.randrange(1, 60))],
            cwd=ROOT, stdout=subprocess.PIPE,
        )
        for number in range(10)
    ]  # fmt: skip
    other = joblist()
    try:
        for studio in studios:
            assert studio.stdout is not None and studio.stdout.readline() == b"enough\n"
            assert other.restore() == 0, "it is a studio's that is there"
            studio.send_signal(drawn.choice((signal.SIGKILL, signal.SIGHUP)))
            studio.wait()
            studio.stdout.close()
            jobs = joblist()
            assert jobs.restore() == 1
            (job,) = jobs.all()
            assert (job.state, job.label, job.why) == ("interrupted", "litter", "the studio was closed while it ran")
            assert jobs.project(job) == song() and not Path(job.stages[0]).exists() and not job.scratch.exists()
            jobs.close()
            JobRecords(lambda: state_folder() / "jobs").drop(job.number)
    finally:
        for studio in studios:  # one that was not reached goes on for ever
            studio.kill()
            studio.wait()
    other.close()
    assert list(tmp_path.iterdir()) == [] and not list((home / "state" / "jobs").glob("[0-9]*"))
    assert lasting(home, 30.0) == []  # whoever loses its studio ends by itself


@posix
def test_a_job_that_was_interrupted_begins_once_more_with_the_project_as_it_was(home: Path) -> None:
    os.mkfifo(home / "pipe")
    first = joblist()

    async def session(jobs: JobList, number: int, write: bool) -> None:
        if number:
            jobs.retry(number)
        else:
            jobs.start("await_file", {"fifo": str(home / "pipe")}, "wait", "you", project=song())
        if write:
            await asyncio.to_thread((home / "pipe").write_text, "at last")
            await jobs.wait()
        else:
            await jobs.stop()

    asyncio.run(session(first, 0, write=False))
    (stopped,) = first.all()
    assert stopped.state == "interrupted"
    first.close()
    taken = Taken()
    second = joblist(taken)
    second.restore()
    asyncio.run(session(second, stopped.number, write=True))
    assert taken.results == [{"read": "at last"}]
    with pytest.raises(UserError, match="is done"):
        second.retry(stopped.number)
    assert second.cancel(stopped.number).state == "done"
    with pytest.raises(UserError, match="no job 99"):
        second.find(99)
    second.close()


def test_only_so_many_that_are_over_are_kept(home: Path, jobs: JobList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardcore.jobs.joblist.KEPT", 2)

    async def session() -> None:
        for _ in range(4):
            jobs.start("count", {"to": 1}, "count", "you")
        await jobs.wait()

    asyncio.run(session())
    assert [job.number for job in jobs.all()] == [3, 4]
    assert sorted(path.name for path in (home / "state" / "jobs").glob("[0-9]*")) == ["3", "4"]
