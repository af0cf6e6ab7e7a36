"""Space: reverb and delay sends, stereo width."""

from hardcore.compose.changes.scope import Outcome, chosen, device_of, parameter_of, plays, shown, turned, turned_effect
from hardcore.compose.orders import Order
from hardcore.project import devices
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, add_track, set_send

SEND_STEP_DB = 4.0
FIRST_SEND_DB = -16.0
MAX_SEND_DB, MIN_SEND_DB = 0.0, -40.0
LOW = ("kick", "sub", "bass")  # they stay dry unless they are named
WIDTH_STEP = 25.0


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
    said = []
    for track in tracks:
        project, line = _widened(project, track, order)
        if line:
            said.append(f"{track.name}: {line}")
        elif order.targets:
            failed.append(f"{track.name} is as {'wide' if order.sign > 0 else 'narrow'} as it gets")
    if not said and not failed:
        failed.append("everything is in the middle")
    return Outcome(project, tuple(said), tuple(failed))


def _widened(project: ProjectState, track: Track, order: Order) -> tuple[ProjectState, str]:
    way = order.sign * order.amount
    said = []
    parameter = parameter_of(device_of(track), ("width",)) if plays(track) else None
    if parameter is not None:
        project, before, after = turned(project, track, parameter, lambda value: value + 20 * way)
        said += [shown(parameter, before, after)] if before != after else []
    if abs(track.mixer.pan) > 0.01:
        pan = round(min(max(track.mixer.pan * 1.5**way, -1), 1), 2)
        if pan != track.mixer.pan:
            project = project.with_mixer(track.id, pan=pan)
            said.append(f"pan {track.mixer.pan:+g} → {pan:+g}")
    if not said and order.targets:
        project, line = _width_effect(project, track, way)
        said += [line] if line else []
    return project, ", ".join(said)


def _width_effect(project: ProjectState, track: Track, way: float) -> tuple[ProjectState, str]:
    effect = next((effect for effect in track.effects if effect.device == "width"), None)
    if effect is None:
        value = min(max(100 + WIDTH_STEP * way, 0), 200)
        project, _ = add_effect(project, track.id, "width", {"width": value})
        return project, f"width 100 → {value:g} %"
    parameter = devices.effect("width").parameter("width")
    project, before, after = turned_effect(project, track, effect.id, parameter, lambda value: value + WIDTH_STEP * way)
    return project, shown(parameter, before, after) if before != after else ""
