"""A project as a Standard MIDI File. What is exported is what sounds: groove, chance and ratchets applied."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from hardcore.checkpoint import checkpoint
from hardcore.music import midifile
from hardcore.music.midilevels import Controls, controls_of
from hardcore.music.midisong import DRUM_CHANNEL, MidiNote, MidiTrack
from hardcore.music.tempo import PPQ, TempoMap
from hardcore.project.events import ControlEvent, NoteEvent, Span, controls, events, is_along
from hardcore.project.parameters import GLIDE
from hardcore.project.roles import DRUMS, GM_DRUM_NOTE, Role, drum_role
from hardcore.project.sectionkeys import key_changes
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks
from hardcore.project.track import Track

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

    A slide of an instrument of one voice is a bend that arrives where the next note begins. Where a section has another
    key, its signature stands there.

    marks   names of places, as markers
    ppq     ticks a quarter in the file
    """
    end = end_ticks(playing)
    sounding = events(project, playing, Span(0, end))
    moves = controls(project, playing, Span(0, end), is_along(project, playing))
    parts = []
    free = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    melodic = [t for t in project.tracks if t.kind == "midi" and t.role not in DRUMS]
    for track in project.tracks:
        if track.kind != "midi":
            continue
        checkpoint()
        own = [event for event in sounding if event.track_id == track.id]
        drum = track.role in DRUMS
        channel = DRUM_CHANNEL if drum else free[melodic.index(track) % len(free)]
        bends = list(_bends(track, own, project.tempo_map))
        parts.append(_part(track, own, channel, drum, bends, _faders(track, moves)))
    parts = _agreed(parts)
    return midifile.encode(
        parts, project.tempo_map, project.meter_map, division=ppq, length_ticks=end, title=project.title,
        markers=marks, key_changes=key_changes(project, playing),
    )  # fmt: skip


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
    track: Track, own: Sequence[NoteEvent], channel: int, drum: bool, bends: Sequence[tuple[int, float]],
    faders: Controls,
) -> MidiTrack:  # fmt: skip
    notes = [MidiNote(e[0], e[1], _drum_key(track, e[3]) if drum else e[3], e[4]) for e in own]
    return MidiTrack(track.name, notes, channel, program_of(track), bends, faders)


def _faders(track: Track, moves: Sequence[ControlEvent]) -> Controls:
    """Return the controllers of a track's fader: its level and pan where they are not plain, and how they move."""
    curves = []
    for name, still in (("gain_db", track.mixer.gain_db), ("pan", track.mixer.pan)):
        moved = [(move.tick, move.value) for move in moves if (move.owner, move.parameter) == (track.id, name)]
        begin = [] if (moved and moved[0][0] == 0) or not (moved or still) else [(0, still)]
        curves.append(begin + moved)
    return controls_of(*curves)


def _agreed(parts: Sequence[MidiTrack]) -> list[MidiTrack]:
    """Return the parts without the controllers of a channel whose parts want different ones: it has one fader."""
    said: dict[int, set[tuple[tuple[int, int, int], ...]]] = {}
    for part in parts:
        said.setdefault(part.channel, set()).add(tuple(part.controls))
    return [part if len(said[part.channel]) == 1 else replace(part, controls=()) for part in parts]


def _drum_key(track: Track, pitch: int) -> int:
    """Return the key of a drum track's note: its own where that is such a drum, else the plain one of the role."""
    assert track.role is not None
    return pitch if drum_role(pitch) == track.role else GM_DRUM_NOTE[track.role]


def program_of(track: Track) -> int | None:
    """Return the program that a file said for the track's instrument, else the one that comes closest to its role."""
    if track.instrument is not None and track.instrument.program is not None:
        return track.instrument.program
    return None if track.role is None else PROGRAM.get(track.role)
