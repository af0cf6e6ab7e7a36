"""What a sound is like, measured: tempo, key, onsets, bands, brightness. Checked against synthetic ground truth."""

import numpy as np
from numpy import fft

from hardcore.audio.onsets import onset_envelope, tempo
from hardcore.audio.samples import Audio, mean_square, peak
from hardcore.audio.spectra import fast_length, parts, power_spectra
from hardcore.audio.tonality import bass_chroma, chroma, key

__all__ = [
    "BANDS_HZ", "bands", "bass_chroma", "centroid_hz", "chroma", "crest_db", "key", "onset_envelope", "tempo",
    "tilt_db_per_octave",
]  # fmt: skip

BANDS_HZ = {
    "sub": (20.0, 60.0),
    "low": (60.0, 250.0),
    "mid": (250.0, 2000.0),
    "high": (2000.0, 6000.0),
    "air": (6000.0, 20_000.0),
}
SILENCE_DB = -120.0

_WINDOW, _HOP = 2048, 1024
# long enough to tell the lowest octaves apart
_LONG_WINDOW = 8192
_OCTAVES_HZ = (63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)


def bands(audio: Audio, rate: int) -> dict[str, float]:
    """Return the energy of each band of BANDS_HZ in dB relative to the whole sound's; −120 where there is none.

    From transforms without a window, so by Parseval's theorem the bands of a sound within them add up to 0 dB.
    """
    energy, total = dict.fromkeys(BANDS_HZ, 0.0), 0.0
    for part in parts(np.atleast_2d(audio)):
        size = fast_length(max(1, part.shape[1]))
        for side in part:
            # the real and imaginary parts of each bin in turn: their squares add up to its energy
            spectrum = fft.rfft(side.astype(np.float32, copy=False), size).view(np.float32)[np.newaxis]
            total += _energy(spectrum)
            for name, edges in BANDS_HZ.items():
                first, last = (2 * int(np.ceil(edge * size / rate)) for edge in edges)
                energy[name] += _energy(spectrum[:, first:last])
    shares = {name: own / total if total > 0.0 else 0.0 for name, own in energy.items()}
    return {name: max(SILENCE_DB, 10.0 * float(np.log10(share))) if share > 0.0 else SILENCE_DB
            for name, share in shares.items()}  # fmt: skip


def _energy(numbers: Audio) -> float:
    return mean_square(numbers) * numbers.size


def centroid_hz(audio: Audio, rate: int) -> float:
    """Return the brightness: the mean frequency in Hz weighted by magnitude, loud parts counting more; 0 in silence."""
    power = power_spectra(np.atleast_2d(audio), _WINDOW, _HOP)
    magnitude = np.sqrt(power, out=power).sum(axis=0, dtype=np.float64)
    total = float(magnitude.sum())
    return float(magnitude @ np.arange(len(magnitude))) * rate / _WINDOW / total if total > 0.0 else 0.0


def tilt_db_per_octave(audio: Audio, rate: int) -> float:
    """Return how the spectrum falls or rises from 63 Hz to 8 kHz, by a line through octave bands' density.

    White noise is 0, pink noise −3. 0 in silence, and where the rate leaves fewer than three octaves.
    """
    power = power_spectra(np.atleast_2d(audio), _LONG_WINDOW, _LONG_WINDOW).mean(axis=0, dtype=np.float64)
    centres = [hz for hz in _OCTAVES_HZ if hz * np.sqrt(2.0) < rate / 2]
    levels = []
    for hz in centres:
        first, last = (int(np.ceil(edge * _LONG_WINDOW / rate)) for edge in (hz / np.sqrt(2.0), hz * np.sqrt(2.0)))
        levels.append(10.0 * np.log10(max(float(power[first:last].mean()), 1e-15)))
    if len(levels) < 3 or max(levels) <= SILENCE_DB:
        return 0.0
    return float(np.polyfit(np.log2(centres), levels, 1)[0])


def crest_db(audio: Audio) -> float:
    """Return how far the peak stands above the mean level, in dB: 3 for a sine, 0 for a square, 0 in silence."""
    samples = np.atleast_2d(audio)
    level = float(np.sqrt(mean_square(samples)))
    return 20.0 * float(np.log10(peak(samples) / level)) if level > 0.0 else 0.0
