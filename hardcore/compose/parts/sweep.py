"""Sweeps: the envelope of an instrument's parameter that moves through a clip."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from hardcore.compose.chance import stream
from hardcore.compose.mix.mixing import BENDS
from hardcore.compose.plan import Plan
from hardcore.knowledge.sound import Sound, Sweep
from hardcore.project import devices
from hardcore.project.clip import Automation, AutomationPoint
from hardcore.project.devices import Parameter
from hardcore.project.roles import Role

_PIECES = 8  # straight pieces that an exponential rise is drawn with


def automation(
    plan: Plan, role: Role, one: Sound, track_id: str, settings: Mapping[str, float]
) -> tuple[Automation, ...]:
    """Return the envelopes of a role's clip; deeper with more movement, none without."""
    if one.sweep is None or plan.movement <= 0.02:
        return ()
    parameter = devices.instrument(one.device).parameter(one.sweep.parameter)
    low, high = _ends(plan, one.sweep, parameter)
    ticks: dict[int, float] = {}
    corners = list(_corners(plan, role, one.sweep))
    for (start, a), (end, b) in pairwise(corners):
        pieces = _PIECES if a != b else 1
        for piece in range(pieces + 1):
            share = a + (b - a) * piece / pieces
            ticks[start + (end - start) * piece // pieces] = _value(parameter, low, high, share)
    points = tuple(AutomationPoint(tick=tick, value=float(f"{ticks[tick]:.4g}")) for tick in sorted(ticks))
    return (Automation(owner=track_id, parameter=parameter.id, points=points),)


def _ends(plan: Plan, sweep: Sweep, parameter: Parameter) -> tuple[float, float]:
    """Return the sweep's ends, bent as the setting is, and drawn together or apart by movement."""
    bend = BENDS.get(parameter.id)
    low, high = ((bend(plan, value) if bend else value) for value in (sweep.low, sweep.high))
    reach = min(plan.relative("movement") * 2, 1.5)
    inside = [min(max(value, parameter.low), parameter.high) for value in (low, high)]
    middle = _value(parameter, inside[0], inside[1], 0.5)
    ends = [_value(parameter, middle, value, reach) for value in inside]
    return min(max(ends[0], parameter.low), parameter.high), min(max(ends[1], parameter.low), parameter.high)


def _value(parameter: Parameter, low: float, high: float, share: float) -> float:
    """Return the value `share` of the way from low to high, as the parameter's knob travels."""
    if parameter.curve == "exp":
        return float(low * (high / low) ** share)
    return low + (high - low) * share


def _corners(plan: Plan, role: Role, sweep: Sweep) -> Iterator[tuple[int, float]]:
    """Yield ticks and heights (0 low, 1 high) where the sweep turns."""
    end = plan.length_ticks
    if sweep.shape in ("rise", "fall"):
        yield from ((0, float(sweep.shape == "fall")), (end - 1, float(sweep.shape == "rise")))
    elif sweep.shape == "arch":
        yield from ((0, 0.0), (end * 5 // 8, 1.0), (end - 1, 0.0))
    elif sweep.shape == "wave":
        length = min(sweep.bars, plan.bars) * plan.bar_ticks
        for start in range(0, end, length):
            yield from ((start, 0.0), (start + length // 2, 1.0))
        yield end - 1, 0.0
    else:
        rng = stream(plan.seed, role, "sweep")
        for bar in range(plan.bars):
            height = rng.random()
            yield from ((plan.meter.bar_start(bar), height), (plan.meter.bar_start(bar + 1) - 1, height))
