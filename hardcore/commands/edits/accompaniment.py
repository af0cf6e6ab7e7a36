"""What a part that listens hears: the drums of a scene, and its bass, as the rhythm engine takes them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from hardcore.errors import NotFound, UserError, nearest
from hardcore.project import clips, devices, tracks
from hardcore.project.clip import Clip, Provenance
from hardcore.project.notes import Note
from hardcore.project.roles import DRUMS, Role
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

if TYPE_CHECKING:
    from hardcore.rhythm.drums import DrumHit, Drums
    from hardcore.rhythm.tone import Line

MOST_BARS = 512


class Heard(NamedTuple):
    """The drums, the scene they stand in, and the tracks they were heard on."""

    drums: "Drums"
    scene: Scene
    tracks: tuple[str, ...]


def hear(project: ProjectState, reference: str | None, bars: int | None) -> Heard:
    """Return the drums meant by a clip, a track or a scene: with a clip or a track, all the drums of its scene.

    As many bars as the longest drum clip has, unless `bars`. Raises UserError naming the nearest choice.
    """
    from hardcore.rhythm.drums import DrumHit, listen, looped

    scene, parts = _parts(project, reference)
    bar_ticks = project.meter_map.bar_ticks()
    longest = max(clip.length_ticks for _, clip in parts)
    count = bars or min(MOST_BARS, -(-longest // bar_ticks))
    if count > MOST_BARS:
        raise UserError(f"{count} bars is out of range", f"1 to {MOST_BARS}")
    hits: dict[str, list[DrumHit]] = {}
    for track, clip in parts:
        for role, own in _hits(track, clip).items():
            hits.setdefault(role, []).extend(looped(own, clip.length_ticks, count * bar_ticks))
    return Heard(listen(hits, bar_ticks, count), scene, tuple(track.name for track, _ in parts))


def _parts(project: ProjectState, reference: str | None) -> tuple[Scene, list[tuple[Track, Clip]]]:
    """Return the scene and its drum clips, or the one clip that was named where the scene has no drums."""
    scene, named = _named(project, reference)
    parts = [(track, clip) for track, clip in _in(project, scene) if track.role in DRUMS]
    if named and all(clip.id != named[1].id for _, clip in parts):
        parts.append(named)
    parts = [(track, clip) for track, clip in parts if len(clip.notes)]
    if not parts:
        raise UserError(f"scene {scene.name} has no drums to listen to", _drums(project, ""))
    return scene, parts


def _named(project: ProjectState, reference: str | None) -> tuple[Scene, tuple[Track, Clip] | None]:
    """Return the scene meant, and the clip where one or its track was named."""
    if reference is None:
        full = [scene for scene in project.scenes if any(track.role in DRUMS for track, _ in _in(project, scene))]
        return (full or list(project.scenes))[0], None
    wanted = reference.strip().casefold()
    for track in project.tracks:
        if wanted in (track.id, track.name.casefold()) and track.clips:
            home = next((scene for scene in project.scenes if track.id in scene.slots), project.scenes[0])
            slot = home.slots.get(track.id)
            return home, (track, next((clip for clip in track.clips if clip.id == slot), track.clips[0]))
    for scene in project.scenes:
        if wanted in (scene.id, scene.name.casefold()):
            return scene, None
    try:
        track, clip = project.find_clip(reference)
    except UserError as error:
        if ":" in reference:
            raise
        raise NotFound(f"no drums '{reference[:60]}'", _drums(project, reference)) from error
    home = next((scene for scene in project.scenes if scene.slots.get(track.id) == clip.id), project.scenes[0])
    return home, (track, clip)


def _drums(project: ProjectState, wanted: str) -> str:
    names = [track.name for track in project.tracks if track.role in DRUMS and track.clips]
    return nearest(wanted, [*names, *(scene.name for scene in project.scenes)]) if names else "make some first"


def _in(project: ProjectState, scene: Scene) -> Iterable[tuple[Track, Clip]]:
    for track in project.tracks:
        slot = scene.slots.get(track.id)
        yield from ((track, clip) for clip in track.clips if clip.id == slot)


def _hits(track: Track, clip: Clip) -> dict[str, "list[DrumHit]"]:
    """Return the hits by role: the track's, or by General MIDI's notes where it has none of a drum."""
    from hardcore.rhythm.drums import ROLE_OF_NOTE, DrumHit

    found: dict[str, dict[int, int]] = {}
    for note in clip.notes:
        role = track.role if track.role in DRUMS else ROLE_OF_NOTE.get(note.pitch, "perc")
        tick = max(0, note.start_ticks + note.offset_ticks)
        own = found.setdefault(str(role), {})
        own[tick] = max(own.get(tick, 0), note.velocity)
    return {role: [DrumHit(*hit) for hit in sorted(own.items())] for role, own in found.items()}


def line_of(clip: Clip, length_ticks: int) -> "Line":
    """Return the notes of a clip as a line, repeated or cut to `length_ticks`."""
    from hardcore.rhythm.tone import Tone

    inside = [note for note in clip.notes if note.start_ticks < clip.length_ticks]
    turns = -(-length_ticks // clip.length_ticks)
    every = (
        Tone(turn * clip.length_ticks + n.start_ticks, n.length_ticks, n.pitch, n.velocity, n.offset_ticks)
        for turn in range(turns)
        for n in inside
    )
    return tuple(tone for tone in every if tone.start_ticks < length_ticks)


def basses(project: ProjectState, heard: Heard) -> "Line":
    """Return the notes of all basses of the scene, over the drums' bars."""
    length = heard.drums.length_ticks
    found = [line_of(clip, length) for track, clip in _in(project, heard.scene) if track.role in ("bass", "sub")]
    return tuple(tone for line in found for tone in line)


def notes_of(line: "Line") -> list[Note]:
    """Return a line as notes of a clip: on their steps, as late as they sound."""
    return [Note(t.start_ticks, t.length_ticks, t.pitch, t.velocity, offset_ticks=t.offset_ticks) for t in line]


class Placed(NamedTuple):
    """The project with the line in it, and the names of its track and scene."""

    project: ProjectState
    track: str
    scene: str


def place(
    project: ProjectState, line: "Line", heard: Heard, roles: tuple[Role, ...], where: tuple[str | None, str | None],
    made: Provenance,
) -> Placed:  # fmt: skip
    """Return the project with the line as a clip: on the named track and scene, else of the role, beside the drums.

    A track is added where none has the role. Raises UserError for a track that holds no clips.
    """
    track_name, scene_name = where
    scene = project.find_scene(scene_name) if scene_name else heard.scene
    if track_name:
        track_id = project.find_track(track_name).id
    else:
        fit = [t for role in roles for t in project.tracks if t.kind == "midi" and t.role == role]
        if fit:
            track_id = fit[0].id
        else:
            device = next(d.id for d in devices.instruments().values() if roles[0] in d.roles)
            project, track_id = tracks.add_track(project, roles[0], role=roles[0], instrument=device)
    project, _ = clips.add_clip(project, track_id, scene.id, heard.drums.length_ticks, notes_of(line), provenance=made)
    return Placed(project, project.find_track(track_id).name, scene.name)
