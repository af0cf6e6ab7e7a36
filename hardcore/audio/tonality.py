"""The key of a sound, by its chroma and key profiles. A4 is taken to be 440 Hz."""

from typing import NamedTuple

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from hardcore.audio.evidence import is_tonal
from hardcore.audio.samples import Audio
from hardcore.audio.spectra import power_spectra

# Sha'ath, "Estimation of key in digital music recordings" (2011), made for electronic music: the profiles of Krumhansl
# and Kessler (1982) with a raised minor seventh in minor
PROFILES = {
    "major": (6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4),
    "minor": (6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2),
}

RATE = 11_025
_HOP = 1024
FRAME_RATE = RATE / _HOP
_CHORDS_HZ, _BASS_HZ = (120.0, 2000.0), (35.0, 200.0)
# a long window parts the notes of a chord; the short one holds about one bass note, so that a fast line does not fall
# apart into lines at multiples of its own rate
_CHORDS_WINDOW, _BASS_WINDOW = 4096, 2048
_CHORDS_FLOOR, _BASS_FLOOR = 0.0, 0.03
# medians over about 0.8 s of time and 80 Hz or 50 Hz of frequency
_STEADY_FRAMES, _CHORDS_BINS, _BASS_BINS = 9, 31, 9
# a partial counts for the notes it may be a harmonic of, with this falling weight (Gomez 2006)
_HARMONICS, _DECAY = 3, 0.6
_COARSE = 4
# frames handled at once: bounds the memory of a long file
_BATCH = 256
_BASS_SHARE = 0.4
# a key and its relative share all notes: the bass of the first second says which is home
_OPENING_S, _OPENING_SHARE = 1.0, 0.4
# the fifth harmonic of a bright or distorted note is a major third that nobody played
_FIFTH_PARTIAL, _FIFTH_PARTIAL_OF_BASS = 0.06, 0.08
# most of this music is in minor: a major key has to be that much more like itself
_MINOR_LEAD = 0.1

Curve = NDArray[np.float64]
Places = NDArray[np.int64]


class Lines(NamedTuple):
    """Spectral peaks: their frame, bin, Hz, and height as far as they are steady; and how many frames there are."""

    frames: Places
    bins: Places
    hz: Curve
    height: Curve
    frame_count: int


def chroma(audio: Audio, rate: int) -> Curve:
    """Return how much of each pitch class (C first) sounds from 120 to 2000 Hz; the sum is 1, or 0 in silence."""
    return _shares(chroma_frames(lowered(audio, rate)))


def bass_chroma(audio: Audio, rate: int) -> Curve:
    """Return how much of each pitch class (C first) sounds from 35 to 200 Hz; the sum is 1, or 0 in silence."""
    return _shares(bass_frames(lowered(audio, rate)))


def chroma_frames(low: Audio) -> Curve:
    """Return the chroma [frames, 12] from 120 to 2000 Hz of sound at RATE, FRAME_RATE frames a second, unscaled."""
    return chroma_of(lines(low))


def lines(low: Audio) -> Lines:
    """Return the steady lines from 35 to 2000 Hz of sound at RATE."""
    return _lines(low, _CHORDS_WINDOW, (_BASS_HZ[0], _CHORDS_HZ[1]), _CHORDS_FLOOR, _CHORDS_BINS)


def chroma_of(found: Lines) -> Curve:
    """Return what `chroma_frames` does, from the `lines` of a sound."""
    upper = found.bins > int(_CHORDS_HZ[0] * _CHORDS_WINDOW / RATE)
    return _classes(found, upper, _HARMONICS)


def bass_frames(low: Audio) -> Curve:
    """Return the chroma [frames, 12] from 35 to 200 Hz of sound at RATE, FRAME_RATE frames a second, unscaled."""
    found = _lines(low, _BASS_WINDOW, _BASS_HZ, _BASS_FLOOR, _BASS_BINS)
    return _classes(found, np.ones(len(found.hz), bool), 1)


def opening_bass(low: Audio) -> Curve:
    """Return the bass's chroma in the first second that sounds, of sound at RATE."""
    opening: Curve = bass_frames(_opening(low, RATE)).sum(axis=0)
    return opening


def key(audio: Audio, rate: int) -> tuple[int, str, float]:
    """Return the tonic (0–11, C is 0), `major` or `minor`, and a confidence from 0 to 1; 0 when nothing is tonal.

    The chroma, with the bass counted again, is correlated with the 24 profiles; the opening bass note adds to its key.
    """
    samples = np.atleast_2d(audio)
    low = lowered(samples, rate)
    found = lines(low)
    tonic, mode, sure = key_of(chroma_of(found).sum(axis=0), bass_frames(low).sum(axis=0), opening_bass(low))
    return tonic, mode, sure if is_tonal(low, RATE, found.hz, found.height) else 0.0


