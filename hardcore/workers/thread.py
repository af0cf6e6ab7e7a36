"""Slow work in a thread beside the event loop. No other module starts one for that.

Cancelling a call of `beside` stops its thread at the next checkpoint, and ends only once the thread has: what the
thread uses may then be thrown away, and nothing is left that could keep the program from ending.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from hardcore.checkpoint import Stop, checkpoint, under

P = ParamSpec("P")
T = TypeVar("T")
Progress = Callable[[float, str], None]


async def beside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `work` returns, or raise what it raises. A cancellation stops it at its next checkpoint."""
    stop = Stop()
    done = _begun(under(stop, work), *args, **kwargs)

    def ask() -> None:
        stop.wanted = True

    await outlast(done, ask)
    return done.result()


async def unattended(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `work` returns; for a call that nothing can stop, such as one that waits for a person or a pipe.

    When this is cancelled nobody waits for the thread: it must use nothing that is thrown away.
    """
    return await _begun(work, *args, **kwargs)


async def outlast(done: "asyncio.Future[Any]", stop: Callable[[], None]) -> None:
    """Return once `done` is; a cancellation, however often it comes, calls `stop` and is raised only then."""
    cancelled: asyncio.CancelledError | None = None
    while not done.done():
        try:
            await asyncio.wait([done])
        except asyncio.CancelledError as error:
            cancelled = error
            stop()
    if cancelled is not None:
        done.exception()  # looked at, so that nobody complains that it was not
        raise cancelled


def relayed(progress: Progress) -> Progress:
    """Return what the work of `beside` may report to: it reaches `progress` on the loop, and is a checkpoint."""
    loop = asyncio.get_running_loop()

    def told(share: float, words: str) -> None:
        checkpoint()
        loop.call_soon_threadsafe(progress, share, words)

    return told


def _begun(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
    """Return the future of what a new thread is doing. It is a daemon: it holds up no end of the program."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            result = work(*args, **kwargs)
        except BaseException as error:
            _tell(loop, _settle, done, done.set_exception, error)
        else:
            _tell(loop, _settle, done, done.set_result, result)

    threading.Thread(target=run, name=f"beside {getattr(work, '__name__', 'work')}", daemon=True).start()
    return done


def _settle(done: "asyncio.Future[Any]", how: Callable[[Any], None], what: Any) -> None:
    if not done.done():  # nobody waits for it any more
        how(what)


def _tell(loop: asyncio.AbstractEventLoop, act: Callable[..., None], *args: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has been closed: there is nobody to tell
        loop.call_soon_threadsafe(act, *args)
