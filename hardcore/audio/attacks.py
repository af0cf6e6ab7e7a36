"""Attacks: when each sound starts, to about a millisecond, how loud, and in which bands.

The spectral flux of `onsets` says that something starts, to 5 ms; the moment itself is where the envelope of the
differentiated sound, taken every half millisecond, rises.
"""

from typing import NamedTuple

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from hardcore.audio.onsets import ENVELOPE_RATE, onset_envelope
from hardcore.audio.samples import Audio

Curve = NDArray[np.float64]

_RATE = 48_000
_HOP = 24
_FINE = _RATE / _HOP
# of the flux: the least peak, in tens of dB over all bands, and as a share of the strong ones; the gap between two
_LEAST, _SHARE, _GAP_S = 0.8, 0.06, 0.03
# the part of its height at which an attack counts as begun
_BEGUN = 0.2
_BODY_S = 0.02
# values made at once: bounds the memory of a long sound
_BATCH = 1 << 15
# which drums sound together is told by the bands in which there is more than before: kick, snare, hats
_BANDS_HZ = ((30, 200), (200, 2500), (5000, 16_000))
_BAND_DB, _QUIET_BAND_DB = -18.0, -35.0


class Attack(NamedTuple):
    """A sound that starts: when, its amplitude in the first 20 ms, what rang before taken off, and what kind it is.

    `voice` names the bands it sounds in, such as `02` for a kick and a hat.
    """

    seconds: float
    level: float
    voice: str = ""


def attacks(audio: Audio, rate: int) -> list[Attack]:
    """Return the attacks in a sound, in order; none in silence."""
    samples = np.atleast_2d(audio)
    if samples.shape[1] < rate // 20:
        return []
    curve, _ = onset_envelope(samples, rate)
    moved = soxr.resample(np.ascontiguousarray(samples.T, np.float32), rate, _RATE, quality="HQ")
    moved = moved.reshape(len(moved), -1)
    fine = _envelope(moved)
    found: list[Attack] = []
    for peak in _peaks(curve):
        attack = _refined(fine, peak / ENVELOPE_RATE)
        if attack is not None and (not found or attack.seconds - found[-1].seconds > _GAP_S):
            found.append(attack)
    voices = _voices(moved.mean(axis=1), found)
    return [attack._replace(voice=voice) for attack, voice in zip(found, voices, strict=True)]


def _peaks(curve: Curve) -> list[int]:
    """Return where the flux has its peaks: the highest within 25 ms, over both thresholds."""
    reach = 5
    padded = np.pad(curve, reach)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    peaks = np.flatnonzero((curve >= highest) & (curve > _LEAST))
    if not peaks.size:
        return []
    strong = float(np.percentile(curve[peaks], 90))
    return [int(peak) for peak in peaks if curve[peak] > _SHARE * strong]


def _envelope(moved: Audio) -> Curve:
    """Return the power of the differentiated sound every half millisecond; the difference brings out what is new."""
    envelope = np.zeros(len(moved) // _HOP)
    for at in range(0, len(envelope), _BATCH):
        part = moved[max(0, at * _HOP - 1) : (at + _BATCH) * _HOP]
        steps = np.diff(part, axis=0, prepend=0.0) if at == 0 else np.diff(part, axis=0)
        power = (steps.astype(np.float64) ** 2).mean(axis=1)
        count = len(power) // _HOP
        envelope[at : at + count] = power[: count * _HOP].reshape(count, _HOP).mean(axis=1)
    return envelope


def _refined(fine: Curve, about_s: float) -> Attack | None:
    """Return the attack near a peak of the flux, None when nothing rises there."""
    centre = round(about_s * _FINE)
    first, last = max(0, centre - round(0.02 * _FINE)), min(len(fine), centre + round(0.02 * _FINE))
    if last - first < 4:
        return None
    amplitude = np.sqrt(fine[first:last])
    before = np.sqrt(fine[max(0, first - round(0.01 * _FINE)) : first + round(0.004 * _FINE)])
    floor = float(np.median(before)) if before.size else 0.0
    top = int(np.argmax(amplitude))
    height = float(amplitude[top]) - floor
    if height <= 0.0:
        return None
    line = floor + _BEGUN * height
    under = np.flatnonzero(amplitude[:top] < line)
    place = int(under[-1]) if under.size else -1
    low = float(amplitude[place]) if place >= 0 else 0.0
    part = (line - low) / max(float(amplitude[place + 1]) - low, 1e-12)
    # a value stands for its half millisecond, so it lies in the middle of it
    seconds = (first + place + min(part, 1.0) + 0.5) / _FINE
    body = fine[first + place + 1 : first + place + 1 + round(_BODY_S * _FINE)]
    return Attack(max(0.0, seconds), float(np.sqrt(max(float(body.mean()) - floor**2, 1e-12))))


def _voices(mono: Audio, found: list[Attack]) -> list[str]:
    """Return for each attack the bands in which it is new, as text."""
    if not found:
        return []
    length = round(_BODY_S * _RATE)
    padded = np.pad(mono.astype(np.float64), (2 * length, 2 * length))
    edges = [round(hz * length / _RATE) for band in _BANDS_HZ for hz in band]
    power = np.zeros((len(found), len(_BANDS_HZ)))
    for number, attack in enumerate(found):
        at = round(attack.seconds * _RATE) + 2 * length
        after, before = (_spectrum(padded[start : start + length]) for start in (at, at - length - length // 20))
        rise = np.maximum(after - before, 0.0)
        power[number] = [
            rise[low : max(high, low + 1)].sum() for low, high in zip(edges[::2], edges[1::2], strict=True)
        ]
    strong = np.maximum(np.percentile(power, 90, axis=0), 1e-12)
    heard = strong > strong.max() * 10 ** (_QUIET_BAND_DB / 10)
    new = (power > strong * 10 ** (_BAND_DB / 10)) & heard
    return ["".join(str(band) for band in np.flatnonzero(row)) for row in new]


def _spectrum(piece: Curve) -> Curve:
    spectrum: Curve = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) ** 2
    return spectrum
