"""Epochs: stretches of the music in which a tick comes once; one begins at play, a seek and each round of a loop."""

from typing import NamedTuple

# An older one is asked for only while it still sounds.
_KEPT = 8


class Epoch(NamedTuple):
    """A stretch of the music from a sample on; its number only rises, `lap` says how often the loop began again."""

    sample: float
    number: int
    lap: int


class Epochs:
    """The latest epoch, and those before it that may still sound."""

    def __init__(self, number: int = 0, lap: int = 0) -> None:
        self._known = [Epoch(0.0, number, lap)]

    @property
    def latest(self) -> Epoch:
        """Return the one that is handed out."""
        return self._known[0]

    def at(self, sample: float) -> Epoch:
        """Return the one that sounds at a sample."""
        return next((one for one in self._known if one.sample <= sample), self._known[-1])

    def begin(self, sample: float, *, lap: bool = False) -> None:
        """Begin another one at a sample; `lap`: since the loop begins again."""
        fresh = Epoch(sample, self.latest.number + 1, self.latest.lap + 1 if lap else 0)
        self._known = [fresh, *(one for one in self._known[: _KEPT - 1] if one.sample < sample)]
