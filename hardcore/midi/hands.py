"""What hands play: messages from ports go to the tracks that hear them, at once, and on to the studio."""

import threading
import time
from collections.abc import Callable, Sequence

from hardcore.engine import nodes
from hardcore.engine.osc import message
from hardcore.midi.livevoices import LiveVoices
from hardcore.midi.messages import ALL_NOTES_OFF, ALL_SOUND_OFF, SUSTAIN, parse
from hardcore.project.hands import BEND, CONTROL, NOTE_OFF, NOTE_ON, Heard
from hardcore.project.midiin import MidiInput
from hardcore.project.state import ProjectState

# Bend of a full wheel, as instruments and controllers mean it unless told otherwise.
BEND_SEMITONES = 2.0
# A mixer that has been silent for longer may rest (see player/rest.py): it is let run before the next note.
RESTED_S = 2.0
_PEDAL_DOWN = 64


class Hands:
    """Plays a project's tracks by hand. `send` takes requests for the engine; any thread may call a method."""

    def __init__(
        self, project: ProjectState, outputs: int, send: Callable[[list[bytes]], None],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._voices, self._send, self._steady = LiveVoices(project, outputs), send, steady
        # Which track each key that is down was given to: it is lifted there, wherever its port leads by then.
        self._down: dict[tuple[str, int, int], list[tuple[str, int]]] = {}
        self._played_s = -RESTED_S
        self._lock = threading.Lock()

    def follow(self, project: ProjectState) -> None:
        """Play this version from now on."""
        with self._lock:
            self._send(self._voices.follow(project))

    def play_on(self, outputs: int) -> None:
        """Play on an engine that has just started, with so many hardware channels; what was held is gone."""
        with self._lock:
            self._down.clear()
            self._voices = LiveVoices(self._voices.project, outputs)
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

    def unplugged(self, port: str) -> None:
        """Release what was played from a port that is gone."""
        with self._lock:
            for place in [place for place in self._down if place[0] == port]:
                for track, key in self._down.pop(place):
                    self._send(self._voices.sustain(track, False) + self._voices.lift(track, key))

    def silence(self) -> None:
        """Release everything that hands hold, and lift the pedals: what is pressed from now on begins anew."""
        with self._lock:
            self._down.clear()
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
            given = self._down.pop((heard.port, heard.channel, heard.number), [])
            return [request for track, key in given for request in self._voices.lift(track, key)]
        tracks = [track.id for track in self._voices.project.tracks if _takes(track.midi_in, heard)]
        if heard.kind == BEND:
            amount = BEND_SEMITONES * heard.value / (8192 if heard.value < 0 else 8191)
            return [request for track in tracks for request in self._voices.bend(track, amount)]
        if heard.kind == CONTROL and heard.number == SUSTAIN:
            down = heard.value >= _PEDAL_DOWN
            return [request for track in tracks for request in self._voices.sustain(track, down)]
        if heard.kind == CONTROL and heard.number in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            return [request for track in tracks for request in self._voices.release_all(track)]
        return []

    def _pressed(self, heard: Heard) -> list[bytes]:
        requests: list[bytes] = []
        given = []
        for track in self._voices.project.tracks:
            if not _takes(track.midi_in, heard):
                continue
            assert track.midi_in is not None
            key = track.midi_in.key(heard.number)
            if key is not None:
                requests += self._voices.press(track.id, key, heard.value)
                given.append((track.id, key))
        if given:
            self._down[heard.port, heard.channel, heard.number] = given
        return requests


def _takes(taken: MidiInput | None, heard: Heard) -> bool:
    return taken is not None and taken.takes(heard.port, heard.channel)
