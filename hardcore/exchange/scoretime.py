"""Notes on the grid of a score: each quarter of a bar in sixteenths, triplets or 32nds, whatever is nearest to it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from hardcore.music.tempo import PPQ, MeterMap

STRAIGHT, TRIPLET, FINE = PPQ // 4, PPQ // 6, PPQ // 8
# A finer grid has to be nearer by so many ticks a note, or what was played freely becomes unreadable.
_WORTH = 40


class Placed(NamedTuple):
    """A note of a score, in ticks."""

    start: int
    end: int
    pitch: int


class ScoreGrid:
    """The grid of every quarter, chosen by the notes that begin in it."""

    def __init__(self, meters: MeterMap, notes: Iterable[Placed]) -> None:
        self._meters = meters
        begun: dict[int, list[int]] = defaultdict(list)
        for note in notes:
            begun[self.window(note.start)].append(note.start)
        self._grids = {window: self._chosen(window, starts) for window, starts in begun.items()}

    def window(self, tick: int) -> int:
        """Return where the quarter that holds a tick begins; quarters are counted from the bar line."""
        start = self._meters.bar_start(self._meters.bar_of(tick))
        return start + (tick - start) // PPQ * PPQ

    def is_triplet(self, window: int) -> bool:
        """Return whether the quarter that begins there is in triplets."""
        return self._grids.get(window) == TRIPLET

    def snapped(self, notes: Iterable[Placed]) -> list[Placed]:
        """Return the notes on the grid, none shorter than a step of it, each pitch once at a time."""
        found: dict[tuple[int, int], Placed] = {}
        for note in notes:
            start = self.snap(note.start)
            end = max(self.snap(note.end), start + self._grids.get(self.window(start), STRAIGHT))
            found[start, note.pitch] = Placed(start, end, note.pitch)
        last: dict[int, Placed] = {}
        for note in sorted(found.values(), reverse=True):
            after = last.get(note.pitch)
            last[note.pitch] = note if after is None else note._replace(end=min(note.end, after.start))
            found[note.start, note.pitch] = last[note.pitch]
        return sorted(found.values())

    def _chosen(self, window: int, starts: list[int]) -> int:
        room = self._meters.bar_start(self._meters.bar_of(window) + 1) - window
        best, error = STRAIGHT, _error(window, starts, STRAIGHT)
        for grid in (TRIPLET, FINE):
            if grid == TRIPLET and room < PPQ:
                continue  # half a quarter is left of the bar
            if (other := _error(window, starts, grid)) < error - _WORTH:
                best, error = grid, other
        return best

    def snap(self, tick: int) -> int:
        """Return the step of the grid that is nearest to a tick."""
        window = self.window(tick)
        bar_end = self._meters.bar_start(self._meters.bar_of(tick) + 1)
        grid = self._grids.get(window, STRAIGHT)
        return min(window + round((tick - window) / grid) * grid, bar_end)


def _error(window: int, starts: list[int], grid: int) -> float:
    return sum(abs((start - window + grid // 2) % grid - grid // 2) for start in starts) / len(starts)
