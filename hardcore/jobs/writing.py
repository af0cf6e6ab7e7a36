"""Files written beside each other, one a core: encoders take a core each for a second a minute and more."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from hardcore.checkpoint import carried, checkpoint
from hardcore.jobs.request import Progress

T = TypeVar("T")


class Writing:
    """Writes files in threads, and says how far all of them are together: `first` to `last` of the whole work."""

    def __init__(self, pool: ThreadPoolExecutor, files: int, progress: Progress, first: float, last: float) -> None:
        self._pool, self._progress = pool, progress
        self._files, self._first, self._last = files, first, last
        self._lock = Lock()
        self._done: dict[object, float] = {}

    def begin(self, work: Callable[[Progress], T]) -> "Future[T]":
        """Return what becomes of `work` in a thread; it reports how much of its own it has done, and what it does."""
        mark = object()

        def told(share: float, words: str) -> None:
            checkpoint()
            with self._lock:
                self._done[mark] = share
                done = sum(self._done.values()) / self._files
                self._progress(self._first + (self._last - self._first) * done, words)

        return self._pool.submit(carried(work), told)


@contextmanager
def writing(files: int, progress: Progress, first: float, last: float) -> Iterator[Writing]:
    """Yield what writes so many files; when one of them fails, those that have not begun are not written."""
    pool = ThreadPoolExecutor(max(1, min(files, os.cpu_count() or 1)), thread_name_prefix="writing")
    try:
        yield Writing(pool, files, progress, first, last)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
