"""Renewal: parts that exist are made anew, with other traits where some are said."""

from hardcore.compose.changes.scope import Outcome, found, no
from hardcore.compose.edits.renewal import renew
from hardcore.compose.orders import Order
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


def anew(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts (or all) made anew, with traits where some are said."""
    failed: list[str] = []
    tracks: list[Track] = []
    for target in order.targets:
        here = [track for track in found(project, target) if track.clips]
        failed += [] if here else [f"{no(target)} to make anew"]
        tracks += here
    if order.targets and not tracks:
        return Outcome(project, (), tuple(failed))
    outcome = renew(project, tracks or [track for track in project.tracks if track.clips], seed, order.value or ())
    return outcome._replace(failed=(*failed, *outcome.failed))


def again(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with the named parts made anew; "redo" without a part is a step of the history, no edit."""
    if not order.targets:
        return Outcome(project, (), ("redo is a command: /redo; `vary` makes every part anew",))
    return anew(project, order._replace(value=()), seed)
