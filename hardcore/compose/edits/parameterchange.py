"""A parameter moved within its range, for an instrument or an effect, its envelopes with it, and the figures."""

from collections.abc import Callable, Iterable

from hardcore.project.clip import Automation, Clip
from hardcore.project.devices import Device, Parameter
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.tracks import set_effect, set_parameter


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
    return turned_owner(project, track, track.id, parameter, change)


def turned_effect(
    project: ProjectState, track: Track, effect_id: str, parameter: Parameter, change: Callable[[float], float]
) -> tuple[ProjectState, float, float]:
    """Return the project with a parameter of an effect and its envelopes changed, and before and after."""
    return turned_owner(project, track, effect_id, parameter, change)


def turned_owner(
    project: ProjectState, track: Track, owner: str, parameter: Parameter, change: Callable[[float], float]
) -> tuple[ProjectState, float, float]:
    """Return the project with a parameter of `owner` changed within its range, and its value before and after.

    owner   the id of the track, for its instrument, or of one of its effects; the parameter's envelopes go as far
    """
    if owner == track.id:
        assert track.instrument is not None
        before = track.instrument.value(parameter.id)
    else:
        before = project.find_effect(track, owner).value(parameter.id)
    after = within(parameter, change(before))
    if after == before:
        return project, before, after
    if owner == track.id:
        project = set_parameter(project, track.id, parameter.id, after)
    else:
        project = set_effect(project, track.id, owner, {parameter.id: after})
    moved = _as_far(parameter, before, after)
    return project.with_track(track.id, lambda track: with_envelopes(track, owner, parameter.id, moved)), before, after


def _as_far(parameter: Parameter, before: float, after: float) -> Callable[[float], float]:
    """Return how points of an envelope move as far as its parameter: by the ratio, or the difference, as knobs go."""
    if parameter.curve == "exp" and before > 0:
        return lambda value: within(parameter, value * after / before)
    return lambda value: within(parameter, value + after - before)


def with_envelopes(track: Track, owner: str, parameter: str, change: Callable[[float], float]) -> Track:
    """Return the track with every point of a parameter's envelopes changed, its clips' and its own.

    owner   the id of the track, or of one of its effects
    """

    def moved(automation: Automation) -> Automation:
        if (automation.owner, automation.parameter) != (owner, parameter):
            return automation
        return automation.evolve(points=tuple(point.evolve(value=change(point.value)) for point in automation.points))

    def clip_moved(clip: Clip) -> Clip:
        envelopes = tuple(moved(automation) for automation in clip.automation)
        return clip if envelopes == clip.automation else clip.evolve(automation=envelopes)

    clips = tuple(clip_moved(clip) for clip in track.clips)
    automation = tuple(moved(automation) for automation in track.automation)
    return track.evolve(clips=clips, automation=automation)


UNITS = {"hz": " Hz", "db": " dB", "percent": " %", "s": " s", "ms": " ms", "semitones": " semitones"}
LABELS = {"cutoff": "low-pass", "env": "filter envelope", "index": "FM index"}


def shown(parameter: Parameter, before: float, after: float) -> str:
    """Return a change of a parameter in words: "low-pass 800 → 420 Hz"."""
    unit = UNITS.get(parameter.unit, "")
    return f"{LABELS.get(parameter.id, parameter.id.replace('_', ' '))} {figure(before)} → {figure(after)}{unit}"


def figure(value: float) -> str:
    """Return a number as people read it: at most three digits after what matters."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
