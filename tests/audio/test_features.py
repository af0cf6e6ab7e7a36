"""The ears, against sounds whose answer is known."""

import numpy as np
import pytest

from hardcore.audio.features import BANDS_HZ, bands, bass_chroma, centroid_hz, key, onset_envelope, tempo
from tests.audio.sounds import RATE, clicks, groove, noise, progression, sine


@pytest.mark.parametrize("bpm", range(60, 191, 10))
def test_a_click_train_has_the_tempo_of_its_clicks(bpm: int) -> None:
    found, confidence = tempo(clicks(bpm), RATE)
    assert found == pytest.approx(bpm, rel=0.001)
    assert confidence > 0.4


@pytest.mark.parametrize(
    ("name", "bpm", "swing"),
    [
        ("techno", 138.0, 0.0),
        ("techno", 127.5, 0.0),
        ("gabber", 190.0, 0.0),
        ("drum and bass", 174.0, 0.0),
        ("broken drum and bass", 174.0, 0.0),
        ("lo-fi", 82.0, 0.3),
        ("lo-fi", 72.0, 0.0),
    ],
)
def test_a_drum_pattern_has_its_own_tempo_and_not_half_or_double(name: str, bpm: float, swing: float) -> None:
    found, _ = tempo(groove(name, bpm, swing=swing), RATE)
    assert found == pytest.approx(bpm, abs=0.15)


def test_a_tempo_range_moves_the_answer_into_it() -> None:
    assert tempo(groove("drum and bass", 174), RATE, (60, 120))[0] == pytest.approx(87, abs=0.15)


def test_the_tempo_does_not_depend_on_the_sample_rate() -> None:
    every_second = groove("techno", 138)[:, ::2]
    assert tempo(every_second, RATE // 2)[0] == pytest.approx(138, abs=0.15)


def test_silence_and_moments_have_no_tempo() -> None:
    assert tempo(np.zeros((2, RATE * 4), np.float32), RATE) == (0.0, 0.0)
    assert tempo(np.zeros((2, 0), np.float32), RATE) == (0.0, 0.0)
    assert tempo(clicks(120)[:, : RATE // 2], RATE) == (0.0, 0.0)


def test_noise_has_a_tempo_nobody_should_believe() -> None:
    assert tempo(noise(8), RATE)[1] < 0.1


def test_onsets_stand_where_the_clicks_are() -> None:
    curve, per_second = onset_envelope(clicks(120, 6), RATE)
    tallest = np.sort(np.argsort(curve)[-12:]) / per_second
    # twelve clicks, each found by its one or two tallest frames
    assert all(abs(at * 2 - round(at * 2)) < 0.05 for at in tallest)


PROGRESSIONS = [
    ("minor", (0, 5, 3, 4)),
    ("minor", (0, 0, 0, 0)),
    ("minor", (0, 0, 5, 5)),
    ("minor", (0, 5, 0, 4)),
    ("major", (0, 3, 4, 0)),
    ("major", (0, 4, 5, 3)),
    ("major", (0, 5, 3, 4)),
]


@pytest.mark.parametrize("drums", [False, True], ids=["bare", "drums"])
@pytest.mark.parametrize(("mode", "degrees"), PROGRESSIONS)
def test_a_progression_is_in_its_key(mode: str, degrees: tuple[int, ...], drums: bool) -> None:
    tonic = (sum(degrees) * 5 + drums) % 12
    assert key(progression(tonic, mode, degrees, drums), RATE)[:2] == (tonic, mode)


@pytest.mark.parametrize("tonic", range(12))
def test_the_key_follows_the_music_through_all_twelve_tonics(tonic: int) -> None:
    found, mode, confidence = key(progression(tonic, "minor", (0, 5, 3, 4)), RATE)
    assert (found, mode) == (tonic, "minor")
    assert confidence > 0.3


def test_drums_do_not_hide_a_held_bass_note() -> None:
    drums = groove("gabber", 140)
    bass = sine(87.31, drums.shape[1] / RATE, -24)[:, : drums.shape[1]]
    assert bass_chroma(drums + bass, RATE)[5] > 0.8


def test_noise_and_silence_have_no_key() -> None:
    assert all(key(noise(6, seed), RATE)[2] < 0.15 for seed in range(4))
    assert key(np.zeros((2, RATE), np.float32), RATE)[2] == 0.0
    assert key(np.zeros((2, 0), np.float32), RATE)[2] == 0.0


@pytest.mark.parametrize(("hz", "band"), [(40, "sub"), (150, "low"), (1000, "mid"), (4000, "high"), (12_000, "air")])
def test_a_sine_is_in_its_band_alone(hz: int, band: str) -> None:
    levels = bands(sine(hz, 1.0), RATE)
    assert levels[band] == pytest.approx(0.0, abs=0.01)
    assert all(level < -60 for name, level in levels.items() if name != band)


def test_white_noise_fills_bands_by_their_width() -> None:
    levels = bands(noise(4), RATE)
    for name, (low, high) in BANDS_HZ.items():
        assert levels[name] == pytest.approx(10 * np.log10((high - low) / (RATE / 2)), abs=0.4)


def test_sound_that_cancels_in_mono_still_has_energy() -> None:
    wave = sine(1000, 1.0, channels=1)
    assert bands(np.vstack((wave, -wave)), RATE)["mid"] == pytest.approx(0.0, abs=0.01)


def test_the_centroid_of_a_sine_is_its_frequency() -> None:
    assert centroid_hz(sine(2000, 1.0), RATE) == pytest.approx(2000, rel=0.03)
    assert centroid_hz(noise(2), RATE) == pytest.approx(RATE / 4, rel=0.03)
    assert centroid_hz(np.zeros((2, 100), np.float32), RATE) == 0.0
