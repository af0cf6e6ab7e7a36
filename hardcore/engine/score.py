"""The offline score: a project's timeline as one binary score for scsynth, sample-accurate and repeatable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hardcore.checkpoint import checkpoint
from hardcore.engine import nodes, regions, voice
from hardcore.engine.osc import bundle, message, score_bytes
from hardcore.engine.structure import Tap, audible, buffers, definitions, loaded, structure
from hardcore.project.automation import is_note_parameter
from hardcore.project.device import Device
from hardcore.project.effects import guard_latency_frames, ringing_s
from hardcore.project.events import ControlEvent, NoteEvent, Span, controls, events, is_along
from hardcore.project.midilanes import BEND, MIDI
from hardcore.project.mixer import Instrument
from hardcore.project.regionevents import region_events
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks
from hardcore.project.track import HOLDS_CLIPS, Track

# Inside one instant: buffers, then parameters, then releases, then what starts.
_LOAD, _CONTROL, _RELEASE, _START = range(4)
# A buffer of an audio clip is freed so long after its last frame; one that is needed again before stays.
_KEPT_S = 2


@dataclass(frozen=True, slots=True)
class Score:
    """A binary score and how to cut what it renders.

    channels   interleaved channels of the render: the master's two, then two for each tap
    frames     frames to render, tail and latency included
    body       frames of the music itself, without the tail
    latency    frames by which the master (channels 0 and 1) comes late; the taps don't
    """

    data: bytes
    rate: int
    channels: int
    frames: int
    body: int
    latency: int


@dataclass(slots=True)
class _Line:
    """What happens, as (frame, order, message), and the numbers given to notes so far."""

    happenings: list[tuple[int, int, bytes]]
    next_node: int = nodes.FIRST_NOTE

    def add(self, frame: int, order: int, packet: bytes) -> None:
        self.happenings.append((frame, order, packet))


def tail_seconds(project: ProjectState) -> float:
    """Return how long the project can ring on after its last note: the longest track, then the returns and groups."""
    shared = [_effects_s(track) for track in project.tracks if track.kind in ("return", "group", "master")]
    own = (own_tail_seconds(track) for track in project.tracks if track.kind in HOLDS_CLIPS)
    return max(own, default=0.0) + max(shared, default=0.0)


def own_tail_seconds(track: Track) -> float:
    """Return how long a track can ring on after its last note, through its own effects."""
    return _instrument_s(track) + _effects_s(track)


def _instrument_s(track: Track) -> float:
    if track.instrument is None:
        return 0.0
    device, played = track.instrument.definition, track.instrument
    if played.multisample is not None and "release" not in played.settings:
        return min(device.tail_s, played.multisample.longest_release_s + 0.1)
    return ringing_s(device, played.settings)


def _effects_s(track: Track) -> float:
    chain = (effect for effect in track.effects if not effect.bypass)
    return sum(ringing_s(effect.definition, effect.settings) for effect in chain)


def build_score(
    project: ProjectState,
    playing: Sequence[Playing],
    *,
    rate: int,
    tail_s: float,
    taps: tuple[Tap, ...] = (),
    places: Mapping[str, Path] | None = None,
) -> Score:
    """Return the score of a timeline with `tail_s` seconds after it. Raises EngineError for a missing SynthDef.

    `places`: where the user's own sounds lie, by hash, as for `structure.buffers`.
    """
    end = end_ticks(playing)
    body = project.tempo_map.frames(end, rate)
    latency = guard_latency_frames(rate)
    frames = body + round(tail_s * rate) + latency
    channels = 2 + 2 * len(taps)
    line = _Line([])
    span = Span(0, end)
    heard = audible(project)
    moves = controls(project, playing, span, is_along(project, playing))
    for track in project.tracks:
        if track.id in heard and track.instrument is not None:
            own = [item for item in playing if item.track_id == track.id]
            part = _part(project, track, track.instrument, moves, rate, channels)
            _play(line, part, events(project, own, span))
    audio = [item for item in playing if item.clip.region is not None and item.track_id in heard]
    _play_audio(line, project, audio, span, rate, channels, places)
    for move in moves:
        if not move.parameter.startswith(MIDI):
            _move(line, project, move, rate)
    line.happenings.sort(key=lambda happening: happening[:2])
    first = definitions(project) + buffers(project, places) + structure(project, channels, taps)
    return Score(_packed(first, line.happenings, frames, rate), rate, channels, frames, body, latency)


def _packed(first: list[bytes], happenings: list[tuple[int, int, bytes]], frames: int, rate: int) -> bytes:
    """Return the score: what comes first at 0, one bundle an instant, and the end that says how long to render."""
    bundles = [bundle(0.0, first)]
    at = 0
    while at < len(happenings):
        checkpoint()
        frame, instant = happenings[at][0], []
        while at < len(happenings) and happenings[at][0] == frame:
            instant.append(happenings[at][2])
            at += 1
        bundles.append(bundle(frame / rate, instant))
    # A little longer than needed: the engine ends on a block boundary, and the caller trims.
    bundles.append(bundle((frames + 256) / rate, [message("/g_freeAll", 0), message("/c_set", 0, 0)]))
    return score_bytes(bundles)


@dataclass(slots=True)
class _Part:
    """A track being played: its device, where it sounds, and the parameters in force, which automation moves."""

    project: ProjectState
    track: Track
    device: Device
    bus: int
    rate: int
    settings: dict[str, float]
    pending: list[ControlEvent]
    turns: voice.Turns = field(default_factory=voice.Turns)
    bend: float = 0.0

    def frame(self, tick: int) -> int:
        return self.project.tempo_map.frames(tick, self.rate)

    def move_to(self, tick: int) -> None:
        """Take over the automation up to `tick`, so that a note starts with what is in force."""
        while self.pending and self.pending[0].tick <= tick:
            move = self.pending.pop(0)
            if move.parameter == BEND:
                self.bend = move.value
            else:
                self.settings[move.parameter] = move.value

    def start(self, line: _Line, note: NoteEvent) -> list[int]:
        """Add what starts a new note, and what that cuts; return its nodes."""
        frame = self.frame(note.tick)
        starts = self.turns.starts(self.project, self.track, note, self.settings)
        for cut in self.turns.cuts(self.track.id, starts):
            line.add(frame, _RELEASE, cut)
        first = line.next_node + 1
        for start in starts:
            line.next_node += 1
            self.turns.note_down(self.track.id, line.next_node, start)
            request = voice.started(self.project, self.track, note, line.next_node, self.bus, start, self.bend)
            line.add(frame, _START, request)
        return list(range(first, line.next_node + 1))

    def turn(self, line: _Line, sounding: Sequence[int], pitch: int, end_tick: int) -> None:
        """Add how the wheel bends what sounds until a tick."""
        for move in self.pending:
            if move.tick >= end_tick:
                return
            for node in sounding if move.parameter == BEND else ():
                line.add(self.frame(move.tick), _START, voice.bent(node, pitch, move.value))


def _part(
    project: ProjectState, track: Track, played: Instrument, moves: list[ControlEvent], rate: int, outputs: int
) -> _Part:
    own = [
        move
        for move in moves
        if is_note_parameter(track.id, move.owner, move.parameter) or (move.owner, move.parameter) == (track.id, BEND)
    ]
    bus = nodes.buses(project, outputs)[track.id]
    return _Part(project, track, played.definition, bus, rate, voice.fixed(project, played), own)


def _play(line: _Line, part: _Part, notes: list[NoteEvent]) -> None:
    """Add a track's notes: one synth each; on a mono device a slide retunes the sounding one, a new note ends it."""
    device = part.device
    sounding: list[int] = []
    for note, after in zip(notes, [*notes[1:], None], strict=False):
        checkpoint()
        part.move_to(note.tick)
        start, end = part.frame(note.tick), part.frame(note.tick + note.length_ticks)
        if sounding:
            line.add(start, _START, message("/n_set", sounding[0], *voice.tuning(note, part.bend)))
        else:
            sounding = part.start(line, note)
        slides = device.mono and note.slide and after is not None and after.tick <= note.tick + note.length_ticks + 1
        if device.mono and after is not None and not slides:
            end = min(end, part.frame(after.tick))
        end_tick = note.tick + note.length_ticks
        part.turn(line, sounding, note.pitch, min(end_tick, after.tick) if device.mono and after else end_tick)
        for node in sounding if device.gated and not slides else ():
            line.add(max(end, start + 1), _RELEASE, message("/n_set", node, "gate", 0))
        sounding = sounding if slides else []


