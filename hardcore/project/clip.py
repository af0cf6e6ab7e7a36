"""Clips: notes that loop, their envelopes, and where they came from."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from hardcore.model import Model
from hardcore.music.tempo import PPQ, Ticks
from hardcore.project.notes import MAX_TICKS, NoteBlock
from hardcore.project.values import ClipId, Name, OwnerId, Quantum, Seed, Text

ClipLength = Annotated[int, Field(ge=PPQ // 16, le=MAX_TICKS)]


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


class Clip(Model):
    """A loop of notes on one track; its automation loops with it.

    `quantum` is its own launch grid, None: the studio's.
    """

    id: ClipId
    name: Name
    length_ticks: ClipLength
    notes: NoteBlock = NoteBlock()
    automation: tuple[Automation, ...] = Field((), max_length=256)
    provenance: Provenance | None = None
    quantum: Quantum | None = None
