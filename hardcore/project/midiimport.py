"""A Standard MIDI File as part of a project: its parts become tracks, played by the nearest instruments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

from hardcore.checkpoint import checkpoint
from hardcore.errors import UserError
from hardcore.music.midilevels import EXPRESSION, PAN, VOLUME, Curve, changes, levels_of, pans_of
from hardcore.music.midisong import MidiNote, MidiSong, MidiTrack
from hardcore.project import clips, devices, markers, scenes, tracks
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.envelopes import MOST_POINTS
from hardcore.project.generalmidi import GeneralMidi
from hardcore.project.lyrics import Lyric, in_time
from hardcore.project.midilanes import (
    BEND,
    MOST_BEND,
    PRESSURE,
    controller,
    key_pressure,
    midi_parameter,
)
from hardcore.project.midiout import FileChannel
from hardcore.project.notes import MAX_NOTES, Note, NoteBlock
from hardcore.project.roles import Role, drum_role
from hardcore.project.sectionkeys import key_mark
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

T = TypeVar("T")

# share of a part's notes that begin together with others from which on it plays chords
_CHORDS = 0.05
_MOST_LANES = 256


class SongPart(NamedTuple):
    """A part of a song that becomes a track.

    name, role  what the track is called, and what it does
    device      the instrument that plays it, and the General MIDI program that the file said for it
    levels      the level in dB from each tick on at which it changes; `pans` the pan
    sound       the program or the drum keys and what plays them, in words; nothing where the file says none
    moves       what MIDI alone has by lane: the wheel, aftertouch, controllers
    lyrics      what is sung
    channel     where the file has it
    """

    name: str
    role: Role | None
    device: str
    program: int | None
    notes: NoteBlock
    end_ticks: int
    levels: Curve
    pans: Curve
    sound: str
    moves: Mapping[str, Curve]
    lyrics: tuple[Lyric, ...]
    channel: FileChannel

    @property
    def faders(self) -> tuple[tuple[str, Curve], ...]:
        """Return the curves by what of a track's fader they are."""
        return ("gain_db", self.levels), ("pan", self.pans)

    def lanes(self, track_id: str) -> tuple[Automation, ...]:
        """Return what moves as the automation of a track; of a fader only what does not stay where it is."""
        moving = [(name, curve) for name, curve in self.faders if len(curve) > 1]
        return tuple(_envelope(track_id, name, curve) for name, curve in (*moving, *self.moves.items()))[:_MOST_LANES]


def parts_of(song: MidiSong, name: str, known: GeneralMidi) -> list[SongPart]:
    """Return the parts of a song, of drums one for each role and instrument; a million notes take seconds.

    Raises UserError when there are no notes or a part has too many.
    """
    parts = [part for part in song.tracks if part.notes]
    if not parts:
        raise UserError(f"{name} has no notes")
    if song.lyrics:
        parts = _singing(parts, song.lyrics)
    return [
        piece
        for number, part in enumerate(parts, 1)
        for piece in (_drums(part, known) if part.is_drum else [_melodic(part, number, known)])
    ]


def _singing(parts: Sequence[MidiTrack], words: tuple[tuple[int, str], ...]) -> list[MidiTrack]:
    """Return the parts with lyrics of a track without notes at the part of which most notes begin where they do."""
    sung = {tick for tick, _ in words}

    def fits(part: MidiTrack) -> int:
        return -1 if part.is_drum or part.lyrics else len(sung & {note[0] for note in part.notes})

    best = max(range(len(parts)), key=lambda place: fits(parts[place]))
    return [replace(part, lyrics=words) if place == best else part for place, part in enumerate(parts)]


def add_song(
    project: ProjectState, song: MidiSong, name: str, parts: Sequence[SongPart], *, maps: bool = False
) -> ProjectState:
    """Return the project with a scene holding the song, one track a part.

    An empty project takes its title too, and its tempo, meter, key and markers, as any does with `maps`. `parts` are
    those of `parts_of`.
    """
    is_empty = not any(track.clips for track in project.tracks)
    if is_empty:
        project = project.evolve(title=song.title or name)
    if is_empty or maps:
        project = project.evolve(tempo_map=song.tempo_map, meter_map=song.meter_map, key=song.key or project.key)
        project = markers.add_all(project, sorted([*song.markers, *((tick, key_mark(key)) for tick, key in song.keys)]))
    if any(scene.slots for scene in project.scenes):
        project, scene_id = scenes.add_scene(project)
    else:
        scene_id = project.scenes[0].id
    length = _whole_bars(project, max(song.length_ticks, *(part.end_ticks for part in parts)))
    for part in parts:
        project, track_id = tracks.add_track(project, part.name, role=part.role, instrument=part.device)
        if part.program is not None:
            project = tracks.set_program(project, track_id, part.program)
        project = project.with_mixer(track_id, **{name: curve[0][1] for name, curve in part.faders if curve})
        project = project.with_track(track_id, partial(Track.evolve, file_channel=part.channel))
        lanes = part.lanes(track_id)
        project, clip_id = clips.add_clip(project, track_id, scene_id, length, part.notes, automation=lanes)
        if part.lyrics:
            project = project.with_clip(clip_id, partial(Clip.evolve, lyrics=part.lyrics))
    return project


