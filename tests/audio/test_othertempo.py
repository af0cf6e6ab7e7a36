"""Our ear for tempo beside another program's, on loops whose tempo is known."""

import numpy as np
import pytest

from hardcore.audio import features
from tests.audio.accuracy import TEMPOS
from tests.audio.othertempo import PROGRAM, agrees, other_tempo
from tests.audio.sounds import PATTERNS, RATE, groove

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no bpm-tools to compare with")


@pytest.mark.parametrize("name", [name for name in PATTERNS if name != "drum and bass"])
def test_two_programs_hear_the_same_tempo(name: str) -> None:
    for bpm in TEMPOS[name]:
        sound = groove(name, bpm)
        assert agrees(features.tempo(sound, RATE)[0], other_tempo(sound, RATE)), bpm


def test_where_another_program_takes_dotted_beats_for_beats_ours_does_not() -> None:
    """A two-step has its kick and snare a dotted beat apart: the other program counts those, or two and a half."""
    ours, theirs = [], []
    for bpm in TEMPOS["drum and bass"]:
        sound = groove("drum and bass", bpm)
        ours.append(agrees(features.tempo(sound, RATE)[0], bpm))
        theirs.append(other_tempo(sound, RATE) / bpm)
    assert all(ours)
    assert all(np.min(np.abs(np.array([2 / 3, 2 / 5]) / ratio - 1)) < 0.01 for ratio in theirs)
