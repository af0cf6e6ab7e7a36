"""Tone: darker and brighter, dirtier and cleaner."""

from hardcore.compose.changes.scope import (
    Outcome,
    chosen,
    device_of,
    parameter_of,
    plays,
    shown,
    turned,
    turned_effect,
)  # fmt: skip
from hardcore.compose.edits.move import step
from hardcore.compose.orders import Order
from hardcore.project import devices
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import add_effect, remove_effect

# what makes an instrument brighter when it is turned up, the plainest first
BRIGHT = ("cutoff", "tone", "bright", "index", "bark", "harmonic", "click")
DRIVE_DB = 5.0
ADDED_DRIVE_DB = 10.0


def tone(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project darker (sign −1) or brighter: filters and tone controls of what plays."""
    tracks, failed = chosen(project, order, plays)
    said = []
    for track in tracks:
        parameter = parameter_of(device_of(track), BRIGHT) if plays(track) else None
        if parameter is None:
            project, line = _shelf(project, track, order)
        else:
            project, before, after = turned(project, track, parameter, step(parameter, order.sign * order.amount))
            line = f"{track.name}: {shown(parameter, before, after)}" if before != after else ""
        if line:
            said.append(line)
        elif order.targets:
            failed.append(f"{track.name} is as {'bright' if order.sign > 0 else 'dark'} as it gets")
    return Outcome(project, tuple(said), tuple(failed))


def _shelf(project: ProjectState, track: Track, order: Order) -> tuple[ProjectState, str]:
    """Return the project with the track's high shelf moved; an equaliser is added where there is none."""
    place = next((effect for effect in track.effects if effect.device == "eq"), None)
    if place is None:
        project, effect_id = add_effect(project, track.id, "eq")
        track = project.find_track(track.id)
    else:
        effect_id = place.id
    gain = devices.effect("eq").parameter("high_gain")
    project, before, after = turned_effect(
        project, track, effect_id, gain, lambda value: min(max(value + 4 * order.sign * order.amount, -18), 12)
    )
    return project, f"{track.name}: high shelf {before:g} → {after:g} dB" if before != after else ""


def drive(project: ProjectState, order: Order, seed: int) -> Outcome:
    """Return the project with more or less distortion; a named track without any gets a drive effect."""
    tracks, failed = chosen(project, order, lambda track: plays(track) and _source(track) is not None)
    if not order.targets and not tracks and order.sign > 0:
        tracks = [track for track in project.tracks if track.role in ("kick", "bass", "sub", "lead")]
    said = []
    for track in tracks:
        project, line = _driven(project, track, order)
        if line:
            said.append(line)
        elif order.targets or len(tracks) == 1:
            failed.append(f"{track.name} is as {'distorted' if order.sign > 0 else 'clean'} as it gets")
    if not tracks and not failed:
        failed.append("nothing is distorted")
    return Outcome(project, tuple(said), tuple(failed))


def _source(track: Track) -> str | None:
    """Return what distorts a track: "instrument", the id of an effect, or None."""
    effect = next((effect for effect in track.effects if effect.device == "drive"), None)
    if effect is not None:
        return effect.id
    return "instrument" if parameter_of(device_of(track), ("drive",)) else None


def _driven(project: ProjectState, track: Track, order: Order) -> tuple[ProjectState, str]:
    source = _source(track) if plays(track) else next((fx.id for fx in track.effects if fx.device == "drive"), None)
    way = order.sign * order.amount * DRIVE_DB
    if source is None:
        if order.sign < 0:
            return project, ""
        amount = min(ADDED_DRIVE_DB * order.amount, 30.0)
        # the level goes down by half the drive, so that more dirt is not simply louder
        settings = {"drive": amount, "level": -round(amount / 2, 1), "mix": 60.0}
        project, _ = add_effect(project, track.id, "drive", settings, place=1)
        return project, f"{track.name}: drive {amount:g} dB added"
    if source != "instrument" and order.sign < -1:
        return remove_effect(project, track.id, source), f"{track.name}: drive removed"
    parameter = (device_of(track) if source == "instrument" else devices.effect("drive")).parameter("drive")

    def change(value: float) -> float:
        return 0.0 if order.sign < -1 else value + way

    if source == "instrument":
        project, before, after = turned(project, track, parameter, change)
    else:
        project, before, after = turned_effect(project, track, source, parameter, change)
    return project, f"{track.name}: {shown(parameter, before, after)}" if before != after else ""
