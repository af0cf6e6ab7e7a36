"""Drama: loudness along a song, builds that rise and fall silent, and an end."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from hardcore.compose.form.taste import BUILDS, taste_of
from hardcore.music.scale import Key
from hardcore.music.ticks import PPQ, SIXTEENTH
from hardcore.project import clips, placing, scenes
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.clips import replace_clip
from hardcore.project.mixer import Effect
from hardcore.project.notes import Note, NoteBlock
from hardcore.project.roles import DRUMS, TRANSITIONS
from hardcore.project.section import starts
from hardcore.project.sectionkeys import key_at
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_track, route

END = "end"  # the scene of the last bar
PREMASTER = "premaster"  # the group that the tracks of a song feed
LOUDNESS = "utility"  # its effect whose gain follows the song
# what a song moves on it, by device; songs made by earlier versions moved it on the master
_MOVED = frozenset({(LOUDNESS, "gain"), ("eq", "low_cut")})
_STEP_TICKS = SIXTEENTH
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


def premaster(project: ProjectState) -> Track | None:
    """Return the group before the master that the tracks of a song feed, None where there is none."""
    return next((track for track in project.tracks if track.kind == "group" and track.name == PREMASTER), None)


def without_loudness(project: ProjectState) -> ProjectState:
    """Return the project without what an earlier song moved before the master, or on it; the effects stay, at rest."""
    for bus in filter(None, (premaster(project), project.master)):
        owners = {effect.id: effect.device for effect in bus.effects}
        kept = tuple(one for one in bus.automation if (owners.get(one.owner, ""), one.parameter) not in _MOVED)
        if len(kept) < len(bus.automation):
            project = project.with_track(bus.id, partial(_moving, envelopes=kept))
    return project


def with_loudness(project: ProjectState, row: Sequence[Stretch]) -> ProjectState:
    """Return the project with a gain before the master that follows the sections, and lows that thin in builds.

    Returns go past it, so what rings on keeps its level, and nothing on the master moves.
    """
    points: dict[int, float] = {}
    for one in row:
        points[one.start], points[one.end - _STEP_TICKS] = taste_of(one.kind).gain_db
    project, bus_id = _with_bus(project)
    project, gain = _with_effect(project, bus_id, LOUDNESS)
    envelopes = [Automation(owner=gain.id, parameter="gain", points=_points(points))]
    builds = [one for one in row if one.kind in BUILDS]
    if builds:
        project, cut = _with_effect(project, bus_id, "eq")
        envelopes.append(Automation(owner=cut.id, parameter="low_cut", points=_points(_thinned(cut, builds))))
    moving = (*project.find_track(bus_id).automation, *envelopes)
    return project.with_track(bus_id, partial(_moving, envelopes=moving))


def _moving(track: Track, envelopes: tuple[Automation, ...]) -> Track:
    return track.evolve(automation=envelopes)


def _with_bus(project: ProjectState) -> tuple[ProjectState, str]:
    """Return the project with a group that all but the returns pass through, and its id."""
    bus = premaster(project)
    project, bus_id = (project, bus.id) if bus is not None else add_track(project, PREMASTER, "group")
    for track in project.tracks:
        if track.output == MASTER_ID and track.kind != "return" and track.id != bus_id:
            project = route(project, track.id, bus_id)
    return project, bus_id


def _with_effect(project: ProjectState, track_id: str, device: str) -> tuple[ProjectState, Effect]:
    """Return the project with an effect on a track, the one there is if any, and the effect."""
    there = next((one for one in project.find_track(track_id).effects if one.device == device), None)
    if there is not None:
        return project, there
    project, effect_id = project.taken("e")
    effect = Effect(id=effect_id, device=device)
    return project.with_track(track_id, lambda track: track.evolve(effects=(*track.effects, effect))), effect


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
    tonic = key_at(project, start)
    hits = [(track, hit) for track in tracks if (hit := _last_hit(track, tonic, end - start)) is not None]
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
    device = track.instrument.definition
    tonic = middle + (key.tonic - middle + 6) % 12 - 6
    while tonic < device.low_note:
        tonic += 12
    if track.role in ("bass", "sub", "lead"):
        return [Note(0, length, min(tonic, device.high_note), _LAST - 8)]
    third = 3 if key.is_minor else 4
    chord = [pitch for pitch in (tonic, tonic + third, tonic + 7) if pitch <= device.high_note]
    return [Note(0, length, pitch, _LAST - 16) for pitch in chord]
