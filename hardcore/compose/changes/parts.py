"""Parts: remove one, give one another instrument, make one anew."""

from hardcore.compose.changes.addition import add
from hardcore.compose.changes.scope import Outcome, found, no, of_role
from hardcore.compose.edits.naming import Named
from hardcore.compose.edits.replacement import replace
from hardcore.compose.orders import Order, Target
from hardcore.project.state import ProjectState
from hardcore.project.tracks import remove_track


def remove(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project without the tracks of the named parts."""
    said, failed = [], [] if order.targets else ["say what to remove: remove the lead"]
    for target in order.targets:
        here = [track for track in found(project, target, stand_in=False) if track.kind != "master"]
        failed += [] if here else [f"{no(target)} to remove"]
        for track in here:
            notes = sum(len(clip.notes) for clip in track.clips)
            project = remove_track(project, track.id)
            said.append(f"{track.name}: removed with its {notes} notes")
    return Outcome(project, tuple(said), tuple(failed))


def swap(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts on another instrument."""
    said: list[str] = []
    failed: list[str] = []
    for target in order.targets:
        here = [track for track in found(project, target) if track.kind == "midi"]
        failed += [] if here else [f"{no(target)} to swap"]
        part = _named(order.value)
        if part is None:
            failed += [f"{order.value.words} is not an instrument for {track.name}" for track in here]
            continue
        outcome = replace(project, here, part)
        project, said, failed = outcome.project, [*said, *outcome.said], [*failed, *outcome.failed]
    return Outcome(project, tuple(said), tuple(failed))


def use(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with an instrument in its role: on the part that is there, or on a new one."""
    target = order.value
    here = [track for track in of_role(project, target) if track.kind == "midi"]
    if not here or target.entry is None or target.entry.device is None:
        return add(project, order._replace(value=(target, ())), seed)
    by_role = target._replace(entry=target.entry.model_copy(update={"device": None}))
    return swap(project, order._replace(targets=(by_role,)), seed)


def _named(target: Target) -> Named | None:
    entry = target.entry
    return None if entry is None else Named(target.words, entry.roles, entry.device, entry.traits, entry.group)
