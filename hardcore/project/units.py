"""Units: a number as it is said, `300 ms` or `1/8`, and the same in the unit of what it is for."""

from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project.device import Parameter

# by unit of a parameter: how much of it one of the unit that was said is
_SAME: dict[str, dict[str, float]] = {
    "s": {"s": 1, "ms": 0.001},
    "ms": {"ms": 1, "s": 1000},
    "hz": {"hz": 1, "khz": 1000},
    "semitones": {"semitones": 1, "cents": 0.01, "octaves": 12},
    "cents": {"cents": 1, "semitones": 100, "octaves": 1200},
    "percent": {"percent": 1},
    "db": {"db": 1},
    "ratio": {"ratio": 1},
    "bits": {"bits": 1},
}
SAID = {"percent": "%", "hz": "Hz", "khz": "kHz", "db": "dB"}


class Quantity(NamedTuple):
    """A number and the unit it was said in; without one it is in the unit of what it is for."""

    value: float
    unit: str = ""

    def text(self) -> str:
        """Return it as it is said, such as `300 ms`."""
        return f"{self.value:g} {SAID.get(self.unit, self.unit)}".rstrip()


def in_unit_of(parameter: Parameter, said: Quantity, bpm: float) -> float:
    """Return a quantity in a parameter's unit; beats are a time or, of a speed, how long one round takes, at `bpm`.

    Raises UserError naming the unit it would have to be in.
    """
    if not said.unit:
        return said.value
    if said.unit == "beats" and said.value > 0:
        seconds = said.value * 60 / bpm
        found = {"s": seconds, "ms": seconds * 1000, "hz": 1 / seconds}.get(parameter.unit)
    else:
        factor = _SAME.get(parameter.unit, {}).get(said.unit)
        found = None if factor is None else said.value * factor
    if found is None:
        unit = SAID.get(parameter.unit, parameter.unit)
        span = f"{parameter.low:g} to {parameter.high:g} {unit}".rstrip()
        raise UserError(f"{said.text()} is not for {parameter.id.replace('_', ' ')}", span)
    return found


def factor_of(parameter: Parameter, said: Quantity) -> float | None:
    """Return by what a value is multiplied when a quantity is added that is a share of it; None where it is none.

    20 % more of what is not in per cent is a fifth more; an octave more of a frequency is twice it.
    """
    if said.unit == "percent" and parameter.unit != "percent":
        return max(1 + said.value / 100, 0.0)
    octaves = {"octaves": 1.0, "semitones": 1 / 12, "cents": 1 / 1200}.get(said.unit)
    return 2 ** (octaves * said.value) if octaves and parameter.unit == "hz" else None
