"""Waiting in tests for what another process or thread is about to do."""

import time
from collections.abc import Callable


def until(done: Callable[[], object], what: str, timeout_s: float = 15) -> None:
    """Return once something is so. Raises AssertionError that says what is not, after so many seconds."""
    end = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.01)  # between two looks
