"""The key of a sound, by its chroma and key profiles. A4 is taken to be 440 Hz."""

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from hardcore.audio.samples import Audio
from hardcore.audio.spectra import power_spectra

# Sha'ath, "Estimation of key in digital music recordings" (2011), made for electronic music: the profiles of Krumhansl
# and Kessler with a raised minor seventh in minor
PROFILES = {
    "major": (6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4),
    "minor": (6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2),
}

_RATE = 11_025
_WINDOW = 8192
_HOP = 2048
_LOW_HZ, _HIGH_HZ = 40.0, 2000.0
_BASS_HZ = 160.0
_BASS_SHARE = 0.5
# a partial counts for the notes it may be a harmonic of, with this falling weight (Gomez 2006)
_HARMONICS, _DECAY = 4, 0.6

Curve = NDArray[np.float64]


def chroma(audio: Audio, rate: int, low_hz: float = _LOW_HZ, high_hz: float = _HIGH_HZ) -> Curve:
    """Return how much of each pitch class (C first) sounds between two frequencies; the sum is 1, or 0 in silence."""
    samples = np.atleast_2d(audio)
    moved = soxr.resample(np.ascontiguousarray(samples.T, np.float32), rate, _RATE, quality="MQ").T
    level = np.sqrt(power_spectra(moved, _WINDOW, _HOP).astype(np.float64))
    frames, bins = _peaks(level, low_hz, high_hz)
    if not len(bins):
        return np.zeros(12)
    hz, height = _interpolate(level, frames, bins)
    # the square root keeps one loud note from hiding the chord
    weight = np.sqrt(height)
    total = np.zeros(12)
    for harmonic in range(1, _HARMONICS + 1):
        pitch = 69.0 + 12.0 * np.log2(hz / harmonic / 440.0)
        nearest = np.rint(pitch)
        # a partial between two notes says little about either
        centred = np.cos(np.pi * np.clip(pitch - nearest, -0.5, 0.5)) ** 2
        share = weight * centred * _DECAY ** (harmonic - 1)
        total += np.bincount(nearest.astype(int) % 12, weights=share, minlength=12)
    return total / max(float(total.sum()), 1e-12)


def key(audio: Audio, rate: int) -> tuple[int, str, float]:
    """Return the tonic (0–11, C is 0), `major` or `minor`, and a confidence from 0 to 1; 0 when nothing is tonal.

    The chroma, with the bass counted again, is correlated with the 24 profiles.
    """
    found = chroma(audio, rate) + _BASS_SHARE * chroma(audio, rate, high_hz=_BASS_HZ)
    if not found.any() or np.ptp(found) < 1e-9:
        return 0, "minor", 0.0
    scores = {
        (tonic, mode): float(np.corrcoef(found, np.roll(profile, tonic))[0, 1])
        for mode, profile in PROFILES.items()
        for tonic in range(12)
    }
    (tonic, mode), second = sorted(scores, key=lambda name: -scores[name])[:2]
    best = scores[tonic, mode]
    # 0.2 ahead of the next key is as sure as it gets
    lead = min(1.0, (best - scores[second]) / 0.2)
    return tonic, mode, max(0.0, best) * lead


def _peaks(level: Curve, low_hz: float, high_hz: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return frames and bins of the spectral peaks that stand 20 dB out of what lies around them."""
    step_hz = _RATE / _WINDOW
    low, high = int(low_hz / step_hz), int(high_hz / step_hz)
    part = level[:, low:high]
    middle = part[:, 1:-1]
    top = (middle > part[:, :-2]) & (middle >= part[:, 2:])
    loud = middle > 0.003 * max(float(level.max()), 1e-12)
    frames, bins = np.nonzero(top & loud)
    return frames, bins + low + 1


def _interpolate(level: Curve, frames: NDArray[np.int64], bins: NDArray[np.int64]) -> tuple[Curve, Curve]:
    """Return frequency in Hz and height of peaks, by a parabola through three bins of the level in dB."""
    left, mid, right = (np.log(np.maximum(level[frames, bins + step], 1e-12)) for step in (-1, 0, 1))
    shift = 0.5 * (left - right) / np.minimum(left - 2.0 * mid + right, -1e-9)
    return (bins + shift) * _RATE / _WINDOW, np.exp(mid - 0.25 * (left - right) * shift)
