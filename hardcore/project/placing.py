"""Edits of the arrangement: what is placed where on the tracks."""

from hardcore.errors import UserError
from hardcore.project.clips import put
from hardcore.project.placement import Placement
from hardcore.project.state import ProjectState


def place(
    project: ProjectState, clip_id: str, start_ticks: int, length_ticks: int | None = None, offset_ticks: int = 0
) -> ProjectState:
    """Return the project with the clip in the arrangement; it covers what its track had there. Raises UserError.

    offset_ticks   where in the clip it begins, within its first round
    """
    track, clip = project.find_clip(clip_id)
    new = Placement(
        clip=clip.id,
        start_ticks=start_ticks,
        length_ticks=length_ticks or clip.length_ticks,
        offset_ticks=offset_ticks % clip.length_ticks,
    )
    left = [part for old in track.placements for part in placements_around(old, new)]
    return project.with_track(track.id, lambda track: track.evolve(placements=(*left, new)))


def place_scene(
    project: ProjectState, scene_id: str, start_ticks: int, length_ticks: int, offset_ticks: int = 0
) -> ProjectState:
    """Return the project with all clips of a scene in the arrangement, from a place in them. Raises UserError when it
    has none.
    """
    scene = project.find_scene(scene_id)
    if not scene.slots:
        raise UserError(f"scene {scene.name} has no clips")
    for clip_id in scene.slots.values():
        project = place(project, clip_id, start_ticks, length_ticks, offset_ticks)
    return project


def place_beside(project: ProjectState, clip_id: str, new_id: str) -> ProjectState:
    """Return the project with a clip, on another track, wherever a clip is: in its scenes and in the arrangement."""
    (track, clip), (other, _) = project.find_clip(clip_id), project.find_clip(new_id)
    for scene in project.scenes:
        if scene.slots.get(track.id) == clip.id:
            project = put(project, scene.id, other.id, new_id)
    for one in track.placements:
        if one.clip == clip.id:
            project = place(project, new_id, one.start_ticks, one.length_ticks, one.offset_ticks)
    return project


def clear(project: ProjectState) -> ProjectState:
    """Return the project with nothing in the arrangement, no sections, no envelopes along it; clips and scenes stay."""
    tracks = tuple(
        track.evolve(placements=(), automation=()) if track.placements or track.automation else track
        for track in project.tracks
    )
    return project.evolve(tracks=tracks, sections=())


def placements_around(old: Placement, new: Placement) -> list[Placement]:
    """Return what is left of `old` before and after `new`; scraps under a 64th note are dropped."""
    if old.end_ticks <= new.start_ticks or new.end_ticks <= old.start_ticks:
        return [old]
    parts = []
    if new.start_ticks - old.start_ticks >= 120:
        parts.append(old.evolve(length_ticks=new.start_ticks - old.start_ticks))
    if old.end_ticks - new.end_ticks >= 120:
        offset = old.offset_ticks + new.end_ticks - old.start_ticks
        length = old.end_ticks - new.end_ticks
        parts.append(old.evolve(start_ticks=new.end_ticks, length_ticks=length, offset_ticks=offset))
    return parts
