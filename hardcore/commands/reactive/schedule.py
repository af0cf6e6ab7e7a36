"""Scheduling: a clip placed in the arrangement at a beat."""

from math import log10
from typing import Annotated

from pydantic import Field

from hardcore.commands.core.call import Call
from hardcore.commands.core.registry import command
from hardcore.commands.core.results import Done
from hardcore.commands.core.types import ClipRef, Kind
from hardcore.music.ticks import ticks_of_beats
from hardcore.project import automation, clips
from hardcore.project.placing import place
from hardcore.project.rule import Beats
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

Beat = Annotated[Beats, Kind("beat", "a beat of the song, a quarter in every meter, from 0")]
Long = Annotated[float, Field(gt=0, le=1_000_000), Kind("beats", "how many beats it plays; its own length by default")]
Gain = Annotated[float, Field(ge=0, le=4), Kind("gain", "a linear gain, 0.8 is −1.9 dB; by default 1")]


@command("schedule", "schedule bass:A 16 --beats 8")
def schedule(call: Call, clip: ClipRef, at: Beat, *, beats: Long | None = None, gain: Gain = 1.0) -> Done:
    """Place a clip in the arrangement at a beat; it covers what its track had there.

    With a --gain other than 1 a copy of the clip is placed, whose fader is that much higher or lower.
    """
    track, found = call.project.find_clip(clip)
    tick, length = ticks_of_beats(at), None if beats is None else max(1, ticks_of_beats(beats))

    def change(project: ProjectState) -> ProjectState:
        placed = found.id
        if gain != 1:
            project, placed = clips.copy_clip(project, found.id, track.id, "")
            project = automation.with_point(project, placed, track.id, "gain_db", 0, _level(track, gain))
        return place(project, placed, tick, length)

    new = call.edit(change)
    return Done(message=f"{found.name} plays at beat {at:g} ({new.meter_map.place(tick)}) on {track.name}")


def _level(track: Track, gain: float) -> float:
    """Return where a track's fader is for a linear gain, within what it can do."""
    fader = automation.parameter_of(track, track.id, "gain_db")
    assert fader is not None
    level = track.mixer.gain_db + 20 * log10(gain) if gain else fader.low
    return max(fader.low, min(fader.high, level))
