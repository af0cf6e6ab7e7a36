"""Clips: notes that loop, their envelopes, and where they came from."""

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from hardcore.model import Model, Shared
from hardcore.music.groove import Amount
from hardcore.music.tempo import PPQ, Ticks
from hardcore.project.follow import Follow
from hardcore.project.lyrics import MOST_LYRICS, Lyric
from hardcore.project.notes import MAX_TICKS, NoteBlock
from hardcore.project.region import AudioRegion
from hardcore.project.values import ClipId, LaunchMode, Name, OwnerId, Quantum, Seed, Text

ClipLength = Annotated[int, Field(ge=PPQ // 16, le=MAX_TICKS)]


# in an intent, beside the wishes: the chords a part was made over, and what a melody did with its motif bar by bar
CHORDS, MOTIF = "chords_played", "motif"


class Provenance(Model):
    """Who made a clip, and from what: enough to make it again."""

    prompt: Text = ""
    seed: Seed = 0
    producer: Name
    version: Name
    licence: Name | None = None
    intent: Annotated[Mapping[Name, Text], Field(max_length=256)] = {}


Shape = Literal["linear", "step", "curve"]


class AutomationPoint(Model):
    """A parameter's value at a time, and how it goes from there to the next point.

    shape   in a straight line, held until the next point (step), or bent (curve)
    bend    of a curve: above 0 it moves slowly first, below 0 fast first
    """

    tick: Ticks
    value: float
    shape: Shape = "linear"
    bend: Annotated[float, Field(ge=-1, le=1)] = 0.0

    @property
    def power(self) -> float:
        """Return the power of the share of the way by which a curve goes: 1 is straight."""
        return float(8.0**self.bend)

    def towards(self, after: "AutomationPoint", tick: float) -> float:
        """Return the value at a tick between this point and the next one."""
        size, reach = after.tick - self.tick, after.value - self.value
        if self.shape == "step":
            return self.value
        if self.shape == "curve":
            return self.value + reach * float(((tick - self.tick) / size) ** self.power)
        return self.value + reach * (tick - self.tick) / size


class Automation(Model):
    """A parameter moving in time: from point to point, held at both ends.

    `owner` is the track (its fader `gain_db`, `pan`, the level `send:RETURN` of a send, or its instrument's parameter)
    or one of its effects.
    """

    owner: OwnerId
    parameter: Name
    points: tuple[AutomationPoint, ...] = Field(min_length=1, max_length=4096)

    @model_validator(mode="after")
    def _rising(self) -> "Automation":
        if any(a.tick >= b.tick for a, b in zip(self.points, self.points[1:], strict=False)):
            raise ValueError("automation points must rise in time")
        return self

    @property
    def key(self) -> tuple[str, str]:
        """Return what it moves: owner and parameter."""
        return self.owner, self.parameter

    @cached_property
    def _ticks(self) -> list[int]:
        return [point.tick for point in self.points]

    @cached_property
    def jumps(self) -> list[int]:
        """Return the ticks at which a value that was held gives way to the next."""
        return [after.tick for point, after in pairwise(self.points) if point.shape == "step"]

    def at(self, tick: float) -> float:
        """Return the value at `tick`."""
        after = bisect_right(self._ticks, tick)
        if after == 0:
            return self.points[0].value
        if after == len(self.points):
            return self.points[-1].value
        return self.points[after - 1].towards(self.points[after], tick)


class GrooveUse(Model):
    """How a clip or track is played: a groove of the project by its id, or straight whatever the project does.

    `timing` and `velocity` say how much of it, 0–1. It is put on while playing: the notes are not changed by it.
    """

    groove: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    timing: Amount = 1.0
    velocity: Amount = 1.0

    @property
    def name(self) -> str:
        """Return it in a few words: `mpc_62`, `mpc_62 80 %`, `mpc_62 timing 80 % velocity 0 %`, `straight`."""
        if self.groove is None:
            return "straight"
        if self.timing == self.velocity:
            return self.groove if self.timing == 1 else f"{self.groove} {self.timing * 100:g} %"
        return f"{self.groove} timing {self.timing * 100:g} % velocity {self.velocity * 100:g} %"


class Clip(Model):
    """A loop on one track: of notes, or, on an audio track, of a `region` of a sound; its automation loops with it.

    groove   how it is played; counts before its track's and the project's
    quantum  its own launch grid, None: the studio's
    mode     what a pad does with it: see `launching.pressed`
    legato   launched, it goes on where the clip before it on its track was, instead of at its start
    follow   what follows it by itself, None: it goes round
    lyrics   what is sung, by syllables; in time
    """

    id: ClipId
    name: Name
    length_ticks: ClipLength
    notes: NoteBlock = NoteBlock()
    region: AudioRegion | None = None
    automation: tuple[Automation, ...] = Field((), max_length=256)
    provenance: Provenance | None = None
    groove: GrooveUse | None = None
    quantum: Quantum | None = None
    mode: LaunchMode = "trigger"
    legato: bool = False
    follow: Follow | None = None
    lyrics: Annotated[tuple[Lyric, ...], Shared.most(MOST_LYRICS)] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> "Clip":
        if self.region is not None and self.notes:
            raise ValueError("a clip holds notes or audio, not both")
        return self
