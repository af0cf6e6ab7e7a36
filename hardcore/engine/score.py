"""The offline score: a project's timeline as one binary score for scsynth, sample-accurate and repeatable."""

from collections.abc import Sequence
from dataclasses import dataclass

from hardcore.engine import nodes, voice
from hardcore.engine.osc import bundle, message, score_bytes
from hardcore.engine.structure import Tap, audible, buffers, definitions, structure
from hardcore.project import devices
from hardcore.project.effects import guard_latency_frames, ringing_s
from hardcore.project.events import ControlEvent, NoteEvent, Span, controls, events
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks
from hardcore.project.track import Track

# Inside one instant: parameters, then releases, then new notes.
_CONTROL, _RELEASE, _START = range(3)


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
    own = (_instrument_s(track) + _effects_s(track) for track in project.tracks if track.kind == "midi")
    return max(own, default=0.0) + max(shared, default=0.0)


def _instrument_s(track: Track) -> float:
    if track.instrument is None:
        return 0.0
    return ringing_s(devices.instrument(track.instrument.device), track.instrument.settings)


def _effects_s(track: Track) -> float:
    chain = (effect for effect in track.effects if not effect.bypass)
    return sum(ringing_s(devices.effect(effect.device), effect.settings) for effect in chain)


def build_score(
    project: ProjectState, playing: Sequence[Playing], *, rate: int, tail_s: float, taps: tuple[Tap, ...] = ()
) -> Score:
    """Return the score of a timeline with `tail_s` seconds after it. Raises EngineError for a missing SynthDef."""
    end = end_ticks(playing)
    body = project.tempo_map.frames(end, rate)
    latency = guard_latency_frames(rate)
    frames = body + round(tail_s * rate) + latency
    channels = 2 + 2 * len(taps)
    line = _Line([])
    span = Span(0, end)
    heard = audible(project)
    moves = controls(project, playing, span)
    for track in project.tracks:
        if track.id in heard and track.instrument is not None:
            own = [item for item in playing if item.track_id == track.id]
            changes = [move for move in moves if move.track_id == track.id]
            _play(line, project, track, events(project, own, span), changes, rate, channels)
    for move in moves:
        _move(line, project, move, rate)
    line.happenings.sort(key=lambda happening: happening[:2])
    first = definitions(project) + buffers(project) + structure(project, channels, taps)
    return Score(_packed(first, line.happenings, frames, rate), rate, channels, frames, body, latency)


def _packed(first: list[bytes], happenings: list[tuple[int, int, bytes]], frames: int, rate: int) -> bytes:
    """Return the score: what comes first at 0, one bundle an instant, and the end that says how long to render."""
    bundles = [bundle(0.0, first)]
    at = 0
    while at < len(happenings):
        frame, instant = happenings[at][0], []
        while at < len(happenings) and happenings[at][0] == frame:
            instant.append(happenings[at][2])
            at += 1
        bundles.append(bundle(frame / rate, instant))
    # A little longer than needed: the engine ends on a block boundary, and the caller trims.
    bundles.append(bundle((frames + 256) / rate, [message("/g_freeAll", 0), message("/c_set", 0, 0)]))
    return score_bytes(bundles)


def _play(
    line: _Line,
    project: ProjectState,
    track: Track,
    notes: list[NoteEvent],
    moves: list[ControlEvent],
    rate: int,
    outputs: int,
) -> None:
    """Add a track's notes: one synth each; on a mono device a slide retunes the sounding one, a new note ends it."""
    assert track.instrument is not None
    device = devices.instrument(track.instrument.device)
    bus = nodes.buses(project, outputs)[track.id]
    fixed = voice.fixed(track.instrument)
    frame_of = project.tempo_map.frames
    pending = [move for move in moves if move.owner == track.id and move.parameter not in ("gain_db", "pan")]
    sounding: int | None = None
    for place, note in enumerate(notes):
        while pending and pending[0].tick <= note.tick:
            move = pending.pop(0)
            fixed[move.parameter] = move.value
        start, end = frame_of(note.tick, rate), frame_of(note.tick + note.length_ticks, rate)
        after = notes[place + 1] if place + 1 < len(notes) else None
        slides = device.mono and note.slide and after is not None and after.tick <= note.tick + note.length_ticks + 1
        tuned = voice.tuning(note)
        if sounding is None:
            line.next_node += 1
            node = line.next_node
            line.add(start, _START, voice.started(project, track, note, node, bus, fixed))
        else:
            node = sounding
            line.add(start, _START, message("/n_set", node, *tuned))
        if device.mono and after is not None and not slides:
            end = min(end, frame_of(after.tick, rate))
        if device.gated and not slides:
            line.add(max(end, start + 1), _RELEASE, message("/n_set", node, "gate", 0))
        sounding = node if slides else None


def _move(line: _Line, project: ProjectState, move: ControlEvent, rate: int) -> None:
    line.add(project.tempo_map.frames(move.tick, rate), _CONTROL, voice.moved(move))
