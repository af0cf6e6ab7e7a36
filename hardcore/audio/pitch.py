"""The pitch of one sound: of a steady tone, of a drum's tail; and whether a sound keeps its pitch from its start."""

import numpy as np
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.spectra import fast_length

_PITCH_HZ, _PITCH_RATE, _PITCH_CLEAR = (28.0, 1200.0), 12_000, 0.8
# What is higher is looked for in so many seconds, with so many samples between two of the sound's own.
_HIGH_HZ, _HIGH_S, _BETWEEN = (1100.0, 9000.0), 0.1, 4
# From when on, and for how many periods, a sound is compared with itself.
_BEGUN_S, _PERIODS = 0.005, 3
# A drum's tail: below this, this long after its loudest, down to this level, by periods that agree that well.
_TAIL_HZ, _TAIL_S, _TAIL_DB, _TAIL_SPREAD = 160.0, 0.03, -45.0, 0.12

Floats = NDArray[np.float64]


def fundamental_hz(sound: Floats, rate: int, top: int) -> float | None:
    """Return the pitch in Hz of the 0.4 s after the attack, None without one.

    The first high peak of the normalised square difference (McLeod and Wyvill 2005), from 28 to 9000 Hz. What repeats
    faster than 1200 Hz repeats at every multiple of that period, too: the shorter one is looked for where there is any.
    """
    start = min(top + round(0.04 * rate), len(sound) // 2)
    step = max(1, rate // _PITCH_RATE)
    whole = sound[start : start + round(0.4 * rate)]
    part = whole[: len(whole) // step * step].reshape(-1, step).mean(axis=1)
    low = _repeats_at(part, rate / step, _PITCH_HZ)
    if low is None:
        return None
    short = whole[: round(_HIGH_S * rate)]
    fine = fft.irfft(fft.rfft(short), _BETWEEN * len(short))
    return _repeats_at(fine, _BETWEEN * rate, _HIGH_HZ) or low


def _repeats_at(part: Floats, pace: float, span: tuple[float, float]) -> float | None:
    """Return how often a second a sound of `pace` samples a second repeats itself, within a span in Hz; None: never."""
    count = len(part)
    last = min(int(pace / span[0]), count * 2 // 3)
    first = max(2, int(pace / span[1]))
    if last <= first + 2 or not part.any():
        return None
    spectrum = fft.rfft(part, fast_length(2 * count))
    same = fft.irfft(np.abs(spectrum) ** 2)[: last + 2]
    square = np.concatenate(([0.0], np.cumsum(part**2)))
    lags = np.arange(len(same))
    energy = square[count - lags] + square[count] - square[lags]
    likeness = 2 * same / np.maximum(energy, 1e-12)
    return _first_peak(likeness, first, last, pace)


def tail_hz(sound: Floats, rate: int) -> float | None:
    """Return the pitch in Hz that a drum ends on, from the times at which what is below 160 Hz passes zero.

    None where the periods of its second half do not agree, and outside 28 to 200 Hz.
    """
    size = fast_length(2 * len(sound))
    places = fft.rfftfreq(size, 1 / rate)
    low = fft.irfft(fft.rfft(sound, size) * np.exp(-((places / _TAIL_HZ) ** 4)), size)[: len(sound)]
    loud = np.flatnonzero(np.abs(low) > np.abs(low).max() * 10 ** (_TAIL_DB / 20))
    low = low[: int(loud[-1]) + 1]
    before = np.flatnonzero((low[:-1] < 0) != (low[1:] < 0))
    passes = before + low[before] / (low[before] - low[before + 1])
    passes = passes[passes > int(np.argmax(np.abs(sound))) + _TAIL_S * rate] / rate
    if len(passes) < 4:
        return None
    periods = passes[2:] - passes[:-2]
    late = periods[len(periods) // 2 :]
    hz = 1 / float(np.median(late))
    spread = float(np.quantile(late, 0.8) - np.quantile(late, 0.2)) * hz
    return hz if spread < _TAIL_SPREAD and _PITCH_HZ[0] <= hz <= 200.0 else None


def likeness_of_periods(sound: Floats, rate: int, hz: float | None) -> float:
    """Return how like its next period a sound is in its first three periods of `hz`, 0–1; loudness does not count."""
    if hz is None:
        return 0.0
    period, begun = rate / hz, round(_BEGUN_S * rate)
    part = sound[begun : begun + int(_PERIODS * period)]
    best = 0.0
    for lag in range(int(period * 0.97), int(period * 1.03) + 2):
        one, two = part[:-lag], part[lag:]
        power = float(one @ one) * float(two @ two)
        if len(one) > period / 2 and power > 0:
            best = max(best, float(one @ two) / power**0.5)
    return best


def _first_peak(likeness: Floats, first: int, last: int, pace: float) -> float | None:
    middle = likeness[first : last + 1]
    tops = np.flatnonzero((middle > likeness[first - 1 : last]) & (middle >= likeness[first + 1 : last + 2])) + first
    # What is before the first zero is the sound's own width, no period.
    crossed = np.flatnonzero(likeness[:last] < 0)
    tops = tops[tops > crossed[0]] if crossed.size else tops[:0]
    if tops.size == 0 or likeness[tops].max() < _PITCH_CLEAR:
        return None
    at = int(tops[likeness[tops] > 0.9 * likeness[tops].max()][0])
    left, mid, right = likeness[at - 1 : at + 2]
    shift = 0.5 * (left - right) / min(left - 2 * mid + right, -1e-12)
    return float(pace / (at + shift))
