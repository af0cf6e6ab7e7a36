"""Voices: the notes that sound, and what starts, retunes and releases them. Releases wait in the agenda."""

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from typing import NamedTuple

from hardcore.engine import nodes, regions, voice
from hardcore.engine.osc import message
from hardcore.project.automation import is_note_parameter
from hardcore.project.events import ControlEvent, NoteEvent
from hardcore.project.midilanes import BEND, MIDI
from hardcore.project.regionevents import RegionEvent
from hardcore.project.state import ProjectState
from hardcore.project.track import HOLDS_CLIPS, Track

# Within one tick: cuts and parameters, then releases, then new notes.
CUT, MOVE, RELEASE, START, CLICK = range(5)
_NODE_SPAN = 500_000_000


@dataclass(frozen=True)
class OutEnd:
    """The end of a note that goes to a MIDI output: the port, channel and key, and which note there it is."""

    place: tuple[str, int, int]
    number: int


Thing = NoteEvent | ControlEvent | RegionEvent | OutEnd | str | int | tuple[int, int]


def all_off(project: ProjectState) -> list[bytes]:
    """Return what releases every note; `once`: what plays to its end whatever the key does, ends too."""
    groups = [nodes.source_group(track.id) for track in project.tracks if track.kind in HOLDS_CLIPS]
    return [message("/n_set", group, "gate", 0, "once", 0) for group in groups]


class Entry(NamedTuple):
    """Something that happens at a tick; `number` keeps the order of what was entered."""

    tick: float
    order: int
    number: int
    thing: Thing


@dataclass
class Agenda:
    """What is to happen, by tick."""

    entries: list[Entry] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def add(self, tick: float, order: int, thing: Thing) -> None:
        """Enter something."""
        heappush(self.entries, Entry(tick, order, next(self._numbers), thing))

    def next_before(self, tick: float) -> Entry | None:
        """Take out the first entry before `tick`, None when there is none."""
        return heappop(self.entries) if self.entries and self.entries[0].tick < tick else None

    def shift(self, ticks: float) -> None:
        """Move everything by `ticks`: the music jumped."""
        self.entries = [entry._replace(tick=entry.tick + ticks) for entry in self.entries]
        heapify(self.entries)


@dataclass
class _Mono:
    """The one voice of a mono track; `slides_until`: a note that comes by then retunes it."""

    node: int
    slides_until: float


class Following(NamedTuple):
    """A segment of audio that begins at a sample, because the one before it ends there; `number` keeps the order."""

    sample: int
    number: int
    event: RegionEvent
    segment: regions.Segment


