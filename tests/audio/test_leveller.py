"""Loudness under a ceiling: measured by another meter, at every goal; what the limiter takes is said and no more."""

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardcore.audio import files
from hardcore.audio.leveller import MOST_LIMITED_DB, Goal, Leveller
from hardcore.audio.limiter import LOOKAHEAD_S, attenuation_db, limited, peaks_db
from hardcore.audio.loudness import measure, true_peak_dbtp
from tests.audio.meter import ebur128, needs_ffmpeg
from tests.audio.sounds import RATE, groove, noise, sine


def music() -> np.ndarray:
    """Return four seconds of drums over a hum, pressed as a finished mix is, under −3 dBFS."""
    drums = np.atleast_2d(groove("techno", 138))[:, : 4 * RATE]
    return (0.7 * np.tanh(3 * drums + sine(55, 4.0, -14.0))).astype(np.float32)


@needs_ffmpeg
@pytest.mark.parametrize("goal", [Goal(-1, -14), Goal(-1, -23), Goal(-0.5, -9)])
def test_a_sound_comes_to_its_goal_by_ffmpegs_meter(goal: Goal, tmp_path: Path) -> None:
    sound = Leveller(music(), RATE, goal).sound()
    files.write(tmp_path / "a.wav", sound, RATE, depth="32f")
    theirs = ebur128(tmp_path / "a.wav")
    assert theirs["integrated"] == pytest.approx(goal.level_db, abs=0.2)
    assert theirs["true peak"] <= goal.ceiling_dbtp + 0.15


def test_what_the_limiter_does_is_what_is_said() -> None:
    audio = music()
    leveller = Leveller(audio, RATE, Goal(-1, -9))
    sound = leveller.sound()
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound.T) == pytest.approx(-9, abs=0.2)
    plain = np.abs(audio) > 1e-3
    gains_db = 20 * np.log10(np.abs(sound[plain] / audio[plain]))
    assert gains_db.max() == pytest.approx(leveller.done.gain_db, abs=0.01)
    assert gains_db.min() == pytest.approx(leveller.done.gain_db - leveller.done.limited_db, abs=0.1)
    assert leveller.crest_db is not None
    assert measure(sound, RATE).crest_db < leveller.crest_db


def test_a_quiet_goal_is_one_gain_and_nothing_else() -> None:
    audio = music()
    leveller = Leveller(audio, RATE, Goal(-1, -30))
    sound = leveller.sound()
    assert leveller.done.limited_db == 0
    assert np.allclose(sound, audio * 10 ** (leveller.done.gain_db / 20), atol=1e-7)


def test_mean_power_is_a_goal_too() -> None:
    sound = Leveller(music(), RATE, Goal(-0.2, -14, "rms")).sound()
    assert 10 * np.log10(np.mean(np.square(sound, dtype=np.float64))) == pytest.approx(-14, abs=0.1)


def test_what_is_out_of_reach_is_not_forced() -> None:
    leveller = Leveller(music(), RATE, Goal(-1, -1))
    sound = leveller.sound()
    assert not leveller.done.in_reach
    assert leveller.done.limited_db == pytest.approx(MOST_LIMITED_DB, abs=0.1)
    assert true_peak_dbtp(sound, RATE) <= -0.99
    assert not leveller.missed(measure(sound, RATE)), "it is not written again and again"


def test_silence_and_what_is_too_short_keep_their_level() -> None:
    for audio in (np.zeros((2, RATE), np.float32), sine(440, 0.2, -6.0)):
        leveller = Leveller(np.atleast_2d(audio), RATE, Goal(-1, -14))
        assert np.array_equal(leveller.sound(), np.atleast_2d(audio))


def test_a_file_that_came_out_too_hot_is_aimed_at_lower() -> None:
    leveller = Leveller(music(), RATE, Goal(-1, -9))
    hot = leveller.sound() * 10 ** (0.4 / 20)
    assert leveller.missed(measure(hot, RATE))
    again = measure(leveller.sound(), RATE)
    assert again.true_peak_dbtp == pytest.approx(-1.4, abs=0.05)
    assert again.integrated_lufs == pytest.approx(-9.4, abs=0.1)


@given(
    gain_db=st.floats(0, 20), ceiling_db=st.floats(-6, 0), seed=st.integers(0, 99), frames=st.integers(1, 40_000),
    loop=st.booleans(),
)  # fmt: skip
@settings(max_examples=30)
def test_nothing_is_ever_over_the_ceiling(
    gain_db: float, ceiling_db: float, seed: int, frames: int, loop: bool
) -> None:
    audio = noise(1.0, seed=seed)[:, :frames] * np.hanning(frames + 2)[1:-1].astype(np.float32)
    down = attenuation_db(peaks_db(audio, RATE), gain_db - ceiling_db, RATE, loop=loop)
    assert down.min() >= 0
    top = np.abs(limited(audio, gain_db, down)).max(initial=0.0)
    assert top <= 10 ** (ceiling_db / 20) * 1.0005


def test_a_loop_is_limited_across_its_seam() -> None:
    audio = np.full((2, RATE), 0.01, np.float32)
    audio[:, 10] = 0.9
    down = attenuation_db(peaks_db(audio, RATE), 12, RATE, loop=True)
    assert down[-1] > 3, "the look-ahead of a peak at the beginning begins at the end"
    assert abs(float(down[-1] - down[0])) < 0.5
    straight = attenuation_db(peaks_db(audio, RATE), 12, RATE)
    assert straight[-1] == 0
    assert down[round(2 * LOOKAHEAD_S * RATE)] == pytest.approx(straight[round(2 * LOOKAHEAD_S * RATE)], abs=0.01)
