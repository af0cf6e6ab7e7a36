"""Clips: notes that loop, their envelopes, and where they came from."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from hardcore.model import Model
from hardcore.music.groove import Amount
from hardcore.music.tempo import PPQ, Ticks
from hardcore.project.notes import MAX_TICKS, NoteBlock
from hardcore.project.values import ClipId, Name, OwnerId, Quantum, Seed, Text

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


class AutomationPoint(Model):
    """A parameter's value at a time."""

    tick: Ticks
    value: float


class Automation(Model):
    """A parameter moving in time: straight lines between points, held at both ends.

    `owner` is the track (its fader `gain_db`, `pan`, or its instrument's parameter) or one of its effects.
    """

    owner: OwnerId
    parameter: Name
    points: tuple[AutomationPoint, ...] = Field(min_length=1, max_length=4096)

    @model_validator(mode="after")
    def _rising(self) -> "Automation":
        if any(a.tick >= b.tick for a, b in zip(self.points, self.points[1:], strict=False)):
            raise ValueError("automation points must rise in time")
        return self

    def at(self, tick: float) -> float:
        """Return the value at `tick`."""
        if tick <= self.points[0].tick:
            return self.points[0].value
        for a, b in zip(self.points, self.points[1:], strict=False):
            if tick < b.tick:
                return a.value + (b.value - a.value) * (tick - a.tick) / (b.tick - a.tick)
        return self.points[-1].value


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
    """A loop of notes on one track; its automation loops with it.

    `groove` counts before its track's and the project's; `quantum` is its own launch grid, None: the studio's.
    """

    id: ClipId
    name: Name
    length_ticks: ClipLength
    notes: NoteBlock = NoteBlock()
    automation: tuple[Automation, ...] = Field((), max_length=256)
    provenance: Provenance | None = None
    groove: GrooveUse | None = None
    quantum: Quantum | None = None
