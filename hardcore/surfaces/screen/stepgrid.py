"""The grid of the clip view: steps of equal length that begin anew on every bar, and the stretch of them in sight."""

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from hardcore.music.meter import MeterMap

# A note up to so many ticks before a step was meant for it: people play a little beside the grid.
EARLY_TICKS = 120
_CELLS = (4, 3, 2, 1)
_PAGED_CELL = 2


class Window(NamedTuple):
    """The steps in sight: where each begins, in ticks and in cells of the screen.

    end_ticks   where the last step ends
    cell        cells of a step; before the first step of a bar stands a bar line
    width       cells of all of it, the bar line at its end included
    bars        the places and numbers (from 0) of the bars whose line is in sight
    before, after   whether there is more of the clip
    """

    ticks: tuple[int, ...]
    columns: tuple[int, ...]
    end_ticks: int
    cell: int
    width: int
    bars: tuple[tuple[int, int], ...]
    before: bool
    after: bool

    def place(self, tick: int, step_ticks: int) -> int:
        """Return the step that a note at `tick` belongs to, −1 before the first and after the last."""
        tick += min(EARLY_TICKS, step_ticks // 2)
        if tick >= self.end_ticks and self.after:
            return -1
        return bisect_right(self.ticks, tick) - 1

    def column(self, tick: int) -> int:
        """Return the cell where `tick` is, between the first and the one after the last."""
        at = bisect_right(self.ticks, tick) - 1
        if at < 0:
            return self.columns[0]
        end = self.ticks[at + 1] if at + 1 < len(self.ticks) else self.end_ticks
        share = min(1.0, (tick - self.ticks[at]) / max(1, end - self.ticks[at]))
        return self.columns[at] + round(share * self.cell)


def step_start(meters: MeterMap, tick: int, step_ticks: int) -> int:
    """Return where the step that holds `tick` begins."""
    bar = meters.bar_start(meters.bar_of(tick))
    return bar + (tick - bar) // step_ticks * step_ticks


def step_after(meters: MeterMap, tick: int, step_ticks: int) -> int:
    """Return where the next step begins."""
    return min(step_start(meters, tick, step_ticks) + step_ticks, meters.bar_start(meters.bar_of(tick) + 1))


def step_before(meters: MeterMap, tick: int, step_ticks: int) -> int:
    """Return where the step before begins; from inside a step its own beginning."""
    start = step_start(meters, tick, step_ticks)
    return start if start < tick or tick == 0 else step_start(meters, tick - 1, step_ticks)


@lru_cache(maxsize=8)
def window(meters: MeterMap, length_ticks: int, step_ticks: int, room: int, tick: int) -> Window:
    """Return what is in sight in `room` cells: all of the clip, or the page of whole bars that holds `tick`."""
    for cell in _CELLS if length_ticks // step_ticks < room else ():
        found = _laid(meters, 0, length_ticks, length_ticks, step_ticks, cell)
        if found.width <= room:
            return found
    cell = _PAGED_CELL if room >= 20 else 1
    start, end = _page(meters, length_ticks, step_ticks, room, cell, tick)
    return _laid(meters, start, end, length_ticks, step_ticks, cell)


def _page(meters: MeterMap, length_ticks: int, step_ticks: int, room: int, cell: int, tick: int) -> tuple[int, int]:
    longest = max(-(-point.bar_ticks // step_ticks) for point in meters.points)
    count = (room - 1) // (longest * cell + 1)
    bar = meters.bar_of(tick)
    if count:
        first = bar // count * count
        return meters.bar_start(first), min(length_ticks, meters.bar_start(first + count))
    # Not even a bar fits: a page is so many steps of it.
    steps = max(1, (room - 2) // cell)
    start = meters.bar_start(bar)
    first = start + (tick - start) // step_ticks // steps * steps * step_ticks
    return first, min(length_ticks, meters.bar_start(bar + 1), first + steps * step_ticks)


def _laid(meters: MeterMap, start: int, end: int, length_ticks: int, step_ticks: int, cell: int) -> Window:
    ticks: list[int] = []
    columns: list[int] = []
    bars: list[tuple[int, int]] = []
    column, bar = 0, meters.bar_of(start)
    while (first := meters.bar_start(bar)) < end:
        if first >= start:
            bars.append((column, bar))
        column += 1
        inside = range(max(first, start), min(meters.bar_start(bar + 1), end), step_ticks)
        ticks += inside
        columns += range(column, column + cell * len(inside), cell)
        column += cell * len(inside)
        bar += 1
    return Window(tuple(ticks), tuple(columns), end, cell, column + 1, tuple(bars), start > 0, end < length_ticks)
