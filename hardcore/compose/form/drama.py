"""Drama: loudness along a song, builds that rise and fall silent, and an end."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hardcore.compose.form.taste import BUILDS, taste_of
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project import clips, devices, placing, scenes
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.clips import replace_clip
from hardcore.project.mixer import Effect
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import DRUMS, TRANSITIONS
from hardcore.project.section import starts
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track

END = "end"  # the scene of the last bar
LOUDNESS = "utility"  # the effect at the end of the master whose gain follows the song
_STEP_TICKS = SIXTEENTH
_FADED_DB = -40.0
_CUT_HZ = 180.0  # of the lows at the end of a build
_LAST = 112  # velocity of the last hit


class Stretch(NamedTuple):
    """A section's kind and where it is, in ticks."""

    kind: str
    start: int
    end: int


def stretches(project: ProjectState) -> list[Stretch]:
    """Return where the sections of a song are."""
    bars = [project.meter_map.bar_start(bar) for bar in starts(project.sections)]
    return [Stretch(one.kind, a, b) for one, a, b in zip(project.sections, bars, bars[1:], strict=False)]


def without_loudness(project: ProjectState) -> ProjectState:
    """Return the project without what an earlier song moved on the master; the effect stays, at rest."""
    owners = {effect.id: effect.device for effect in project.master.effects}
    ours = {(LOUDNESS, "gain"), ("eq", "low_cut")}
    envelopes = project.master.automation
    kept = tuple(one for one in envelopes if (owners.get(one.owner, ""), one.parameter) not in ours)
    if len(kept) == len(envelopes):
        return project
    return project.with_track(MASTER_ID, lambda track: track.evolve(automation=kept))


def with_loudness(project: ProjectState, row: Sequence[Stretch], fade: bool) -> ProjectState:
    """Return the project with a gain at the end of the master that follows the sections, and lows that thin in builds.

    fade   whether the last section fades out
    """
    points: dict[int, float] = {}
    for number, one in enumerate(row):
        first, last = taste_of(one.kind).gain_db
        points[one.start] = first
        points[one.end - _STEP_TICKS] = _FADED_DB if fade and number == len(row) - 1 else last
    project, effect_id = _with_gain(project)
    envelopes = [Automation(owner=effect_id, parameter="gain", points=_points(points))]
    cut = next((effect for effect in project.master.effects if effect.device == "eq"), None)
    builds = [one for one in row if one.kind in BUILDS]
    if cut is not None and builds:
        envelopes.append(Automation(owner=cut.id, parameter="low_cut", points=_points(_thinned(cut, builds))))
    return project.with_track(MASTER_ID, lambda track: track.evolve(automation=(*track.automation, *envelopes)))


def _with_gain(project: ProjectState) -> tuple[ProjectState, str]:
    """Return the project with a gain at the end of the master, that of an earlier song if any, and its id."""
    last = project.master.effects[-1] if project.master.effects else None
    if last is not None and last.device == LOUDNESS and last.value("gain") == 0:
        return project, last.id
    project, effect_id = project.taken("e")
    effect = Effect(id=effect_id, device=LOUDNESS)
    return project.with_track(MASTER_ID, lambda track: track.evolve(effects=(*track.effects, effect))), effect_id


