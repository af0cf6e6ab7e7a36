"""Width, correlation and balance of sounds that are made to have them."""

import numpy as np
import pytest

from hardcore.audio.stereo import Stereo, stereo
from tests.audio.sounds import RATE, noise, sine


def heard(left: np.ndarray, right: np.ndarray) -> Stereo:  # type: ignore[type-arg]
    found = stereo(np.vstack((left, right)).astype(np.float32), RATE)
    assert found is not None
    return found


def test_mono_unrelated_and_opposite_sides_are_told_apart() -> None:
    one, two = noise(2, 1, channels=1), noise(2, 2, channels=1)
    mono, wide, opposite = heard(one, one), heard(one, two), heard(one, -one)
    assert (mono.correlation, mono.width) == pytest.approx((1.0, 0.0), abs=0.001)
    assert (wide.correlation, wide.width) == pytest.approx((0.0, 0.5), abs=0.02)
    assert (opposite.correlation, opposite.width) == pytest.approx((-1.0, 1.0), abs=0.001)
    assert mono.mono_change_db == pytest.approx(0.0, abs=0.01)
    assert wide.mono_change_db == pytest.approx(-3.0, abs=0.1)
    assert opposite.mono_change_db == -96.0


def test_balance_is_right_over_left() -> None:
    wave = noise(1, channels=1)
    assert heard(wave, 0.5 * wave).balance_db == pytest.approx(-6.02, abs=0.01)
    assert heard(np.zeros_like(wave), wave).correlation == 0.0


def test_a_wide_top_over_a_mono_bass_is_heard_as_that() -> None:
    bass, one, two = sine(60, 2.0, -12, channels=1), noise(2, 1, 0.05, 1), noise(2, 2, 0.05, 1)
    found = heard(bass + one, bass + two)
    assert found.low_correlation > 0.98
    assert found.correlation < 0.98


def test_a_moment_out_of_phase_is_found() -> None:
    wave = noise(3, channels=1)
    right = wave.copy()
    right[:, RATE : 2 * RATE] *= -1
    assert heard(wave, right).lowest_correlation < -0.9


def test_one_channel_and_silence_have_no_sides() -> None:
    assert stereo(sine(100, 1.0, channels=1), RATE) is None
    assert stereo(np.zeros((2, RATE), np.float32), RATE) is None
    assert stereo(np.zeros((2, 0), np.float32), RATE) is None
