"""Deadlines: when work has to begin so that it is there by a beat, and which work goes first."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from heapq import heappop, heappush
from itertools import count

from hardcore.project.rule import Rule

# How much longer than the estimate something may take, by priority.
MARGINS: Mapping[str, float] = {"critical": 1.5, "high": 1.2}
# So much work goes on at once; what is critical never waits for a place.
PLACES = 2


def start_by(deadline: float, estimate_s: float, bpm: float, priority: str) -> float:
    """Return the beat by which work has to begin that takes about `estimate_s` seconds, to be there at `deadline`."""
    return deadline - estimate_s * bpm / 60 * MARGINS.get(priority, 1.0)


class Works:
    """Slow work of rules: so much at once, by priority; of two of one priority the one that was asked for first."""

    def __init__(self, do: Callable[[Rule, tuple[str, ...]], Awaitable[None]], places: int = PLACES) -> None:
        self._do, self._places = do, places
        self._waiting: list[tuple[int, int, Rule, tuple[str, ...]]] = []
        self._numbers = count()
        self._going: set[asyncio.Task[None]] = set()

    def add(self, rule: Rule, cause: tuple[str, ...]) -> None:
        """Let work be done, as soon as there is a place for it."""
        heappush(self._waiting, (rule.rank, next(self._numbers), rule, cause))
        self._fill()

    def _fill(self) -> None:
        while self._waiting and (len(self._going) < self._places or self._waiting[0][2].priority == "critical"):
            _, _, rule, cause = heappop(self._waiting)
            task = asyncio.ensure_future(self._do(rule, cause))
            self._going.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._going.discard(task)
        if not task.cancelled():
            self._fill()

    def close(self) -> None:
        """Give up what goes on and what waits."""
        self._waiting.clear()
        for task in tuple(self._going):
            task.cancel()
