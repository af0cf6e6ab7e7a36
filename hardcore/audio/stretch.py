"""Stretching: a sound faster or slower at its own pitch, or at another one. The interpreter is held meanwhile."""

import numpy as np
from python_stretch import Signalsmith

from hardcore.audio.samples import Audio

# Stretched sounds are the same bytes every time, by this seed.
SEED = 7


def stretched(audio: Audio, rate: int, factor: float, semitones: float = 0.0) -> Audio:
    """Return a sound, float32 [channels, frames], `factor` times as fast and so many semitones higher.

    It is exactly round(frames / factor) long, its attacks where they belong.
    """
    machine = Signalsmith.Stretch(SEED)
    machine.preset(audio.shape[0], float(rate), False)
    machine.setTimeFactor(factor)
    machine.setTransposeSemitones(semitones)
    return np.ascontiguousarray(machine.process(np.ascontiguousarray(audio)), np.float32)
