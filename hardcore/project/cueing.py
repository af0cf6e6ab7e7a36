"""Cueing a clip: a copy of its track plays it for the cue alone, as a layer over the project that is heard."""

from hardcore.errors import UserError
from hardcore.project.state import MASTER_ID, ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import free_name


def cued_copy(project: ProjectState, track_id: str, clip_id: str) -> tuple[ProjectState, Track]:
    """Return the project with the ids of the copy spent, and a muted copy of a track with one clip, as it is now.

    Raises UserError where the track has no such clip.
    """
    track = project.find_track(track_id)
    clip = next((one for one in track.clips if one.id == clip_id), None)
    if clip is None:
        raise UserError(f"{track.name} has no such clip")
    owners = {}
    for known in (track.id, *(effect.id for effect in track.effects)):
        project, owners[known] = project.taken(known[0])
    project, copy_id = project.taken("c")
    moves = tuple(one.evolve(owner=owners[one.owner]) for one in clip.automation if one.owner in owners)
    copy = track.evolve(
        id=owners[track.id], name=free_name(project, f"cue {track.name}"), output=MASTER_ID, sends=(), placements=(),
        mixer=track.mixer.evolve(mute=True, solo=False, mute_group=None), automation=(), frozen=None, midi_in=None,
        midi_out=None, clips=(clip.evolve(id=copy_id, automation=moves, follow=None, legato=False),),
        effects=tuple(effect.evolve(id=owners[effect.id], side=None) for effect in track.effects),
    )  # fmt: skip
    return project, copy


def with_copy(project: ProjectState, copy: Track) -> ProjectState:
    """Return the project with a copy of a track before the others."""
    return project.evolve(tracks=(copy, *project.tracks))