def _play_audio(
    line: _Line, project: ProjectState, playing: Sequence[Playing], span: Span, rate: int, outputs: int,
    places: Mapping[str, Path] | None,
) -> None:  # fmt: skip
    """Add the segments of audio clips, and the buffers that they play from, for as long as they need them."""
    buses, last = nodes.buses(project, outputs), project.tempo_map.frames(span.end_ticks, rate)
    used: dict[str, list[tuple[int, int]]] = {}
    for event in region_events(project, playing, span, sounding=[item.track_id for item in playing]):
        checkpoint()
        first = project.tempo_map.frames(event.tick, rate)
        until = project.tempo_map.frames(event.end_tick, rate) - first
        for one in regions.segments(event, rate, until):
            line.next_node += 1
            bus, node = buses[event.track_id], line.next_node
            line.add(first + one.frame, _START, regions.started(project, event, one, node, bus, rate))
            used.setdefault(one.load.key, []).append((first + one.frame, first + one.frame + one.frames))
    loads, paths = project.region_loads, dict[str, Path | None]()
    for key, times in used.items():
        number = nodes.load_buffer(project, loads[key])
        for start, end in _joined(times, _KEPT_S * rate):
            line.add(start, _LOAD, loaded(number, loads[key], paths, places))
            if (over := end + _KEPT_S * rate // 2) < last:
                line.add(over, _LOAD, message("/b_free", number))


def _joined(times: Sequence[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Return stretches in order, those nearer to each other than `gap` as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(times):
        if found and start < found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _move(line: _Line, project: ProjectState, move: ControlEvent, rate: int) -> None:
    """Add one step of automation."""
    line.add(project.tempo_map.frames(move.tick, rate), _CONTROL, voice.moved(project, move))
