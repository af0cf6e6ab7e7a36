"""Chords that are played are the chords that are heard, in every key."""

from itertools import pairwise

import numpy as np
import pytest

from hardcore.audio.analysis import analyse
from hardcore.audio.chords import chords
from hardcore.music.pitch import class_name
from tests.audio.sounds import RATE, SCALES, progression

CHORD_S = 1.6


def played(tonic: int, mode: str, degree: int) -> str:
    """Return the symbol of the triad on a degree of a key."""
    root, third, fifth = ((SCALES[mode] * 2)[degree + step] + 12 * (degree + step > 6) for step in (0, 2, 4))
    kind = {(4, 7): "", (3, 7): "m", (3, 6): "dim"}[third - root, fifth - root]
    return class_name(tonic + root) + kind


def heard_right(tonic: int, mode: str, degrees: tuple[int, ...], drums: bool) -> float:
    """Return the share of the time for which the chord that is heard is the one that is played."""
    found = analyse(progression(tonic, mode, degrees, drums), RATE).harmony.chords
    right = 0
    times = np.arange(0.05, 8 * CHORD_S, 0.1)
    for at in times:
        name = next(chord.name for chord in found if chord.start_s <= at < chord.end_s)
        right += name == played(tonic, mode, degrees[int(at / CHORD_S) % len(degrees)])
    return right / len(times)


@pytest.mark.parametrize("tonic", range(12))
def test_a_progression_is_heard_chord_by_chord(tonic: int) -> None:
    mode, degrees = (("minor", (0, 5, 3, 4)), ("major", (0, 4, 5, 3)))[tonic % 2]
    assert heard_right(tonic, mode, degrees, drums=tonic % 3 == 0) > 0.85


def test_chords_follow_each_other_without_gaps() -> None:
    sound = progression(4, "minor", (0, 5, 3, 4))
    found = analyse(sound, RATE).harmony.chords
    assert found[0].start_s == 0.0
    assert found[-1].end_s == pytest.approx(sound.shape[1] / RATE)
    assert all(one.end_s == two.start_s for one, two in pairwise(found))


def test_silence_has_no_chords() -> None:
    nothing = np.zeros((40, 12))
    assert [chord.name for chord in chords(nothing, nothing, np.zeros(0), 4.0)] == [""]
    assert chords(nothing, nothing, np.zeros(0), 0.0) == []
