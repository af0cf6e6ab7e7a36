"""MIDI thru: what hands play on a track goes on to the track's MIDI output at once; each key that begins also ends."""

import threading
from collections.abc import Callable, Iterable, Sequence

from hardcore.midi.messages import ALL_NOTES_OFF, message_of
from hardcore.project.hands import CONTROL, NOTE_OFF, NOTE_ON, Heard
from hardcore.project.midiin import MidiInput
from hardcore.project.midiout import MidiOutput
from hardcore.project.state import ProjectState

Place = tuple[str, int, int]
_Key = tuple[str, int, int]


class Thru:
    """Passes on what is heard. `send` takes an output port and a message; any thread may call a method."""

    def __init__(self, send: Callable[[str, Sequence[int]], None]) -> None:
        self._send = send
        self._routes: tuple[tuple[MidiInput, MidiOutput], ...] = ()
        # Where each key that is down sounds: port, channel, key there, by port, channel and key here.
        self._down: dict[_Key, list[Place]] = {}
        self._lock = threading.Lock()

    @property
    def ports(self) -> frozenset[str]:
        """Return the output ports that something goes to."""
        return frozenset(out.port for _, out in self._routes)

    def first(self, port: str) -> list[tuple[int, ...]]:
        """Return what a port is told when it opens: no key is down there, whatever a process before this one held."""
        channels = sorted({out.channel for _, out in self._routes if out.port == port})
        return [(CONTROL + channel - 1, ALL_NOTES_OFF, 0) for channel in channels]

    def follow(self, project: ProjectState) -> None:
        """Pass on as the tracks of this version say; what sounds where nothing goes any more is ended."""
        with self._lock:
            routes = ((track.midi_in, track.midi_out) for track in project.tracks)
            self._routes = tuple((one, out) for one, out in routes if one is not None and out is not None and out.thru)
            there = {(out.port, out.channel) for _, out in self._routes}
            for key, places in tuple(self._down.items()):
                self._end(place for place in places if place[:2] not in there)
                self._down[key] = [place for place in places if place[:2] in there]

    def take(self, heard: Heard) -> None:
        """Pass on a message; a key is moved as its track moves it, bends and controllers go to its channel."""
        with self._lock:
            here = (heard.port, heard.channel, heard.number)
            if heard.kind == NOTE_OFF:
                self._end(self._down.pop(here, ()))
                return
            for taken, out in self._routes:
                if not taken.takes(heard.port, heard.channel):
                    continue
                if heard.kind != NOTE_ON:
                    self._send(out.port, message_of(heard, out.channel))
                elif (key := taken.key(heard.number)) is not None:
                    self._down.setdefault(here, []).append((out.port, out.channel, key))
                    self._send(out.port, message_of(heard._replace(number=key), out.channel))

    def unplugged(self, port: str) -> None:
        """End what was played from a port that is gone."""
        with self._lock:
            for key in [key for key in self._down if key[0] == port]:
                self._end(self._down.pop(key))

    def silence(self) -> None:
        """End everything."""
        with self._lock:
            for places in self._down.values():
                self._end(places)
            self._down.clear()

    def _end(self, places: Iterable[Place]) -> None:
        for port, channel, key in places:
            self._send(port, (NOTE_OFF + channel - 1, key, 0))
