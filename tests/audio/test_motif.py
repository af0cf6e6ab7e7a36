"""The figures of a motif, against sounds whose pitches are known."""

import numpy as np
import pytest

from hardcore.audio.motif import motif_features

RATE = 48_000
TIME = np.arange(RATE) / RATE


def tone(*hertz: float, level: float = 0.5) -> np.ndarray:
    sound = sum(level * np.sin(2 * np.pi * one * TIME) for one in hertz)
    return np.stack([sound, sound]).astype(np.float32)


def test_a_tone_is_its_pitch_class_and_its_frequency() -> None:
    found = motif_features(tone(440.0), RATE, 9)
    assert found["dominant_pitch_class"] == 9 and found["plan_key_alignment"] == pytest.approx(1, abs=1e-3)
    assert found["spectral_centroid_hz"] == pytest.approx(440, abs=1)
    assert found["rms"] == pytest.approx(0.5 / 2**0.5, rel=1e-3) and found["duration_seconds"] == 1.0


def test_a_chord_shares_its_energy_and_what_is_too_low_counts_for_none() -> None:
    found = motif_features(tone(261.63, 329.63, 392.0), RATE, 0)
    chroma = found["chroma"]
    assert isinstance(chroma, list) and sum(chroma) == pytest.approx(1)
    assert [round(chroma[at], 2) for at in (0, 4, 7)] == [0.33, 0.33, 0.33]
    low = motif_features(tone(20.0, level=0.9) + tone(440.0, level=0.1), RATE, 9)
    assert low["plan_key_alignment"] == pytest.approx(1, abs=0.01)


def test_silence_has_no_pitch() -> None:
    found = motif_features(np.zeros((2, RATE), np.float32), RATE, 0)
    assert found["rms"] == 0 and found["plan_key_alignment"] == 0
