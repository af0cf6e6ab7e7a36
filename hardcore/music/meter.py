"""Meter: bars and positions. A meter map says how many ticks each bar has; changes fall on bar lines.

`Position.beat` counts the meter's own denominator, as a musician does: 7/8 has seven.
"""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, field_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.ticks import MAX_POINTS, MAX_TICKS, SIXTEENTH, WHOLE, Ticks

DENOMINATORS = (1, 2, 4, 8, 16, 32)
Numerator = Annotated[int, Field(ge=1, le=32)]
Denominator = Literal[1, 2, 4, 8, 16, 32]


class Position(NamedTuple):
    """Bar, beat and sixteenth, each from 1, and the ticks left over: `2.3.1`, or `2.3.1.37`."""

    bar: int
    beat: int
    sixteenth: int
    ticks: int = 0

    @property
    def short(self) -> str:
        """Return it as bar.beat.sixteenth."""
        return f"{self.bar}.{self.beat}.{self.sixteenth}"

    @property
    def typed(self) -> str:
        """Return it exactly, as commands take a place: `2.1.3`, with ticks beyond the sixteenth `2.1.3+37`."""
        return f"{self.short}+{self.ticks}" if self.ticks else self.short

    def __str__(self) -> str:
        return f"{self.short}.{self.ticks}" if self.ticks else self.short


