"""Tones: the notes of a pitched line, and the pitches a line may use."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hardcore.music.scale import Key
from hardcore.rhythm.chance import key_of


class Tone(NamedTuple):
    """One note of a line of one voice.

    start_ticks   where it is written: its step, from the start of the bars
    offset_ticks  how much later it sounds (the drums' swing)
    """

    start_ticks: int
    length_ticks: int
    pitch: int
    velocity: int = 96
    offset_ticks: int = 0

    @property
    def sounds(self) -> int:
        """Return the tick at which it sounds."""
        return self.start_ticks + self.offset_ticks

    @property
    def ends(self) -> int:
        """Return the tick at which it stops."""
        return self.sounds + self.length_ticks


Line = tuple[Tone, ...]


def in_order(tones: Iterable[Tone]) -> list[Tone]:
    """Return the tones by when they sound, the louder and then the lower first where two sound at once."""
    return sorted(tones, key=lambda tone: (tone.sounds, -tone.velocity, tone.pitch, -tone.length_ticks))


class Compass:
    """The pitches of a key between `low` and `high` (MIDI, an octave apart at least), and ways through them."""

    def __init__(self, key: Key, low: int, high: int) -> None:
        self.key, self.low, self.high = key, low, high
        self.pitches = tuple(pitch for pitch in range(low, high + 1) if key.contains(pitch))

    def __contains__(self, pitch: int) -> bool:
        return self.low <= pitch <= self.high and self.key.contains(pitch)

    def fitted(self, pitch: int) -> int:
        """Return the pitch itself where it may stand, else the nearest one after moving by octaves into the range."""
        if pitch in self:
            return pitch
        if pitch < self.low:
            pitch += 12 * -(-(self.low - pitch) // 12)
        elif pitch > self.high:
            pitch -= 12 * -(-(pitch - self.high) // 12)
        return min(self.pitches, key=lambda known: (abs(known - pitch), known))

    def degree(self, semitones: int, home: int) -> int:
        """Return the note of the key about `semitones` above the tonic at or above `home`, in the range."""
        tonic = home + (self.key.tonic - home) % 12
        return self.fitted(self.key.nearest(tonic + semitones))

    def step(self, pitch: int, steps: int) -> int:
        """Return the pitch `steps` scale steps away; at the ends it turns back as from a mirror."""
        last = len(self.pitches) - 1
        at = (bisect_left(self.pitches, self.fitted(pitch)) + steps) % (2 * last)
        return self.pitches[at if at <= last else 2 * last - at]


def chance(seed: int, *words: str | int) -> float:
    """Return a chance in [0, 1) that is a function of the seed and what it is for."""
    return (key_of(seed, *words) >> 11) * 2.0**-53


def picked(weights: Sequence[tuple[int, float]], share: float) -> int:
    """Return the value at `share` (0–1) of the summed weights."""
    rest = share * sum(part for _, part in weights)
    for value, part in weights:
        rest -= part
        if rest < 0:
            return value
    return weights[-1][0]


def chosen(scores: dict[int, float], count: int, spacing: float, reach: int = 1) -> tuple[int, ...]:
    """Return `count` steps, the best first served, in rising order.

    Each step taken adds `spacing` to the scores of those within `reach` of it: below 0 spreads the steps, above 0
    draws them together. Of equal scores the lower step goes first.
    """
    left = dict(scores)
    taken: list[int] = []
    while left and len(taken) < count:
        best = max(left, key=lambda step: (left[step], -step))
        taken.append(best)
        del left[best]
        for near in range(best - reach, best + reach + 1):
            if near in left:
                left[near] += spacing
    return tuple(sorted(taken))
