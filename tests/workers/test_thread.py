"""Threads beside the loop: they end when nobody wants their result, and hold up nobody."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from hardcore.checkpoint import Stopped, carried, checkpoint
from hardcore.workers.thread import beside, outlast, relayed, unattended

PATIENCE_S = 20.0


def test_what_the_work_returns_or_raises_comes_back() -> None:
    def fails(words: str) -> None:
        raise ValueError(words)

    async def both() -> int:
        with pytest.raises(ValueError, match="no"):
            await beside(fails, "no")
        return await beside(divmod, 7, 2) == (3, 1)

    assert asyncio.run(both())


def work_until_stopped(begun: threading.Event, log: list[str]) -> None:
    """Work on until somebody stops it, in the way careless code does: it takes every error for its own."""
    begun.set()
    while True:
        try:
            checkpoint()
        except Exception:
            log.append("swallowed")
        except BaseException as error:
            log.append(type(error).__name__)
            raise


async def cancelled_when(begun: threading.Event, work: Callable[[], object], times: int = 1) -> None:
    """Cancel `work` once it has begun. Raises TimeoutError when that does not end it."""
    task = asyncio.ensure_future(beside(work))
    await asyncio.to_thread(begun.wait, PATIENCE_S)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(asyncio.CancelledError):
            await task


def test_a_cancelled_call_ends_when_its_thread_has() -> None:
    begun, log = threading.Event(), list[str]()
    asyncio.run(cancelled_when(begun, lambda: work_until_stopped(begun, log)))
    assert log == [Stopped.__name__]


def test_cancelled_again_it_waits_all_the_same() -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), list[bool]()

    def stubborn() -> None:
        begun.set()
        may_end.wait(PATIENCE_S)
        ended.append(True)

    async def twice() -> None:
        task = asyncio.ensure_future(beside(stubborn))
        await asyncio.to_thread(begun.wait, PATIENCE_S)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
            assert not task.done() and not ended
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended

    asyncio.run(twice())


def test_a_thread_that_the_work_starts_stops_with_it() -> None:
    begun, log = threading.Event(), list[str]()

    def work() -> None:
        inner = threading.Thread(target=carried(quiet), args=(log,), daemon=True)
        inner.start()
        inner.join(PATIENCE_S)
        log.append("joined" if not inner.is_alive() else "left behind")

    def quiet(log: list[str]) -> None:
        with pytest.raises(Stopped):
            work_until_stopped(begun, log)

    asyncio.run(cancelled_when(begun, work))
    assert log == [Stopped.__name__, "joined"]


def test_progress_is_told_on_the_loop_and_stops_what_was_stopped() -> None:
    begun, told, loops = threading.Event(), list[float](), set[int]()

    def heard(share: float, words: str) -> None:
        told.append(share)
        loops.add(threading.get_ident())

    async def stop_it() -> None:
        report = relayed(heard)

        def work() -> None:
            report(0.5, "half")
            begun.set()
            while True:
                report(0.6, "more")

        await cancelled_when(begun, work)

    asyncio.run(stop_it())
    assert told[0] == 0.5 and loops == {threading.get_ident()}


def test_without_a_stop_a_checkpoint_does_nothing() -> None:
    checkpoint()
    assert carried(lambda: checkpoint() is None)()


WAITS = """
import asyncio, os
from hardcore.workers.thread import unattended

async def main():
    reading = asyncio.ensure_future(unattended(os.read, 0, 1))
    print("reading", flush=True)
    await asyncio.wait([reading], timeout=0.01)
    reading.cancel()
    await asyncio.wait([reading])

asyncio.run(main())
print("ended", flush=True)
os._exit(7)
"""


def test_a_read_that_never_returns_holds_up_no_end() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", WAITS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "reading\n"
        assert child.wait(PATIENCE_S) == 7 and child.stdout.read() == "ended\n"
    finally:
        child.kill()
        child.communicate()


def test_what_comes_after_a_cancellation_is_dropped() -> None:
    may_end = threading.Event()

    async def dropped() -> None:
        task = asyncio.ensure_future(unattended(may_end.wait, PATIENCE_S))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        may_end.set()
        await beside(lambda: None)

    asyncio.run(dropped())


def test_what_is_done_is_not_waited_for() -> None:
    async def done() -> None:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        future.set_result(1)
        await outlast(future, lambda: pytest.fail("nothing was cancelled"))

    asyncio.run(done())
