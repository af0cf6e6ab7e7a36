"""Placements: a track's clips along the timeline. Those of all tracks are the arrangement."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from hardcore.model import Model, Shared
from hardcore.music.tempo import Ticks
from hardcore.project.clip import ClipLength
from hardcore.project.values import ClipId

_START = attrgetter("start_ticks")


class Placement(Model):
    """A clip in the arrangement: it loops over [start, start + length), beginning `offset_ticks` into itself."""

    clip: ClipId
    start_ticks: Ticks
    length_ticks: ClipLength
    offset_ticks: Ticks = 0

    @property
    def end_ticks(self) -> int:
        """Return where it stops."""
        return self.start_ticks + self.length_ticks


class Placements(Shared[Placement]):
    """The placements of one track, ordered by their starts. In a sound project none overlaps the next."""

    def __new__(cls, placements: Iterable[Placement] = ()) -> "Placements":
        return super().__new__(cls, sorted(placements, key=_START))


class Placed(NamedTuple):
    """A placement as the arrangement lists it: with its track."""

    start_ticks: int
    track: str
    clip: str
    length_ticks: int
    offset_ticks: int


def between(placements: tuple[Placement, ...], start_ticks: int, end_ticks: int) -> tuple[Placement, ...]:
    """Return those of a track's placements that sound somewhere in [start, end)."""
    last = bisect_left(placements, end_ticks, key=_START)
    first = bisect_right(placements, start_ticks, 0, last, key=_START)
    reaches_in = first > 0 and placements[first - 1].end_ticks > start_ticks
    return placements[first - 1 if reaches_in else first : last]
