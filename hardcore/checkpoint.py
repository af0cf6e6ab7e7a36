"""Checkpoints: how work in a thread ends when nobody wants its result any more.

A thread cannot be killed. Whoever starts one gives it a `Stop` (`workers/thread.py` does), and every loop that may take
long calls `checkpoint`. Outside such a thread that does nothing.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Stopped(BaseException):
    """Nobody wants the result any more. It is no Exception: what catches errors must let it through."""


class Stop:
    """Whether work is to stop. `wanted` is set from another thread."""

    __slots__ = ("wanted",)

    def __init__(self) -> None:
        self.wanted = False


_present: ContextVar[Stop | None] = ContextVar("stop", default=None)


def checkpoint() -> None:
    """Raise Stopped when the work that this thread does was stopped. It costs a tenth of a microsecond."""
    stop = _present.get()
    if stop is not None and stop.wanted:
        raise Stopped


def under(stop: Stop | None, work: Callable[P, T]) -> Callable[P, T]:
    """Return `work` for a thread of its own, whose checkpoints heed `stop`."""

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        _present.set(stop)
        return work(*args, **kwargs)

    return run


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """Return `work` for a thread that this one starts: it stops when this one is stopped."""
    return under(_present.get(), work)
