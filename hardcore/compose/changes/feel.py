"""Feel: swing, tightness, and the length of notes."""

from hardcore.compose.changes.scope import (
    Outcome,
    chosen,
    device_of,
    is_drum,
    parameter_of,
    plays,
    shown,
    turned,
)  # fmt: skip
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.articulation import hold
from hardcore.compose.edits.microtiming import humanize, tighten
from hardcore.compose.edits.swing import percent_of, set_swing
from hardcore.compose.orders import Order
from hardcore.knowledge.groove import groove as known_groove
from hardcore.project.grooves import put_on_project, put_on_track
from hardcore.project.roles import TRANSITIONS
from hardcore.project.selection import Selected
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

SWING_STEP = 4.0
MOST_SWING = 72.0  # past it the late sixteenth runs into the next beat
LONGER, SHORTER = 1.5, 0.65


def swing(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more, less or exactly so much swing."""
    before = percent_of(project)
    if order.value is not None:
        after = float(order.value)
        if order.sign > 0 and after <= before:
            after = min(before + order.amount * SWING_STEP, max(MOST_SWING, before))
    elif order.sign < -1:
        after = 50.0
    else:
        step = order.sign * order.amount * SWING_STEP
        after = min(max(before + step, 50.0), max(MOST_SWING, before))
    return set_swing(project, Amount(to=after))


def groove(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project, or the parts that are named, played with the groove whose id is the order's value."""
    template = known_groove(str(order.value))
    if not order.targets:
        before = project.groove.name if project.groove else "straight"
        return Outcome(put_on_project(project, template, 1.0, 1.0), (f"groove {before} → {template.name}",))
    tracks, failed = chosen(project, order, lambda track: False)
    said = []
    for track in tracks:
        if track.kind == "midi":
            project = put_on_track(project, track.id, template, 1.0, 1.0)
            said.append(f"{track.name}: groove {template.name}")
    return Outcome(project, tuple(said), tuple(failed))


def straight(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project without swing."""
    return swing(project, order._replace(value=50.0), seed)


def tight(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with less (sign 1) or more micro-timing; a tighter single drum or bass is shorter, too."""
    tracks, failed = chosen(project, order, lambda track: bool(track.clips) and track.role not in TRANSITIONS)
    selected = [Selected(track, track.clips) for track in tracks]
    if order.sign > 0:
        project, said, _ = tighten(project, selected, 100 * (1 - 0.5**order.amount))
    else:
        project, said, _ = humanize(project, selected, min(50 * order.amount, 100), seed)
    lines = list(said)
    if order.targets:
        for track in tracks:
            project, line = _decayed(project, project.find_track(track.id), 0.8 if order.sign > 0 else 1.25)
            lines += [f"{track.name}: {line}"] if line else []
    if not lines and not failed:
        failed.append("the timing is exact already")
    return Outcome(project, tuple(lines), tuple(failed))


def _decayed(project: ProjectState, track: Track, factor: float) -> tuple[ProjectState, str]:
    if not (plays(track) and (is_drum(track) or track.role in ("bass", "sub"))):
        return project, ""
    parameter = parameter_of(device_of(track), ("decay", "release"))
    if parameter is None:
        return project, ""
    project, before, after = turned(project, track, parameter, lambda value: value * factor)
    return project, shown(parameter, before, after) if before != after else ""


def length(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with longer or shorter notes; a drum that rings by itself decays longer or shorter."""
    tracks, failed = chosen(project, order, _lasts)
    factor = (LONGER if order.sign > 0 else SHORTER) ** order.amount
    outcome = hold(project, [Selected(track, track.clips) for track in tracks], factor)
    return outcome._replace(failed=(*failed, *outcome.failed))


def _lasts(track: Track) -> bool:
    """Return whether "longer notes" means a track that is not named."""
    gated = plays(track) and device_of(track).gated and bool(track.clips)
    return gated and track.role not in TRANSITIONS