class MeterPoint(Model):
    """From `tick` on a bar is `numerator` notes of 1/`denominator`."""

    tick: Ticks
    numerator: Numerator
    denominator: Denominator

    @property
    def unit_ticks(self) -> int:
        """Return the ticks of one counted beat (the denominator's note)."""
        return WHOLE // self.denominator

    @property
    def bar_ticks(self) -> int:
        """Return the ticks of one bar."""
        return self.numerator * self.unit_ticks

    @property
    def text(self) -> str:
        """Return it as `4/4`."""
        return f"{self.numerator}/{self.denominator}"

    @property
    def is_compound(self) -> bool:
        """Return whether three eighths make a beat: 6/8, 9/8, 12/8 and so on."""
        return self.denominator == 8 and self.numerator % 3 == 0 and self.numerator > 3

    @property
    def pulses(self) -> tuple[int, ...]:
        """Return the ticks of the bar where one taps: quarters, dotted ones in 6/8, in 7/8 two and one dotted."""
        if self.is_compound:
            return tuple(range(0, self.bar_ticks, 3 * self.unit_ticks))
        if self.denominator == 8:
            return tuple(range(0, max(1, self.numerator - 1) * self.unit_ticks, 2 * self.unit_ticks))
        return tuple(range(0, self.bar_ticks, WHOLE // 4))


class MeterMap(Model):
    """The meter of a project: the first point at tick 0, each change on a bar line of the meter before it."""

    points: tuple[MeterPoint, ...] = Field((MeterPoint(tick=0, numerator=4, denominator=4),), max_length=MAX_POINTS)

    @field_validator("points")
    @classmethod
    def _check_bar_lines(cls, points: tuple[MeterPoint, ...]) -> tuple[MeterPoint, ...]:
        if not points or points[0].tick != 0:
            raise ValueError("the first meter must be at tick 0")
        for a, b in pairwise(points):
            if b.tick <= a.tick:
                raise ValueError("meter changes must be in rising order")
            if (b.tick - a.tick) % a.bar_ticks:
                raise ValueError(f"the meter change at tick {b.tick} is not on a bar line")
        return points

    @cached_property
    def starts(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the first tick and the first bar (from 0) of each meter; computed once, not a field."""
        bars = [0]
        for a, b in pairwise(self.points):
            bars.append(bars[-1] + (b.tick - a.tick) // a.bar_ticks)
        return tuple(point.tick for point in self.points), tuple(bars)

    @property
    def numerator(self) -> int:
        """Return the numerator at the start."""
        return self.points[0].numerator

    @property
    def denominator(self) -> int:
        """Return the denominator at the start."""
        return self.points[0].denominator

    @property
    def text(self) -> str:
        """Return the meter at the start, as `4/4`."""
        return self.points[0].text

    def at(self, tick: int) -> MeterPoint:
        """Return the meter in force at `tick`."""
        return self.points[max(bisect_right(self.starts[0], tick) - 1, 0)]

    def bar_ticks(self, tick: int = 0) -> int:
        """Return the ticks of one bar in the meter at `tick`."""
        return self.at(tick).bar_ticks

    def bar_start(self, bar: int) -> int:
        """Return the tick where `bar` (from 0) starts."""
        ticks, bars = self.starts
        index = max(bisect_right(bars, bar) - 1, 0)
        return ticks[index] + (bar - bars[index]) * self.points[index].bar_ticks

    def bar_of(self, tick: int) -> int:
        """Return the bar (from 0) that holds `tick`."""
        ticks, bars = self.starts
        index = max(bisect_right(ticks, tick) - 1, 0)
        return bars[index] + (tick - ticks[index]) // self.points[index].bar_ticks

    def position(self, tick: int) -> Position:
        """Return bar, beat, sixteenth (from 1) and left-over ticks of `tick`."""
        bar = self.bar_of(tick)
        beat, rest = divmod(tick - self.bar_start(bar), self.at(tick).unit_ticks)
        sixteenth, rest = divmod(rest, SIXTEENTH)
        return Position(bar + 1, beat + 1, sixteenth + 1, rest)

    def place(self, tick: int) -> str:
        """Return `tick` as bar.beat.sixteenth."""
        return self.position(tick).short

    def tick(self, bar: int, beat: int = 1, sixteenth: int = 1, ticks: int = 0) -> int:
        """Return the tick of a position (numbers from 1, as shown); the inverse of `position`. Raises UserError."""
        start = self.bar_start(bar - 1)
        meter = self.at(start)
        steps = -(-meter.unit_ticks // SIXTEENTH)
        for name, value, most in (("beat", beat, meter.numerator), ("sixteenth", sixteenth, steps)):
            if not 1 <= value <= most:
                raise UserError(f"no {name} {value} in a bar of {meter.text}", f"1 to {most}")
        if bar < 1:
            raise UserError(f"no bar {bar}", "bars count from 1")
        return start + (beat - 1) * meter.unit_ticks + (sixteenth - 1) * SIXTEENTH + ticks

    def with_meter(self, numerator: int, denominator: int) -> Self:
        """Return the map with the first meter changed; later changes keep their bar numbers. Raises UserError."""
        points = [_point(0, numerator, denominator)]
        bars = self.starts[1]
        for index, later in enumerate(self.points[1:], 1):
            last = points[-1]
            points.append(later.evolve(tick=last.tick + (bars[index] - bars[index - 1]) * last.bar_ticks))
        return self.evolve(points=tuple(points))

    def with_change(self, bar: int, numerator: int, denominator: int) -> Self:
        """Return the map with a new meter from `bar` (from 0) on; later changes keep their bars. Raises UserError."""
        if bar == 0:
            return self.with_meter(numerator, denominator)
        if bar < 0 or self.bar_start(bar) > MAX_TICKS:
            raise UserError(f"no bar {bar + 1}", "bars count from 1")
        head = tuple(p for p, first in zip(self.points, self.starts[1], strict=True) if first < bar)
        points = [*head, _point(self.bar_start(bar), numerator, denominator)]
        last_bar = bar
        for later, first in zip(self.points, self.starts[1], strict=True):
            if first > bar:
                points.append(later.evolve(tick=points[-1].tick + (first - last_bar) * points[-1].bar_ticks))
                last_bar = first
        return self.evolve(points=tuple(points))


def parse_meter(text: str) -> tuple[int, int]:
    """Return numerator and denominator of `7/8`. Raises UserError."""
    match = re.fullmatch(r"\s*([0-9]{1,2})\s*/\s*([0-9]{1,2})\s*", text)
    if not match:
        raise UserError(f"'{text[:40]}' is not a meter", "like 4/4, 3/4 or 7/8")
    point = _point(0, int(match[1]), int(match[2]))
    return point.numerator, point.denominator


def _point(tick: int, numerator: int, denominator: int) -> MeterPoint:
    if not 1 <= numerator <= 32:
        raise UserError(f"a bar cannot have {numerator} beats", "1 to 32")
    if denominator not in DENOMINATORS:
        near = min(DENOMINATORS, key=lambda d: (abs(d - denominator), d))
        raise UserError(f"a meter cannot count 1/{denominator} notes", f"did you mean {numerator}/{near}?")
    return MeterPoint.model_validate({"tick": tick, "numerator": numerator, "denominator": denominator})
