"""What a project is, without the ids that things have by chance: so that two of them can be compared."""

from typing import Any

from hardcore.project.automation import SEND, parameter_of
from hardcore.project.clip import Automation, Clip
from hardcore.project.devices import effect as effect_called
from hardcore.project.devices import instrument as instrument_called
from hardcore.project.markers import marks
from hardcore.project.mixer import Effect, Instrument
from hardcore.project.state import ProjectState
from hardcore.project.track import Track


class Near(float):
    """A number that equals one a hair away: decibels that were factors for a while."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and abs(self - other) < 1e-6

    __hash__ = float.__hash__


def canonical(project: ProjectState) -> dict[str, Any]:
    """Return all that a DAWproject can hold of a project, by names."""
    names = {track.id: track.name for track in project.tracks}
    clips = {clip.id: _clip(track, clip, names) for track, clip in project.clips()}
    return {
        "title": project.title,
        "key": project.key,
        "tempo": project.tempo_map.points,
        "meter": list(project.meter_map.points),
        "marks": marks(project, 2**31),
        "tracks": [_track(track, names, clips) for track in project.tracks],
        "scenes": [
            (scene.name, {names[track]: clips[clip] for track, clip in scene.slots.items()}) for scene in project.scenes
        ],
    }


def _track(track: Track, names: dict[str, str], clips: dict[str, Any]) -> dict[str, Any]:
    mixer = track.mixer
    return {
        "name": track.name,
        "kind": track.kind,
        "role": track.role,
        "into": names.get(track.output or ""),
        "mixer": (Near(mixer.gain_db), Near(mixer.pan), mixer.mute, mixer.solo),
        "sends": [(names[send.target], Near(send.gain_db), send.pre) for send in track.sends],
        "instrument": _instrument(track.instrument) if track.instrument else None,
        "effects": [_effect(one, names) for one in track.effects],
        "placed": [(one.start_ticks, one.length_ticks, one.offset_ticks, clips[one.clip]) for one in track.placements],
        "moves": sorted(_envelope(track, one, names) for one in track.automation),
    }


def _instrument(instrument: Instrument) -> tuple[Any, ...]:
    values = {one.id: instrument.value(one.id) for one in instrument_called(instrument.device).shown}
    return instrument.device, _rounded(values), instrument.sample


def _effect(effect: Effect, names: dict[str, str]) -> tuple[Any, ...]:
    values = {one.id: effect.value(one.id) for one in effect_called(effect.device).shown}
    return effect.device, _rounded(values), effect.bypass, names.get(effect.side or "")


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: Near(value) for name, value in values.items()}


def _clip(track: Track, clip: Clip, names: dict[str, str]) -> tuple[Any, ...]:
    moves = sorted(_envelope(track, one, names) for one in clip.automation)
    return clip.name, clip.length_ticks, tuple(clip.notes), clip.region, moves


def _envelope(track: Track, envelope: Automation, names: dict[str, str]) -> tuple[Any, ...]:
    assert parameter_of(track, envelope.owner, envelope.parameter) is not None
    place = next((at for at, effect in enumerate(track.effects) if effect.id == envelope.owner), -1)
    parameter = envelope.parameter
    if parameter.startswith(SEND):
        parameter = SEND + names[parameter.removeprefix(SEND)]
    points = [(point.tick, Near(point.value), point.shape) for point in envelope.points]
    return place, parameter, points
