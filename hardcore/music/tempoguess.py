"""The tempo of a performance without a click, guessed from when its notes begin."""

from collections.abc import Sequence
from math import cos, exp, log2, pi

SLOWEST, FASTEST, STEP = 70.0, 180.0, 0.1
# Notes fall on sixteenths, more of them on eighths and beats: the weight of each grid, by its length in beats.
_GRIDS = ((0.25, 1.0), (0.5, 0.6), (1.0, 0.6))
# Of two that fit alike the one nearer to this is meant, as people tap.
_USUAL_BPM, _SPREAD_OCTAVES, _PRIOR = 118.0, 0.7, 0.5
MOST_ONSETS = 96


def guess_bpm(onsets_s: Sequence[float]) -> float | None:
    """Return the tempo in beats a minute at which onsets, in seconds, fall on a grid that begins with the first.

    None for fewer than three onsets, which say nothing.
    """
    times = sorted(set(onsets_s))[:MOST_ONSETS]
    if len(times) < 3:
        return None
    away = [time - times[0] for time in times]
    count = round((FASTEST - SLOWEST) / STEP)
    nearest = max((SLOWEST + STEP * place for place in range(count + 1)), key=lambda bpm: _fit(away, bpm))
    return _refined(away, nearest)


def _refined(away: Sequence[float], bpm: float) -> float:
    """Return the tempo of the line through the onsets by their sixteenths: the first note is early or late, too."""
    places = [round(seconds * bpm / 15) for seconds in away]
    mean_place, mean_s = sum(places) / len(places), sum(away) / len(away)
    spread = sum((place - mean_place) ** 2 for place in places)
    if not spread:
        return bpm
    sixteenth_s = sum((place - mean_place) * (at - mean_s) for place, at in zip(places, away, strict=True)) / spread
    return 15 / sixteenth_s


def _fit(away: Sequence[float], bpm: float) -> float:
    """Return how well onsets fit a tempo; the higher, the better."""
    beats = [seconds * bpm / 60 for seconds in away]
    on_grid = sum(weight * sum(cos(2 * pi * beat / grid) for beat in beats) for grid, weight in _GRIDS) / len(beats)
    octaves = log2(bpm / _USUAL_BPM) / _SPREAD_OCTAVES
    return on_grid + _PRIOR * exp(-octaves * octaves / 2)
