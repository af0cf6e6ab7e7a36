"""What a device is: an instrument or an effect, and its parameters with their ranges and units."""

from dataclasses import dataclass
from typing import Literal

from hardcore.errors import UserError, nearest

Unit = Literal["", "db", "hz", "s", "ms", "percent", "semitones", "cents", "beats", "ratio", "bits", "q", "stages"]
Curve = Literal["lin", "exp", "int", "switch"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One control of a device: `low` ≤ value ≤ `high` in `unit`; `curve` is how a knob travels the range.

    `studio`: the engine sets it; nobody else sees or moves it.
    """

    id: str
    unit: Unit
    low: float
    high: float
    default: float
    curve: Curve = "lin"
    help: str = ""
    studio: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """One instrument or effect of the catalogue.

    id         name of its SynthDef
    roles      the parts it suits, the best first (instruments only)
    family     what kind of thing it is, such as kicks, mallets or dynamics
    pitched    whether it follows the note's pitch (drums mostly don't: `tune` is a parameter there)
    mono       one voice; a note that slides retunes the sounding voice instead of starting a new one
    gated      whether it sounds until released; a drum rings for as long as it rings
    side       whether it listens to another track (side-chain)
    tail_s     longest sound after release (instruments) or after the input ends (effects), seconds, at most
    latency_s  delay through the device, seconds, compensated by the renderer
    low_note, high_note   the MIDI range it sounds good in
    """

    id: str
    name: str
    help: str
    parameters: tuple[Parameter, ...]
    roles: tuple[str, ...] = ()
    pitched: bool = True
    mono: bool = False
    gated: bool = True
    side: bool = False
    tail_s: float = 1.0
    latency_s: float = 0.0
    low_note: int = 0
    high_note: int = 127
    family: str = ""

    @property
    def shown(self) -> tuple[Parameter, ...]:
        """Return the parameters that are the user's to see and set."""
        return tuple(parameter for parameter in self.parameters if not parameter.studio)

    def parameter(self, parameter_id: str) -> Parameter:
        """Return the parameter called `parameter_id`. Raises UserError naming the nearest one."""
        for parameter in self.parameters:
            if parameter.id == parameter_id:
                return parameter
        hint = nearest(parameter_id, [parameter.id for parameter in self.shown])
        raise UserError(f"{self.id} has no parameter '{parameter_id}'", hint)

    def checked(self, parameter_id: str, value: float) -> float:
        """Return `value` if it is in the parameter's range. Raises UserError naming the range."""
        parameter = self.parameter(parameter_id)
        if parameter.studio:
            raise UserError(f"the studio sets {parameter_id} of the {self.id} itself", parameter.help)
        if not parameter.low <= value <= parameter.high:
            span = f"{parameter.low:g} to {parameter.high:g} {parameter.unit}".rstrip()
            raise UserError(
                f"{self.id} {parameter_id} {value:g} is out of range", f"{span}, default {parameter.default:g}"
            )
        return value
