"""Tempo by hand while it plays: tapped, ramped from here, or pushed for a moment to meet somebody else's beat."""

import time
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import Bars, Kind, Tempo
from hardcore.commands.performance.playing import asked
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
        middle = median(b - a for a, b in pairwise(self.times_s))
        kept = self.times_s[:1]
        kept += [b for a, b in pairwise(self.times_s) if b - a > 0.5 * middle]  # no tap that was doubled
        gaps = [b - a for a, b in pairwise(kept)]
        near = [gap for gap in gaps if gap < 1.5 * median(gaps)]  # nor where one was missed
        return 60 * len(near) / sum(near)


class TempoTapped(Done):
    """The tempo of the latest taps; null: there are too few yet."""

    bpm: float | None
    taps: int


class Nudged(Done):
    """How far the music is moved against time, in milliseconds; above 0 it comes earlier."""

    ms: float


@command("tempo tap", "tempo tap", effects={"project"}, immediate=True, aliases=("tap",))
def tempo_tap(call: Call) -> TempoTapped | Done:
    """Tap the beat: from the fourth tap on the tempo is that of the latest eight. After three seconds it begins anew.

    A tap that was missed or doubled does not count. On the stage it is Tab; a pad: `map add note36 tempo tap`.
    """
    taps = call.studio.recall(Taps) or Taps()
    call.studio.keep(taps)
    bpm = taps.tap(time.monotonic())
    if bpm is None:
        return TempoTapped(message=f"{len(taps.times_s)} of {LEAST_TAPS} taps", bpm=None, taps=len(taps.times_s))
    bpm = round(_within(bpm), 1)
    if bpm != round(call.project.tempo_map.bpm, 1):
        from hardcore.compose.edits import tempo as tempos

        call.edit(lambda project: tempos.set_tempo(project, bpm).project)
    return Done(message=f"tapped {bpm:g} bpm")


def _within(bpm: float) -> float:
    """Return a tempo as half or twice itself, as often as it takes to be one that may be asked for."""
    while bpm > HIGHEST_BPM:
        bpm /= 2
    while bpm < LOWEST_BPM:
        bpm *= 2
    return bpm


@command("tempo ramp", "tempo ramp 140 --bars 8", about={"bars": "over how many bars, from the next one on"})
def tempo_ramp(call: Call, bpm: Tempo, *, bars: Bars = 8) -> Done:
    """Let the tempo go to another one evenly over so many bars, from the next bar on; where it stands, from bar 1."""
    from hardcore.compose.edits import tempo as tempos

    now = call.player.latest()
    here = call.project.meter_map.bar_of(max(0, int(now.tick))) + 1 if now.playing else 0
    outcome = tempos.ramp_tempo(call.project, here + bars + 1, bpm, bars)
    call.edit(lambda project: outcome.project)
    return Done(message="; ".join(outcome.said))


@command("tempo nudge", "tempo nudge 10", effects={"player"}, immediate=True, aliases=("nudge",))
async def tempo_nudge(call: Call, ms: Milliseconds) -> Nudged:
    """Push the music so many milliseconds ahead, below 0 hold it back, to meet another beat; the tempo stays.

    It speeds up or slows down by a twentieth until it is there. On the stage Left and Right do it.
    """
    await asked(call, lambda player: player.nudge(ms / 1000))
    return Nudged(message=f"{abs(ms):g} ms {'later' if ms < 0 else 'earlier'}", ms=ms)