def _thinned(cut: Effect, builds: Iterable[Stretch]) -> dict[int, float]:
    """Return the low cut along the song: up over the second half of each build, back where the next section begins."""
    plain = cut.value("low_cut")
    points = {0: plain}
    for one in builds:
        points |= {(one.start + one.end) // 2: plain, one.end - _STEP_TICKS: max(_CUT_HZ, plain), one.end: plain}
    return points


def _points(values: dict[int, float]) -> tuple[AutomationPoint, ...]:
    return tuple(AutomationPoint(tick=tick, value=round(values[tick], 2)) for tick in sorted(values))


def built(project: ProjectState, clip: Clip, track: Track, bars: int) -> ProjectState:
    """Return the project with a clip of a build: a snare that rolls quicker and quicker, all silent on the last beat.

    bars   of the section: what it plays is the end of the clip
    """
    if track.role in TRANSITIONS or clip.provenance is None:
        return project
    last = clip.length_ticks - PPQ
    notes = [note for note in clip.notes if note.start_ticks < last]
    if track.role in ("snare", "clap"):
        notes = _roll(notes, max(clip.length_ticks - project.meter_map.bar_start(bars), 0), last, track)
    cut = [note._replace(length_ticks=min(note.length_ticks, last - note.start_ticks)) for note in notes]
    return replace_clip(project, clip.evolve(notes=NoteBlock.of(cut)))


def _roll(notes: list[Note], first: int, last: int, track: Track) -> list[Note]:
    """Return hits from `first` to `last` in quarters, eighths, then sixteenths, louder and louder."""
    pitch = notes[0].pitch if notes else 38
    before = [note for note in notes if note.start_ticks < first]
    found, at = [], first
    while at < last:
        way = (at - first) / (last - first)
        found.append(Note(at, SIXTEENTH // 2, pitch, round(52 + 60 * way)))
        at += PPQ if way < 0.5 else PPQ // 2 if way < 0.75 else SIXTEENTH
    return [*before, *found]


def ended(project: ProjectState, playing: Sequence[str]) -> ProjectState:
    """Return the project whose last bar is a hit on the tonic: what plays at the end strikes it once and rings out.

    playing   names of the tracks of the last section; where none has pitches the bass and the chords join
    """
    tracks = [track for track in project.tracks if track.role not in TRANSITIONS and _is_ours(track)]
    there = [track for track in tracks if track.name in playing]
    if tracks and not any(_pitched(track) for track in there):
        joining = [track for track in tracks if track.role in ("bass", "chords", "pad", "keys")]
        there += joining or [track for track in tracks if _pitched(track)]
    return struck(project, there, starts(project.sections)[-1] - 1)


def struck(project: ProjectState, tracks: Iterable[Track], bar: int) -> ProjectState:
    """Return the project in which tracks strike the tonic once in a bar (from 0), by clips of the scene `end`."""
    start, end = (project.meter_map.bar_start(at) for at in (bar, bar + 1))
    hits = [(track, hit) for track in tracks if (hit := _last_hit(track, project.key, end - start)) is not None]
    if not hits:
        return project
    project, scene_id = scenes.add_scene(project, END)
    for track, hit in hits:
        project, clip_id = clips.add_clip(project, track.id, scene_id, end - start, hit)
        project = placing.place(project, clip_id, start)
    return project


def _is_ours(track: Track) -> bool:
    """Return whether a track's clips were made from a prompt: what was made by hand ends as it is."""
    return any(clip.provenance is not None for clip in track.clips)


def _pitched(track: Track) -> bool:
    return track.instrument is not None and track.role not in DRUMS and track.role != "texture"


def _last_hit(track: Track, key: Key, length: int) -> list[Note] | None:
    """Return what a track plays in the last bar; None where it goes on."""
    if track.instrument is None or track.role == "texture":
        return None
    known = [note.pitch for clip in track.clips for note in clip.notes]
    if track.role in DRUMS:
        heavy = track.role in ("kick", "snare", "ride", "hat_open", "clap")
        return [Note(0, PPQ // 2, known[0] if known else 36, _LAST)] if heavy else []
    middle = sorted(known)[len(known) // 2] if known else 60
    device = devices.instrument(track.instrument.device)
    tonic = middle + (key.tonic - middle + 6) % 12 - 6
    while tonic < device.low_note:
        tonic += 12
    if track.role in ("bass", "sub", "lead"):
        return [Note(0, length, min(tonic, device.high_note), _LAST - 8)]
    third = 3 if key.is_minor else 4
    chord = [pitch for pitch in (tonic, tonic + third, tonic + 7) if pitch <= device.high_note]
    return [Note(0, length, pitch, _LAST - 16) for pitch in chord]
