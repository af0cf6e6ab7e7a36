"""Attacks and the grid they were played to, on sounds whose times are known."""

import numpy as np
import pytest

from hardcore.audio.attacks import attacks
from hardcore.audio.beatgrid import onsets_on_grid
from hardcore.errors import UserError
from hardcore.music.learning import learn
from tests.audio.sounds import RATE, groove, noise, sine

GRID = {"bar_ticks": 7680, "step_ticks": 480}


def hits(times: list[float], levels: list[float], seconds: float) -> np.ndarray:
    """Return short bursts of noise at the times."""
    out = np.zeros(round(seconds * RATE) + RATE)
    burst = np.random.default_rng(5).standard_normal(2400) * np.exp(-np.arange(2400) / 500)
    from scipy import signal  # takes a second to load, in every worker

    burst = signal.sosfilt(signal.butter(2, 4000, "high", fs=RATE, output="sos"), burst)
    for at, level in zip(times, levels, strict=True):
        out[round(at * RATE) :][: len(burst)] += burst * level
    return out[None, : round(seconds * RATE)].astype(np.float32)


def test_an_attack_is_found_within_a_millisecond_and_its_level_within_a_tenth() -> None:
    times = [0.1 + 0.173 * number for number in range(30)]
    levels = [0.1 + 0.02 * (number % 7) for number in range(30)]
    found = attacks(hits(times, levels, 6.0), RATE)
    assert len(found) == 30
    assert max(abs(one.seconds - at) for one, at in zip(found, times, strict=True)) < 0.001
    middle = found[0].level / levels[0]
    assert [one.level / middle for one in found] == pytest.approx(levels, rel=0.1)


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_the_rate_does_not_matter(rate: int) -> None:
    import soxr

    times = [0.1 + 0.25 * number for number in range(12)]
    sound = soxr.resample(hits(times, [0.3] * 12, 3.5).T, RATE, rate).T
    found = [one.seconds for one in attacks(sound, rate)]
    assert found == pytest.approx(times, abs=0.002)


def test_kicks_snares_and_hats_are_told_apart() -> None:
    found = attacks(groove("gabber", 120, bars=2), RATE)
    assert len({one.voice for one in found}) == 2
    by_voice = {one.voice: [] for one in found}
    for one in found:
        by_voice[one.voice].append(round(one.seconds / 0.125) % 4)
    assert sorted(map(set, by_voice.values()), key=str) == [{0}, {2}]


@pytest.mark.parametrize("sound", [np.zeros((2, RATE), np.float32), np.zeros((1, 10), np.float32)])
def test_silence_has_no_attacks(sound: np.ndarray) -> None:
    assert attacks(sound, RATE) == []
    with pytest.raises(UserError, match="too few"):
        onsets_on_grid(sound, RATE, **GRID)


def test_a_steady_sound_has_no_grid() -> None:
    with pytest.raises(UserError):
        onsets_on_grid(sine(200, 4.0, -12), RATE, **GRID)


def test_noise_never_breaks_it() -> None:
    for seed in range(3):
        try:
            onsets, _ = onsets_on_grid(noise(5.0, seed, channels=1), RATE, **GRID)
            learn(onsets, "x")
        except UserError:
            pass


@pytest.mark.parametrize(
    ("name", "bpm", "swing"), [("techno", 138.0, 0.3), ("drum and bass", 174.0, 0.2), ("lo-fi", 84.0, 0.33)]
)
def test_tempo_and_swing_are_found_together(name: str, bpm: float, swing: float) -> None:
    onsets, grid = onsets_on_grid(groove(name, bpm, bars=8, swing=swing), RATE, **GRID)
    assert grid.bpm == pytest.approx(bpm, abs=0.02)
    assert grid.start_s == pytest.approx(0, abs=0.003)
    learned = learn(onsets, "x").groove
    if name == "lo-fi":  # its kick falls on odd sixteenths
        assert learned.timing[7] == pytest.approx(480 * swing, abs=5)
    assert [learned.timing[step] for step in (0, 2, 4, 8)] == pytest.approx([0] * 4, abs=5)


def test_a_long_recording_does_not_drift_off_the_grid() -> None:
    onsets, grid = onsets_on_grid(groove("techno", 101.37, bars=40, swing=0.25), RATE, **GRID)
    assert grid.bpm == pytest.approx(101.37, abs=0.002)
    assert max(abs(one.tick - round(one.tick / 480) * 480) for one in onsets) < 8


def test_a_tempo_that_is_given_is_kept() -> None:
    step = 60 / 101.37 / 4
    times = [number * step + (0.02 if number % 2 else 0) for number in range(128)]
    onsets, grid = onsets_on_grid(hits(times, [0.3] * 128, 20.0), RATE, **GRID, bpm=101.37)
    assert grid.bpm == pytest.approx(101.37)
    assert learn(onsets, "x").groove.timing == pytest.approx((0, 0.02 / step * 480) * 8, abs=4)


def test_silence_before_the_music_is_no_music() -> None:
    sound = np.pad(groove("techno", 130.0, bars=4, swing=0.25), ((0, 0), (round(0.37 * RATE), RATE // 3)))
    _, grid = onsets_on_grid(sound, RATE, **GRID)
    assert grid.start_s == pytest.approx(0.37, abs=0.003)
    with pytest.raises(UserError, match="too few"):
        onsets_on_grid(sound, RATE, **GRID, start_s=60.0)