def maps_kept(project: ProjectState, song: MidiSong) -> list[str]:
    """Return what of a song's maps a project with music leaves out, in words."""
    own = (
        ("tempo", f"{song.tempo_map.bpm:g}", song.tempo_map != project.tempo_map),
        ("meter", song.meter_map.text, song.meter_map != project.meter_map),
        ("key", song.key.name if song.key else "", song.key not in (None, project.key)),
        ("keys", str(len(song.keys) + 1), bool(song.keys)),
        ("markers", str(len(song.markers)), bool(song.markers)),
    )
    return [f"{name} {words}" for name, words, differs in own if differs]


def _envelope(track_id: str, parameter: str, curve: Curve) -> Automation:
    """Return a curve as automation, each value held until the next; of too many points every second, third …

    The last one always stays: a wheel that is let go must not be held where it was.
    """
    stride = 1 if len(curve) <= MOST_POINTS else -(-len(curve) // (MOST_POINTS - 1))
    kept = curve if stride == 1 else [*curve[:-1:stride], curve[-1]]
    points = (AutomationPoint(tick=tick, value=value, shape="step") for tick, value in kept)
    return Automation(owner=track_id, parameter=parameter, points=tuple(points))


def _whole_bars(project: ProjectState, ticks: int) -> int:
    bar = project.meter_map.bar_of(max(ticks, 1) - 1)
    return project.meter_map.bar_start(bar + 1)


def _melodic(part: MidiTrack, number: int, known: GeneralMidi) -> SongPart:
    notes = _notes(part)
    title = part.name or f"part {number}"
    if part.program is None:
        return _packed(part, title, None, suited_device(None, [note.pitch for note in notes]), notes, "")
    program = known.programs[part.program]
    device = program.instrument
    if program.chords is not None and _plays_chords(notes):
        device = program.chords
    sound = f"program {part.program + 1} {program.name}: {device}"
    return _packed(part, title, program.role, device, notes, sound)


def _plays_chords(notes: Sequence[MidiNote]) -> bool:
    starts = len({note.start_ticks for note in notes})
    return len(notes) - starts > _CHORDS * len(notes)


def _drums(part: MidiTrack, known: GeneralMidi) -> list[SongPart]:
    """Return one part for each role and instrument of the drums."""
    pieces: dict[tuple[Role, str], list[MidiNote]] = {}
    for note in _checked(_notes(part)):
        pieces.setdefault((drum_role(note.pitch), known.drum(note.pitch).instrument), []).append(note)
    roles = [role for role, _ in pieces]
    found: list[SongPart] = []
    for (role, device), hits in pieces.items():
        title = role if roles.count(role) == 1 else devices.instrument(device).name
        if len(pieces) == 1 and part.name:
            title = part.name
        keys = sorted({note.pitch for note in hits})
        sound = f"drum {', '.join(f'{key} {known.drum(key).name}' for key in keys)}: {device}"
        found.append(_packed(replace(part, lyrics=()) if found else part, title, role, device, hits, sound))
    return found


def _notes(part: MidiTrack) -> list[MidiNote]:
    return [MidiNote(*note[:4]) for note in _checked(part.notes)]


def _checked(notes: Iterable[T]) -> Iterator[T]:
    """Yield the notes, each after a checkpoint."""
    for note in notes:
        checkpoint()
        yield note


def _packed(part: MidiTrack, name: str, role: Role | None, device: str, notes: list[MidiNote], sound: str) -> SongPart:
    if len(notes) > MAX_NOTES:
        raise UserError(f"part {name} has {len(notes)} notes", f"at most {MAX_NOTES} in one clip")
    label = "".join(letter for letter in name if letter.isprintable()).strip()[:60] or "part"
    packed = (Note(n.start_ticks, max(1, n.length_ticks), n.pitch, max(1, n.velocity)) for n in _checked(notes))
    end_ticks = max(note.start_ticks + note.length_ticks for note in notes)
    return SongPart(
        label, role, device, part.program, clips.block(packed), end_ticks, levels_of(part.controls),
        pans_of(part.controls), sound, _moves(part), in_time(Lyric(tick=tick, text=text) for tick, text in part.lyrics),
        FileChannel(channel=part.channel + 1, port=part.port),
    )  # fmt: skip


def _moves(part: MidiTrack) -> dict[str, Curve]:
    """Return how what MIDI alone has moves on a part, each from its plain value on; what never does is left out."""
    found: dict[str, dict[int, float]] = {}
    for tick, semitones in part.bends:
        found.setdefault(BEND, {})[tick] = min(max(semitones, -MOST_BEND), MOST_BEND)
    for tick, key, value in part.pressures:
        found.setdefault(PRESSURE if key is None else key_pressure(key), {})[tick] = value
    for tick, number, value in part.controls:
        if number not in (VOLUME, PAN, EXPRESSION):
            found.setdefault(controller(number), {})[tick] = value
    curves = {}
    for name, values in found.items():
        known = midi_parameter(name)
        plain = known.default if known is not None else 0
        curve = changes(sorted({0: plain, **values}.items()))
        if len(curve) > 1 or curve[0][1] != plain:
            curves[name] = curve
    return curves


def suited_device(role: Role | None, pitches: Sequence[int]) -> str:
    """Return an instrument for notes of which nobody said what plays them: by the role, else by how high they are."""
    if role is None:
        middle = sorted(pitches)[len(pitches) // 2] if pitches else 60
        role = "bass" if middle < 48 else "keys"
    suited = [device for device in devices.instruments().values() if role in device.roles]
    return min(suited, key=lambda device: device.roles.index(role)).id if suited else "epiano"
