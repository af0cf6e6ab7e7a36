"""Move: how a parameter of an instrument or effect is to change, in its own unit whatever the device."""

from collections.abc import Callable
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project.device import Parameter
from hardcore.project.units import Quantity, factor_of, in_unit_of

Change = Callable[[float], float]
OCTAVES = 0.6  # a step of a frequency
TIMES = 1.5  # of a time or anything else that equal ratios make equal steps of
STEPS = {"db": 4.0, "percent": 14.0, "ratio": 0.7}
SHARE = 0.15  # of the range, for what has no step of its own


class Move(NamedTuple):
    """Exactly one is given: `to` a value, `by` a signed difference, times a `factor`, or audible `steps`."""

    to: Quantity | None = None
    by: Quantity | None = None
    factor: float | None = None
    steps: float | None = None

    def of(self, parameter: Parameter, bpm: float) -> Change:
        """Return what it does to a value of the parameter. Raises UserError when it is in a unit of something else."""
        if self.to is not None:
            value = in_unit_of(parameter, self.to, bpm)
            return lambda before: value
        if self.by is not None:
            share = factor_of(parameter, self.by)
            if share is not None:
                return lambda before: before * share
            more = in_unit_of(parameter, self.by, bpm)
            return lambda before: before + more
        if self.factor is not None:
            times = self.factor
            return lambda before: before * times
        return step(parameter, self.steps or 0.0)


def asked_move(
    to: Quantity | None, by: Quantity | None, factor: float | None, steps: float | None, example: str
) -> Move:
    """Return the one move that was given. Raises UserError unless exactly one was."""
    given = [way for way in (to, by, factor, steps) if way is not None]
    if len(given) != 1:
        what = "say how much" if not given else "say one of: a value, --by, --factor, --steps"
        raise UserError(what, f"such as {example}")
    return Move(to, by, factor, steps)


def step(parameter: Parameter, steps: float) -> Change:
    """Return the change of a parameter by steps of its unit: a part of an octave, decibels, per cents, half as much."""
    if parameter.unit == "hz" and parameter.curve == "exp":
        return lambda value: value * 2 ** (OCTAVES * steps)
    if parameter.unit == "ratio":
        return lambda value: value + max(STEPS["ratio"] * value / 2, 0.2) * steps
    if parameter.unit in STEPS:
        size = STEPS[parameter.unit]
        return lambda value: value + size * steps
    if parameter.curve == "exp":
        return lambda value: value * TIMES**steps
    if parameter.curve in ("int", "switch"):
        return lambda value: value + (max(steps, 1.0) if steps > 0 else min(steps, -1.0))
    return lambda value: value + SHARE * (parameter.high - parameter.low) * steps
