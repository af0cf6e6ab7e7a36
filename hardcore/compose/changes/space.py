"""Space: reverb and delay sends, stereo width."""

from hardcore.compose.changes.scope import Outcome, chosen, plays, shown, turned_effect
from hardcore.compose.edits.amount import Amount
from hardcore.compose.edits.width import widen
from hardcore.compose.orders import Order
from hardcore.project import devices
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, add_track, set_send

SEND_STEP_DB = 4.0
FIRST_SEND_DB = -16.0
MAX_SEND_DB, MIN_SEND_DB = 0.0, -40.0
LOW = ("kick", "sub", "bass")  # they stay dry unless they are named


def space(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or less reverb, on the named parts or on all but the low ones."""
    return _sent(project, order, "reverb")


def echo(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or less delay, on the named parts or on all but the low ones."""
    return _sent(project, order, "delay")


def _sent(project: ProjectState, order: Order, device: str) -> Outcome:
    """Return the project with the sends to a return of that effect changed, and such inserts."""
    tracks, failed = chosen(project, order, lambda track: plays(track) and track.role not in LOW)
    bus = _return(project, device)
    if bus is None and order.sign > 0:
        project, bus = _with_return(project, device)
    if not order.targets and bus is not None:
        # "more space" turns up what is there; only where nothing is, it begins
        sending = [track for track in tracks if any(send.target == bus.id for send in track.sends)]
        tracks = sending or (tracks if order.sign > 0 else [])
    said = []
    for track in tracks:
        line = ""
        if bus is not None:
            project, line = _send(project, track, bus, order)
        project, more = _inserts(project, track, device, order)
        if line or more:
            said.append(f"{track.name}: {line or more}")
        elif order.targets:
            failed.append(f"{track.name} has {f'as much {device} as it gets' if order.sign > 0 else f'no {device}'}")
    if not said and not failed:
        why = "turn down" if order.sign < 0 else "turn up further"
        failed.append(f"there is no {device} to {why}")
    return Outcome(project, tuple(said), tuple(failed))


def _return(project: ProjectState, device: str) -> Track | None:
    returns = [track for track in project.tracks if track.kind == "return"]
    return next((track for track in returns if any(effect.device == device for effect in track.effects)), None)


def _with_return(project: ProjectState, device: str) -> tuple[ProjectState, Track]:
    project, track_id = add_track(project, device, "return")
    project, _ = add_effect(project, track_id, device, {"mix": 100.0})
    return project, project.find_track(track_id)


def _send(project: ProjectState, track: Track, bus: Track, order: Order) -> tuple[ProjectState, str]:
    """Return the project with one send changed; it ends at −40 dB and is gone below."""
    before = next((send for send in track.sends if send.target == bus.id), None)
    if before is None and order.sign < 0:
        return project, ""
    old = before.gain_db if before else None
    step = order.sign * order.amount * SEND_STEP_DB
    new = FIRST_SEND_DB + SEND_STEP_DB * (order.amount - 1) if old is None else old + step
    new = round(min(new, max(MAX_SEND_DB, old if old is not None else MAX_SEND_DB)), 1)
    if new < MIN_SEND_DB or order.sign < -1:
        project = set_send(project, track.id, bus.id, -96)
        return project, f"{bus.name} send {old:g} dB → off"
    if new == old:
        return project, ""
    project = set_send(project, track.id, bus.id, new, pre=before.pre if before else False)
    return project, f"{bus.name} send {'off' if old is None else f'{old:g}'} → {new:g} dB"


def _inserts(project: ProjectState, track: Track, device: str, order: Order) -> tuple[ProjectState, str]:
    """Return the project with the mix of such effects on the track itself changed."""
    line = ""
    for effect in track.effects:
        if effect.device == device:
            mix = devices.effect(device).parameter("mix")
            way = -100.0 if order.sign < -1 else 10 * order.sign * order.amount
            project, before, after = turned_effect(
                project,
                project.find_track(track.id),
                effect.id,
                mix,
                lambda value, way=way: value + way,  # type: ignore[misc]
            )
            line = f"{device} {shown(mix, before, after)}" if before != after else line
    return project, line


def width(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project wider or narrower: instruments' own width, pans, or a width effect on named tracks."""
    tracks, failed = chosen(project, order, plays)
    outcome = widen(project, tracks, Amount(by=order.sign * order.amount), add=bool(order.targets))
    why = (*failed, *outcome.failed) if order.targets else () if outcome.said else ("everything is in the middle",)
    return outcome._replace(failed=why)
