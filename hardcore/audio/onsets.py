"""Onsets and tempo, by spectral flux and its autocorrelation."""

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.samples import Audio
from hardcore.audio.spectra import fast_length, power_spectra

RATE = 24_000
HOP = 120
ENVELOPE_RATE = RATE / HOP
TEMPO_RANGE = (55.0, 215.0)

_WINDOW = 512
_EDGES_HZ = (30, 120, 250, 500, 1000, 2000, 4000, 8000, 12_000)
# kick, bass and snare carry the beat; hats often play twice or four times as fast
_BAND_WEIGHTS = (1.0, 1.0, 1.0, 1.0, 0.4, 0.2, 0.1, 0.1)
_BEAT_WEIGHTS = (2.0, 1.0, 0.5, 0.5, 0.3, 0.2, 0.05, 0.05)
# where a snare's body is, above the kick and under the hats
_SNARE = slice(3, 6)
_FLOOR = 1e-5
# a wide prior: 130 BPM in the middle, down to 0.7 an octave away, so that 174 stays 174
_PRIOR_BPM, _PRIOR_OCTAVES = 130.0, 1.2
_MULTIPLES = ((1, 1.0), (2, 1.0), (3, 0.4), (4, 1.0))
_BACKBEAT = 4.0

Curve = NDArray[np.float64]


def onset_envelope(audio: Audio, rate: int) -> tuple[Curve, float]:
    """Return how much new sound starts at each moment (≥ 0, unitless) and the values per second (200)."""
    return flux(audio, rate).sum(axis=1), ENVELOPE_RATE


def tempo(audio: Audio, rate: int, bpm_range: tuple[float, float] = TEMPO_RANGE) -> tuple[float, float]:
    """Return the tempo in BPM and a confidence from 0 to 1; (0.0, 0.0) when nothing repeats.

    Candidates are scored by the autocorrelation of the flux at multiples of their beat, times its Fourier transform at
    the beat and half the beat (Peeters 2006: the errors of one are octaves up, of the other down), times a wide prior.
    A snare on every second beat counts in favour. The best is refined over all its multiples.
    """
    return tempo_of(flux(audio, rate), bpm_range)


def strength(rises: Curve) -> Curve:
    """Return the curve that carries the tempo: the `flux` of the bands, low ones counting most."""
    curve: Curve = rises @ np.asarray(_BAND_WEIGHTS)
    return curve


def pulse(rises: Curve) -> Curve:
    """Return the curve that carries the beats: the kick above all, so that beats stand on it and not between."""
    curve: Curve = rises @ np.asarray(_BEAT_WEIGHTS)
    return curve


def tempo_of(rises: Curve, bpm_range: tuple[float, float] = TEMPO_RANGE) -> tuple[float, float]:
    """Return what `tempo` does, from the `flux` of a sound."""
    curve = strength(rises)
    if len(curve) < ENVELOPE_RATE or not curve.any():
        return 0.0, 0.0
    repeats = _autocorrelation(curve)
    low, high = bpm_range
    bpm = np.geomspace(low, high, 1500)
    comb = _comb(repeats, bpm)
    score = comb * _pulse(curve, bpm) * (1.0 + _BACKBEAT * _backbeat(rises, repeats, bpm))
    score *= np.exp(-0.5 * (np.log2(bpm / _PRIOR_BPM) / _PRIOR_OCTAVES) ** 2)
    best = int(np.argmax(score))
    if score[best] <= 0.0:
        return 0.0, 0.0
    rival = np.max(score[np.abs(np.log(bpm / bpm[best])) > 0.05], initial=0.0) / score[best]
    confidence = float(np.clip(comb[best] * (1.0 - 0.5 * rival), 0.0, 1.0))
    return _refine(repeats, float(bpm[best]), low, high), confidence


def flux(audio: Audio, rate: int) -> Curve:
    """Return the rise of each band's level [frames, bands] over 10 ms, in tens of dB above a floor of −50 dB."""
    samples = np.atleast_2d(audio)
    moved = np.stack([soxr.resample(np.ascontiguousarray(side, np.float32), rate, RATE, "MQ") for side in samples])
    power = power_spectra(moved, _WINDOW, HOP)
    bins = np.searchsorted(np.arange(power.shape[1]) * RATE / _WINDOW, _EDGES_HZ)
    bands = np.add.reduceat(power, bins[:-1], axis=1).astype(np.float64)
    level = np.log10(bands / max(float(bands.max()), 1e-12) + _FLOOR)
    # silence before the first frame, so that a loop's first beat counts
    before = np.full((2, level.shape[1]), np.log10(_FLOOR))
    rise: Curve = np.maximum(0.0, level - np.vstack((before, level))[:-2])
    return rise


def _autocorrelation(curve: Curve) -> Curve:
    rest = curve - curve.mean()
    count = len(rest)
    spectrum = np.abs(fft.rfft(rest, fast_length(2 * count))) ** 2
    raw: Curve = fft.irfft(spectrum)[:count]
    # fewer products overlap at long lags; the far quarter stays damped, it is mostly chance
    fair = count / np.maximum(count - np.arange(count), count / 4)
    scaled: Curve = raw / max(float(raw[0]), 1e-12) * fair
    return scaled


def _at(curve: Curve, bpm: Curve, beats: float) -> Curve:
    lags = beats * 60.0 / bpm * ENVELOPE_RATE
    return np.interp(lags, np.arange(len(curve)), curve, right=0.0)


def _comb(repeats: Curve, bpm: Curve) -> Curve:
    total = sum((weight * _at(repeats, bpm, beats) for beats, weight in _MULTIPLES), np.zeros_like(bpm))
    return np.maximum(total / sum(weight for _, weight in _MULTIPLES), 0.0)


def _pulse(curve: Curve, bpm: Curve) -> Curve:
    size = fast_length(8 * len(curve))
    lines = np.abs(fft.rfft(curve - curve.mean(), size))
    lines /= max(float(lines.max()), 1e-12)
    step_hz = ENVELOPE_RATE / size
    places = np.arange(len(lines)) * step_hz
    both: Curve = np.interp(bpm / 60, places, lines) + 0.5 * np.interp(bpm / 30, places, lines)
    return both


def _backbeat(rises: Curve, repeats: Curve, bpm: Curve) -> Curve:
    """Return how much the snare's band repeats every two beats and not every one, where single beats sound too."""
    snare = rises[:, _SNARE].sum(axis=1)
    if not snare.any():
        return np.zeros_like(bpm)
    own = _autocorrelation(snare)
    alternates = np.maximum(0.0, _at(own, bpm, 2.0) - _at(own, bpm, 1.0))
    return alternates * np.clip(3.0 * _at(repeats, bpm, 1.0), 0.0, 1.0)


def _refine(repeats: Curve, bpm: float, low: float, high: float) -> float:
    """Return `bpm` moved to where the autocorrelation at all its multiples is highest: far lags divide the error."""
    around = np.clip(bpm * np.linspace(0.985, 1.015, 601), low, high)
    most = max(1, int(0.6 * len(repeats) * bpm / 60 / ENVELOPE_RATE))
    total = sum((_at(repeats, around, float(beats)) for beats in range(1, most + 1)), np.zeros_like(around))
    return float(around[int(np.argmax(total))])
