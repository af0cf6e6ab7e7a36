"""Taking back one step of many: what it did is undone in the present project, and what came after it stays."""

from hardcore.errors import UserError
from hardcore.project import tracks
from hardcore.project.history import History, Step
from hardcore.project.merge import Merged, Side, merge
from hardcore.project.mergecleanup import mended
from hardcore.project.state import ProjectState


def revert(history: History, step: Step, now: ProjectState, take: Side | None = None, only: str = "") -> Merged:
    """Return `now` without what a step did, or without what it did to the track with the id `only`.

    What was changed again since is a conflict: ours is what it is now, theirs what it was before the step.
    Raises UserError for the beginning, and for a part of a step that made another piece.
    """
    if step.parent is None:
        raise UserError(f"step {step.number} is the beginning", "there is nothing before it")
    after, before = history.state(step.number), history.state(step.parent)
    if only and before.piece != after.piece:  # ids of another piece mean other things
        raise UserError(f"step {step.number} made another piece", f"history revert {step.number} takes all of it back")
    return merge(after, now, _only(before, after, only) if only else before, take)


def last_change_of(history: History, line: list[Step], track: str) -> Step | None:
    """Return the newest step of a line that changed the track with that id, None where none did."""
    for step in reversed(line):
        if step.parent is not None and _part(history.state(step.parent), track) != _part(
            history.state(step.number), track
        ):
            return step
    return None


def _part(project: ProjectState, track: str) -> object:
    found = next((one for one in project.tracks if one.id == track), None)
    return found, [scene.slots.get(track) for scene in project.scenes] if found else None


def _only(before: ProjectState, after: ProjectState, track: str) -> ProjectState:
    """Return `after` with one track, and its slots, as they were before, without references to what is gone."""
    old = next((one for one in before.tracks if one.id == track), None)
    if old is None:
        return tracks.remove_track(after, track)
    slots = {scene.id: scene.slots.get(track) for scene in before.scenes}
    scenes = []
    for scene in after.scenes:
        kept = {key: clip for key, clip in scene.slots.items() if key != track}
        was = slots.get(scene.id)
        new = {**kept, track: was} if was is not None else kept
        scenes.append(scene if new == scene.slots else scene.evolve(slots=new))
    return mended(after.evolve(scenes=tuple(scenes)).with_track(track, lambda _: old), after)
