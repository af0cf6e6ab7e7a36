"""Mappings: what a knob, fader, key or pad does, as data. `commands/performance/knobs.py` acts on it."""

from typing import Annotated, Literal

from pydantic import Field

from hardcore.model import Model
from hardcore.music.pitch import note_name
from hardcore.project.midiin import Key
from hardcore.project.values import MapId, Name, Text

MOST_MAPS = 1024
Message = Literal["cc", "note"]
# How a knob takes a parameter over (see `takeover.py`), how a button switches one, or that it does a command.
Takeover = Literal["pickup", "jump", "scale", "twos", "offset", "signed"]
MapMode = Literal["pickup", "jump", "scale", "twos", "offset", "signed", "toggle", "momentary", "press"]
MapCurve = Literal["lin", "exp"]
MidiChannel = Annotated[int, Field(ge=1, le=16)]


class ControlMap(Model):
    """A controller, and what it moves or does.

    message, number  a control change, or a note that begins, by its number
    port             the name of the port, None for every port
    channel          1–16, None for every channel
    target           the line of a command: one that lacks its value (`track gain t3`), or one that is whole
    mode             how the value is taken over, switched (toggle, momentary), or that the line is run (press)
    low, high        the values at the ends of the knob, the lower one may be at its right; None: those of the parameter
    curve            how the knob travels between them; None: as the parameter does
    device           the device map that it is of, whose palette lights it; None: it has no light
    lights           the palette of that map, or `value`: the light is the value
    """

    id: MapId
    message: Message = "cc"
    number: Key
    port: Name | None = None
    channel: MidiChannel | None = None
    target: Annotated[Text, Field(min_length=1, max_length=400)]
    mode: MapMode = "pickup"
    low: float | None = None
    high: float | None = None
    curve: MapCurve | None = None
    device: Name | None = None
    lights: Name | None = None

    @property
    def name(self) -> str:
        """Return the controller in words: `cc 7, channel 2, nanoKONTROL2`."""
        words = [f"cc {self.number}" if self.message == "cc" else f"note {note_name(self.number)}"]
        if self.channel is not None:
            words.append(f"channel {self.channel}")
        return ", ".join([*words, *filter(None, [self.port])])

    def hears(self, port: str, message: Message, channel: int, number: int) -> bool:
        """Return whether a message is one of this controller's."""
        return (
            (message, number) == (self.message, self.number)
            and self.port in (None, port)
            and self.channel in (None, channel)
        )
