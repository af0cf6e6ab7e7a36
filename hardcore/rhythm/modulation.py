"""Modulators: a number of the rhythm that moves slowly, from bar to bar, within its limits.

The random walk and the mean-reverting walk (Uhlenbeck and Ornstein, 1930) are drawn; sine, ramp, triangle, saw and
square repeat every `tau` bars from `phase` (0–1) on; `energy` follows that of the scene.
"""

import math
from array import array
from collections.abc import Sequence
from statistics import NormalDist
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from hardcore.model import Model

Shape = Literal["random_walk", "ou", "sine", "ramp", "triangle", "saw", "square", "energy"]


class Motion(Model):
    """How a value moves: between min_val and max_val, at most max_delta_per_bar in a bar.

    start           where it begins; the middle unless given (not for the repeating shapes)
    step_per_bar    the most a random walk steps, or the deviation of an ou step
    tau             bars: the memory of an ou, the period of the others (a ramp rises once)
    """

    mode: Shape = "random_walk"
    min_val: float = 0.0
    max_val: float = 1.0
    start: float | None = None
    step_per_bar: Annotated[float, Field(ge=0)] = 0.01
    tau: Annotated[float, Field(gt=0, le=100_000)] = 32.0
    max_delta_per_bar: Annotated[float, Field(gt=0)] = 0.05
    phase: float = 0.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_val > self.max_val:
            raise ValueError(f"min_val {self.min_val:g} is above max_val {self.max_val:g}")
        if self.start is not None and not self.min_val <= self.start <= self.max_val:
            raise ValueError(f"start {self.start:g} is not between min_val and max_val")
        return self


class Modulator(Model):
    """A motion of what `param_path` names: `hat_c.swing_percent`, `ride.conditions.0.p`, `thin_bias`, `swing`."""

    name: Annotated[str, Field(max_length=80)] = ""
    param_path: Annotated[str, Field(min_length=1, max_length=120)]
    mod: Motion = Motion()

    @model_validator(mode="before")
    @classmethod
    def _swing_in_percent(cls, data: Any) -> Any:
        path = str(data.get("param_path", "")) if isinstance(data, dict) else ""
        mod = data.get("mod") if isinstance(data, dict) else None
        if path.split(".")[-1] in ("swing", "swing_percent") and isinstance(mod, dict):
            top = mod.get("max_val")
            if isinstance(top, int | float) and 0 < top <= 1:
                moved = ("min_val", "max_val", "start", "step_per_bar", "max_delta_per_bar")
                mod = {"step_per_bar": 0.01, "max_delta_per_bar": 0.05, **mod}
                scaled = {
                    k: round(v * 100, 9) if k in moved and isinstance(v, int | float) else v for k, v in mod.items()
                }
                return {**data, "mod": scaled}
        return data


def value_at(motion: Motion, bar: int, energy: Sequence[float] = (0.5,)) -> float:
    """Return where a shape that is not drawn is at `bar` (from 0), before the limit of its speed."""
    low, span = motion.min_val, motion.max_val - motion.min_val
    turn = (motion.phase + bar / motion.tau) % 1.0
    if motion.mode == "energy":
        share = energy[min(bar, len(energy) - 1)]
    elif motion.mode == "sine":
        share = 0.5 * (1 + math.sin(2 * math.pi * (motion.phase + bar / motion.tau)))
    elif motion.mode == "ramp":
        share = min(1.0, max(0.0, motion.phase + bar / motion.tau))
    elif motion.mode == "triangle":
        share = 2 * turn if turn < 0.5 else 2 - 2 * turn
    else:
        share = turn if motion.mode == "saw" else float(turn < 0.5)
    return low + span * share


_NORMAL = NormalDist()


class Walk:
    """The values of one modulator bar after bar, kept as far as they were asked for."""

    def __init__(self, motion: Motion, key: int, start: float, energy: Sequence[float]) -> None:
        self._motion, self._key, self._energy = motion, key, energy
        self._walks = motion.mode in ("random_walk", "ou")
        begin = (start if motion.start is None else motion.start) if self._walks else value_at(motion, 0, energy)
        self.values = array("d", [min(motion.max_val, max(motion.min_val, begin))])

    def upto(self, bars: int) -> "array[float]":
        """Return the values of at least the first `bars` bars."""
        from hardcore.rhythm.chance import draws

        values = self.values
        missing = bars - len(values)
        if missing > 0:
            chances = draws(self._key, len(values), missing, 1)[:, 0].tolist() if self._walks else [0.0] * missing
            for chance in chances:
                values.append(self._next(values[-1], len(values), chance))
        return values

    def _next(self, before: float, bar: int, chance: float) -> float:
        motion = self._motion
        if motion.mode == "random_walk":
            value = before + (2 * chance - 1) * motion.step_per_bar
        elif motion.mode == "ou":
            middle = (motion.min_val + motion.max_val) / 2
            noise = _NORMAL.inv_cdf(min(max(chance, 1e-12), 1 - 1e-12)) * motion.step_per_bar
            value = before + (middle - before) / motion.tau + noise
        else:
            value = value_at(motion, bar, self._energy)
        value = min(motion.max_val, max(motion.min_val, value))
        return before + min(motion.max_delta_per_bar, max(-motion.max_delta_per_bar, value - before))
