"""A player by hand: the real sequencer, moved on by seconds instead of by a clock, and every note that it hands out."""

import threading
from collections.abc import Mapping, Sequence

from hardcore.player.entryrequests import EntryRequests
from hardcore.player.sequencer import Sequencer
from hardcore.player.timebase import Course
from hardcore.player.voices import START, Entry
from hardcore.project.events import NoteEvent
from hardcore.project.playback import Launched, Loop, Playback, Quantum, Timing, next_on_grid
from hardcore.project.state import ProjectState

RATE = 48_000
# The machine's clock never gets there: the state is where the music is, until it is moved on.
NEVER_S = 1e9


class Noting(EntryRequests):
    """What entries are to the engine, with the notes written down."""

    def __init__(self, before: EntryRequests) -> None:
        super().__init__(before.rate, before.agenda, before.voices, before.out, before.sleep, before.metronome)
        self.notes: list[NoteEvent] = []

    def _of_engine(self, project: ProjectState, course: Course, entry: Entry) -> list[bytes]:
        if entry.order == START and isinstance(entry.thing, NoteEvent):
            self.notes.append(entry.thing)
        return super()._of_engine(project, course, entry)


class Ear(Sequencer):
    """A sequencer whose notes are written down."""

    def __init__(self, project: ProjectState) -> None:
        super().__init__(project, RATE, 2)
        self._requests = self._noting = Noting(self._requests)

    @property
    def notes(self) -> list[NoteEvent]:
        """Return what was heard so far."""
        return self._noting.notes


class Listening:
    """A Player whose time is moved on by `go_on`; `notes` is what was heard."""

    def __init__(self, project: ProjectState) -> None:
        self._ear = Ear(project)
        self._lock = threading.RLock()
        self.followed = 0

    @property
    def notes(self) -> list[NoteEvent]:
        """Return what was heard so far."""
        return self._ear.notes

    def go_on(self, seconds: float) -> None:
        """Let so much time pass."""
        with self._lock:
            self._ear.advance(self._ear.horizon + seconds * RATE)

    def follow(self, project: ProjectState, *, provisional: bool = False, opening: int = 0) -> None:
        with self._lock:
            self.followed += 1
            self._ear.follow(project)

    def latest(self) -> Playback:
        with self._lock:
            ear = self._ear
            return Playback(
                playing=ear.playing, tick=ear.position(ear.horizon), at_s=NEVER_S, start_tick=ear.start_tick,
                clips=dict(ear.session.clips), queue=dict(ear.session.queue),
            )  # fmt: skip

    state = reload = latest

    def play(self, tick: int | None = None, *, count_in: int = 0, arrangement: bool = False) -> Playback:
        with self._lock:
            if not self._ear.playing or tick is not None:
                self._ear.play(self._ear.horizon, self._ear.tick if tick is None else tick, count_in_bars=count_in)
            return self.latest()

    def stop(self) -> Playback:
        with self._lock:
            self._ear.stop()
            return self.latest()

    def pause(self) -> Playback:
        with self._lock:
            self._ear.pause(self._ear.horizon)
            return self.latest()

    panic = stop

    def seek(self, tick: int) -> Playback:
        with self._lock:
            self._ear.seek(self._ear.horizon, tick)
            return self.latest()

    def loop(self, loop: Loop | None) -> Playback:
        with self._lock:
            self._ear.loop = loop
            return self.latest()

    def launch(
        self, clips: Mapping[str, str | None], quantum: Quantum | None = None, scene: str | None = None
    ) -> Playback:
        with self._lock:
            ear = self._ear
            meters = ear.project.meter_map
            ear.launch(dict(clips), lambda clip, tick: next_on_grid(meters, tick, quantum or "1"), None, scene)
            if not ear.playing and any(clips.values()):
                ear.session.clips |= {track: Launched(clip=clip, tick=ear.tick) for track, clip in clips.items()}
                ear.play(ear.horizon, ear.tick)
            return self.latest()

    def quantize(self, quantum: Quantum) -> Playback:
        return self.latest()

    def cue(self, tracks: Mapping[str, str | None]) -> Playback:
        return self.latest()

    def nudge(self, seconds: float) -> Playback:
        return self.latest()

    def prepare(self, project: ProjectState) -> Playback:
        return self.latest()

    def metronome(self, on: bool) -> Playback:
        return self.latest()

    def audition(self, sound: ProjectState) -> Playback:
        return self.latest()

    def put_out_lamps(self) -> Playback:
        return self.latest()

    def renew(self) -> Playback:
        return self.latest()

    def devices(self) -> Sequence[str]:
        return ()

    def news(self) -> str:
        return ""

    def timing(self) -> Timing:
        return Timing(sent=0, late=0, margins_ms=(), worst_margin_ms=0, load_percent=0, peak_percent=0, settled=True)

    def close(self) -> None:
        self.stop()
