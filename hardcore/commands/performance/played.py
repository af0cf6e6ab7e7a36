"""What hands have played: the notes of every input, kept all the time, so that they can be captured afterwards.

studio.keep(PlayedNotes(studio))
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence

from hardcore.controller.events import MidiReceived, ProjectOpened
from hardcore.controller.studio import Studio
from hardcore.project.hands import NOTE_OFF, NOTE_ON, Heard, HeardNote
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.project.take import BEAT, Played

MOST = 8192
_Key = tuple[str, int, int, str]


class PlayedNotes:
    """Keeps the newest notes that were played, until `close`. It may be asked from any thread."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._down: dict[_Key, Played] = {}
        self._notes: deque[Played] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        events = studio.controller.events
        self._stops: tuple[Callable[[], None], ...] = (
            events.subscribe(MidiReceived, self._received),
            events.subscribe(ProjectOpened, self._opened),
        )

    def notes(self, now_s: float) -> list[Played]:
        """Return the notes, those that are still down as if they ended now."""
        with self._lock:
            return [*self._notes, *(one._replace(off_s=max(now_s, one.on_s)) for one in self._down.values())]

    def restore(self, notes: Sequence[HeardNote], now_s: float) -> None:
        """Take in what was played before, as if it had just ended; the steady clock may have been another one."""
        if not notes:
            return
        project, later = self._studio.controller.hearing.project, now_s - notes[-1].heard.at_s
        with self._lock:
            for heard, tick, _ in notes:
                meant = None if tick is None else tick - self._late_s * project.tempo_map.at(tick) * BEAT / 60
                self._hear(project, heard._replace(at_s=heard.at_s + later), meant)
            self._notes.extend(one._replace(off_s=now_s) for one in self._down.values())
            self._down.clear()

    def close(self) -> None:
        """Stop."""
        for stop in self._stops:
            stop()

    @property
    def _late_s(self) -> float:
        """Return how much later a key is heard than it was meant, in seconds."""
        return self._studio.settings.engine.midi_latency_ms / 1000

    def _opened(self, event: ProjectOpened) -> None:
        with self._lock:
            self._down.clear()
            self._notes.clear()

    def _received(self, event: MidiReceived) -> None:
        if event.message not in ("note", "off"):
            return
        project, player = self._studio.controller.hearing.project, self._studio.player
        now = player.latest() if player is not None else Playback()
        kind = NOTE_ON if event.message == "note" else NOTE_OFF
        heard = Heard(event.port, kind, event.channel, event.number, event.value, event.at_s)
        with self._lock:
            self._hear(project, heard, tick_when(project, now, event.at_s - self._late_s))

    def _hear(self, project: ProjectState, heard: Heard, tick: float | None) -> None:
        """Take in a note that began or ended for each track that hears it."""
        for track in project.tracks:
            if track.midi_in is None or not track.midi_in.takes(heard.port, heard.channel):
                continue
            place = (heard.port, heard.channel, heard.number, track.id)
            ended = self._down.pop(place, None)
            if ended is not None:
                self._notes.append(ended._replace(off_s=max(heard.at_s, ended.on_s)))
            pitch = track.midi_in.key(heard.number)
            if heard.kind == NOTE_ON and pitch is not None:
                self._down[place] = Played(track.id, pitch, heard.value, heard.at_s, heard.at_s, tick)


def tick_when(project: ProjectState, now: Playback, at_s: float) -> float | None:
    """Return where the music was at a moment near now, as if a loop had no end; None where it stands still."""
    if not now.playing:
        return None
    seconds = now.seconds_at(project, at_s)
    return None if seconds < 0 else float(project.tempo_map.ticks(seconds) + now.ran_ticks)
