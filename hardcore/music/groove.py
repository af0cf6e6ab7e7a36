"""Groove: how far each step of a repeating grid is moved, and how loud it is played."""

from functools import cached_property
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from hardcore.errors import UserError
from hardcore.model import Model
from hardcore.music.ticks import PPQ, SIXTEENTH

Offset = Annotated[int, Field(ge=-PPQ, le=PPQ)]
Printable = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Factor = Annotated[float, Field(ge=0, le=4)]


class GrooveTemplate(Model):
    """A grid of `step_ticks`, repeated: `timing` in ticks (late is above 0) and `velocity` factors, one per step."""

    id: Printable
    name: Printable
    step_ticks: Annotated[int, Field(ge=1, le=4 * PPQ)] = SIXTEENTH
    timing: Annotated[tuple[Offset, ...], Field(min_length=1, max_length=1024)] = (0,)
    velocity: Annotated[tuple[Factor, ...], Field(min_length=1, max_length=1024)] = (1.0,)

    @model_validator(mode="after")
    def _check_steps(self) -> Self:
        if len(self.timing) != len(self.velocity):
            raise ValueError("timing and velocity must have one value for each step")
        if any(b - a <= -self.step_ticks for a, b in pairwise((*self.timing, self.timing[0]))):
            raise ValueError("a step would sound before the one it follows")
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


def apply(groove: GrooveTemplate, tick: int, amount: float = 1.0) -> tuple[int, float]:
    """Return the offset in ticks and the velocity factor of the groove at `tick`; `amount` is 0 to 1.

    Between two steps both change linearly, so notes never change places and rolls stay even.
    """
    step, rest = divmod(tick, groove.step_ticks)
    offset, rise, factor, swell = groove.grid[step % len(groove.grid)]
    if rest:
        part = rest / groove.step_ticks
        return round((offset + rise * part) * amount), 1 + (factor + swell * part - 1) * amount
    return round(offset * amount), 1 + (factor - 1) * amount


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
