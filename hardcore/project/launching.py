"""What a launch means: a scene, a clip, or the scene beside the one that plays, as clips by track."""

from collections.abc import Mapping
from typing import NamedTuple

from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.playback import Launched
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState

# Scenes by what plays: those that hold clips, in a circle.
BESIDE = ("next", "previous", "random")


class Launch(NamedTuple):
    """What is launched: its name, clips by track (None: silence), and the scene that they are, None: a clip."""

    name: str
    clips: dict[str, str | None]
    scene: str | None = None


def launch_of(
    project: ProjectState, target: str, launched: Mapping[str, Launched] | None = None, draw: float = 0.0
) -> Launch:
    """Return what a target launches: a scene's clips, and nothing on tracks where it has none; or one clip.

    launched  what plays or waits, by track: `next` and `previous` go from there
    draw      0 to 1, by which a random scene is chosen among the others

    Raises UserError naming the nearest.
    """
    word = target.strip().casefold()
    scene = next((scene for scene in project.scenes if word in (scene.id, scene.name.casefold())), None)
    if scene is None and word in BESIDE:
        scene = _beside(project, word, launched or {}, draw)
    if scene is not None:
        if not scene.slots:
            raise UserError(f"scene {scene.name} is empty", "scene put fills it")
        return Launch(f"scene {scene.name}", scene_clips(project, scene), scene.id)
    try:
        track, clip = project.find_clip(target)
    except UserError as error:
        if ":" in target:
            raise
        raise NotFound(f"no scene or clip '{target}'", nearest(target, targets(project))) from error
    return Launch(f"{track.name}: {clip.name}", {track.id: clip.id})


def scene_clips(project: ProjectState, scene: Scene) -> dict[str, str | None]:
    """Return what a scene launches, by track: nothing on those where it has no clip."""
    return {track.id: scene.slots.get(track.id) for track in project.tracks if track.clips}


def targets(project: ProjectState) -> list[str]:
    """Return the names of what can be launched: scenes, then clips by `track:scene`."""
    slots = [f"{track.name}:{s.name}" for s in project.scenes for track in project.tracks if track.id in s.slots]
    return [*(scene.name for scene in project.scenes), *slots]


def launched_scene(project: ProjectState, launched: Mapping[str, Launched]) -> Scene | None:
    """Return the scene that most of what was launched belongs to, None where nothing of any scene was."""

    def shared(scene: Scene) -> int:
        return sum(one.clip is not None and scene.slots.get(track) == one.clip for track, one in launched.items())

    best = max(project.scenes, key=shared, default=None)
    return best if best is not None and shared(best) else None


def _beside(project: ProjectState, word: str, launched: Mapping[str, Launched], draw: float) -> Scene:
    """Return the scene next to the one that plays; the first where none does. Raises UserError without any."""
    filled = [scene for scene in project.scenes if scene.slots]
    if not filled:
        raise UserError("no scene has clips", "scene put fills one")
    now = launched_scene(project, launched)
    if word == "random":
        others = [scene for scene in filled if scene is not now] or filled
        return others[min(int(draw * len(others)), len(others) - 1)]
    if now not in filled:
        return filled[0 if word == "next" else -1]
    return filled[(filled.index(now) + (1 if word == "next" else -1)) % len(filled)]
