"""What hands have played: the notes of every input, kept all the time, so that they can be captured afterwards.

studio.keep(PlayedNotes(studio))
"""

import threading
from collections import deque
from collections.abc import Callable

from hardcore.controller.events import MidiReceived, ProjectOpened
from hardcore.controller.studio import Studio
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState
from hardcore.project.take import Played

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

    def close(self) -> None:
        """Stop."""
        for stop in self._stops:
            stop()

    def _opened(self, event: ProjectOpened) -> None:
        with self._lock:
            self._down.clear()
            self._notes.clear()

    def _received(self, event: MidiReceived) -> None:
        if event.message not in ("note", "off"):
            return
        project = self._studio.controller.hearing.project
        with self._lock:
            for track in project.tracks:
                if track.midi_in is not None and track.midi_in.takes(event.port, event.channel):
                    self._take(project, event, track.id, track.midi_in.key(event.number))

    def _take(self, project: ProjectState, event: MidiReceived, track: str, pitch: int | None) -> None:
        place = (event.port, event.channel, event.number, track)
        ended = self._down.pop(place, None)
        if ended is not None:
            self._notes.append(ended._replace(off_s=max(event.at_s, ended.on_s)))
        if event.message == "note" and pitch is not None:
            player = self._studio.player
            now = player.latest() if player is not None else Playback()
            tick = tick_when(project, now, event.at_s)
            self._down[place] = Played(track, pitch, event.value, event.at_s, event.at_s, tick)


def tick_when(project: ProjectState, now: Playback, at_s: float) -> float | None:
    """Return where the music was at a moment near now, as if a loop had no end; None where it stands still."""
    if not now.playing:
        return None
    tempo = project.tempo_map
    seconds = tempo.seconds(now.tick) + at_s - now.at_s
    if seconds < 0:
        return None
    laps = now.lap * (now.loop.end_ticks - now.loop.start_ticks) if now.loop is not None else 0
    return float(tempo.ticks(seconds) + laps)
