"""Several notes at once: chords whose notes are known, and rows of a network made up by hand."""

import numpy as np
import pytest

from hardcore.audio.polyphony import likely, notes, several_voices, without_overtones
from hardcore.audio.transcription import Played

pytest.importorskip("onnxruntime")
RATE = 44_100
CHORDS = ((48, 60, 64, 67), (45, 57, 60, 64), (41, 60, 65, 69), (43, 59, 62, 67))
EVERY_S, FIRST_S = 0.9, 0.3
TRUTH = [(FIRST_S + EVERY_S * number, pitch) for number, chord in enumerate(CHORDS) for pitch in chord]


def struck(pitch: int, seconds: float) -> np.ndarray:
    """Return a tone of eight partials that dies away."""
    at = np.arange(round(seconds * RATE)) / RATE
    hz = 440 * 2 ** ((pitch - 69) / 12)
    wave = sum(np.sin(2 * np.pi * hz * part * at) / part**1.5 * np.exp(-at * part * 0.8) for part in range(1, 9))
    return np.asarray(wave * np.minimum(1, at / 0.005) * np.minimum(1, (seconds - at) / 0.02))


def judged(heard: list[Played], truth: list[tuple[float, int]], within_s: float = 0.05) -> tuple[float, float]:
    """Return precision and recall: which share of what was heard is there, and of what is there was heard."""

    def same(note: Played, at: float, pitch: int) -> bool:
        return note.pitch == pitch and abs(note.seconds - at) <= within_s

    right = sum(any(same(note, *one) for one in truth) for note in heard)
    found = sum(any(same(note, *one) for note in heard) for one in truth)
    return right / max(len(heard), 1), found / len(truth)


def test_chords_of_tones_are_heard_note_by_note() -> None:
    sound = np.zeros(round((FIRST_S + EVERY_S * len(CHORDS) + 0.2) * RATE))
    for at, pitch in TRUTH:
        tone, first = struck(pitch, EVERY_S), round(at * RATE)
        sound[first : first + len(tone)] += 0.1 * tone
    heard = several_voices(np.stack([sound, sound]).astype(np.float32), RATE)
    precision, recall = judged(heard, TRUTH)
    assert precision >= 0.85 and recall == 1.0
    lengths = [note.length_s for note in heard if judged([note], TRUTH)[0]]
    assert 0.8 * EVERY_S < np.median(lengths) < 1.2 * EVERY_S


def test_no_step_is_lost_where_windows_meet() -> None:
    """One tone in the middle of every second of twelve, which are eight windows."""
    sound = np.zeros(13 * RATE)
    for second in range(12):
        first = round((second + 0.5) * RATE)
        sound[first : first + RATE // 3] += 0.3 * struck(60, 1 / 3)[: RATE // 3]
    heard = [note for note in several_voices(sound[None].astype(np.float32), RATE) if note.pitch == 60]
    assert len(heard) == 12
    assert np.abs(np.array([note.seconds for note in heard]) - np.arange(12) - 0.5).max() < 0.03


def test_silence_and_less_than_a_step_play_nothing() -> None:
    assert several_voices(np.zeros((2, RATE), np.float32), RATE) == []
    assert several_voices(np.zeros((2, 10), np.float32), RATE) == []
    assert likely(np.zeros(0, np.float32))[0].shape == (0, 88)


def test_a_note_lasts_over_gaps_and_ends_in_silence() -> None:
    sounds, struck_at = np.zeros((200, 88), np.float32), np.zeros((200, 88), np.float32)
    sounds[20:60, 40], sounds[60:66, 40], sounds[66:100, 40] = 0.8, 0.28, 0.6
    struck_at[20, 40] = 0.9
    sounds[150:158, 10], struck_at[150, 10] = 0.9, 0.9  # too short
    sounds[110:140, 70] = 0.6  # never struck, but it is there
    assert sorted((begin, end, key) for begin, end, key, _ in notes(sounds, struck_at)) == [
        (20, 100, 40),
        (110, 140, 70),
    ]


def test_what_only_rings_with_an_attack_is_no_note() -> None:
    low, ring, octave = (10, 100, 20, 0.9), (11, 30, 44, 0.3), (10, 95, 32, 0.7)
    assert without_overtones([low, ring, octave]) == [low, octave]
