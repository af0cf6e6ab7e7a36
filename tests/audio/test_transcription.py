"""Transcription: drums and tunes that are made here are written down as they were made."""

import numpy as np

from hardcore.audio.transcription import drum_hits, one_voice
from tests.audio.sounds import PATTERNS, RATE, groove


def steps(hits: list[float], bpm: float) -> set[int]:
    return {round(at / (60 / bpm / 4)) for at in hits}


def test_the_hits_of_a_pattern_are_found_by_kind() -> None:
    heard = drum_hits(groove("techno", 120, bars=4), RATE)
    for pitch, voice in ((36, "k"), (38, "c"), (42, "h")):
        found = steps([note.seconds for note in heard if note.pitch == pitch], 120)
        played = {bar * 16 + at for bar in range(4) for at, hit in enumerate(PATTERNS["techno"][voice]) if hit == "x"}
        assert len(found & played) >= 0.9 * len(played), voice
        assert len(found - played) <= 0.2 * len(played), voice


def test_a_tune_is_written_down_note_by_note() -> None:
    pitches = [57, 60, 64, 62, 69, 55]
    sound = np.zeros(0)
    for pitch in pitches:
        at = np.arange(round(0.5 * RATE)) / RATE
        hz = 440 * 2 ** ((pitch - 69) / 12)
        wave = sum(np.sin(2 * np.pi * hz * part * at) / part for part in (1, 2, 3))
        sound = np.concatenate([sound, 0.3 * wave * np.exp(-at * 4) * np.minimum(1, at * 400)])
    heard = one_voice(sound[None].astype(np.float32), RATE)
    assert [note.pitch for note in heard] == pitches
    assert np.allclose([note.seconds for note in heard], np.arange(6) * 0.5, atol=0.02)
    assert all(0.2 < note.length_s < 0.53 for note in heard)


def test_silence_plays_nothing() -> None:
    silence = np.zeros((2, RATE), np.float32)
    assert drum_hits(silence, RATE) == [] and one_voice(silence, RATE) == []
