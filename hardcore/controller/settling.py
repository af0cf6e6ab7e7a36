"""What happens together is looked at once: a function that runs a moment after the first of several calls for it."""

import asyncio
from collections.abc import Callable


class Settling:
    """Runs `act` in a loop so many seconds after it was asked for; what asks meanwhile is served by the same run."""

    def __init__(self, loop: asyncio.AbstractEventLoop, delay_s: float, act: Callable[[], None]) -> None:
        self._loop, self._delay_s, self._act = loop, delay_s, act
        self._timer: asyncio.TimerHandle | None = None

    def ask(self) -> None:
        """Ask for a run, from whatever thread."""
        self._loop.call_soon_threadsafe(self._begin)

    def cancel(self) -> None:
        """Forget what was asked for."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(self._delay_s, self._run)

    def _run(self) -> None:
        self._timer = None
        self._act()
