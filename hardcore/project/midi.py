"""A project as a Standard MIDI File and back. What is exported is what sounds: groove, chance and ratchets applied."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.music import midifile
from hardcore.music.midisong import DRUM_CHANNEL, MidiNote, MidiSong, MidiTrack
from hardcore.music.tempo import PPQ, TempoMap
from hardcore.project import clips, devices, scenes, tracks
from hardcore.project.events import NoteEvent, Span, events
from hardcore.project.notes import MAX_NOTES, Note, NoteBlock
from hardcore.project.parameters import GLIDE
from hardcore.project.roles import DRUMS, GM_DRUM_NOTE, Role
from hardcore.project.sectionkeys import key_changes
from hardcore.project.state import ProjectState
from hardcore.project.timeline import Playing, end_ticks
from hardcore.project.track import Track

T = TypeVar("T")

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
        parts.append(_part(track, own, channel, drum, bends))
    return midifile.encode(
        parts, project.tempo_map, project.meter_map, division=ppq, length_ticks=end, title=project.title,
        markers=marks, key_changes=key_changes(project, playing),
    )  # fmt: skip


def _bends(track: Track, own: Sequence[NoteEvent], tempo_map: TempoMap) -> Iterator[tuple[int, float]]:
    """Yield the bends (tick, semitones) of notes that slide into the next: up to its pitch in the glide before it."""
    if track.instrument is None or not devices.instrument(track.instrument.device).mono:
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
    track: Track, own: Sequence[NoteEvent], channel: int, drum: bool, bends: Sequence[tuple[int, float]]
) -> MidiTrack:
    fixed = GM_DRUM_NOTE[track.role] if drum and track.role else None
    notes = [MidiNote(e[0], e[1], e[3] if fixed is None else fixed, e[4]) for e in own]
    program = None if drum or track.role is None else PROGRAM.get(track.role)
    return MidiTrack(track.name, notes, channel, program, bends)


class SongPart(NamedTuple):
    """A part of a song that becomes a track: its name, role and instrument, its notes, and where the last ends."""

    name: str
    role: Role | None
    device: str
    notes: NoteBlock
    end_ticks: int


def parts_of(song: MidiSong, name: str) -> list[SongPart]:
    """Return the parts of a song, of drums one a role; a million notes take seconds.

    Raises UserError when there are no notes or a part has too many.
    """
    parts = [part for part in song.tracks if part.notes]
    if not parts:
        raise UserError(f"{name} has no notes")
    pieces = (piece for number, part in enumerate(parts, 1) for piece in _split(part, number))
    return [_packed(title, role, notes) for title, role, notes in pieces]


def add_song(project: ProjectState, song: MidiSong, name: str, parts: Sequence[SongPart] | None = None) -> ProjectState:
    """Return the project with a scene holding the song, one track a part; an empty project takes its tempo, meter, key.

    `parts` are those of `parts_of`, where they are made already. Raises UserError as that does.
    """
    parts = parts_of(song, name) if parts is None else parts
    if not any(track.clips for track in project.tracks):
        project = project.evolve(
            tempo_map=song.tempo_map, meter_map=song.meter_map, key=song.key or project.key, title=song.title or name
        )
    if any(scene.slots for scene in project.scenes):
        project, scene_id = scenes.add_scene(project)
    else:
        scene_id = project.scenes[0].id
    length = _whole_bars(project, max(song.length_ticks, *(part.end_ticks for part in parts)))
    for part in parts:
        project, track_id = tracks.add_track(project, part.name, role=part.role, instrument=part.device)
        project, _ = clips.add_clip(project, track_id, scene_id, length, part.notes)
    return project


def _whole_bars(project: ProjectState, ticks: int) -> int:
    bar = project.meter_map.bar_of(max(ticks, 1) - 1)
    return project.meter_map.bar_start(bar + 1)


def _split(part: MidiTrack, number: int) -> list[tuple[str, Role | None, list[MidiNote]]]:
    """Return the part, or for drums one piece per role, as (name, role, notes)."""
    notes = [MidiNote(*note[:4]) for note in _checked(part.notes)]
    if not part.is_drum:
        return [(part.name or f"part {number}", None, notes)]
    by_role: dict[Role, list[MidiNote]] = {}
    for note in _checked(notes):
        by_role.setdefault(_drum_role(note.pitch), []).append(note)
    return [(role, role, hits) for role, hits in by_role.items()]


def _checked(notes: Iterable[T]) -> Iterator[T]:
    """Yield the notes, each after a checkpoint."""
    for note in notes:
        checkpoint()
        yield note


def _drum_role(pitch: int) -> Role:
    """Return the role of a General MIDI percussion note."""
    exact = {note: role for role, note in GM_DRUM_NOTE.items()}
    near: dict[int, Role] = {
        35: "kick", 40: "snare", 44: "hat_closed", 41: "tom", 43: "tom", 47: "tom", 48: "tom", 50: "tom",
        49: "ride", 53: "ride", 57: "ride", 59: "ride", 69: "shaker", 82: "shaker",
    }  # fmt: skip
    return exact.get(pitch) or near.get(pitch, "perc")


def _packed(name: str, role: Role | None, notes: list[MidiNote]) -> SongPart:
    if len(notes) > MAX_NOTES:
        raise UserError(f"part {name} has {len(notes)} notes", f"at most {MAX_NOTES} in one clip")
    label = "".join(letter for letter in name if letter.isprintable()).strip()[:60] or "part"
    packed = (Note(n.start_ticks, max(1, n.length_ticks), n.pitch, max(1, n.velocity)) for n in _checked(notes))
    end_ticks = max(note.start_ticks + note.length_ticks for note in notes)
    device = suited_device(role, [note.pitch for note in notes])
    return SongPart(label, role, device, clips.block(packed), end_ticks)


def suited_device(role: Role | None, pitches: Sequence[int]) -> str:
    """Return an instrument for notes of which nobody said what plays them: by the role, else by how high they are."""
    if role is None:
        middle = sorted(pitches)[len(pitches) // 2] if pitches else 60
        role = "bass" if middle < 48 else "keys"
    suited = [device.id for device in devices.instruments().values() if role in device.roles]
    return suited[0] if suited else "epiano"
