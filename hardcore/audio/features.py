"""What a sound is like, measured: tempo, key, onsets, bands, brightness. Checked against synthetic ground truth."""

import numpy as np
from scipy import fft  # type: ignore[import-untyped]

from hardcore.audio.onsets import onset_envelope, tempo
from hardcore.audio.samples import Audio
from hardcore.audio.spectra import power_spectra
from hardcore.audio.tonality import bass_chroma, chroma, key

__all__ = ["BANDS_HZ", "bands", "bass_chroma", "centroid_hz", "chroma", "key", "onset_envelope", "tempo"]

BANDS_HZ = {
    "sub": (20.0, 60.0),
    "low": (60.0, 250.0),
    "mid": (250.0, 2000.0),
    "high": (2000.0, 6000.0),
    "air": (6000.0, 20_000.0),
}
SILENCE_DB = -120.0

_WINDOW, _HOP = 2048, 1024


def bands(audio: Audio, rate: int) -> dict[str, float]:
    """Return the energy of each band of BANDS_HZ in dB relative to the whole sound's; −120 where there is none.

    From one transform of the whole sound, so by Parseval's theorem the bands of a sound within them add up to 0 dB.
    """
    samples = np.atleast_2d(audio)
    size = fft.next_fast_len(max(1, samples.shape[1]), real=True)
    spectrum = fft.rfft(samples.astype(np.float32), size, axis=1)
    energy = (spectrum.real**2 + spectrum.imag**2).astype(np.float64).sum(axis=0)
    total = float(energy.sum())
    levels = {}
    for name, (low, high) in BANDS_HZ.items():
        first, last = (int(np.ceil(edge * size / rate)) for edge in (low, high))
        share = float(energy[first:last].sum()) / total if total > 0.0 else 0.0
        levels[name] = max(SILENCE_DB, 10.0 * float(np.log10(share))) if share > 0.0 else SILENCE_DB
    return levels


def centroid_hz(audio: Audio, rate: int) -> float:
    """Return the brightness: the mean frequency in Hz weighted by magnitude, loud parts counting more; 0 in silence."""
    magnitude = np.sqrt(power_spectra(np.atleast_2d(audio), _WINDOW, _HOP)).sum(axis=0, dtype=np.float64)
    total = float(magnitude.sum())
    return float(magnitude @ np.arange(len(magnitude))) * rate / _WINDOW / total if total > 0.0 else 0.0
