"""What a track hears of hands: which MIDI port, channel and keys play its instrument."""

from typing import Annotated

from pydantic import Field

from hardcore.model import Model
from hardcore.music.pitch import note_name
from hardcore.project.values import Name

Key = Annotated[int, Field(ge=0, le=127)]


class MidiInput(Model):
    """A track's MIDI input.

    port       the name of the port, None for every port
    channel    1–16, None for every channel
    low, high  the keys that it takes, both included: a keyboard zone
    transpose  semitones by which they are moved
    """

    port: Name | None = None
    channel: Annotated[int, Field(ge=1, le=16)] | None = None
    low: Key = 0
    high: Key = 127
    transpose: Annotated[int, Field(ge=-48, le=48)] = 0

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
        return ", ".join(words)

    def takes(self, port: str, channel: int) -> bool:
        """Return whether messages of a port and channel reach the track."""
        return self.port in (None, port) and self.channel in (None, channel)

    def key(self, key: int) -> int | None:
        """Return the key that sounds for one that is pressed, None where it is outside the zone or the keyboard."""
        moved = key + self.transpose
        return moved if self.low <= key <= self.high and 0 <= moved <= 127 else None
