"""Drift: how players push and drag together, and each limb a little on its own, as drummers do.

Deviations of the drummers of Groove MIDI (CC BY 4.0, Google Magenta) last from sixteenth to sixteenth and are shared by
kick, snare and hat: an autoregressive walk that all follow, and one for each limb. What is left, each note's own
chance, is drawn elsewhere.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from random import Random

from hardcore.compose.chance import stream
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project.notes import Note
from hardcore.project.roles import Role

# share of the variance, and how much of a deviation is left a sixteenth later
SHARED, SHARED_KEPT = 0.7, 0.92
LIMB, LIMB_KEPT = 0.2, 0.85
_LEAST_MS, _MOST_MS = 7.0, 7.0  # standard deviation of all of it where hands are hardly heard; what full ones add
_WARM_UP = 40  # sixteenths before the first


def spread_ms(human: float) -> float:
    """Return the standard deviation of a style's timing, ms; 0 where machines play."""
    return _LEAST_MS + _MOST_MS * human if human else 0.0


def drift_of(seed: int, role: Role, human: float, bpm: float, length_ticks: int) -> Callable[[int], int]:
    """Return how late a role is at a tick, in ticks: the same for all notes of a sixteenth.

    seed   of the scene, so that all its parts follow one walk, also one that is made anew
    """
    ticks = spread_ms(human) * bpm * PPQ / 60_000
    count = length_ticks // SIXTEENTH + 1
    together = _walk(stream(seed, "drift"), sqrt(SHARED) * ticks, SHARED_KEPT, count)
    alone = _walk(stream(seed, "drift", role), sqrt(LIMB) * ticks, LIMB_KEPT, count)
    return lambda tick: round(together[min(tick // SIXTEENTH, count - 1)] + alone[min(tick // SIXTEENTH, count - 1)])


def _walk(rng: Random, deviation: float, kept: float, count: int) -> list[float]:
    """Return an autoregressive walk of `count` steps with that standard deviation."""
    fresh = deviation * sqrt(1 - kept * kept)
    found, value = [], 0.0
    for step in range(count + _WARM_UP):
        value = kept * value + rng.gauss(0.0, fresh)
        if step >= _WARM_UP:
            found.append(value)
    return found


def drifted(notes: Sequence[Note], drift: Callable[[int], int]) -> list[Note]:
    """Return the notes as late, or early, as the drift has them where they are written."""
    return [note._replace(offset_ticks=note.offset_ticks + drift(note.start_ticks)) for note in notes]
