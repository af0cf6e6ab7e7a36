"""How knobs travel: where a value lies on its range, and the value one step further."""

import math

from hardcore.project.device import Parameter

FINE, COARSE = 0.01, 0.1  # shares of the range
DIGITS = 4


def travel(parameter: Parameter, value: float) -> float:
    """Return where a value lies on its parameter's range as the knob travels it, 0–1."""
    low, high = parameter.low, parameter.high
    if high <= low:
        return 0.0
    if _is_log(parameter):
        share = math.log(max(value, low) / low) / math.log(high / low)
    else:
        share = (value - low) / (high - low)
    return min(max(share, 0.0), 1.0)


def reached(parameter: Parameter, share: float) -> float:
    """Return the value at a share 0–1 of the knob's travel, to four digits: the other way round than `travel`."""
    low, high = parameter.low, parameter.high
    if parameter.curve == "switch":
        return high if share >= 0.5 else low
    value = low * (high / low) ** share if _is_log(parameter) else low + (high - low) * share
    value = float(round(value)) if parameter.curve == "int" else _rounded(value)
    return min(max(value, low), high)


def turned(parameter: Parameter, value: float, steps: int, *, coarse: bool = False) -> float:
    """Return the value so many steps further, or back when negative, within the range.

    A fine step is a hundredth of the travel, a coarse one a tenth: equal ratios where the curve is exponential, a
    round number (1, 2 or 5 times a power of ten) where it is linear, whole numbers where it has only those.
    """
    low, high = parameter.low, parameter.high
    if parameter.curve == "switch":
        return high if steps > 0 else low
    share = COARSE if coarse else FINE
    if _is_log(parameter):
        new = _rounded(value * (high / low) ** (share * steps))
    else:
        step = _round_step((high - low) * share)
        if parameter.curve == "int":
            step = max(1.0, round(step))
        new = round(value + steps * step, 9)
    return min(max(new, low), high)


def _is_log(parameter: Parameter) -> bool:
    return parameter.curve == "exp" and 0 < parameter.low < parameter.high


def _round_step(size: float) -> float:
    """Return the nearest of 1, 2 and 5 times a power of ten."""
    if size <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(size))
    return float(min((1, 2, 5, 10), key=lambda times: abs(math.log(size / (times * power)))) * power)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
