"""All the ears at once, against sounds whose answer is known, and against ffmpeg's meter where there is one."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio import features, files, reader
from hardcore.audio.analysis import analyse
from hardcore.audio.beats import beat_times, onset_times
from hardcore.audio.loudness import course
from hardcore.audio.onsets import flux, pulse
from hardcore.errors import UserError
from hardcore.music.scale import Key
from tests.audio.meter import ebur128, needs_ffmpeg
from tests.audio.sounds import RATE, Sound, clicks, groove, noise, progression, sine


def pink(seconds: float, seed: int = 1) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return noise that falls by 3 dB an octave."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(round(seconds * RATE)))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    wave = np.fft.irfft(spectrum)
    return (wave / np.abs(wave).max() * 0.5)[None].astype(np.float32)


def test_an_analysis_is_plain_data_whatever_it_hears() -> None:
    for sound in (
        np.zeros((2, 0), np.float32),
        np.zeros((2, RATE), np.float32),
        np.full((2, 100), np.nan, np.float32),
        np.full((1, RATE), np.inf, np.float32),
        noise(0.01),
        sine(440, 0.2, channels=1),
        progression(0, "minor", (0, 3)),
    ):
        json.dumps(analyse(sound, RATE).data(), allow_nan=False)


@pytest.mark.parametrize("rate", [4000, 8000, 44_100, 192_000])
def test_any_rate_is_analysed(rate: int) -> None:
    found = analyse(sine(440, 2.0, -6.0, rate), rate)
    assert found.spectrum.centroid_hz == pytest.approx(440, rel=0.05)
    assert found.level.peak_dbfs == pytest.approx(-6.0, abs=0.05)


def test_what_cannot_be_analysed_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="too few"):
        analyse(sine(100, 0.5, rate=1000), 1000)


@pytest.mark.parametrize(("name", "bpm"), [("techno", 138.0), ("gabber", 190.0), ("drum and bass", 174.0)])
def test_beats_stand_on_the_beat(name: str, bpm: float) -> None:
    found = analyse(groove(name, bpm), RATE).rhythm
    assert found.tempo_bpm == pytest.approx(bpm, rel=0.002)
    beats = np.array(found.beats_s) * bpm / 60
    assert np.mean(np.abs(beats - np.rint(beats)) < 0.06) > 0.9
    assert len(beats) == pytest.approx(32, abs=2)


def test_onsets_are_found_once_each() -> None:
    sound = clicks(150, 6.0)
    found = onset_times(flux(sound, RATE).sum(axis=1))
    assert len(found) == 15
    assert found == pytest.approx(np.arange(15) * 0.4, abs=0.011)


def test_silence_has_no_beats_and_no_onsets() -> None:
    rises = flux(np.zeros((1, RATE), np.float32), RATE)
    assert len(beat_times(pulse(rises), 120.0)) == 0
    assert len(onset_times(rises.sum(axis=1))) == 0


def test_noise_has_the_tilt_it_was_made_with() -> None:
    assert features.tilt_db_per_octave(noise(6), RATE) == pytest.approx(0.0, abs=0.15)
    assert features.tilt_db_per_octave(pink(6), RATE) == pytest.approx(-3.0, abs=0.15)
    assert features.tilt_db_per_octave(np.zeros((2, RATE), np.float32), RATE) == 0.0


def test_crest_is_that_of_the_textbook() -> None:
    assert features.crest_db(sine(100, 1.0)) == pytest.approx(3.01, abs=0.01)
    assert features.crest_db(np.sign(sine(101, 1.0) + 1e-9)) == pytest.approx(0.0, abs=0.01)
    assert features.crest_db(np.zeros((2, 10), np.float32)) == 0.0


def test_the_range_of_two_levels_is_their_distance() -> None:
    # EBU Tech 3342, test 1: 20 s each at −20 and −30 dBFS
    sound = np.hstack((sine(1000, 20.0, -20.0), sine(1000, 20.0, -30.0)))
    found = course(sound, RATE)
    assert found.range_lu == pytest.approx(10.0, abs=1.0)
    assert found.short_term_max_lufs == pytest.approx(-20.0, abs=0.1)


def test_what_is_too_short_or_silent_has_no_range() -> None:
    assert course(sine(1000, 2.9), RATE).range_lu is None
    assert course(np.zeros((2, RATE * 5), np.float32), RATE).short_term_max_lufs is None


@needs_ffmpeg
@pytest.mark.parametrize("name", ["groove", "chords", "levels", "pink", "hot"])
def test_the_meter_agrees_with_ffmpeg(name: str, tmp_path: Path) -> None:
    sounds = {
        "groove": lambda: groove("techno", 138),
        "chords": lambda: progression(2, "minor", (0, 5, 3, 4), drums=True),
        "levels": lambda: np.hstack([sine(500, 5.0, level) for level in (-12.0, -30.0, -20.0, -14.0)]),
        "pink": lambda: pink(12),
        "hot": lambda: sine(11_025, 4.0, -1.0) * np.hanning(4 * RATE).astype(np.float32) ** 0.1,
    }
    path = tmp_path / "a.wav"
    files.write(path, sounds[name](), RATE, depth="32f")
    theirs, ours = ebur128(path), analyse(*reader.read(path)).level
    assert ours.integrated_lufs == pytest.approx(theirs["integrated"], abs=0.11)
    assert ours.range_lu == pytest.approx(theirs["range"], abs=0.4)
    assert ours.true_peak_dbtp == pytest.approx(theirs["true peak"], abs=0.3)


def struck(hz: float, noise_level: float) -> Sound:
    """Return a snare: noise over a tone, both gone in 0.3 s."""
    at = np.arange(round(0.3 * RATE)) / RATE
    body = 0.4 * np.sin(2 * np.pi * hz * at) * np.exp(-at * 20)
    return (body + noise(0.3, level=noise_level, channels=1) * np.exp(-at * 15)).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [
        lambda: sine(440, 4.0, -6),
        lambda: sine(440, 0.8, -6),
        lambda: groove("techno", 130, 1)[:, : round(0.2 * RATE)],
        lambda: struck(190.0, 0.3),
        lambda: np.pad(struck(160.0, 0.2), ((0, 0), (0, 2 * RATE))),
        lambda: noise(0.5),
        lambda: noise(1.0, seed=10),
        lambda: noise(6.0),
    ],
    ids=["sine", "short sine", "kick", "snare", "snare and silence", "short noise", "a second of noise", "noise"],
)
def test_nothing_is_said_where_there_is_no_evidence(sound: Callable[[], Sound]) -> None:
    heard = analyse(sound(), RATE)
    assert (heard.rhythm.tempo_bpm, heard.rhythm.confidence, heard.rhythm.beats_s) == (0.0, 0.0, ())
    assert len(heard.rhythm.onsets_s) <= 6
    assert heard.harmony.confidence == 0.0
    assert [chord.name for chord in heard.harmony.chords] == [""]


def test_one_note_again_and_again_has_a_tempo_and_no_key_and_a_chord_has_one() -> None:
    at = np.arange(RATE // 2) / RATE
    ramp = np.exp(-at * 4) * 0.1
    saws = {
        hz: ramp * np.sum([np.sin(2 * np.pi * hz * n * at) / n for n in range(1, 30)], axis=0) for hz in (220, 262, 330)
    }
    one = analyse(np.tile(saws[220], 8)[None].astype(np.float32), RATE)
    assert one.rhythm.tempo_bpm == pytest.approx(120, rel=0.01)
    assert one.harmony.confidence == 0.0
    chord = analyse(np.tile(np.sum(list(saws.values()), axis=0), 8)[None].astype(np.float32), RATE)
    assert (chord.harmony.name, chord.harmony.chords[0].name) == ("A minor", "Am")


def test_keys_and_chords_are_spelled_as_the_project_spells_them() -> None:
    heard = analyse(progression(3, "major", (0, 3, 4, 0)), RATE)
    assert heard.harmony.name == Key(tonic=3).name == "Eb major"
    assert {chord.name for chord in heard.harmony.chords} >= {"Eb", "Ab", "Bb"}
