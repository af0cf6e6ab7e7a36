"""Groove: how far each step of a repeating grid is moved, and how loud it is played."""

from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.meter import MeterMap
from hardcore.music.ticks import PPQ, SIXTEENTH

Offset = Annotated[int, Field(ge=-PPQ, le=PPQ)]
Printable = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Factor = Annotated[float, Field(ge=0, le=4)]
Amount = Annotated[float, Field(ge=0, le=1)]


class GrooveTemplate(Model):
    """A grid of `step_ticks`, repeated: `timing` in ticks (late is above 0) and `velocity` factors, one per step.

    `bar_ticks` is the bar it was made in: it starts again at each bar line of whatever meter plays it. With 0 it runs
    on through the bars, as a swing does. `about` says in words what it is.
    """

    id: Printable
    name: Printable
    step_ticks: Annotated[int, Field(ge=1, le=4 * PPQ)] = SIXTEENTH
    timing: Annotated[tuple[Offset, ...], Field(min_length=1, max_length=1024)] = (0,)
    velocity: Annotated[tuple[Factor, ...], Field(min_length=1, max_length=1024)] = (1.0,)
    bar_ticks: Annotated[int, Field(ge=0, le=128 * PPQ)] = 0
    about: Annotated[str, Field(max_length=400, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")] = ""

    @model_validator(mode="after")
    def _check_steps(self) -> Self:
        if len(self.timing) != len(self.velocity):
            raise ValueError("timing and velocity must have one value for each step")
        if any(b - a <= -self.step_ticks for a, b in pairwise((*self.timing, self.timing[0]))):
            raise ValueError("a step would sound before the one it follows")
        if self.bar_ticks and self.length_ticks % self.bar_ticks:
            raise ValueError("a groove made in a bar is whole bars long")
        return self

    @cached_property
    def grid(self) -> tuple[tuple[int, int, float, float], ...]:
        """Return per step its offset, the change of offset to the next step, its factor and that change."""
        timing, velocity = ((*self.timing, self.timing[0]), (*self.velocity, self.velocity[0]))
        moves = zip(pairwise(timing), pairwise(velocity), strict=True)
        return tuple((a, b - a, u, v - u) for (a, b), (u, v) in moves)

    @property
    def length_ticks(self) -> int:
        """Return the ticks after which the groove repeats."""
        return self.step_ticks * len(self.timing)


def apply(
    groove: GrooveTemplate, tick: int, amount: float = 1.0, velocity_amount: float | None = None
) -> tuple[int, float]:
    """Return the offset in ticks and the velocity factor of the groove at `tick` of its own grid; amounts are 0 to 1.

    `amount` is for both, `velocity_amount` for the velocity alone when it is given. Between two steps both change
    linearly, so notes never change places and rolls stay even.
    """
    loud = amount if velocity_amount is None else velocity_amount
    step, rest = divmod(tick, groove.step_ticks)
    offset, rise, factor, swell = groove.grid[step % len(groove.grid)]
    if rest:
        part = rest / groove.step_ticks
        return round((offset + rise * part) * amount), 1 + (factor + swell * part - 1) * loud
    return round(offset * amount), 1 + (factor - 1) * loud


def own_tick(groove: GrooveTemplate, tick: int, meter_map: MeterMap) -> int:
    """Return where in the groove a tick of the timeline lies: from its bar line, if the groove was made in bars."""
    bar_ticks = groove.bar_ticks
    if not bar_ticks:
        return tick
    if len(meter_map.points) == 1 and meter_map.points[0].bar_ticks == bar_ticks:
        return tick
    bar = meter_map.bar_of(tick)
    bars = groove.length_ticks // bar_ticks
    return bar % bars * bar_ticks + (tick - meter_map.bar_start(bar)) % bar_ticks


def swing_percent(groove: GrooveTemplate) -> float:
    """Return the swing of a groove: where the odd steps lie, on average, within their pairs, in percent (50 straight).

    The inverse of `swing`; a groove of an odd number of steps has no pairs, and so no swing.
    """
    if len(groove.timing) % 2:
        return 50.0
    pairs = len(groove.timing) // 2
    late = sum(groove.timing[1::2]) / pairs - sum(groove.timing[::2]) / pairs
    return 50 + 50 * late / groove.step_ticks


def swing(percent: float, step_ticks: int = SIXTEENTH) -> GrooveTemplate:
    """Return the groove that delays every second step by (2p − 1) of a step. Raises UserError out of 50–75 %.

    The percentage is the part of a pair of steps that the first one takes: 50 is straight, 66.7 is a triplet.
    """
    if not 50 <= percent <= 75:
        raise UserError(f"a swing of {percent:g} % is out of range", "50 (straight) to 75; 66.7 is a triplet")
    # the id tells the steps apart too, so that two swings of one project never share it
    grid = "" if step_ticks == SIXTEENTH else f"-{step_ticks}"
    delay = round((2 * percent / 100 - 1) * step_ticks)
    return GrooveTemplate(
        id=f"swing-{percent:g}{grid}",
        name=f"swing {round(percent, 1):g} %",
        step_ticks=step_ticks,
        timing=(0, delay),
        velocity=(1, 1),
    )
