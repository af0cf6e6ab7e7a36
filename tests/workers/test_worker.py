"""The worker: it is held to its memory and its time, survives what it dies on, and never outlives the studio."""

import asyncio
import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from hardcore.errors import JobFailed, UserError
from hardcore.jobs.reading import READING
from hardcore.workers.worker import Ended, Kind, TookTooLong, Worker
from tests.audio.bombs import silence, wav

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")
linux = pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory that the system holds")
SMALL = Kind("reading", "hardcore.jobs.analysistasks", ("hardcore.audio.reader",), 600 << 20, 250.0)


def hooked(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, does: str) -> None:
    """Let any Python that starts from now on do something when it opens a file of that name."""
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(
        "import os, signal, sys\ndef guard(event, arguments):\n"
        f"    if event == 'open' and str(arguments[0]).endswith({name!r}):\n        {does}\nsys.addaudithook(guard)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder / "hook"))


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@linux
def test_a_task_that_takes_more_memory_than_it_may_fails_in_words_and_the_next_is_done(tmp_path: Path) -> None:
    # 240 million bytes as numbers, of which the ears make several times that
    silence(tmp_path / "long.flac", 20, 48_000, 1)
    wav(tmp_path / "short.wav")

    async def ask() -> None:
        async with Worker(SMALL) as worker:
            with pytest.raises(JobFailed, match="memory"):
                await worker.ask("hear", path=str(tmp_path / "long.flac"))
            assert (await worker.ask("hear", path=str(tmp_path / "short.wav")))["channels"] == 1

    asyncio.run(ask())


@posix
def test_a_task_that_hangs_is_ended_and_the_next_is_done_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(tmp_path, monkeypatch, "stuck.wav", "signal.pause()")
    stuck, good = wav(tmp_path / "stuck.wav"), wav(tmp_path / "good.wav")

    async def ask() -> None:
        async with Worker(READING) as worker:
            first = worker.pid
            worker.give("examine", path=str(stuck), bpm=None)
            with pytest.raises(TookTooLong, match="reading the file took longer than 1 s"):
                await worker.answer(patience_s=1.0)
            assert not is_there(first)
            assert (await worker.ask("examine", path=str(good), bpm=None))["frames"] == 12_000
            assert worker.pid != first

    asyncio.run(ask())


@posix
def test_a_task_that_kills_its_process_is_told_and_the_next_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(tmp_path, monkeypatch, "deadly.wav", "os.kill(os.getpid(), signal.SIGSEGV)")
    deadly, good = wav(tmp_path / "deadly.wav"), wav(tmp_path / "good.wav")

    async def ask() -> None:
        async with Worker(READING) as worker:
            with pytest.raises(Ended):
                await worker.ask("examine", path=str(deadly), bpm=None)
            with pytest.raises(UserError, match="there is no file"):
                await worker.ask("examine", path=str(tmp_path / "gone.wav"), bpm=None)
            assert (await worker.ask("examine", path=str(good), bpm=None))["frames"] == 12_000

    asyncio.run(ask())


STUDIO = """
import asyncio, sys
from hardcore.jobs.reading import READING
from hardcore.workers.worker import Worker
async def main():
    async with Worker(READING) as worker:
        await worker.load()
        print(worker.pid, flush=True)
        await worker.ask("examine", path=sys.argv[1], bpm=None)
asyncio.run(main())
"""


@linux
def test_a_worker_in_the_middle_of_a_task_ends_when_the_studio_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(tmp_path, monkeypatch, "stuck.wav", "open(os.environ['STUCK'], 'w').close(); signal.pause()")
    monkeypatch.setenv("STUCK", str(tmp_path / "now"))
    os.mkfifo(tmp_path / "now")
    studio = subprocess.Popen(
        [sys.executable, "-c", STUDIO, str(wav(tmp_path / "stuck.wav"))], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert studio.stdout is not None
    pid = int(studio.stdout.readline())
    # opened once the worker is in the middle of it
    (tmp_path / "now").open("rb").close()
    assert is_there(pid)
    watch = os.pidfd_open(pid)
    studio.kill()
    studio.wait()
    assert select.select([watch], [], [], 60)[0], "the worker has ended"
    os.close(watch)


@posix
def test_cancelling_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooked(tmp_path, monkeypatch, "stuck.wav", "signal.pause()")
    stuck = wav(tmp_path / "stuck.wav")

    async def ask() -> None:
        async with Worker(READING) as worker:
            await worker.load()
            pid = worker.pid
            asked = asyncio.ensure_future(worker.ask("examine", path=str(stuck), bpm=None))
            await asyncio.sleep(0)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            assert not is_there(pid)

    asyncio.run(ask())
