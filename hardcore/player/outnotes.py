"""What tracks send to MIDI outputs: notes, each of which also ends whatever becomes of its track, and automation."""

from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

from hardcore.engine.structure import audible
from hardcore.player.voices import RELEASE, Agenda, OutEnd
from hardcore.project.automation import parameter_of
from hardcore.project.events import ControlEvent, NoteEvent
from hardcore.project.hands import CONTROL, NOTE_OFF, NOTE_ON
from hardcore.project.knobs import travel
from hardcore.project.midiout import MidiOutput
from hardcore.project.state import ProjectState


class Outgoing(NamedTuple):
    """A MIDI message for a port, and how much later than its sample it is sent."""

    port: str
    delay_s: float
    message: tuple[int, int, int]


class _Sounding(NamedTuple):
    track: str
    route: MidiOutput
    number: int


class OutNotes:
    """What sounds outside. A muted track sends nothing."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._project: ProjectState | None = None
        self._routes: dict[str, MidiOutput] = {}
        self._sounding: dict[tuple[str, int, int], _Sounding] = {}
        # What each controller was set to, by port, channel and number.
        self._controls: dict[tuple[str, int, int], int] = {}
        self._numbers = count()

    def follow(self, project: ProjectState) -> list[Outgoing]:
        """Send where this version says from now on; return what ends notes of tracks that go elsewhere, or nowhere."""
        if project is self._project:
            return []
        self._project = project
        routes = {track.id: track.midi_out for track in project.tracks if track.midi_out is not None}
        heard = audible(project) if routes else set()
        self._routes = {track: route for track, route in routes.items() if track in heard}
        return self._ended(place for place, one in self._sounding.items() if self._routes.get(one.track) != one.route)

    def start(self, note: NoteEvent) -> list[Outgoing]:
        """Return what begins a note, after what ends the same key; nothing where its track has no output."""
        route = self._routes.get(note.track_id)
        if route is None:
            return []
        place = (route.port, route.channel, note.pitch)
        ended = self._ended([place] if place in self._sounding else [])
        sounding = self._sounding[place] = _Sounding(note.track_id, route, next(self._numbers))
        self._agenda.add(note.tick + note.length_ticks, RELEASE, OutEnd(place, sounding.number))
        return [*ended, _message(NOTE_ON, place, route, note.velocity)]

    def end(self, end: OutEnd) -> list[Outgoing]:
        """Return what ends a note, unless it has ended since."""
        sounding = self._sounding.get(end.place)
        return self._ended([end.place]) if sounding is not None and sounding.number == end.number else []

    def move(self, project: ProjectState, event: ControlEvent) -> list[Outgoing]:
        """Return the control changes that a step of automation is, where its track sends it and the value is new."""
        route = self._routes.get(event.track_id)
        if route is None or not route.lanes:
            return []
        track = project.find_track(event.track_id)
        parameter = parameter_of(track, event.owner, event.parameter)
        sent = []
        for lane in route.lanes:
            if (lane.owner, lane.parameter) == (event.owner, event.parameter) and parameter is not None:
                place, value = (route.port, route.channel, lane.cc), round(127 * travel(parameter, event.value))
                if self._controls.get(place) != value:
                    self._controls[place] = value
                    sent.append(_message(CONTROL, place, route, value))
        return sent

    def cut(self, track_id: str) -> list[Outgoing]:
        """Return what ends every note of a track."""
        return self._ended(place for place, one in self._sounding.items() if one.track == track_id)

    def cut_all(self) -> list[Outgoing]:
        """Return what ends every note."""
        return self._ended(self._sounding)

    def forget(self) -> None:
        """Forget every note: who sends them was told to end them."""
        self._sounding.clear()
        self._controls.clear()

    def _ended(self, places: Iterable[tuple[str, int, int]]) -> list[Outgoing]:
        return [_message(NOTE_OFF, place, self._sounding.pop(place).route, 0) for place in tuple(places)]


def _message(status: int, place: tuple[str, int, int], route: MidiOutput, value: int) -> Outgoing:
    port, channel, number = place
    return Outgoing(port, route.delay_ms / 1000, (status + channel - 1, number, value))
