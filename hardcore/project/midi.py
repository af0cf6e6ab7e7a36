"""A project as a Standard MIDI File. What is exported is what sounds: groove, chance and ratchets applied."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, dropwhile, pairwise
from typing import TypeVar

from hardcore.checkpoint import checkpoint
from hardcore.music import midifile
from hardcore.music.midilevels import Curve, controls_of
from hardcore.music.midisong import DRUM_CHANNEL, MidiNote, MidiTrack
from hardcore.music.tempo import PPQ, TempoMap
from hardcore.project.events import ControlEvent, NoteEvent, Span, controls, events, is_along
from hardcore.project.midilanes import BEND, MIDI, PRESSURE, midi_parameter, numbered
from hardcore.project.parameters import GLIDE
from hardcore.project.roles import DRUMS, GM_DRUM_NOTE, Role, drum_role
from hardcore.project.sectionkeys import key_changes, marked_key
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks, sung
from hardcore.project.track import Track

Happening = TypeVar("Happening", NoteEvent, ControlEvent)
# how many pieces a slide is cut into
BEND_STEPS = 8

# General MIDI programs (from 0) that come closest to a role.
PROGRAM: dict[Role, int] = {
    "bass": 38, "sub": 39, "lead": 81, "chords": 90, "pluck": 84, "keys": 4, "pad": 89, "texture": 99,
    "riser": 119, "impact": 116,
}  # fmt: skip


def to_midi(
    project: ProjectState, playing: Sequence[Playing], marks: Sequence[tuple[int, str]] = (), ppq: int = PPQ
) -> bytes:
    """Return the timeline as a type-1 file: one named track per midi track, drums on channel 10, padded to the end.

    A part goes out on the channel that it came in on, where no other program has it. A slide of an instrument of one
    voice is a bend that arrives where the next note begins. Where a section has another key, or a marker says one,
    its signature stands there.

    marks   names of places, as markers
    ppq     ticks a quarter in the file
    """
    end = end_ticks(playing)
    sounding = events(project, playing, Span(0, end))
    moves = controls(project, playing, Span(0, end), is_along(project, playing))
    own_notes, own_moves = _by_track(sounding), _by_track(moves)
    parts = []
    channels = _assigned(project.tracks)
    for track in project.tracks:
        if track.kind != "midi":
            continue
        checkpoint()
        notes, moved = own_notes.get(track.id, []), own_moves.get(track.id, [])
        part = _part(track, notes, channels[track.id], moved, project.tempo_map)
        parts.append(replace(part, lyrics=tuple(sung(playing, track.id))))
    parts = _agreed(parts)
    keys = [(tick, key) for tick, name in marks if (key := marked_key(name)) is not None]
    return midifile.encode(
        parts, project.tempo_map, project.meter_map, division=ppq, length_ticks=end, title=project.title,
        markers=[mark for mark in marks if marked_key(mark[1]) is None],
        key_changes=key_changes(project, playing, keys),
    )  # fmt: skip


def _by_track(events: Iterable[Happening]) -> dict[str, list[Happening]]:
    """Return events by the track that they are of, in their order."""
    found: dict[str, list[Happening]] = {}
    for event in events:
        found.setdefault(event.track_id, []).append(event)
    return found


def _assigned(tracks: Sequence[Track]) -> dict[str, tuple[int, int | None]]:
    """Return channel, from 0, and port of each part of a file.

    They are those of the file it came from, where no other program has them; else the next ones that are free, drums
    on channel 10. Parts that sixteen channels have no room for get a second port, and so on.
    """
    parts = [track for track in tracks if track.kind == "midi"]
    taken: dict[tuple[int, int | None], int | None] = {}
    found: dict[str, tuple[int, int | None]] = {}
    for track in parts:
        kept = track.file_channel
        if kept is not None and (kept.channel - 1 == DRUM_CHANNEL) == (track.role in DRUMS):
            place = kept.channel - 1, kept.port
            if taken.setdefault(place, program_of(track)) == program_of(track):
                found[track.id] = place
    ports = chain((None,), range(1, 128))
    free = ((c, port) for port in ports for c in range(16) if c != DRUM_CHANNEL and (c, port) not in taken)
    for track in parts:
        if track.id not in found:
            found[track.id] = (DRUM_CHANNEL, None) if track.role in DRUMS else next(free)
    return found


def _bends(track: Track, own: Sequence[NoteEvent], tempo_map: TempoMap) -> Iterator[tuple[int, float]]:
    """Yield the bends (tick, semitones) of notes that slide into the next: up to its pitch in the glide before it."""
    if track.instrument is None or not track.instrument.definition.mono:
        return
    glide_s = track.instrument.settings.get("glide", GLIDE.default)
    for note, after in pairwise(own):
        if not note.slide or after.tick <= note.tick:
            continue
        begun = max(tempo_map.ticks(max(0.0, tempo_map.seconds(after.tick) - glide_s)), note.tick)
        for step in range(1, BEND_STEPS):
            share = step / BEND_STEPS
            yield round(begun + share * (after.tick - begun)), share * (after.pitch - note.pitch)
        yield after.tick, 0.0


def _part(
    track: Track, own: Sequence[NoteEvent], place: tuple[int, int | None], moved: Sequence[ControlEvent],
    tempo_map: TempoMap,
) -> MidiTrack:  # fmt: skip
    channel, port = place
    notes = [MidiNote(e[0], e[1], _drum_key(track, e[3]) if track.role in DRUMS else e[3], e[4]) for e in own]
    curves = {name: _plain_first(name, points) for name, points in _curves(track, moved).items()}
    numbers = numbered(curves, "cc")
    controls = _faders(track, moved) + [
        (tick, numbers[name], round(value)) for name in numbers for tick, value in curves[name]
    ]
    keys: dict[str, int | None] = {PRESSURE: None, **numbered(curves, "key")}
    pressures = [(tick, key, round(value)) for name, key in keys.items() for tick, value in curves.get(name, ())]
    bends = [*curves.get(BEND, ()), *_bends(track, own, tempo_map)]
    return MidiTrack(
        track.name, notes, channel, program_of(track), bends, sorted(controls), pressures=pressures, port=port
    )


def _curves(track: Track, moves: Sequence[ControlEvent]) -> dict[str, Curve]:
    """Return how what MIDI alone has moves on a track: from each tick on the value."""
    found: dict[str, Curve] = {}
    for move in moves:
        if move.owner == track.id and move.parameter.startswith(MIDI):
            found.setdefault(move.parameter, []).append((move.tick, move.value))
    return found


def _plain_first(name: str, points: Curve) -> Curve:
    """Return a curve of MIDI without the values at its beginning that need not be said."""
    known = midi_parameter(name)
    return list(dropwhile(lambda point: known is not None and point[1] == known.default, points))


def _faders(track: Track, moves: Sequence[ControlEvent]) -> list[tuple[int, int, int]]:
    """Return the controllers of a track's fader: its level and pan where they are not plain, and how they move."""
    curves = []
    for name, still in (("gain_db", track.mixer.gain_db), ("pan", track.mixer.pan)):
        moved = [(move.tick, move.value) for move in moves if (move.owner, move.parameter) == (track.id, name)]
        begin = [] if (moved and moved[0][0] == 0) or not (moved or still) else [(0, still)]
        curves.append(begin + moved)
    return controls_of(*curves)


def _agreed(parts: Sequence[MidiTrack]) -> list[MidiTrack]:
    """Return the parts without what moves a channel whose parts want different: it has one fader and one wheel."""

    def moving(part: MidiTrack) -> tuple[object, ...]:
        return tuple(part.controls), tuple(part.bends), tuple(part.pressures)

    said: dict[tuple[int, int | None], set[tuple[object, ...]]] = {}
    for part in parts:
        said.setdefault((part.channel, part.port), set()).add(moving(part))
    return [
        part if len(said[part.channel, part.port]) == 1 else replace(part, controls=(), bends=(), pressures=())
        for part in parts
    ]


def _drum_key(track: Track, pitch: int) -> int:
    """Return the key of a drum track's note: its own where that is such a drum, else the plain one of the role."""
    assert track.role is not None
    return pitch if drum_role(pitch) == track.role else GM_DRUM_NOTE[track.role]


def program_of(track: Track) -> int | None:
    """Return the program that a file said for the track's instrument, else the one that comes closest to its role."""
    if track.instrument is not None and track.instrument.program is not None:
        return track.instrument.program
    return None if track.role is None else PROGRAM.get(track.role)
