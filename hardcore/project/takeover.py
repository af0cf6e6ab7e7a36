"""Takeover: what becomes of a value when a knob moves that may stand elsewhere.

Values and knobs are shares of their range, 0–1; `last` is where the knob was before, None when nobody knows. `pickup`
does nothing until the knob meets or passes the value, `scale` closes the gap over the rest of the way, `jump` jumps,
and knobs without ends say by how many steps they turned, in one of three codes.
"""

from collections.abc import Callable, Mapping

from hardcore.project.controlmap import Takeover

TOP = 127
# A value within a step of the knob is where the knob is.
NEAR = 1 / TOP + 1e-9


def taken_over(mode: Takeover, last: float | None, sent: float, value: float, step: float = 1 / TOP) -> float | None:
    """Return the new value when a knob has sent 0–127, or between two of them; None where it has not the value yet.

    step   how far a step of a knob without ends goes
    """
    if mode in STEPS:
        return min(max(value + STEPS[mode](round(sent)) * step, 0.0), 1.0)
    knob = sent / TOP
    if mode == "jump":
        return knob
    return _picked_up(last, knob, value) if mode == "pickup" else _scaled(last, knob, value)


def _picked_up(last: float | None, knob: float, value: float) -> float | None:
    low, high = (knob, knob) if last is None else (min(last, knob), max(last, knob))
    return knob if low - NEAR <= value <= high + NEAR else None


def _scaled(last: float | None, knob: float, value: float) -> float | None:
    if last is None:
        return _picked_up(None, knob, value)
    if knob > last:
        return min(value + (1 - value) * (knob - last) / (1 - last), 1.0)
    return max(value * knob / last, 0.0) if knob < last else value


def _twos(sent: int) -> int:
    """Return the steps of two's complement: 1 is up, 127 down."""
    return sent if sent < 64 else sent - 128


def _offset(sent: int) -> int:
    """Return the steps of binary offset: 65 is up, 63 down."""
    return sent - 64


def _signed(sent: int) -> int:
    """Return the steps of a signed bit: 1 is up, 65 down."""
    return sent if sent < 64 else 64 - sent


STEPS: Mapping[str, Callable[[int], int]] = {"twos": _twos, "offset": _offset, "signed": _signed}
