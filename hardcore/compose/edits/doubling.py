"""Doubling: a second track that plays what a part plays: apart in time and place, octaves away, or on another sound.

Played twice the same, one track would only be 6 dB louder: a double in unison on the same instrument comes 15 ms late
and both stand apart, as players who double a guitar do.
"""

from collections.abc import Sequence

from hardcore.compose.edits.microtiming import shift
from hardcore.compose.edits.naming import Named, device_for
from hardcore.compose.edits.outcome import Outcome
from hardcore.compose.edits.replacement import played_by
from hardcore.compose.edits.transposition import transpose
from hardcore.errors import UserError
from hardcore.project.clip import Automation
from hardcore.project.parts import is_drum, plays
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import free_name

LATE_MS = 15.0
APART = 0.6  # of the way to each side


def double(project: ProjectState, tracks: Sequence[Track], octaves: int = 0, part: Named | None = None) -> Outcome:
    """Return the project with a copy of each track beside it, with its clips, sends and effects.

    octaves   up or down; a copy that is as high, on the same instrument, is late and apart instead
    part      words for the instrument that plays the copy
    """
    said, failed = [], []
    for track in tracks:
        if not plays(track) or not track.clips:
            failed.append(f"{track.name} plays nothing to double")
            continue
        project, copy = duplicate(project, track)
        lines = []
        if part is not None:
            wanted = device_for(part, is_drum(track))
            if wanted is None:
                raise UserError(f"{part.words} is not an instrument for {track.name}")
            project = played_by(project, copy, wanted)
            lines.append(wanted.name)
        if octaves:
            moved = transpose(project, [_all(project, copy.id)], 12 * octaves)
            if moved.failed:
                raise UserError("; ".join(moved.failed))
            project, lines = moved.project, [*lines, f"{octaves:+d} octave{'s' * (abs(octaves) > 1)}"]
        if not lines:
            project = _apart(project, track, copy)
            lines.append(f"{LATE_MS:g} ms late, {_shown(-APART)} and {_shown(APART)}")
        said.append(f"{copy.name}: doubles {track.name}, {', '.join(lines)}")
    return Outcome(project, tuple(said), tuple(failed))


def duplicate(project: ProjectState, track: Track) -> tuple[ProjectState, Track]:
    """Return the project with a copy of a track behind it, and the copy: clips of its own in the same places."""
    project, track_id = project.taken("t")
    ids: dict[str, str] = {track.id: track_id}
    for old in (*(clip.id for clip in track.clips), *(effect.id for effect in track.effects)):
        project, ids[old] = project.taken(old[0])

    def owned(envelopes: Sequence[Automation]) -> tuple[Automation, ...]:
        return tuple(one.evolve(owner=ids.get(one.owner, one.owner)) for one in envelopes)

    clips = tuple(clip.evolve(id=ids[clip.id], automation=owned(clip.automation)) for clip in track.clips)
    copy = track.evolve(
        id=track_id,
        name=free_name(project, track.name),
        clips=clips,
        effects=tuple(effect.evolve(id=ids[effect.id]) for effect in track.effects),
        placements=tuple(one.evolve(clip=ids[one.clip]) for one in track.placements),
        automation=owned(track.automation),
    )
    place = next(at for at, other in enumerate(project.tracks) if other.id == track.id) + 1
    scenes = tuple(
        scene.evolve(slots={**scene.slots, track_id: ids[scene.slots[track.id]]}) if track.id in scene.slots else scene
        for scene in project.scenes
    )
    tracks = (*project.tracks[:place], copy, *project.tracks[place:])
    return project.evolve(tracks=tracks, scenes=scenes), copy


def _all(project: ProjectState, track_id: str) -> Selected:
    track = project.find_track(track_id)
    return Selected(track, track.clips)


def _apart(project: ProjectState, track: Track, copy: Track) -> ProjectState:
    """Return the project with the copy late, and both on their sides."""
    project = shift(project, [_all(project, copy.id)], LATE_MS).project
    return project.with_mixer(track.id, pan=-APART).with_mixer(copy.id, pan=APART)


def _shown(pan: float) -> str:
    return f"{'L' if pan < 0 else 'R'}{abs(pan) * 100:.0f}"
