"""Tempo by hand while it plays: tapped, ramped from here, or pushed for a moment to meet somebody else's beat."""

from dataclasses import dataclass, field
from statistics import median
from typing import Annotated, Literal

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Bars, Kind, Tempo
from hardcore.commands.performance.playing import asked
from hardcore.compose.edits import tempo as tempos
from hardcore.errors import UserError
from hardcore.music.tempo import HIGHEST_BPM, LOWEST_BPM

# Taps further apart begin anew; so many of the latest intervals count.
APART_S, COUNTED = 3.0, 8
LEAST_TAPS = 4
Milliseconds = Annotated[float, Field(ge=-500, le=500), Kind("ms", "milliseconds, below 0 back; 10")]


@dataclass
class Taps:
    """The latest taps, in seconds of a steady clock."""

    times_s: list[float] = field(default_factory=list)

    def tap(self, at_s: float) -> float | None:
        """Take in a tap and return the tempo of the latest, in BPM; None as long as there are fewer than four."""
        if self.times_s and not 0 < at_s - self.times_s[-1] <= APART_S:
            self.times_s.clear()
        self.times_s = [*self.times_s, at_s][-COUNTED - 1 :]
        if len(self.times_s) < LEAST_TAPS:
            return None
        gaps = [b - a for a, b in zip(self.times_s, self.times_s[1:], strict=False)]
        middle = median(gaps)
        # a tap that was missed or doubled is no beat
        near = [gap for gap in gaps if 0.7 * middle < gap < 1.4 * middle]
        return 60 * len(near) / sum(near)
