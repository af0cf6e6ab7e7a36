"""Mappings: what a knob, fader, key or pad does, as data. `commands/performance/knobs.py` acts on it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hardcore.model import Model
from hardcore.music.pitch import note_name
from hardcore.project.values import MapId, Name, Text

MOST_MAPS = 1024
# `fine` is a control change of 14 bits, as a pair of controllers (n and n + 32) sends it.
Message = Literal["cc", "note", "fine", "nrpn", "program", "pressure", "poly", "bend"]
NUMBERED = ("cc", "note", "fine", "nrpn", "program", "poly")
_WORDS = {"cc": "cc", "fine": "fine cc", "nrpn": "nrpn", "program": "program"}
_FINE = ("fine", "nrpn", "bend")
# How a knob takes a parameter over (see `takeover.py`), how a button switches one, or that it does a command.
Takeover = Literal["pickup", "jump", "scale", "twos", "offset", "signed"]
MapMode = Literal["pickup", "jump", "scale", "twos", "offset", "signed", "toggle", "momentary", "press"]
MapCurve = Literal["lin", "exp"]
MidiChannel = Annotated[int, Field(ge=1, le=16)]


class ControlMap(Model):
    """A controller, and what it moves or does.

    message, number  what is sent, and its number: the controller, key, parameter or program; 0 where it has none
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
    number: Annotated[int, Field(ge=0, le=16383)]
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
        if self.message in ("note", "poly"):
            words = [f"{self.message} {note_name(self.number)}"]
        else:
            words = [f"{_WORDS[self.message]} {self.number}" if self.message in _WORDS else self.message]
        if self.channel is not None:
            words.append(f"channel {self.channel}")
        return ", ".join([*words, *filter(None, [self.port])])

    @model_validator(mode="after")
    def _in_range(self) -> "ControlMap":
        if self.number > (16383 if self.message == "nrpn" else 127):
            raise ValueError(f"there is no {self.message} {self.number}")
        return self

    def hears(self, port: str, message: Message, channel: int, number: int) -> bool:
        """Return whether a message is one of this controller's."""
        return (
            (message, number) == (self.message, self.number)
            and self.port in (None, port)
            and self.channel in (None, channel)
        )


def top(message: str) -> int:
    """Return the highest value of a kind of message."""
    return 16383 if message in _FINE else 127