@dataclass
class Voices:
    """Every sounding gated note: its track, and the stamp of the release that counts; and audio, by segments.

    following   the segments that continue what sounds, by sample: time may bend, they have no seam
    bends       semitones by which the wheel bends each track; `_pitches` what it bends
    """

    agenda: Agenda
    outputs: int
    sounding: dict[int, tuple[str, int]] = field(default_factory=dict)
    moved: dict[tuple[str, str], float] = field(default_factory=dict)
    turns: voice.Turns = field(default_factory=voice.Turns)
    following: list[Following] = field(default_factory=list)
    bends: dict[str, float] = field(default_factory=dict)
    _pitches: dict[int, int] = field(default_factory=dict)
    _audio: dict[str, int] = field(default_factory=dict)
    _mono: dict[str, _Mono] = field(default_factory=dict)
    _count: int = 0

    def start(self, project: ProjectState, note: NoteEvent) -> list[bytes]:
        """Return what starts a note, or retunes the voice that slides into it; nothing when its track is gone."""
        track = next((track for track in project.tracks if track.id == note.track_id), None)
        if track is None or track.instrument is None:
            return []
        device = track.instrument.definition
        requests: list[bytes] = []
        mono = self._mono.get(track.id) if device.mono else None
        if mono is not None and mono.node in self.sounding and note.tick <= mono.slides_until:
            node = mono.node
            requests.append(message("/n_set", node, *voice.tuning(note, self.bends.get(track.id, 0.0))))
            begun = [node]
        else:
            if mono is not None:
                requests += self._released(mono.node)
            settings = voice.fixed(project, track.instrument)
            settings |= {name: value for (owner, name), value in self.moved.items() if owner == track.id}
            begun = self._begin(project, track, note, settings, requests)
        if device.gated:
            for node in begun:
                self._release_later(node, note, device.mono)
                self._pitches[node] = note.pitch
        return requests

    def _begin(
        self, project: ProjectState, track: Track, note: NoteEvent, settings: dict[str, float], requests: list[bytes]
    ) -> list[int]:
        """Add what starts a note, and what that cuts, to the requests; return its nodes."""
        bus = nodes.buses(project, self.outputs)[track.id]
        starts = self.turns.starts(project, track, note, settings)
        requests += self.turns.cuts(track.id, starts)
        begun = []
        for start in starts:
            begun.append(self._new_node())
            self.turns.note_down(track.id, begun[-1], start)
            bend = self.bends.get(track.id, 0.0)
            requests.append(voice.started(project, track, note, begun[-1], bus, start, bend))
        return begun

    def _new_node(self) -> int:
        self._count += 1
        return nodes.FIRST_NOTE + self._count % _NODE_SPAN

    def _release_later(self, node: int, note: NoteEvent, mono: bool) -> None:
        end = note.tick + note.length_ticks
        stamp = self.sounding.get(node, ("", 0))[1] + 1
        self.sounding[node] = (note.track_id, stamp)
        slides = mono and note.slide
        if mono:
            self._mono[note.track_id] = _Mono(node, end + 1 if slides else -1)
        self.agenda.add(end + 2 if slides else end, RELEASE, (node, stamp))

    def start_audio(self, event: RegionEvent, sample: int, rate: int, until: int) -> None:
        """Enter the segments of an event that begins at a sample; `until`: it is cut after so many frames."""
        for one in regions.segments(event, rate, until):
            self._count += 1
            heappush(self.following, Following(sample + one.frame, self._count, event, one))

    def next_audio(self, project: ProjectState, sample: float, rate: int) -> tuple[Following, bytes] | None:
        """Take out the first segment before a sample; return it and what starts it, None without one."""
        while self.following and self.following[0].sample < sample:
            following = heappop(self.following)
            _, _, event, one = following
            track = event.track_id
            bus = nodes.buses(project, self.outputs).get(track)
            if bus is None or one.load.key not in project.region_loads:
                continue
            self._audio[track] = self._new_node()
            return following, regions.started(project, event, one, self._audio[track], bus, rate)
        return None

    def _end_audio(self, track_id: str) -> list[bytes]:
        """Return what ends a track's audio; what would have followed does not."""
        self.following = [one for one in self.following if one.event.track_id != track_id]
        heapify(self.following)
        if self._audio.pop(track_id, None) is None:
            return []
        return [message("/n_set", nodes.source_group(track_id), "gate", 0)]

    def release(self, node: int, stamp: int) -> list[bytes]:
        """Return what releases a note, unless it was retuned or cut since."""
        return self._released(node) if self.sounding.get(node, ("", 0))[1] == stamp else []

    def _released(self, node: int) -> list[bytes]:
        if self.sounding.pop(node, None) is None:
            return []
        self._pitches.pop(node, None)
        return [message("/n_set", node, "gate", 0)]

    def cut(self, track_id: str) -> list[bytes]:
        """Return what releases every note of a track."""
        found = [node for node, (track, _) in self.sounding.items() if track == track_id]
        return [*self._end_audio(track_id), *(request for node in found for request in self._released(node))]

    def move(self, project: ProjectState, move: ControlEvent) -> list[bytes]:
        """Return a step of automation; an instrument's parameter, and a bend, is kept for the notes that follow."""
        if move.track_id not in {track.id for track in project.tracks}:
            return []
        if move.parameter == BEND:
            return self._bend(move.track_id, move.value)
        if move.parameter.startswith(MIDI):
            return []  # what an instrument of ours has no use for
        if is_note_parameter(move.track_id, move.owner, move.parameter):
            self.moved[move.track_id, move.parameter] = move.value
        return [voice.moved(project, move)]

    def _bend(self, track_id: str, semitones: float) -> list[bytes]:
        self.bends[track_id] = semitones
        own = [node for node, (track, _) in self.sounding.items() if track == track_id]
        return [voice.bent(node, self._pitches[node], semitones) for node in own]

    def forget(self) -> None:
        """Forget every note: the engine is silent, or was told to be."""
        self.sounding.clear()
        self._pitches.clear()
        self._mono.clear()
        self.turns = voice.Turns()
        self.following.clear()
        self._audio.clear()
        self.agenda.entries.clear()
