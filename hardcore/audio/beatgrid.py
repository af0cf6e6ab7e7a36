"""The grid that a sound was played to: its tempo, its bar lines, and its attacks as onsets in ticks.

Swing and grooves do not bend the tempo: each step of the bar is compared only with itself, bar after bar.
"""

from typing import NamedTuple

import numpy as np

from hardcore.audio.attacks import Curve, attacks
from hardcore.audio.onsets import tempo
from hardcore.audio.samples import Audio
from hardcore.errors import UserError
from hardcore.music.learning import EARLY, Onset
from hardcore.music.ticks import PPQ

LEAST_ATTACKS = 8
FIRST_BARS = 8
# how loudness follows velocity in our own instruments: amplitude = velocity ^ 1.5 (engine/synthdefs/shared.py)
VELOCITY_CURVE = 1.5


class Grid(NamedTuple):
    """Where the beat lies: the tempo, the time of bar 1, and how far the attacks are from their steps, as a median."""

    bpm: float
    start_s: float
    spread_s: float


def onsets_on_grid(
    audio: Audio,
    rate: int,
    *,
    bar_ticks: int,
    step_ticks: int,
    bpm: float | None = None,
    start_s: float | None = None,
) -> tuple[list[Onset], Grid]:
    """Return the attacks as onsets in ticks from bar 1, with levels as velocities, and the grid they were found on.

    Bar 1 begins where the sound does when that is whole bars long, else at the first attack, or at `start_s`; its first
    step then lies exactly on the grid, for a delay of everything cannot be heard. Raises UserError.
    """
    found = attacks(audio, rate)
    if len(found) < LEAST_ATTACKS:
        raise UserError(f"{len(found)} attacks are too few to learn a groove from", f"{LEAST_ATTACKS} at least")
    known = bpm if bpm is not None else tempo(audio, rate)[0]
    if known <= 0:
        raise UserError("no steady tempo can be heard", "say it: --bpm 93")
    step_s = 60 / known * step_ticks / PPQ
    times = np.array([attack.seconds for attack in found])
    first = _start(times, audio.shape[1] / rate, step_s * bar_ticks / step_ticks) if start_s is None else start_s
    per_bar = bar_ticks // step_ticks
    if np.count_nonzero(times > first - EARLY * step_s) < LEAST_ATTACKS:
        raise UserError(f"after {first:g} s there are too few attacks to learn from", "an earlier --start")
    start, step_s, spread = _fitted(
        times[times > first - EARLY * step_s], first, step_s, per_bar, fixed=bpm is not None
    )
    onsets = [
        Onset((attack.seconds - start) / step_s * step_ticks, attack.level ** (1 / VELOCITY_CURVE), attack.voice)
        for attack in found
        if attack.seconds > start - EARLY * step_s
    ]
    return onsets, Grid(60 / step_s * step_ticks / PPQ, start, spread)


def _start(times: Curve, length_s: float, bar_s: float) -> float:
    """Return where bar 1 begins: at 0 in a loop cut to whole bars, else at the first attack."""
    bars = length_s / bar_s
    cut = round(bars) >= 1 and abs(bars - round(bars)) < 0.01 * max(1.0, round(bars) / 8)
    return 0.0 if cut and times[0] < bar_s else float(times[0])


def _fitted(times: Curve, start: float, step_s: float, per_bar: int, *, fixed: bool) -> tuple[float, float, float]:
    """Return where bar 1 begins, the length of a step, and the spread, all in seconds.

    From the first eight bars, then twice as many, so that a small error of the tempo never carries an attack into a
    neighbouring step. `fixed`: the length of a step is known.
    """
    bars, total = FIRST_BARS, (float(times[-1]) - start) / step_s / per_bar
    spread = 0.0
    while True:
        used = times[times < start + bars * per_bar * step_s]
        for _ in range(3):
            numbers = np.floor((used - start) / step_s + EARLY)
            if not fixed:
                step_s += _slope(used - start - numbers * step_s, numbers, per_bar)
            rest = used - start - numbers * step_s
            start += _downbeat(rest, numbers, per_bar)
        spread = _spread(used - start - numbers * step_s, numbers, per_bar)
        if bars >= total:
            return start, step_s, spread
        bars *= 2


def _slope(rest: Curve, numbers: Curve, per_bar: int) -> float:
    """Return by how much a step is longer than thought, in seconds: how each step of the bar drifts from itself."""
    drift, along = _apart(rest, numbers, per_bar), _apart(numbers, numbers, per_bar)
    weight = float((along**2).sum())
    if weight <= 0.0:
        return 0.0
    slope = float((drift * along).sum()) / weight
    miss = np.abs(drift - slope * along)
    kept = miss <= 3 * max(float(np.median(miss)), 0.001)
    weight = float((along[kept] ** 2).sum())
    return float((drift[kept] * along[kept]).sum()) / weight if weight > 0.0 else slope


def _apart(values: Curve, numbers: Curve, per_bar: int) -> Curve:
    """Return the values less the mean of those on the same step of the bar."""
    result = values.astype(np.float64).copy()
    steps = numbers % per_bar
    for step in np.unique(steps):
        own = steps == step
        result[own] -= result[own].mean()
    return result


def _downbeat(rest: Curve, numbers: Curve, per_bar: int) -> float:
    """Return how late the first step of the bar is; of a bar without one the first beat there is, else any step."""
    steps = numbers % per_bar
    beat = max(1, per_bar // 4)
    for own in (steps == 0, steps % beat == 0, steps >= 0):
        if own.any():
            return float(np.median(rest[own]))
    return 0.0


def _spread(rest: Curve, numbers: Curve, per_bar: int) -> float:
    return float(np.median(np.abs(_apart(rest, numbers, per_bar))))
