"""Scope: which tracks an order is about, what an edit returns, and the turning of one parameter."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from hardcore.compose.orders import Order, Target
from hardcore.project import devices
from hardcore.project.clip import Automation, Clip
from hardcore.project.devices import Device, Parameter
from hardcore.project.roles import DRUMS, Role
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_effect, set_parameter

# asked for one, the project may have the other
STAND_IN: dict[Role, tuple[Role, ...]] = {
    "bass": ("sub",), "sub": ("bass",), "chords": ("keys", "pad", "pluck"), "keys": ("chords",), "pluck": ("lead",),
    "snare": ("clap",), "clap": ("snare",), "lead": ("pluck",), "perc": ("tom", "rim"), "texture": ("pad",),
    "hat_open": ("hat_closed",),
}  # fmt: skip


class Outcome(NamedTuple):
    """What an edit did: the project, what changed in words with figures, and what could not be done and why."""

    project: ProjectState
    said: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def found(project: ProjectState, target: Target, stand_in: bool = True) -> list[Track]:
    """Return the tracks a target means; of roles that are missing, what may stand in for them.

    A part that is named by its instrument is meant only where it plays that.
    """
    tracks = of_role(project, target)
    device = target.entry.device if target.entry else None
    if device is not None:
        playing = [track for track in project.tracks if plays(track) and device_of(track).id == device]
        # "the trumpet" is no other lead; "the stabs" are the chords, whatever plays them
        if playing or not (target.entry and target.entry.traits):
            return [track for track in playing if track in tracks] or playing
    if not tracks and stand_in and not (target.entry and target.entry.group):
        others = [role for wanted in target.roles for role in STAND_IN.get(wanted, ())]
        first = next((role for role in others if any(track.role == role for track in project.tracks)), None)
        tracks = [track for track in project.tracks if track.role == first] if first else []
    return tracks


def of_role(project: ProjectState, target: Target) -> list[Track]:
    """Return the tracks in the roles of a target, whatever plays them."""
    if target.track:
        return [track for track in project.tracks if track.id == target.track]
    return [track for track in project.tracks if track.role in target.roles]


def chosen(project: ProjectState, order: Order, default: Callable[[Track], bool]) -> tuple[list[Track], list[str]]:
    """Return the tracks of an order, those that `default` is true of when none is named, and what is not there."""
    if not order.targets:
        return [track for track in project.tracks if default(track)], []
    tracks: list[Track] = []
    missing: list[str] = []
    for target in order.targets:
        here = found(project, target)
        if not here:
            missing.append(f"{no(target)} to change")
        tracks += [track for track in here if track not in tracks]
    return tracks, missing


def label(target: Target) -> str:
    """Return a target as it was typed."""
    return target.words.casefold()


def no(target: Target) -> str:
    """Return that there is no such part: "there is no lead", "there are no hats"."""
    words = label(target)
    return f"there {'are' if words.endswith('s') and not words.endswith('ss') else 'is'} no {words}"


def already(target: Target) -> str:
    """Return that there is such a part: "there is a pad already", "there are strings already"."""
    words = label(target)
    several = words.endswith("s") and not words.endswith("ss")
    return f"there {'are' if several else 'is a'} {words} already (say: {'more' if several else 'another'} {words})"


def plays(track: Track) -> bool:
    """Return whether a track has an instrument."""
    return track.instrument is not None


def is_drum(track: Track) -> bool:
    """Return whether a track is a drum."""
    return track.role in DRUMS


def device_of(track: Track) -> Device:
    """Return the instrument of a track that has one."""
    assert track.instrument is not None
    return devices.instrument(track.instrument.device)


def parameter_of(device: Device, wanted: Iterable[str]) -> Parameter | None:
    """Return the first of `wanted` that the device has, or None."""
    known = {parameter.id: parameter for parameter in device.parameters}
    return next((known[name] for name in wanted if name in known), None)


def within(parameter: Parameter, value: float) -> float:
    """Return `value` in the parameter's range, to four digits."""
    if parameter.curve in ("int", "switch"):
        value = round(value)
    value = min(max(value, parameter.low), parameter.high)
    short = float(f"{value:.4g}")
    return short if parameter.low <= short <= parameter.high else value


def turned(
    project: ProjectState, track: Track, parameter: Parameter, change: Callable[[float], float]
) -> tuple[ProjectState, float, float]:
    """Return the project with a parameter of a track's instrument and its envelopes changed; before and after."""
    assert track.instrument is not None
    before = track.instrument.value(parameter.id)
    after = within(parameter, change(before))
    if after == before:
        return project, before, after
    project = set_parameter(project, track.id, parameter.id, after)
    project = project.with_track(track.id, lambda track: _with_envelopes(track, track.id, parameter, change))
    return project, before, after


def turned_effect(
    project: ProjectState, track: Track, effect_id: str, parameter: Parameter, change: Callable[[float], float]
) -> tuple[ProjectState, float, float]:
    """Return the project with a parameter of an effect changed, and before and after."""
    effect = project.find_effect(track, effect_id)
    before = effect.value(parameter.id)
    after = within(parameter, change(before))
    if after == before:
        return project, before, after
    project = set_effect(project, track.id, effect_id, {parameter.id: after})
    return project, before, after


def _with_envelopes(track: Track, owner: str, parameter: Parameter, change: Callable[[float], float]) -> Track:
    def moved(automation: Automation) -> Automation:
        if automation.owner != owner or automation.parameter != parameter.id:
            return automation
        points = tuple(point.evolve(value=within(parameter, change(point.value))) for point in automation.points)
        return automation.evolve(points=points)

    def clip_moved(clip: Clip) -> Clip:
        envelopes = tuple(moved(automation) for automation in clip.automation)
        return clip if envelopes == clip.automation else clip.evolve(automation=envelopes)

    return track.evolve(
        clips=tuple(clip_moved(clip) for clip in track.clips),
        automation=tuple(moved(automation) for automation in track.automation),
    )


def other_sound(target: Target, tracks: Sequence[Track]) -> bool:
    """Return whether a target names an instrument and every one of the tracks plays another."""
    device = target.entry.device if target.entry else None
    return bool(device) and all(plays(track) and device_of(track).id != device for track in tracks)


UNITS = {"hz": " Hz", "db": " dB", "percent": " %", "s": " s", "ms": " ms", "semitones": " semitones"}
LABELS = {"cutoff": "low-pass", "env": "filter envelope", "index": "FM index"}


def shown(parameter: Parameter, before: float, after: float) -> str:
    """Return a change of a parameter in words: "low-pass 800 → 420 Hz"."""
    unit = UNITS.get(parameter.unit, "")
    return f"{LABELS.get(parameter.id, parameter.id.replace('_', ' '))} {figure(before)} → {figure(after)}{unit}"


def figure(value: float) -> str:
    """Return a number as people read it: at most three digits after what matters."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
