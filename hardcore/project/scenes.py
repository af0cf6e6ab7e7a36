"""Edits of scenes; those of the arrangement are in `placing.py`."""

from collections.abc import Mapping

from hardcore.errors import UserError
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.values import clean_name


def next_name(project: ProjectState) -> str:
    """Return the first free letter name: A … Z, then S27 and so on."""
    used = {scene.name.casefold() for scene in project.scenes}
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    numbered = (f"S{number}" for number in range(27, 2000))
    return next(name for name in (*letters, *numbered) if name.casefold() not in used)


def add_scene(project: ProjectState, name: str | None = None) -> tuple[ProjectState, str]:
    """Return the project with an empty scene at the end, and its id. Raises UserError when the name is taken."""
    name = _free(project, name or next_name(project))
    project, scene_id = project.taken("s")
    return project.evolve(scenes=(*project.scenes, Scene(id=scene_id, name=name))), scene_id


def free_scene(project: ProjectState, track_id: str, first: int = 0) -> str | None:
    """Return the first scene, from place `first` on, in which a track has no clip; None where it has one in each."""
    return next((scene.id for scene in project.scenes[first:] if track_id not in scene.slots), None)


def with_free_scene(project: ProjectState, track_id: str, first: int = 0) -> tuple[ProjectState, str]:
    """Return the project with a scene in which a track has no clip, and its id: one that is there, else a new one."""
    free = free_scene(project, track_id, first)
    return (project, free) if free is not None else add_scene(project)


def rename_scene(project: ProjectState, scene_id: str, name: str) -> ProjectState:
    """Return the project with the scene renamed. Raises UserError when another scene has the name."""
    name = _free(project, name, but=scene_id)
    return with_scene(project, scene_id, name=name)


def copy_scene(project: ProjectState, scene_id: str, name: str | None = None) -> tuple[ProjectState, str]:
    """Return the project with a scene that holds copies of the clips of another, and its id."""
    from hardcore.project.clips import copy_clip

    source = project.find_scene(scene_id)
    project, new_id = add_scene(project, name)
    for track_id, clip_id in source.slots.items():
        project, _ = copy_clip(project, clip_id, track_id, new_id)
    return project, new_id


def capture(project: ProjectState, slots: Mapping[str, str], name: str | None = None) -> tuple[ProjectState, str]:
    """Return the project with a scene of clips that there are, by track, and its id."""
    project, scene_id = add_scene(project, name)
    return with_scene(project, scene_id, slots=dict(slots)), scene_id


def move_scene(project: ProjectState, scene_id: str, place: int) -> ProjectState:
    """Return the project with a scene at a place of the list, from 1. Raises UserError."""
    scene = project.find_scene(scene_id)
    if not 1 <= place <= len(project.scenes):
        raise UserError(f"no place {place}", f"1 to {len(project.scenes)}")
    others = [other for other in project.scenes if other.id != scene_id]
    return project.evolve(scenes=(*others[: place - 1], scene, *others[place - 1 :]))


def delete_scene(project: ProjectState, scene_id: str) -> ProjectState:
    """Return the project without the scene and without clips that are nowhere else. Raises UserError for the last."""
    if len(project.scenes) == 1:
        raise UserError("a project keeps at least one scene")
    gone = project.find_scene(scene_id)
    left = tuple(scene for scene in project.scenes if scene.id != scene_id)
    used = {clip for scene in left for clip in scene.slots.values()}
    used |= {placed.clip for track in project.tracks for placed in track.placements}
    orphans = set(gone.slots.values()) - used
    tracks = tuple(
        track.evolve(clips=tuple(clip for clip in track.clips if clip.id not in orphans))
        if any(clip.id in orphans for clip in track.clips)
        else track
        for track in project.tracks
    )
    return project.evolve(scenes=left, tracks=tracks)


def _free(project: ProjectState, name: str, but: str = "") -> str:
    name = clean_name(name)
    if any(scene.name.casefold() == name.casefold() and scene.id != but for scene in project.scenes):
        raise UserError(f"there is already a scene named '{name}'")
    return name


def with_scene(project: ProjectState, scene_id: str, **changes: object) -> ProjectState:
    """Return the project with a scene changed."""
    return project.evolve(
        scenes=tuple(scene.evolve(**changes) if scene.id == scene_id else scene for scene in project.scenes)
    )
