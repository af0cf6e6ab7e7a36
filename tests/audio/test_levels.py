"""What a mix is judged by, against sounds whose figures are known."""

from collections.abc import Callable

import numpy as np
import pytest

from hardcore.audio import levels
from hardcore.audio.loudness import measure
from hardcore.audio.samples import Audio

RATE = 48000


def sine(hz: float, level_db: float, seconds: float = 4.0) -> Audio:
    at = np.arange(int(RATE * seconds)) / RATE
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hz * at)[None].repeat(2, axis=0)).astype(np.float32)


def bursts(gap_s: float) -> Audio:
    """Return noise that dies away, again and again."""
    at = np.arange(RATE * 16) / RATE
    noise = np.random.default_rng(3).standard_normal((2, len(at)))
    return (0.3 * noise * np.exp(-30 * (at % gap_s))).astype(np.float32)


@pytest.mark.parametrize(
    ("made", "numbers"), [(sine, (997, -20)), (sine, (60, -12)), (bursts, (0.25,)), (bursts, (2,))]
)
def test_a_part_s_loudness_is_that_of_the_standard(made: Callable[..., Audio], numbers: tuple[float, ...]) -> None:
    audio = made(*numbers)
    assert levels.part(audio, RATE)["lufs"] == pytest.approx(measure(audio, RATE).integrated_lufs, abs=0.5)


def test_a_part_s_bands_are_the_mean_squares_in_them() -> None:
    audio = sine(100, -10) + sine(4000, -30)
    found = levels.part(audio, RATE)["bands_db"]
    # a sine's mean square is 3 dB under its peak's, and there are two channels
    assert found["low"] == pytest.approx(-10, abs=0.1)
    assert found["high"] == pytest.approx(-30, abs=0.1)
    assert found["air"] < -60


def test_silence_has_no_loudness() -> None:
    assert levels.part(np.zeros((2, RATE), np.float32), RATE)["lufs"] is None
    assert levels.part(np.zeros((2, 100), np.float32), RATE)["lufs"] is None


def test_what_is_no_number_is_left_out_and_the_rest_is_measured() -> None:
    audio = sine(997, -20)
    audio[:, :5] = [np.nan, np.inf, -np.inf, 1e30, -1e38]
    found = levels.part(audio, RATE)
    assert np.isfinite(found["lufs"]) and all(np.isfinite(level) for level in found["bands_db"].values())


def test_the_sides_of_the_low_end_are_told_from_those_above() -> None:
    middle, apart = sine(60, -10), sine(80, -30)
    apart[1] *= -1
    assert levels.whole(middle + apart, RATE)["low_sides_db"] == pytest.approx(-20, abs=0.5)
    above = sine(3000, -10)
    above[1] *= -1
    assert levels.whole(middle + above, RATE)["low_sides_db"] < -50
