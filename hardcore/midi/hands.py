"""What hands play: messages from ports go to the tracks that hear them, at once, and on to the studio."""

import threading
import time
from collections.abc import Callable, Sequence

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.midi.arpeggios import Arpeggios
from hardcore.midi.livevoices import LiveVoices
from hardcore.midi.messages import ALL_NOTES_OFF, ALL_SOUND_OFF, SUSTAIN, TIMBRE, parse
from hardcore.midi.ticker import Ticker
from hardcore.project.hands import BEND, CONTROL, NOTE_OFF, NOTE_ON, POLY, PRESSURE, Heard
from hardcore.project.midiin import MPE_MASTER, MidiInput
from hardcore.project.state import ProjectState
from hardcore.project.takeover import TOP
from hardcore.project.track import Track

# A mixer that has been silent for longer may rest (see player/rest.py): it is let run before the next note.
RESTED_S = 2.0
_PEDAL_DOWN = 64
_EXPRESSIVE = (BEND, PRESSURE, POLY)


class Hands:
    """Plays a project's tracks by hand. `send` takes requests for the engine; any thread may call a method."""

    def __init__(
        self, project: ProjectState, outputs: int, send: Callable[[list[bytes]], None],
        steady: Callable[[], float] = time.monotonic,
        send_at: Callable[[float, list[bytes]], None] | None = None,
    ) -> None:  # fmt: skip
        self._voices, self._send, self._steady = LiveVoices(project, outputs), send, steady
        self._send_at = send_at or (lambda at_s, requests: send(requests))
        self.ticker = Ticker(steady)
        self._arpeggios = Arpeggios(self._voices, self.ticker)
        # Which track each key that is down was given to: it is lifted there, wherever its port leads by then.
        self._down: dict[tuple[str, int, int], list[tuple[str, int]]] = {}
        # What the channel of an MPE note said before the note: its bend, pressure and timbre by (port, channel, kind).
        self._before: dict[tuple[str, int, int], Heard] = {}
        self._played_s = -RESTED_S
        self._lock = threading.Lock()

    def follow(self, project: ProjectState) -> None:
        """Play this version from now on."""
        with self._lock:
            self._send(self._voices.follow(project))
            self.ticker.follow(project.tempo_map)

    @property
    def nodes(self) -> int:
        """Return how many nodes hands have started on the engine."""
        return self._voices.count

    def play_on(self, outputs: int, nodes: int = 0) -> None:
        """Play on another engine, with so many hardware channels; what was held is gone.

        nodes   how many another process has started there, which has ended: those that sound are released
        """
        with self._lock:
            self._down.clear()
            self._before.clear()
            self._voices = LiveVoices(self._voices.project, outputs, nodes)
            self._send(self._voices.release_others())
            self._arpeggios = Arpeggios(self._voices, self.ticker)
            self._played_s = -RESTED_S

    def hear(self, port: str, data: Sequence[int]) -> Heard | None:
        """Play what a message says and return it; None where it is no channel message."""
        heard = parse(port, data, self._steady())
        if heard is None:
            return None
        with self._lock:
            requests = self._played(heard)
            if requests:
                self._send(self._woken() + requests)
        return heard

    def strike(self, track: str, keys: Sequence[int], velocity: int, seconds: float) -> None:
        """Sound keys on a track now, for so long."""
        with self._lock:
            requests = self._arpeggios.strike(track, keys, velocity, self._steady() + seconds)
            if requests:
                self._send(self._woken() + requests)

    def run(self) -> bool:
        """Send what arpeggios sound soon; return whether more of it is to come."""
        with self._lock:
            for at_s, requests in self._arpeggios.due(self._steady()):
                if requests:
                    self._send_at(at_s, self._woken() + requests)
            return self._arpeggios.active

    def unplugged(self, port: str) -> None:
        """Release what was played from a port that is gone."""
        with self._lock:
            for place in [place for place in self._down if place[0] == port]:
                given = self._down.pop(place)
                for track, _ in given:
                    self._send(self._voices.sustain(track, False))
                self._send(self._lifted(given))

    def silence(self) -> None:
        """Release everything that hands hold, and lift the pedals: what is pressed from now on begins anew."""
        with self._lock:
            self._down.clear()
            for track in self._voices.project.tracks:
                self._arpeggios.stop(track.id)
            self._send([request for track in self._voices.holding for request in self._voices.release_all(track)])

    def _woken(self) -> list[bytes]:
        now, before = self._steady(), self._played_s
        self._played_s = now
        if now - before < RESTED_S:
            return []
        return [message("/n_run", nodes.track_group(track.id), 1) for track in self._voices.project.tracks]

    def _played(self, heard: Heard) -> list[bytes]:
        if heard.kind == NOTE_ON:
            return self._pressed(heard)
        if heard.kind == NOTE_OFF:
            return self._lifted(self._down.pop((heard.port, heard.channel, heard.number), []))
        if heard.kind in _EXPRESSIVE or (heard.kind == CONTROL and heard.number == TIMBRE):
            self._before[heard.port, heard.channel, heard.kind] = heard
            return [request for track in self._voices.project.tracks for request in self._expressed(track, heard)]
        tracks = [track.id for track in self._voices.project.tracks if _takes(track.midi_in, heard)]
        if heard.kind == CONTROL and heard.number == SUSTAIN:
            down = heard.value >= _PEDAL_DOWN
            return [request for track in tracks for request in self._voices.sustain(track, down)]
        if heard.kind == CONTROL and heard.number in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            return [request for track in tracks for request in self._voices.release_all(track)]
        return []

    def _expressed(self, track: Track, heard: Heard) -> list[bytes]:
        """Bend and move what sounds on a track: a note alone by its channel (MPE) or key, else all of them."""
        taken = track.midi_in
        if taken is None or not taken.takes(heard.port, heard.channel):
            return []
        own = taken.mpe and heard.channel != MPE_MASTER
        if heard.kind == BEND:
            semitones = taken.bent(heard.channel, heard.value)
            if not own:
                return self._voices.bend(track.id, semitones)
            down = self._keys(track, heard)
            return [request for key in down for request in self._voices.bend_key(track.id, key, semitones)]
        parameter = taken.pressure if heard.kind in (POLY, PRESSURE) else taken.timbre if taken.mpe else None
        if parameter is None:
            return []
        one = taken.key(heard.number) if heard.kind == POLY else None
        keys: list[int | None] = [*self._keys(track, heard)] if own else [one]
        share = heard.value / TOP
        return [request for key in keys for request in self._voices.express(track.id, parameter, share, key)]

    def _keys(self, track: Track, heard: Heard) -> list[int]:
        """Return the keys of a track that are down on a message's channel."""
        place = (heard.port, heard.channel)
        down = (given for (*here, _), given in self._down.items() if tuple(here) == place)
        return [key for given in down for one, key in given if one == track.id]

    def _pressed(self, heard: Heard) -> list[bytes]:
        requests: list[bytes] = []
        given = []
        for track in self._voices.project.tracks:
            if not _takes(track.midi_in, heard):
                continue
            assert track.midi_in is not None
            key, effects = track.midi_in.key(heard.number), track.midi_in.effects
            if key is None:
                continue
            keys = effects.notes(key, self._voices.project.key)
            if effects.arp is not None:
                self._arpeggios.press(track.id, effects, keys, effects.loud(heard.value), self._steady())
            else:
                for one in keys:
                    requests += self._voices.press(track.id, one, effects.loud(heard.value))
            given += [(track.id, one) for one in keys]
        if given:
            self._down[heard.port, heard.channel, heard.number] = given
        return requests + self._begun(heard, {track for track, _ in given})

    def _lifted(self, given: Sequence[tuple[str, int]]) -> list[bytes]:
        """Let go of what a key was given to: the notes that it sounds, and its part of arpeggios."""
        requests: list[bytes] = []
        for track, key in given:
            self._arpeggios.lift(track, (key,))
            if not self._arpeggiated(track):
                requests += self._voices.lift(track, key)
        return requests

    def _arpeggiated(self, track_id: str) -> bool:
        taken = next((track.midi_in for track in self._voices.project.tracks if track.id == track_id), None)
        return taken is not None and taken.effects.arp is not None

    def _begun(self, heard: Heard, tracks: set[str]) -> list[bytes]:
        """Let a new note of an MPE channel be as that channel said before it."""
        said = (self._before.get((heard.port, heard.channel, kind)) for kind in (BEND, PRESSURE, CONTROL))
        before = [one for one in said if one is not None]
        if not before or heard.channel == MPE_MASTER:
            return []
        own = (track for track in self._voices.project.tracks if track.id in tracks)
        mpe = [track for track in own if track.midi_in is not None and track.midi_in.mpe]
        return [request for track in mpe for one in before for request in self._expressed(track, one)]


def _takes(taken: MidiInput | None, heard: Heard) -> bool:
    return taken is not None and taken.takes(heard.port, heard.channel)
