"""Chances that follow the session: every bar they are moved by the error, within cap, floor and ceiling."""

from bisect import bisect_left
from collections.abc import Sequence

from hardcore.rhythm.layer import Markov

# How far a weak step follows the error; a beat does not.
WEAK = 0.6


def chance_of(markov: Markov, share: float) -> float:
    """Return the chance of a step that makes `share` of the steps sound, 0–1, within floor and ceiling.

    A step after a hit is less likely by the stickiness s: of a chance p, p / (1 + s · p) of the steps sound.
    """
    chance = share / max(1.0 - markov.stickiness * share, 1e-9)
    return min(markov.ceil, max(markov.floor, chance))


class Chances:
    """The chances of a layer's steps: one for the beats, which stays, and one for the others, which is moved.

    Both begin at the home chance, that of a step which nothing has moved, and go with it when it moves.
    """

    def __init__(self, markov: Markov, beats: int) -> None:
        self.beats, self.others = beats, ~beats
        self.at_beats = self.at_others = self._home = markov.start
        self._last = False

    def settle(self, markov: Markov, home: float) -> None:
        """Take the home chance of the bar, 0–1."""
        by, self._home = home - self._home, home
        if by:
            self.at_beats = min(markov.ceil, max(markov.floor, self.at_beats + by))
            self.at_others = min(markov.ceil, max(markov.floor, self.at_others + by))

    def follow(self, markov: Markov, error: float) -> None:
        """Move the chance of the weak steps: p + gain · error · 0.6, at most cap, within floor and ceiling."""
        delta = min(markov.cap, max(-markov.cap, markov.gain * error * WEAK))
        self.at_others = min(markov.ceil, max(markov.floor, self.at_others + delta))
        # after a rescue the beats come back to where they belong
        back = min(markov.cap, max(-markov.cap, self._home - self.at_beats))
        self.at_beats = min(markov.ceil, max(markov.floor, self.at_beats + back))

    def raise_all(self, markov: Markov) -> None:
        """Put every chance at its ceiling."""
        self.at_beats = self.at_others = markov.ceil

    def sample(self, markov: Markov, mask: int, chances: Sequence[float], below: Sequence[int]) -> int:
        """Return the steps of `mask` that sound, drawn in order; right after a hit a step is less likely.

        chances  the bar's draws, rising
        below    for every number of them, which steps they belong to (bits)
        """
        beats, others = self.at_beats, self.at_others
        free = 1.0 - markov.stickiness
        likely = below[bisect_left(chances, beats)] & self.beats | below[bisect_left(chances, others)] & self.others
        stuck_beats, stuck_others = max(markov.floor, beats * free), max(markov.floor, others * free)
        sure = (
            below[bisect_left(chances, stuck_beats)] & self.beats
            | below[bisect_left(chances, stuck_others)] & self.others
        )
        return self._walk(mask, likely, sure)

    def _walk(self, mask: int, likely: int, sure: int) -> int:
        on, last = 0, self._last
        while mask:
            step = mask & -mask
            mask ^= step
            last = bool((sure if last else likely) & step)
            if last:
                on |= step
        self._last = last
        return on
