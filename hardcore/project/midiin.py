"""What a track hears of hands: which MIDI port, channel and keys play its instrument."""

from typing import Annotated

from pydantic import Field

from hardcore.model import Model
from hardcore.music.pitch import note_name
from hardcore.project.midieffects import MidiEffects
from hardcore.project.values import Name

# Semitones of a full wheel, as instruments mean it unless told otherwise, and of a note's own in MPE.
WHEEL_BEND, NOTE_BEND = 2.0, 48.0
MPE_MASTER = 1
Key = Annotated[int, Field(ge=0, le=127)]


class MidiInput(Model):
    """A track's MIDI input.

    port       the name of the port, None for every port
    channel    1–16, None for every channel
    low, high  the keys that it takes, both included: a keyboard zone
    transpose  semitones by which they are moved
    bend       semitones of a full pitch wheel; of a note's own bend in MPE it is 48 unless told otherwise
    mpe        every note has a channel of its own, whose bend, pressure and timbre (cc 74) move that note alone
    pressure   the parameter of the instrument that aftertouch moves, up from where it is
    timbre     the parameter that cc 74 of an MPE note moves
    effects    what becomes of its keys
    """

    port: Name | None = None
    channel: Annotated[int, Field(ge=1, le=16)] | None = None
    low: Key = 0
    high: Key = 127
    transpose: Annotated[int, Field(ge=-48, le=48)] = 0
    bend: Annotated[float, Field(ge=0, le=96)] | None = None
    mpe: bool = False
    pressure: Name | None = None
    timbre: Name | None = None
    effects: MidiEffects = MidiEffects()

    @property
    def name(self) -> str:
        """Return it in words: the port, and what of it."""
        words = [self.port or "every MIDI input"]
        if self.channel is not None:
            words.append(f"channel {self.channel}")
        if (self.low, self.high) != (0, 127):
            words.append(f"keys {note_name(self.low)} to {note_name(self.high)}")
        if self.transpose:
            words.append(f"{self.transpose:+d} semitones")
        if self.mpe:
            words.append("MPE")
        if self.bend is not None:
            words.append(f"bend {self.bend:g} semitones")
        words += [f"{name} {value}" for name, value in (("pressure", self.pressure), ("timbre", self.timbre)) if value]
        words += [self.effects.name] if self.effects.name else []
        return ", ".join(words)

    def takes(self, port: str, channel: int) -> bool:
        """Return whether messages of a port and channel reach the track."""
        return self.port in (None, port) and (self.mpe or self.channel in (None, channel))

    def bent(self, channel: int, value: int) -> float:
        """Return the semitones of a pitch wheel at −8192…8191; in MPE channel 1 is the wheel of all notes."""
        own = self.mpe and channel != MPE_MASTER
        reach = NOTE_BEND if own else WHEEL_BEND
        return (
            (reach if self.bend is None or (self.mpe and not own) else self.bend)
            * value
            / (8192 if value < 0 else 8191)
        )

    def key(self, key: int) -> int | None:
        """Return the key that sounds for one that is pressed, None where it is outside the zone or the keyboard."""
        moved = key + self.transpose
        return moved if self.low <= key <= self.high and 0 <= moved <= 127 else None
