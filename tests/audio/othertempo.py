"""Another program's ear for tempo, to compare with: `bpm` of bpm-tools, which knows nothing of ours."""

import shutil
import subprocess

import numpy as np
import soxr  # type: ignore[import-untyped,unused-ignore]

from hardcore.audio.samples import Audio

PROGRAM = shutil.which("bpm")
# it reads mono floats of this rate
_RATE = 44_100


def other_tempo(audio: Audio, rate: int) -> float:
    """Return the tempo that the other program hears in `audio` [channels, frames], between 60 and 200 BPM."""
    assert PROGRAM is not None
    mono = soxr.resample(audio.mean(axis=0), rate, _RATE).astype("<f4")
    said = subprocess.run([PROGRAM, "-m", "60", "-x", "200"], input=mono.tobytes(), capture_output=True, check=True)
    return float(said.stdout)


def agrees(bpm: float, other: float) -> bool:
    """Return whether two tempos are the same within 1 %, counted in the same beats, twice or half of them."""
    return bool(np.min(np.abs(np.array([1, 2, 0.5]) * other / bpm - 1)) < 0.01)
