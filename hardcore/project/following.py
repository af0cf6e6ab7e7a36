"""Who follows whom in a project: a clip's row on its track, a scene's among the scenes. See `follow`."""

from hardcore.project.clip import Clip
from hardcore.project.follow import chosen, due_tick
from hardcore.project.playback import LaunchedScene
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState
from hardcore.project.timeline import scene_length


def clip_follower(project: ProjectState, track_id: str, clip: Clip, tick: int) -> str | None:
    """Return the clip that follows another at a tick; `follow.STOP`: silence, None: nothing."""
    if clip.follow is None:
        return None
    slots = [scene.slots.get(track_id) for scene in project.scenes]
    jump = next((scene.slots.get(track_id) for scene in project.scenes if scene.id == clip.follow.to), None)
    return chosen(clip.follow, _row(slots, clip.id), clip.id, project.seed, tick, jump)


def _row(slots: list[str | None], clip: str) -> list[str]:
    """Return the clips around one, without a gap between; a clip in no slot stands alone."""
    if clip not in slots:
        return [clip]
    first = last = slots.index(clip)
    while first > 0 and slots[first - 1] is not None:
        first -= 1
    while last + 1 < len(slots) and slots[last + 1] is not None:
        last += 1
    return [one for one in slots[first : last + 1] if one is not None]


def scene_follower(project: ProjectState, scene_id: str | None, tick: int) -> str | None:
    """Return the scene that follows another at a tick; `follow.STOP`: silence, None: nothing."""
    scene = _scene(project, scene_id)
    if scene is None or scene.follow is None:
        return None
    row = [one.id for one in project.scenes if one.slots or one is scene]
    jump = scene.follow.to if scene.follow.to in row else None
    return chosen(scene.follow, row, scene.id, project.seed, tick, jump)


def scene_due(project: ProjectState, launched: LaunchedScene, now: int) -> int | None:
    """Return the first tick from `now` on at which something may follow a launched scene; None: nothing does."""
    scene = _scene(project, launched.scene)
    if scene is None or scene.follow is None:
        return None
    length = scene_length(project, scene)
    return due_tick(scene.follow, project.meter_map, launched.tick, length, now) if length else None


def _scene(project: ProjectState, scene_id: str | None) -> Scene | None:
    return next((scene for scene in project.scenes if scene.id == scene_id), None)
