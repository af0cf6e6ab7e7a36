"""When to draw: at once for keys and answers; while something moves, as often as it changes and costs little."""

import asyncio
from collections.abc import Callable
from time import perf_counter

from hardcore.surfaces.screen.screenstate import Board

FRAME_S = 0.1
# Of a core, a moving screen takes at most this share.
SHARE = 0.04
# A player that stands still may yet say something, such as that its engine ended.
STILL_S = 0.5


class Frames:
    """Looks whether the page has changed, and only then draws. Without a player and jobs it sleeps for good."""

    def __init__(self, board: Board, draw: Callable[[], None]) -> None:
        self._board, self._draw = board, draw
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look again: something may move now."""
        self._wake.set()

    async def run(self) -> None:
        """Draw until it is cancelled."""
        while True:
            start = perf_counter()
            self._draw()
            cost = perf_counter() - start
            await self._pause(cost)

    async def _pause(self, cost: float) -> None:
        if self._board.moves:
            await asyncio.sleep(max(FRAME_S, cost / SHARE))
        elif self._board.playback.sound:
            self._wake.clear()
            await _either(self._wake, STILL_S)
        else:
            self._wake.clear()
            await self._wake.wait()


async def _either(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
