"""Processes of ours: lines in, lines out, and none is left, at whatever moment its owner gives it up."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from hardcore.jobs.reading import READING
from hardcore.workers.child import Child
from hardcore.workers.worker import Worker
from tests.leavings import processes

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")
PATIENCE_S = 20.0
ECHO = "import sys\nfor line in sys.stdin:\n print(line.strip()[::-1], flush=True)"
DEAF = "import signal\nprint('deaf', flush=True)\nsignal.pause()"
# In the child and in what that starts, Ctrl-C and a closed input mean nothing.
FAMILY = (
    "import subprocess, sys\ninner = subprocess.Popen(['sleep', '1000'])\nprint(inner.pid, flush=True)\ninner.wait()"
)


def child(code: str) -> Child:
    return Child(sys.executable, "-c", code)


def test_lines_go_in_and_come_out() -> None:
    async def talk() -> tuple[bytes | None, bytes | None, int]:
        async with child(ECHO) as echo:
            echo.send(b"abc\n")
            echo.send(b"12\n")
            answers = await echo.line(), await echo.line()
            pid = echo.pid
        return *answers, pid

    first, second, pid = asyncio.run(talk())
    assert (first, second) == (b"cba\n", b"21\n")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@posix
def test_one_that_ends_says_nothing_more_and_its_status_is_known() -> None:
    async def ending() -> tuple[bytes | None, int]:
        async with child("print('half', end='')\nraise SystemExit(5)") as ends:
            line = await ends.line(PATIENCE_S)
            ends.send(b"too late\n")
            return line, await ends.ended

    assert asyncio.run(ending()) == (b"", 5)


@posix
def test_one_that_neither_reads_nor_answers_holds_up_nobody(home: Path) -> None:
    async def give_up() -> None:
        async with child(DEAF) as deaf:
            assert await deaf.line(PATIENCE_S) == b"deaf\n"
            assert await deaf.line(0.01) is None
            # More than a pipe holds.
            deaf.send(b"x" * (1 << 20))
            assert await deaf.line(0.01) is None

    asyncio.run(give_up())
    assert processes(home) == []


def test_a_line_that_is_too_long_is_none() -> None:
    async def listen() -> bytes | None:
        async with Child(sys.executable, "-c", "print('x' * 100_000)", longest=1000) as loud:
            return await loud.line(PATIENCE_S)

    assert asyncio.run(listen()) == b""


@posix
def test_what_it_has_started_ends_with_it(home: Path) -> None:
    async def family() -> int:
        async with child(FAMILY) as parent:
            return int(await parent.line(PATIENCE_S) or 0)

    inner, end = asyncio.run(family()), time.monotonic() + PATIENCE_S
    assert inner
    while processes(home):
        assert time.monotonic() < end, processes(home)


def test_what_it_prints_goes_to_a_log(tmp_path: Path) -> None:
    async def logged() -> int:
        with (tmp_path / "log").open("wb") as log:
            async with Child(sys.executable, "-c", "import sys\nsys.exit('wrong')", log=log) as fails:
                return await fails.ended

    assert asyncio.run(logged()) == 1
    assert (tmp_path / "log").read_text().strip() == "wrong"


@posix
def test_whoever_is_cancelled_while_it_starts_leaves_no_process(home: Path) -> None:
    """A listening process is given up at each of the first turns of the loop, once and twice, with all that goes on:
    that is what the end of a program does."""

    async def held() -> None:
        async with Worker(READING):
            await asyncio.Event().wait()

    async def give_up(turns: int, times: int) -> None:
        task = asyncio.ensure_future(held())
        for _ in range(turns):
            await asyncio.sleep(0)
        for _ in range(times):
            for other in asyncio.all_tasks() - {asyncio.current_task()}:
                other.cancel()
            await asyncio.sleep(0)
        assert (await asyncio.wait([task], timeout=PATIENCE_S))[0], f"cancelled at turn {turns} it never ends"

    for turns in range(8):
        for times in (1, 2):
            asyncio.run(give_up(turns, times))
            assert processes(home) == []


@posix
def test_one_that_was_killed_is_noticed(home: Path) -> None:
    async def killed() -> tuple[bytes | None, int]:
        async with child(DEAF) as deaf:
            await deaf.line(PATIENCE_S)
            os.kill(deaf.pid, signal.SIGKILL)
            return await deaf.line(PATIENCE_S), await deaf.ended

    assert asyncio.run(killed()) == (b"", -signal.SIGKILL)
    assert processes(home) == []
