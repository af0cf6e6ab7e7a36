"""General MIDI: which instrument of the catalogue is nearest to each program and each drum key."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from hardcore.model import Model
from hardcore.project import devices
from hardcore.project.roles import DRUMS, Role
from hardcore.project.values import Name

DrumKey = Annotated[int, Field(ge=0, le=127)]
_ELSE = "perc"


class Sound(Model):
    """A program or a drum key by its General MIDI name, and the instrument that plays it."""

    name: Name
    instrument: str

    @model_validator(mode="after")
    def _known(self) -> "Sound":
        devices.instrument(self.instrument)
        return self


class ProgramSound(Sound):
    """A program: also its role, and for an instrument of one voice the one that plays its chords."""

    role: Role
    chords: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> "ProgramSound":
        if self.chords is not None and devices.instrument(self.chords).mono:
            raise ValueError(f"{self.chords} plays no chords")
        if self.role in DRUMS:
            raise ValueError(f"{self.role} is for keys of channel 10")
        return self


class GeneralMidi(Model):
    """The 128 programs, counted from 0, and the drum keys."""

    programs: Annotated[tuple[ProgramSound, ...], Field(min_length=128, max_length=128)]
    drums: Mapping[DrumKey, Sound]

    def drum(self, key: int) -> Sound:
        """Return what plays a drum key; one that General MIDI does not name is a hand drum."""
        return self.drums.get(key) or Sound(name=f"key {key}", instrument=_ELSE)
