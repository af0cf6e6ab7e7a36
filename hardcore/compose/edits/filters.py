"""Filters: the high-pass or low-pass of a part at a frequency, opened and closed, whichever device it is.

Low-pass: the instrument's own `cutoff`, else a low-pass among the effects, else a new filter. High-pass: a high-pass
among the effects, else, up to 1 kHz, the low cut of an equaliser, there or new, else a new filter. Where several are in
force, the one that takes most away is moved, and others that take away more than was asked for are opened as far.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.chain import put
from hardcore.compose.edits.move import OCTAVES
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.parameterchange import figure, turned_owner, within
from hardcore.errors import UserError
from hardcore.project import devices
from hardcore.project.device import Device, Parameter
from hardcore.project.parts import device_of, plays
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Side = Literal["high", "low"]
LOWEST_HZ, HIGHEST_HZ = 20.0, 18000.0
OPEN: dict[Side, float] = {"high": LOWEST_HZ, "low": HIGHEST_HZ}
# where a filter begins that is closed by a step and was not there
FIRST_HZ: dict[Side, float] = {"high": 120.0, "low": 6000.0}
LOW_CUT_HZ = 1000.0
_MODES = {"high": 1.0, "low": 0.0}


class Pass(NamedTuple):
    """A filter of a track: its owner (the track's or an effect's id), its parameter and where it stands, Hz."""

    owner: str
    device: Device
    parameter: Parameter
    hz: float


def passes(track: Track, side: Side) -> Iterator[Pass]:
    """Yield the filters of a track on that side, the instrument's own first; what is bypassed is none."""
    own = device_of(track) if plays(track) else None
    if own is not None and side == "low" and track.instrument is not None:
        for parameter in own.shown:
            if parameter.id == "cutoff":
                yield Pass(track.id, own, parameter, track.instrument.value(parameter.id))
    for effect in track.effects:
        device = effect.definition
        name = _parameter_of(device.id, effect.value("mode") if device.id == "filter" else 0.0, side)
        if name and not effect.bypass:
            yield Pass(effect.id, device, device.parameter(name), effect.value(name))


def _parameter_of(device: str, mode: float, side: Side) -> str:
    if device == "filter":
        return "cutoff" if mode == _MODES[side] else ""
    return {("ladder", "low"): "cutoff", ("eq", "high"): "low_cut"}.get((device, side), "")


def set_pass(project: ProjectState, tracks: Sequence[Track], side: Side, move: Amount) -> Outcome:
    """Return the project with the high-pass or low-pass of tracks at a frequency in Hz, times a factor, or by steps.

    A step up opens a low-pass, and raises a high-pass, by 0.6 of an octave (`by` in an Amount). A step that closes what
    is not there puts a filter on at 120 Hz (high) or 6 kHz (low). Raises UserError for a frequency out of range.
    """
    if move.to is not None and not LOWEST_HZ <= move.to <= HIGHEST_HZ:
        raise UserError(f"{move.to:g} Hz is out of range", f"{LOWEST_HZ:g} to {HIGHEST_HZ:g} Hz")
    said, failed = [], []
    for track in tracks:
        project, line, why = moved_pass(project, track, side, move)
        said += [line] if line else []
        failed += [why] if why else []
    return Outcome(project, tuple(said), tuple(failed))


def moved_pass(project: ProjectState, track: Track, side: Side, move: Amount) -> tuple[ProjectState, str, str]:
    """Return the project with one track's filter moved, the line of what changed, and why nothing did."""
    there = sorted(passes(track, side), key=lambda one: one.hz, reverse=side == "high")
    name = f"{side}-pass"
    # where it is open there is none in force
    before = there[0].hz if there else OPEN[side]
    after = _moved(side, move, before, bool(there))
    if after is None or (after == before and there):
        return project, "", f"{track.name}: no {name} closes it" if not there else _stays(track, name, before, move)
    if not there:
        project = _new(project, track, side, after)
        return project, f"{track.name}: {name} at {figure(after)} Hz", ""
    if side == "high" and after > LOW_CUT_HZ and all(one.parameter.high < after for one in there):
        project = _new(project, track, side, after)
        return project, f"{track.name}: {name} {figure(before)} → {figure(after)} Hz", ""
    now = before
    for place, one in enumerate(there):
        hides = one.hz < after if side == "low" else one.hz > after
        if place == 0 or hides:
            project, _, value = turned_owner(project, track, one.owner, one.parameter, lambda _: after)
            now = value if place == 0 else now
    clipped = ", as far as it goes" if abs(now - after) > 1 else ""
    if now == before:
        return project, "", _stays(track, name, before, move)
    return project, f"{track.name}: {name} {figure(before)} → {figure(now)} Hz{clipped}", ""


def _stays(track: Track, name: str, hz: float, move: Amount) -> str:
    return f"{track.name}: {name} is at {figure(hz)} Hz{' already' if move.to is not None else ', as far as it goes'}"


def _moved(side: Side, move: Amount, before: float, there: bool) -> float | None:
    """Return where a filter goes; None where it would be opened and there is none."""
    if move.to is not None:
        return move.to
    factor = move.factor if move.factor is not None else 2 ** (OCTAVES * (move.by or 0.0))
    closes = factor < 1 if side == "low" else factor > 1
    if not there or before == OPEN[side]:
        if not closes:
            return None if not there else before
        # a step puts it where it begins to be heard, more steps further
        first = 2 ** (OCTAVES if side == "high" else -OCTAVES)
        return round(FIRST_HZ[side] * (factor / first if move.factor is None else 1.0), 1)
    return min(max(before * factor, LOWEST_HZ), HIGHEST_HZ)


def _new(project: ProjectState, track: Track, side: Side, hz: float) -> ProjectState:
    if side == "high" and hz <= LOW_CUT_HZ:
        low_cut = devices.effect("eq").parameter("low_cut")
        return put(project, track, "eq", {low_cut.id: within(low_cut, hz)})
    return put(project, track, "filter", {"mode": _MODES[side], "cutoff": hz, "resonance": 0.0})