def key_of(chords: Curve, bass: Curve, opening: Curve) -> tuple[int, str, float]:
    """Return what `key` does, from the chroma of the chords, of the bass and of the opening's bass, any scale."""
    upper, low, opening = (part / max(float(part.sum()), 1e-12) for part in (chords, bass, opening))
    partials = _FIFTH_PARTIAL * np.roll(upper, 4) + _FIFTH_PARTIAL_OF_BASS * np.roll(low, 4)
    found = np.maximum(0.0, upper - partials) + _BASS_SHARE * low
    if np.ptp(found) < 1e-9:
        return 0, "minor", 0.0
    scores = {
        (tonic, mode): float(np.corrcoef(found, np.roll(profile, tonic))[0, 1])
        + _OPENING_SHARE * float(opening[tonic])
        + (_MINOR_LEAD if mode == "minor" else 0.0)
        for mode, profile in PROFILES.items()
        for tonic in range(12)
    }
    best, second = sorted(scores, key=lambda name: -scores[name])[:2]
    # 0.25 ahead of the next key is as sure as it gets; noise has a flat chroma, which correlates by chance
    lead = min(1.0, (scores[best] - scores[second]) / 0.25)
    contrast = min(1.0, float(found.std() / found.mean()) / 0.4)
    return *best, float(np.clip(scores[best], 0.0, 1.0)) * lead * contrast


def lowered(audio: Audio, rate: int) -> Audio:
    """Return the sound at RATE, which has all that chroma needs."""
    sides = (np.ascontiguousarray(side, np.float32) for side in np.atleast_2d(audio))
    return np.stack([soxr.resample(side, rate, RATE, "MQ") for side in sides])


def _opening(samples: Audio, rate: int) -> Audio:
    if samples.shape[1] == 0:
        return samples
    loud = np.abs(samples).max(axis=0)
    start = int(np.argmax(loud > 0.01 * float(loud.max(initial=0.0))))
    return samples[:, start : start + int(_OPENING_S * rate)]


def _lines(audio: Audio, window: int, band_hz: tuple[float, float], floor: float, bins: int) -> Lines:
    step_hz = RATE / window
    low, high = (int(edge / step_hz) for edge in band_hz)
    level = np.sqrt(power_spectra(audio, window, _HOP)[:, : high + bins].astype(np.float64))
    found = _peaks(level[:, :high], low, floor)
    hz, height = _interpolate(level, *found, step_hz)
    return Lines(*found, hz, height * _steadiness(level, bins)[found], len(level))


def _classes(found: Lines, wanted: NDArray[np.bool_], harmonics: int) -> Curve:
    frames, hz, height = (part[wanted] for part in (found.frames, found.hz, found.height))
    total = np.zeros(12 * found.frame_count)
    for harmonic in range(1, harmonics + 1):
        pitch = 69.0 + 12.0 * np.log2(hz / harmonic / 440.0)
        nearest = np.rint(pitch)
        # a partial between two notes says little about either
        centred = np.cos(np.pi * np.clip(pitch - nearest, -0.5, 0.5)) ** 2
        share = height * centred * _DECAY ** (harmonic - 1)
        places = frames * 12 + nearest.astype(np.int64) % 12
        total += np.bincount(places, weights=share, minlength=len(total))
    return total.reshape(-1, 12)


def _shares(frames: Curve) -> Curve:
    total: Curve = frames.sum(axis=0)
    return total / max(float(total.sum()), 1e-12)


def _steadiness(level: Curve, bins: int) -> Curve:
    """Return 1 where the spectrum is a line over time, 0 where it is a line over frequency, as drums are.

    The soft mask of Fitzgerald, "Harmonic/percussive separation using median filtering" (2010).
    """
    lasting = _over_time(level) ** 2
    # across frequency the median hardly changes from bin to bin: every fourth will do
    sides = np.pad(level, ((0, 0), (bins // 2, bins // 2 + _COARSE)), mode="reflect")
    views = np.lib.stride_tricks.sliding_window_view(sides, bins, axis=1)[:, ::_COARSE]
    middles = np.empty(views.shape[:2])
    for at in range(0, len(level), _BATCH):
        middles[at : at + _BATCH] = np.partition(views[at : at + _BATCH], bins // 2, axis=2)[..., bins // 2]
    struck = np.repeat(middles, _COARSE, axis=1)[:, : level.shape[1]] ** 2
    mask: Curve = lasting / (lasting + struck + 1e-20)
    return mask


def _over_time(level: Curve) -> Curve:
    """Return the median of each bin over the frames around; what lies before and after is a mirror."""
    around = _STEADY_FRAMES // 2
    views = np.lib.stride_tricks.sliding_window_view(
        np.pad(level, ((around, around), (0, 0)), mode="symmetric"), _STEADY_FRAMES, axis=0
    )
    middles = np.empty_like(level)
    for at in range(0, len(level), _BATCH):
        middles[at : at + _BATCH] = np.partition(views[at : at + _BATCH], around, axis=2)[..., around]
    return middles


def _peaks(level: Curve, low: int, floor: float) -> tuple[Places, Places]:
    """Return frames and bins of the spectral peaks from bin `low` up, above `floor` of the loudest."""
    part = level[:, low:]
    middle = part[:, 1:-1]
    top = (middle > part[:, :-2]) & (middle >= part[:, 2:]) & (middle > floor * max(float(level.max()), 1e-9))
    frames, bins = np.nonzero(top)
    return frames, bins + low + 1


def _interpolate(level: Curve, frames: Places, bins: Places, step_hz: float) -> tuple[Curve, Curve]:
    # a parabola through three bins of the logarithm meets a windowed sine's peak within a few hundredths of a bin
    left, mid, right = (np.log(np.maximum(level[frames, bins + step], 1e-12)) for step in (-1, 0, 1))
    shift = 0.5 * (left - right) / np.minimum(left - 2.0 * mid + right, -1e-9)
    return (bins + shift) * step_hz, np.exp(mid - 0.25 * (left - right) * shift)
