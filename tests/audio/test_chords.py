"""Chords that are played are the chords that are heard; and the guide says how well the ears hear."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hardcore.audio.analysis import analyse
from hardcore.audio.chords import chords
from tests.audio.accuracy import line, rows
from tests.audio.sounds import RATE, progression

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "ears.md"


@pytest.mark.timeout(400)
def test_the_ears_hear_as_well_as_the_guide_says() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for row in rows():
        what, _, right = row
        assert right >= 0.9, what
        # another processor rounds a borderline sound another way
        near = [line((what, row[1], right + change / 100)) for change in (-1, 0, 1)]
        assert any(said in guide for said in near), f"docs/guide/ears.md should say {line(row)}"


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
