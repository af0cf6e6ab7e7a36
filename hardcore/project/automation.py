"""Automation: what of a track can move in time, in which range, and what there is of it."""

from collections.abc import Iterator

from hardcore.errors import NotFound, UserError, nearest
from hardcore.project.clip import Automation, AutomationPoint, Clip
from hardcore.project.device import Parameter
from hardcore.project.midilanes import MIDI, midi_name, midi_parameter
from hardcore.project.state import ProjectState
from hardcore.project.track import Track

FADER = {
    "gain_db": Parameter("gain_db", "db", -96, 24, 0, help="the fader"),
    "pan": Parameter("pan", "", -1, 1, 0, help="left to right"),
}
# Of the master alone.
CROSSFADE = "crossfade"
_CROSSFADER = Parameter(CROSSFADE, "", -1, 1, 0, help="the crossfader, from side A to B")
SEND = "send:"
_LEVEL = FADER["gain_db"]


def is_note_parameter(track_id: str, owner: str, parameter: str) -> bool:
    """Return whether a parameter is one of a track's instrument: not of its fader, its sends, MIDI or an effect."""
    return owner == track_id and parameter not in (*FADER, CROSSFADE) and not parameter.startswith((SEND, MIDI))


def moves_plugin(track: Track, owner: str, parameter: str) -> bool:
    """Return whether a parameter is a plug-in's: what that plays is made clip by clip."""
    effect = next((effect for effect in track.effects if effect.id == owner), None)
    thing = track.instrument if owner == track.id else effect
    if thing is None or thing.plugin is None:
        return False
    is_fader = owner == track.id and not is_note_parameter(track.id, owner, parameter)
    return not is_fader and any(one.id == parameter for one in thing.plugin.parameters)


def parameter_of(track: Track, owner: str, parameter: str) -> Parameter | None:
    """Return what an envelope moves: of a track (`owner` is its id) or its effect; None where it has no such thing."""
    if owner == track.id and parameter.startswith(SEND):
        there = any(send.target == parameter.removeprefix(SEND) for send in track.sends)
        return _LEVEL if there else None
    if owner == track.id and parameter in FADER:
        return FADER[parameter]
    if owner == track.id and parameter == CROSSFADE:
        return _CROSSFADER if track.kind == "master" else None
    if owner == track.id and parameter.startswith(MIDI):
        return midi_parameter(parameter) if track.kind == "midi" else None
    if owner == track.id:
        device = track.instrument.definition if track.instrument is not None else None
    else:
        effect = next((effect for effect in track.effects if effect.id == owner), None)
        device = effect.definition if effect is not None else None
    known = device.parameters if device is not None else ()
    return next((one for one in known if one.id == parameter), None)


def check_target(track: Track, owner: str, parameter: str, value: float) -> None:
    """Raise UserError unless `owner` (the track or one of its effects) has the parameter and the value is in range."""
    known = parameter_of(track, owner, parameter)
    effect = next((effect for effect in track.effects if effect.id == owner), None)
    if known is None and owner != track.id and effect is None:
        raise NotFound(f"{track.name} has no effect {owner}")
    if known is not None and owner == track.id and not is_note_parameter(owner, owner, parameter):
        if not known.low <= value <= known.high:
            raise UserError(f"{parameter} {value:g} is out of range", f"{known.low:g} to {known.high:g}")
    elif effect is not None:
        effect.definition.checked(parameter, value)
    elif track.instrument is not None:
        track.instrument.definition.checked(parameter, value)
    else:
        raise UserError(f"{track.name} has no instrument", nearest(parameter, FADER))


def with_point(
    project: ProjectState, clip_id: str, owner: str, parameter: str, tick: int, value: float
) -> ProjectState:
    """Return the project with a point of a clip's envelope set. Raises UserError."""
    track, _ = project.find_clip(clip_id)
    check_target(track, owner, parameter, value)

    def changed(clip: Clip) -> Clip:
        mine = [a for a in clip.automation if a.key == (owner, parameter)]
        points = {point.tick: point for envelope in mine for point in envelope.points}
        points[tick] = AutomationPoint(tick=tick, value=value)
        new = Automation(owner=owner, parameter=parameter, points=tuple(points[t] for t in sorted(points)))
        kept = tuple(a for a in clip.automation if a.key != (owner, parameter))
        return clip.evolve(automation=(*kept, new))

    return project.with_clip(clip_id, changed)


def name_of(project: ProjectState, track: Track, envelope: Automation) -> str:
    """Return what an envelope moves, as commands take it: `cutoff`, `pan`, `midi.bend`, `delay.mix`, `send.reverb`."""
    if envelope.parameter.startswith(SEND):
        target = envelope.parameter.removeprefix(SEND)
        return "send." + next((other.name for other in project.tracks if other.id == target), target)
    if envelope.parameter.startswith(MIDI):
        return midi_name(envelope.parameter)
    device = next((effect.device for effect in track.effects if effect.id == envelope.owner), "")
    return f"{device}.{envelope.parameter}" if device else envelope.parameter


def listed(project: ProjectState) -> Iterator[tuple[Track, Clip | None, Automation]]:
    """Return every envelope with its track and the clip it lies in; None: along the song."""
    for track in project.tracks:
        for envelope in track.automation:
            yield track, None, envelope
        for clip in track.clips:
            for envelope in clip.automation:
                yield track, clip, envelope


def automated(project: ProjectState) -> set[tuple[str, str]]:
    """Return the (owner id, parameter) of every envelope there is."""
    return {envelope.key for _, _, envelope in listed(project)}


def static(track: Track, owner: str, parameter: str) -> float | None:
    """Return what a parameter of a track or of its effects is without automation, None where it has none such."""
    if owner == track.id and parameter.startswith(SEND):
        target = parameter.removeprefix(SEND)
        return next((float(send.gain_db) for send in track.sends if send.target == target), None)
    if owner == track.id and parameter in (*FADER, CROSSFADE):
        return float(getattr(track.mixer, parameter))
    if owner == track.id and parameter.startswith(MIDI):
        known = midi_parameter(parameter)
        return known.default if known is not None else None
    effect = next((effect for effect in track.effects if effect.id == owner), None)
    thing = track.instrument if owner == track.id else effect
    try:
        return float(thing.value(parameter)) if thing else None
    except UserError:  # another device has come to where the envelope's was
        return None


def without_sends(track: Track, target: str) -> Track:
    """Return a track without the envelopes of its send to a return."""
    gone = (track.id, SEND + target)
    own = (*track.automation, *(one for clip in track.clips for one in clip.automation))
    if all(one.key != gone for one in own):
        return track
    clips = tuple(
        clip.evolve(automation=tuple(one for one in clip.automation if one.key != gone)) for clip in track.clips
    )
    return track.evolve(clips=clips, automation=tuple(one for one in track.automation if one.key != gone))
