"""Loudness against the levels that BS.1770 and EBU Tech 3341 state."""

from pathlib import Path

import numpy as np
import pyloudnorm  # type: ignore[import-untyped,unused-ignore]
import pytest

from hardcore.audio.files import write
from hardcore.audio.loudness import Loudness, measure, measure_file, true_peak_dbtp
from hardcore.errors import EngineError, UserError
from tests.audio.sounds import RATE, noise, sine


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_stereo_sine_reads_its_level(level: float, rate: int) -> None:
    # EBU Tech 3341, cases 1 and 2: 1 kHz in both channels at x dBFS reads x LUFS
    found = measure(sine(1000, 4.0, level, rate), rate)
    assert found.integrated_lufs == pytest.approx(level, abs=0.1)
    assert found.momentary_max_lufs == pytest.approx(level, abs=0.1)
    assert found.peak_dbfs == pytest.approx(level, abs=0.01)


def test_a_mono_sine_reads_three_db_less() -> None:
    assert measure(sine(1000, 2.0, -20.0, channels=1), RATE).integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_quiet_parts_are_gated_out() -> None:
    # EBU Tech 3341, case 3: −36, −23, −36 dBFS reads −23
    sound = np.hstack([sine(1000, 2.0, -36.0), sine(1000, 12.0, -23.0), sine(1000, 2.0, -36.0)])
    assert measure(sound, RATE).integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_the_momentary_maximum_is_the_loudest_moment() -> None:
    sound = np.hstack([sine(1000, 2.0, -30.0), sine(1000, 0.5, -12.0), sine(1000, 2.0, -30.0)])
    found = measure(sound, RATE)
    assert found.momentary_max_lufs == pytest.approx(-12.0, abs=0.1)
    assert found.integrated_lufs is not None and found.integrated_lufs < -18


def test_the_true_peak_lies_between_samples() -> None:
    # a quarter of the rate, sampled 45° off its crests: the samples say −3.01 dBFS, the wave reaches 0
    at = np.arange(RATE)
    wave = np.sin(np.pi / 2 * at + np.pi / 4) * np.minimum(1, np.minimum(at, RATE - at) / 4800)
    found = measure(wave.astype(np.float32), RATE)
    assert found.peak_dbfs == pytest.approx(-3.01, abs=0.01)
    assert found.true_peak_dbtp == pytest.approx(0.0, abs=0.1)
    assert true_peak_dbtp(wave.astype(np.float32), RATE) == found.true_peak_dbtp
    assert true_peak_dbtp(np.zeros((2, 9), np.float32), RATE) is None


def test_the_true_peak_is_found_wherever_it_is() -> None:
    # the seams of the blocks that are resampled one after another
    for at in (10, (1 << 17) - 1, 1 << 17, 200_000):
        sound = np.zeros((2, 200_020), np.float32)
        sound[1, at] = sound[1, at + 1] = 0.5
        assert measure(sound, RATE).true_peak_dbtp == pytest.approx(20 * np.log10(0.5 * 4 / np.pi), abs=0.15)


def test_silence_has_no_level_and_says_so() -> None:
    found = measure(np.zeros((2, RATE), np.float32), RATE)
    assert found == Loudness(None, None, None, None, 1.0, RATE, RATE)
    assert found.is_silent
    assert found.words() == "silent, 1.00 s"
    assert measure(np.zeros((2, 0), np.float32), RATE).is_silent


def test_a_sound_shorter_than_a_window_is_measured_as_a_running_meter_hears_it() -> None:
    found = measure(sine(1000, 0.1, -23.0), RATE)
    assert found.integrated_lufs is None
    assert found.momentary_max_lufs == pytest.approx(-23.0 - 6.02, abs=0.1)
    assert "too short for LUFS" in found.words()


@pytest.mark.parametrize("frames", [1, 19_199, 19_200, 19_201, 19_680])
def test_lengths_around_one_window_are_measured(frames: int) -> None:
    found = measure(sine(1000, 1.0, -10.0)[:, :frames], RATE)
    assert found.frames == frames
    assert (found.integrated_lufs is None) == (frames < 19_200)


def test_sound_under_the_gate_is_too_quiet_to_say() -> None:
    found = measure(sine(1000, 1.0, -90.0), RATE)
    assert (found.integrated_lufs, found.momentary_max_lufs) == (None, None)
    assert "too quiet" in found.words()


def test_a_file_is_measured_as_it_reads_back(tmp_path: Path) -> None:
    sound = noise(1.0)
    write(tmp_path / "a.wav", sound, RATE)
    found, expected = measure_file(tmp_path / "a.wav"), measure(sound, RATE)
    assert found.integrated_lufs == pytest.approx(expected.integrated_lufs, abs=1e-4)
    assert (found.frames, found.rate, found.length_s) == (RATE, RATE, 1.0)


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(EngineError):
        measure(np.full((2, 100), np.nan, np.float32), RATE)
    with pytest.raises(UserError):
        measure(np.zeros((6, 100), np.float32), RATE)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_it_reads_what_another_meter_reads(rate: int, channels: int) -> None:
    # bursts that both gates take out some of, and a length that is no whole number of windows
    sound = (
        noise(5.37, seed=4, channels=channels)
        * np.repeat([1.0, 0.02, 0.4, 0.0, 0.7], round(5.37 * RATE) // 5 + 5)[: round(5.37 * RATE)]
    )
    meter = pyloudnorm.Meter(rate, filter_class="DeMan", block_size=0.4, overlap=0.75)
    wanted = meter.integrated_loudness(sound.T.astype(np.float64))
    found = measure(sound, rate)
    assert found.integrated_lufs == pytest.approx(wanted, abs=0.001)
    assert found.momentary_max_lufs == pytest.approx(max(meter.blockwise_loudness), abs=0.001)
