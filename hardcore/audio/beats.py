"""Where the beats and the onsets are, from the curve of onset strength."""

import numpy as np
from numpy.typing import NDArray

from hardcore.audio.onsets import ENVELOPE_RATE

# an onset stands this much over what is usual around it, and that far from the next
_ABOVE, _AROUND_S, _APART_S = 0.12, 0.3, 0.03
# the least rise, in tens of dB over all bands, and as a share of the strongest
_LEAST, _SHARE = 0.8, 0.06
# how strictly beats keep their distance (Ellis 2007)
_TIGHTNESS = 400.0

Curve = NDArray[np.float64]
Places = NDArray[np.int64]


def onset_times(curve: Curve) -> Curve:
    """Return the seconds at which new sound starts, from `onsets.onset_envelope`'s curve; onsets 30 ms apart part."""
    if not len(curve) or not curve.any():
        return np.zeros(0)
    size = max(1, min(round(_AROUND_S * ENVELOPE_RATE), len(curve)))
    usual = np.convolve(curve, np.ones(size) / size, "same")
    # a steady sound's own unrest is no onset, nor is what is far weaker than the strongest
    least = max(_LEAST, _SHARE * float(curve.max()))
    floor = np.maximum(usual + _ABOVE * float(np.quantile(curve, 0.99)), least)
    # a peak in the first frame counts: silence comes before
    padded = np.concatenate(([0.0], curve, [0.0]))
    limit = np.concatenate(([np.inf], floor, [np.inf]))
    tops = (padded[1:-1] > padded[:-2]) & (padded[1:-1] >= padded[2:]) & (curve >= limit[1:-1])
    times: Curve = _apart(np.flatnonzero(tops), curve, max(1, round(_APART_S * ENVELOPE_RATE))) / ENVELOPE_RATE
    return times


def _apart(peaks: Places, curve: Curve, distance: int) -> Places:
    """Return the peaks without those that are nearer than `distance` to a higher one that stays."""
    stays = np.ones(len(peaks), bool)
    for place in np.argsort(curve[peaks], kind="stable")[::-1]:
        if stays[place]:
            first, last = np.searchsorted(peaks, (peaks[place] - distance + 1, peaks[place] + distance))
            stays[first:last] = False
            stays[place] = True
    return peaks[stays]


def beat_times(curve: Curve, bpm: float) -> Curve:
    """Return the seconds of the beats at about `bpm`, by dynamic programming; none when `bpm` is 0.

    Ellis, "Beat tracking by dynamic programming" (2007): the sum of onset strength at the beats, less a price for each
    distance that is not the beat's.
    """
    if bpm <= 0.0 or len(curve) < 2 or not curve.any():
        return np.zeros(0)
    period = 60.0 / bpm * ENVELOPE_RATE
    total, came = _best_sums(curve / max(float(curve.std()), 1e-12), period)
    return _walked(total, came, period) / ENVELOPE_RATE


def _best_sums(strength: Curve, period: float) -> tuple[Curve, Places]:
    """Return the best sum of a row of beats that ends at each frame, and the beat before it; −1 where it begins."""
    nearest, farthest = max(1, round(0.5 * period)), max(2, round(2.0 * period))
    back = np.arange(-farthest, -nearest)
    price = -_TIGHTNESS * np.log(-back / period) ** 2
    # silence before the first frame keeps every index inside
    total = np.concatenate((np.full(farthest, -1e9), strength))
    came = np.full(len(total), -1)
    # no frame depends on those less than half a beat before it: that many are found at once
    for start in range(farthest, len(total), nearest):
        places = np.arange(start, min(start + nearest, len(total)))
        options = total[places[:, None] + back] + price
        best = np.argmax(options, axis=1)
        gain = options[np.arange(len(places)), best]
        better = gain > 0.0
        total[places] += np.where(better, gain, 0.0)
        came[places] = np.where(better, places + back[best] - farthest, -1)
    return total[farthest:], came[farthest:]


def _walked(total: Curve, came: Places, period: float) -> Curve:
    last = len(total) - max(1, round(period))
    at = max(0, last) + int(np.argmax(total[max(0, last) :]))
    beats = []
    while at >= 0:
        beats.append(at)
        at = int(came[at])
    return np.array(beats[::-1], np.float64)


def steadiness(beats_s: Curve) -> float:
    """Return how far beats stray from an even grid: the standard deviation in ms of what a straight line leaves."""
    if len(beats_s) < 3:
        return 0.0
    count = np.arange(len(beats_s))
    slope, start = np.polyfit(count, beats_s, 1)
    return float(np.std(beats_s - (slope * count + start)) * 1000.0)
