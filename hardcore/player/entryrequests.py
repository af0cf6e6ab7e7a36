"""What entries of the agenda are to others: requests of the engine and MIDI messages, each at its sample."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hardcore.player.metronome import Metronome
from hardcore.player.outnotes import Outgoing, OutNotes
from hardcore.player.sleep import Sleep
from hardcore.player.timebase import Course
from hardcore.player.voices import CUT, MOVE, RELEASE, START, Agenda, Entry, OutEnd, Voices
from hardcore.project.events import ControlEvent, NoteEvent
from hardcore.project.regionevents import RegionEvent
from hardcore.project.state import ProjectState


class Timed(NamedTuple):
    """Requests of the engine for one sample, and MIDI messages for outputs."""

    sample: float
    requests: list[bytes]
    midi: Sequence[Outgoing] = ()


@dataclass
class EntryRequests:
    """Takes entries out of the agenda and says what they are to the engine and to outputs."""

    rate: int
    agenda: Agenda
    voices: Voices
    out: OutNotes
    sleep: Sleep
    metronome: Metronome

    def until(self, project: ProjectState, course: Course, horizon: float, target: int) -> Iterator[Timed]:
        """Yield what happens before a tick, in order; what ends outside since the last time comes at the horizon."""
        if ended := self.out.follow(project):
            yield Timed(horizon, [], ended)
        while (entry := self.agenda.next_before(target)) is not None:
            sample = course.sample_of(entry.tick)
            yield from self.audio(project, round(sample))
            track = self._track(entry)
            requests, midi = self._of_engine(project, course, entry), self._of_outputs(project, entry)
            if requests or midi:
                woken = self.sleep.stir(project, track, sample) if track else []
                yield Timed(sample, [*woken, *requests], midi)

    def _track(self, entry: Entry) -> str | None:
        """Return the track that something is done with, None where it is the metronome or a note that is over."""
        thing = entry.thing
        if isinstance(thing, NoteEvent | RegionEvent | ControlEvent):
            return thing.track_id
        if entry.order == RELEASE and isinstance(thing, tuple):
            return self.voices.sounding.get(int(thing[0]), (None, 0))[0]
        return thing if isinstance(thing, str) else None

    def audio(self, project: ProjectState, sample: float) -> Iterator[Timed]:
        """Yield the segments of audio that begin before a sample."""
        while (begun := self.voices.next_audio(project, sample, self.rate)) is not None:
            (at, _, event, segment), request = begun
            woken = self.sleep.stir(project, event.track_id, at, at + segment.frames)
            yield Timed(at, [*woken, request])

    def _of_engine(self, project: ProjectState, course: Course, entry: Entry) -> list[bytes]:
        thing = entry.thing
        if entry.order == START and isinstance(thing, NoteEvent):
            return self.voices.start(project, thing)
        if entry.order == START and isinstance(thing, RegionEvent):
            begin, end = (round(course.sample_of(tick)) for tick in (thing.tick, thing.end_tick))
            self.voices.start_audio(thing, begin, self.rate, end - begin)
            return []
        if entry.order == RELEASE and isinstance(thing, tuple):
            return self.voices.release(int(thing[0]), int(thing[1]))
        if entry.order == MOVE and isinstance(thing, ControlEvent):
            return self.voices.move(project, thing)
        if entry.order == CUT and isinstance(thing, str):
            return self.voices.cut(thing)
        if isinstance(thing, OutEnd):
            return []
        return [self.metronome.request(bool(thing))]

    def _of_outputs(self, project: ProjectState, entry: Entry) -> list[Outgoing]:
        thing = entry.thing
        if isinstance(thing, NoteEvent):
            return self.out.start(thing)
        if isinstance(thing, OutEnd):
            return self.out.end(thing)
        if isinstance(thing, ControlEvent):
            return self.out.move(project, thing)
        return self.out.cut(thing) if entry.order == CUT and isinstance(thing, str) else []
