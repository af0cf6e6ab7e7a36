"""What the system asks of a process: Ctrl-C, to stop for a while, to end."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

Act = Callable[[], None]
# Not every system has all of them.
SIGHUP: int = getattr(signal, "SIGHUP", 1)
ENDING = tuple(number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)))

# What is done at each signal; of several who wait for one the last has it.
_acts: dict[int, list[Act]] = {}


class HangUp:
    """Whether the terminal that was there has gone: its window was closed, its connection broke."""

    def __init__(self) -> None:
        self._was_there = os.isatty(0)

    def __bool__(self) -> bool:
        return self._was_there and not os.isatty(0)


@contextmanager
def handled(acts: Mapping[int, Act]) -> Iterator[None]:
    """Do what `acts` says at each signal, on the running loop, for as long as the context lasts; contexts nest.

    A signal that the process was started without (nohup) stays ignored. Outside the main thread nothing changes.
    """
    loop = asyncio.get_running_loop()
    is_main = threading.current_thread() is threading.main_thread()
    heeded = [number for number in acts if is_main and signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.getsignal(number) for number in heeded if not _acts.get(number)}
    for number in heeded:
        _acts.setdefault(number, []).append(acts[number])
        if number in before:
            _listen(loop, number)
    try:
        yield
    finally:
        for number in heeded:
            _acts[number].pop()
        for number, handler in before.items():
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _listen(loop: asyncio.AbstractEventLoop, number: int) -> None:
    def act() -> None:
        if _acts.get(number):
            _acts[number][-1]()

    try:
        loop.add_signal_handler(number, act)
    except NotImplementedError:  # Windows
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(act))


async def until_ended(work: Coroutine[Any, Any, int]) -> int:
    """Return the status of `work`, or 128 and the number of the signal that asked to end: then it was cancelled."""
    task, ended_by = asyncio.current_task(), 0
    assert task is not None

    def end(number: int) -> None:
        nonlocal ended_by
        ended_by = number
        task.cancel()

    with handled({number: partial(end, number) for number in ENDING}):
        try:
            return await work
        except asyncio.CancelledError:
            if not ended_by:  # Ctrl-C, which asyncio.run knows
                raise
            return 128 + ended_by
