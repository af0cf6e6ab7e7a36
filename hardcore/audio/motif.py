"""A motif as figures: how loud, how bright, and which pitches it is made of."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hardcore.audio.samples import Audio

_LOWEST_HZ = 27.5
_A4_HZ, _A4 = 440.0, 69


def motif_features(audio: "Audio", rate: int, tonic: int) -> dict[str, object]:
    """Return the figures of a sound, float32 [channels, frames], in a key whose tonic has that pitch class.

    duration_seconds, rms; spectral_centroid_hz, weighted by power (Hann window); chroma: the share of the energy from
    27.5 Hz on that each of twelve pitch classes from C has; dominant_pitch_class; plan_key_alignment: of the tonic.
    """
    mono = audio.mean(axis=0, dtype=np.float64)
    power = np.abs(np.fft.rfft(mono * np.hanning(len(mono)))) ** 2
    hertz = np.fft.rfftfreq(len(mono), 1 / rate)
    heard = hertz >= _LOWEST_HZ
    classes = np.round(_A4 + 12 * np.log2(hertz[heard] / _A4_HZ)).astype(int) % 12
    energies = np.bincount(classes, power[heard], 12)
    chroma = energies / max(energies.sum(), 1e-30)
    return {
        "duration_seconds": len(mono) / rate,
        "rms": float(np.sqrt(np.mean(mono**2))),
        "spectral_centroid_hz": float((hertz * power).sum() / max(power.sum(), 1e-30)),
        "chroma": [float(share) for share in chroma],
        "dominant_pitch_class": int(chroma.argmax()),
        "plan_key_alignment": float(chroma[tonic % 12]),
    }
