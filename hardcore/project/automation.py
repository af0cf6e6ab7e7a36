"""Edits of automation: points of a clip's envelopes, checked against what they move."""

from collections.abc import Iterator

from hardcore.errors import UserError, nearest
from hardcore.project import devices
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

FADER = {"gain_db": (-96.0, 24.0), "pan": (-1.0, 1.0)}


def check_target(track: Track, owner: str, parameter: str, value: float) -> None:
    """Raise UserError unless `owner` (the track or one of its effects) has the parameter and the value is in range."""
    if owner == track.id and parameter in FADER:
        low, high = FADER[parameter]
        if not low <= value <= high:
            raise UserError(f"{parameter} {value:g} is out of range", f"{low:g} to {high:g}")
        return
    if owner == track.id:
        if track.instrument is None:
            raise UserError(f"{track.name} has no instrument", nearest(parameter, FADER))
        devices.instrument(track.instrument.device).checked(parameter, value)
        return
    effect = next((effect for effect in track.effects if effect.id == owner), None)
    if effect is None:
        raise UserError(f"{track.name} has no effect {owner}")
    devices.effect(effect.device).checked(parameter, value)


def with_point(
    project: ProjectState, clip_id: str, owner: str, parameter: str, tick: int, value: float
) -> ProjectState:
    """Return the project with a point of a clip's envelope set. Raises UserError."""
    track, _ = project.find_clip(clip_id)
    check_target(track, owner, parameter, value)

    def changed(clip: Clip) -> Clip:
        mine = [a for a in clip.automation if (a.owner, a.parameter) == (owner, parameter)]
        points = {point.tick: point for envelope in mine for point in envelope.points}
        points[tick] = AutomationPoint(tick=tick, value=value)
        new = Automation(owner=owner, parameter=parameter, points=tuple(points[t] for t in sorted(points)))
        kept = tuple(a for a in clip.automation if (a.owner, a.parameter) != (owner, parameter))
        return clip.evolve(automation=(*kept, new))

    return project.with_clip(clip_id, changed)


def without(project: ProjectState, clip_id: str, parameter: str) -> ProjectState:
    """Return the project with a parameter's envelopes out of a clip. Raises UserError when there is none."""
    _, clip = project.find_clip(clip_id)
    moving = [envelope.parameter for envelope in clip.automation]
    if parameter not in moving:
        raise UserError(f"{clip.name} has no envelope of '{parameter}'", nearest(parameter, moving))
    kept = tuple(envelope for envelope in clip.automation if envelope.parameter != parameter)
    return project.with_clip(clip_id, lambda clip: clip.evolve(automation=kept))


def listed(project: ProjectState) -> Iterator[tuple[Track, str, str, Automation]]:
    """Return every envelope with its track, where it lies (a clip's name, or `track`) and what it belongs to."""
    for track in project.tracks:
        names = {effect.id: effect.device for effect in track.effects}
        for envelope in track.automation:
            yield track, "track", names.get(envelope.owner, track.name), envelope
        for clip in track.clips:
            for envelope in clip.automation:
                yield track, clip.name, names.get(envelope.owner, track.name), envelope


def automated(project: ProjectState) -> set[tuple[str, str]]:
    """Return the (owner id, parameter) of every envelope there is."""
    return {(envelope.owner, envelope.parameter) for _, _, _, envelope in listed(project)}


def static(track: Track, owner: str, parameter: str) -> float | None:
    """Return what a parameter of a track or of its effects is without automation, None where it has none such."""
    if owner == track.id and parameter in FADER:
        return float(getattr(track.mixer, parameter))
    effect = next((effect for effect in track.effects if effect.id == owner), None)
    thing = track.instrument if owner == track.id else effect
    try:
        return float(thing.value(parameter)) if thing else None
    except UserError:  # another device has come to where the envelope's was
        return None
