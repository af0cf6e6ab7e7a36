"""Edits of scenes and of the arrangement."""

from hardcore.errors import UserError
from hardcore.project.scene import Placement, Scene
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


def rename_scene(project: ProjectState, scene_id: str, name: str) -> ProjectState:
    """Return the project with the scene renamed. Raises UserError when another scene has the name."""
    name = _free(project, name, but=scene_id)
    return _with_scene(project, scene_id, name=name)


def copy_scene(project: ProjectState, scene_id: str, name: str | None = None) -> tuple[ProjectState, str]:
    """Return the project with a scene that holds copies of the clips of another, and its id."""
    from hardcore.project.clips import copy_clip

    source = project.find_scene(scene_id)
    project, new_id = add_scene(project, name)
    for track_id, clip_id in source.slots.items():
        project, _ = copy_clip(project, clip_id, track_id, new_id)
    return project, new_id


def delete_scene(project: ProjectState, scene_id: str) -> ProjectState:
    """Return the project without the scene and without clips that are nowhere else. Raises UserError for the last."""
    if len(project.scenes) == 1:
        raise UserError("a project keeps at least one scene")
    gone = project.find_scene(scene_id)
    left = tuple(scene for scene in project.scenes if scene.id != scene_id)
    used = {clip for scene in left for clip in scene.slots.values()} | {p.clip for p in project.arrangement}
    orphans = set(gone.slots.values()) - used
    tracks = tuple(
        track.evolve(clips=tuple(clip for clip in track.clips if clip.id not in orphans))
        if any(clip.id in orphans for clip in track.clips)
        else track
        for track in project.tracks
    )
    return project.evolve(scenes=left, tracks=tracks)


def place(
    project: ProjectState, clip_id: str, start_ticks: int, length_ticks: int | None = None, offset_ticks: int = 0
) -> ProjectState:
    """Return the project with the clip in the arrangement; it covers what its track had there. Raises UserError.

    offset_ticks   where in the clip it begins, within its first round
    """
    track, clip = project.find_clip(clip_id)
    new = Placement(
        track=track.id,
        clip=clip.id,
        start_ticks=start_ticks,
        length_ticks=length_ticks or clip.length_ticks,
        offset_ticks=offset_ticks % clip.length_ticks,
    )
    kept = [other for other in project.arrangement if not _overlap(other, new)]
    cut = [part for other in project.arrangement if _overlap(other, new) for part in _around(other, new)]
    ordered = sorted([*kept, *cut, new], key=lambda p: (p.start_ticks, p.track))
    return project.evolve(arrangement=tuple(ordered))


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


def _overlap(a: Placement, b: Placement) -> bool:
    ends = a.start_ticks + a.length_ticks, b.start_ticks + b.length_ticks
    return a.track == b.track and a.start_ticks < ends[1] and b.start_ticks < ends[0]


def _around(old: Placement, new: Placement) -> list[Placement]:
    """Return what is left of `old` before and after `new`; scraps under a 64th note are dropped."""
    end, new_end = old.start_ticks + old.length_ticks, new.start_ticks + new.length_ticks
    parts = []
    if new.start_ticks - old.start_ticks >= 120:
        parts.append(old.evolve(length_ticks=new.start_ticks - old.start_ticks))
    if end - new_end >= 120:
        offset = old.offset_ticks + new_end - old.start_ticks
        parts.append(old.evolve(start_ticks=new_end, length_ticks=end - new_end, offset_ticks=offset))
    return parts


def _free(project: ProjectState, name: str, but: str = "") -> str:
    name = clean_name(name)
    if any(scene.name.casefold() == name.casefold() and scene.id != but for scene in project.scenes):
        raise UserError(f"there is already a scene named '{name}'")
    return name


def _with_scene(project: ProjectState, scene_id: str, **changes: object) -> ProjectState:
    return project.evolve(
        scenes=tuple(scene.evolve(**changes) if scene.id == scene_id else scene for scene in project.scenes)
    )
