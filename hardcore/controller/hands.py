"""What hands play, as events: notes and controllers; and ports that come and go, said."""

from collections.abc import Iterator
from typing import Literal

from hardcore.controller.events import ClockHeard, Events, MidiReceived, Notified
from hardcore.project.hands import BEND, CONTROL, NOTE_OFF, NOTE_ON, POLY, PRESSURE, PROGRAM, ClockSaid, Heard

Said = Literal["note", "off", "cc", "fine", "nrpn", "program", "pressure", "poly", "bend"]
_SAID: dict[int, Said] = {
    NOTE_ON: "note", NOTE_OFF: "off", CONTROL: "cc", PROGRAM: "program", PRESSURE: "pressure", POLY: "poly",
    BEND: "bend",
}  # fmt: skip
_BEND_CENTRE = 8192
# Controllers that together say one value: data entry of the parameter that was chosen, and what chooses it.
_ENTRY, _ENTRY_LOW, _NRPN_LOW, _NRPN, _RPN_LOW, _RPN = 6, 38, 98, 99, 100, 101
_LOW = 32
_NONE = (127, 127)


class HandEvents:
    """Tells what the MIDI process says, in the thread that brings it."""

    def __init__(self, events: Events) -> None:
        self._events, self._fine = events, Fine()

    def heard(self, heard: Heard) -> None:
        """Tell of a message, and of a finer value that it completes."""
        value = heard.value + _BEND_CENTRE if heard.kind == BEND else heard.value
        self._tell(heard, _SAID[heard.kind], heard.number, value)
        if heard.kind == CONTROL:
            for message, number, fine in self._fine.take(heard):
                self._tell(heard, message, number, fine)

    def _tell(self, heard: Heard, message: Said, number: int, value: int) -> None:
        event = MidiReceived(
            port=heard.port, message=message, channel=heard.channel, number=number, value=value, at_s=heard.at_s
        )
        self._events.tell(event)

    def clock(self, said: ClockSaid) -> None:
        """Tell what the clock of another machine says."""
        self._events.tell(ClockHeard(**said._asdict()))

    def news(self, words: str) -> None:
        """Say something to the person at the studio."""
        self._events.tell(Notified(message=words, author="midi"))


class Fine:
    """Puts values of 14 bits together: pairs of controllers (n, n + 32), and parameters that are chosen first."""

    def __init__(self) -> None:
        self._high: dict[tuple[str, int, int], int] = {}
        self._chosen: dict[tuple[str, int], tuple[int, int]] = {}

    def take(self, heard: Heard) -> Iterator[tuple[Said, int, int]]:
        """Yield (message, number, value 0–16383) of what a control change completes."""
        place, number = (heard.port, heard.channel), heard.number
        if number in (_NRPN, _NRPN_LOW):
            high, low = self._chosen.get(place, _NONE)
            self._chosen[place] = (heard.value, low) if number == _NRPN else (high, heard.value)
        elif number in (_RPN, _RPN_LOW):  # a registered parameter, which is none of ours
            self._chosen[place] = _NONE
        elif number < _LOW:
            self._high[(*place, number)] = heard.value
            if number == _ENTRY:
                yield from self._entered(place, heard.value * 128)
        elif number < 2 * _LOW and (*place, number - _LOW) in self._high:
            value = self._high[(*place, number - _LOW)] * 128 + heard.value
            yield "fine", number - _LOW, value
            if number == _ENTRY_LOW:
                yield from self._entered(place, value)

    def _entered(self, place: tuple[str, int], value: int) -> Iterator[tuple[Said, int, int]]:
        high, low = self._chosen.get(place, _NONE)
        if (high, low) != _NONE:
            yield "nrpn", high * 128 + low, value
