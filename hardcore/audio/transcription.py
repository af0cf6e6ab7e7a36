"""Transcription: which notes a sound plays, drums by their attacks and kind, one voice by its pitch.

What is heard is what stands out: a hit under a louder one, and notes that glide into each other, are missed.
"""

from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from hardcore.audio.attacks import attacks
from hardcore.audio.pitch import fundamental_hz
from hardcore.audio.samples import Audio

KICK, SNARE, HAT = 36, 38, 42
# The drums that sound in bands (audio/attacks.py), as notes of General MIDI: a kick has a click in the middle, a snare
# is heard up to the top, so where both are, a hat could not be told from it.
DRUMS = {
    "0": (KICK,), "01": (KICK,), "02": (KICK, HAT), "012": (KICK, SNARE), "1": (SNARE,), "12": (SNARE,), "2": (HAT,),
}  # fmt: skip
_DRUM_S = 0.1
# A note is over where it is so much softer than it was, looked at in steps.
_OVER_DB, _STEP_S = -24.0, 0.01
_SHORTEST_S = 0.04
_SOFTEST, _LOUDEST = 24, 120


class Played(NamedTuple):
    """A note that was heard: when and how long, seconds, its pitch (MIDI) and its velocity."""

    seconds: float
    length_s: float
    pitch: int
    velocity: int


def drum_hits(audio: Audio, rate: int) -> list[Played]:
    """Return the hits in a sound of drums: kick, snare and hat, several at once where they sound together."""
    found = attacks(audio, rate)
    loudest = max((attack.level for attack in found), default=0.0)
    return [
        Played(attack.seconds, _DRUM_S, drum, velocity(attack.level, loudest))
        for attack in found
        for drum in DRUMS.get(attack.voice, ())
    ]


def one_voice(audio: Audio, rate: int) -> list[Played]:
    """Return the notes of a sound in which one thing plays at a time, each from its attack until it has died away."""
    mono = audio.mean(axis=0, dtype=np.float64)
    found = attacks(audio, rate)
    loudest = max((attack.level for attack in found), default=0.0)
    notes = []
    for attack, after in zip_longest(found, found[1:]):
        end = after.seconds if after is not None else len(mono) / rate
        part = mono[round(attack.seconds * rate) : round(end * rate)]
        hz = fundamental_hz(part, rate, 0) if len(part) > _SHORTEST_S * rate else None
        if hz is not None:
            pitch = round(69 + 12 * np.log2(hz / 440))
            length = max(_SHORTEST_S, _until_over(part, rate))
            notes.append(Played(attack.seconds, length, pitch, velocity(attack.level, loudest)))
    return [note for note in notes if 0 <= note.pitch <= 127]


def _until_over(part: "np.ndarray[tuple[int], np.dtype[np.float64]]", rate: int) -> float:
    """Return after how many seconds a note has died away, at the latest where the next one begins."""
    step = max(1, round(_STEP_S * rate))
    power = np.square(part[: len(part) // step * step]).reshape(-1, step).mean(axis=1)
    loud = np.flatnonzero(power > power.max(initial=0.0) * 10 ** (_OVER_DB / 10))
    return float((loud[-1] + 1) * step / rate) if loud.size else len(part) / rate


def velocity(level: float, loudest: float) -> int:
    """Return the velocity of what is so loud beside the loudest."""
    share = level / loudest if loudest else 0.0
    return int(_SOFTEST + (_LOUDEST - _SOFTEST) * min(1.0, share) ** 0.5)
