"""Tempo: from ticks to seconds and frames; and all the names of musical time (ticks, beats, meter) in one place.

A tempo map is a row of points: the tempo jumps there, or is reached in a ramp. Seconds and frames always come from the
absolute position, never summed.
"""

import math
from bisect import bisect_right
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Annotated, NamedTuple, Self

from pydantic import Field, field_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.meter import MeterMap, MeterPoint, Position, parse_meter
from hardcore.music.ticks import MAX_POINTS, MAX_TICKS, PPQ, Ticks, beats, ticks_of_beats

__all__ = [
    "HIGHEST_BPM", "LOWEST_BPM", "MAX_BPM", "MAX_TICKS", "MIN_BPM", "PPQ", "Bpm", "MeterMap", "MeterPoint", "Position",
    "TempoMap", "TempoPoint", "Ticks", "beats", "parse_meter", "ticks_of_beats",
]  # fmt: skip

# What a file may hold, and what may be asked for, in words and by commands alike.
MIN_BPM, MAX_BPM = 10.0, 1000.0
LOWEST_BPM, HIGHEST_BPM = 20.0, 400.0

Bpm = Annotated[float, Field(ge=MIN_BPM, le=MAX_BPM)]


class TempoPoint(Model):
    """From `tick` on the tempo is `bpm` quarters a minute.

    ramp   it is reached there evenly, as much on every beat, from the point before; without it the tempo jumps
    """

    tick: Ticks
    bpm: Bpm
    ramp: bool = False


class _Steps(NamedTuple):
    """A tempo map laid out for look-up: where each step starts, in ticks and seconds, its tempo, and BPM a tick."""

    ticks: tuple[int, ...]
    seconds: tuple[float, ...]
    bpms: tuple[float, ...]
    slopes: tuple[float, ...]


class TempoMap(Model):
    """The tempo of a project: at least one point, the first at tick 0, ticks strictly rising."""

    points: tuple[TempoPoint, ...] = Field((TempoPoint(tick=0, bpm=120),), max_length=MAX_POINTS)

    @field_validator("points")
    @classmethod
    def _check_order(cls, points: tuple[TempoPoint, ...]) -> tuple[TempoPoint, ...]:
        if not points or points[0].tick != 0:
            raise ValueError("the first tempo point must be at tick 0")
        if any(a.tick >= b.tick for a, b in pairwise(points)):
            raise ValueError("tempo points must be in rising order")
        if points[0].ramp:
            raise ValueError("the first tempo cannot be reached in a ramp: nothing is before it")
        return points

    @cached_property
    def steps(self) -> _Steps:
        """Return the look-up table; computed once per map, in exact fractions, and not a field."""
        now = Fraction(0)
        seconds = [0.0]
        slopes = []
        for a, b in pairwise(self.points):
            ticks = b.tick - a.tick
            slopes.append((b.bpm - a.bpm) / ticks if b.ramp else 0.0)
            stretched = Fraction(_slowed(slopes[-1] * ticks / a.bpm))
            now += Fraction(ticks * 60, PPQ) / Fraction(a.bpm) * stretched
            seconds.append(float(now))
        ticks_, bpms = tuple(p.tick for p in self.points), tuple(p.bpm for p in self.points)
        return _Steps(ticks_, tuple(seconds), bpms, (*slopes, 0.0))

    @property
    def bpm(self) -> float:
        """Return the tempo at the start."""
        return self.points[0].bpm

    def at(self, tick: float) -> float:
        """Return the tempo in BPM at `tick`; before 0 it is the first one."""
        ticks, _, bpms, slopes = self.steps
        step = max(bisect_right(ticks, tick) - 1, 0)
        return bpms[step] + slopes[step] * max(tick - ticks[step], 0)

    def seconds(self, tick: float) -> float:
        """Return the time of `tick` in seconds; ticks before 0 give negative seconds."""
        ticks, seconds, bpms, slopes = self.steps
        step = max(bisect_right(ticks, tick) - 1, 0)
        # ticks * 60 is exact in a float, so a map of one tempo rounds once, in the division
        steady = (tick - ticks[step]) * 60 / (bpms[step] * PPQ)
        if not slopes[step] or tick < 0:
            return seconds[step] + steady
        return seconds[step] + steady * _slowed(slopes[step] * (tick - ticks[step]) / bpms[step])

    def ticks(self, seconds: float) -> float:
        """Return the tick, with its fraction, that sounds at `seconds`; the inverse of `seconds`."""
        ticks, starts, bpms, slopes = self.steps
        step = max(bisect_right(starts, seconds) - 1, 0)
        steady = (seconds - starts[step]) * bpms[step] * PPQ / 60
        if not slopes[step] or seconds < 0:
            return ticks[step] + steady
        return ticks[step] + steady * _hurried(slopes[step] * steady / bpms[step])

    def frames(self, tick: float, rate: int) -> int:
        """Return the frame of `tick` at `rate` frames per second: round(seconds · rate)."""
        return round(self.seconds(tick) * rate)

    def with_bpm(self, bpm: float) -> Self:
        """Return the map with its first point at `bpm`. Raises UserError out of 10–1000."""
        first = TempoPoint(tick=0, bpm=_checked(bpm))
        return self.evolve(points=(first, *self.points[1:]))

    def with_point(self, tick: int, bpm: float, *, ramp: bool = False) -> Self:
        """Return the map with the tempo `bpm` from `tick` on (replacing a point there), reached in a ramp or at once.

        Raises UserError.
        """
        if not 0 <= tick <= MAX_TICKS:
            raise UserError(f"a tempo change cannot be at tick {tick}", f"0 to {MAX_TICKS}")
        kept = [point for point in self.points if point.tick != tick]
        kept.append(TempoPoint(tick=tick, bpm=_checked(bpm), ramp=ramp))
        return self.evolve(points=tuple(sorted(kept, key=lambda point: point.tick)))

    def without_point(self, tick: int) -> Self:
        """Return the map without the change at `tick`. Raises UserError for the first or a missing one."""
        if tick == 0:
            raise UserError("the first tempo stays", "change it instead")
        kept = tuple(point for point in self.points if point.tick != tick)
        if len(kept) == len(self.points):
            there = ", ".join(str(point.tick) for point in self.points[1:9])
            raise UserError(f"no tempo change at tick {tick}", f"there are changes at {there}" if there else "none yet")
        return self.evolve(points=kept)

    def ramp_over(self, tick: int) -> TempoPoint | None:
        """Return the point that a ramp leads to which is under way at `tick`, its end included; None without one."""
        after = next((point for point in self.points if point.tick >= tick), None)
        return after if after is not None and after.ramp and tick > 0 else None

    def scaled(self, factor: float) -> Self:
        """Return the map with every tempo multiplied by `factor`. Raises UserError out of 10–1000 BPM."""
        return self.evolve(points=tuple(point.evolve(bpm=_checked(point.bpm * factor)) for point in self.points))


def _slowed(share: float) -> float:
    """Return how much longer a stretch takes in a ramp than at its first tempo, which it leaves by `share` of it."""
    return math.log1p(share) / share if share else 1.0


def _hurried(share: float) -> float:
    """Return how much more ticks pass in a ramp than at its first tempo, which they would change by `share` of it."""
    return math.expm1(share) / share if share else 1.0


def _checked(bpm: float) -> float:
    if not (math.isfinite(bpm) and MIN_BPM <= bpm <= MAX_BPM):
        raise UserError(f"{bpm:g} BPM is out of range", f"{MIN_BPM:g} to {MAX_BPM:g}")
    return float(bpm)
