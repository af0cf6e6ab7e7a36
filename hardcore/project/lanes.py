"""Automation lanes: one parameter along the song or in a clip, and the edits of its points."""

from collections.abc import Sequence
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.music.tempo import MAX_TICKS
from hardcore.project import envelopes
from hardcore.project.automation import static
from hardcore.project.clip import Automation, AutomationPoint, Shape
from hardcore.project.device import Parameter
from hardcore.project.envelopes import MOST_POINTS, Points
from hardcore.project.scope import Stretch
from hardcore.project.state import ProjectState

# a ramp of what the ear hears in ratios, such as a frequency, is drawn with so many straight pieces
_PIECES = 16


class Lane(NamedTuple):
    """Where an envelope lies, along the song or in a clip of the track, what it moves, and what that is called."""

    track: str
    clip: str | None
    owner: str
    parameter: Parameter
    key: str
    name: str


def envelope(project: ProjectState, lane: Lane) -> Automation | None:
    """Return the envelope of a lane, None where nothing moves it."""
    thing = project.find_clip(lane.clip)[1] if lane.clip is not None else project.find_track(lane.track)
    return next((one for one in thing.automation if one.key == (lane.owner, lane.key)), None)


def rest(project: ProjectState, lane: Lane) -> float:
    """Return what the lane's parameter is set to where nothing moves it."""
    found = static(project.find_track(lane.track), lane.owner, lane.key)
    return lane.parameter.default if found is None else found


def length_ticks(project: ProjectState, lane: Lane) -> int:
    """Return how far a lane reaches: a clip's length, or as far as time goes."""
    return project.find_clip(lane.clip)[1].length_ticks if lane.clip is not None else MAX_TICKS


def with_points(project: ProjectState, lane: Lane, points: Sequence[AutomationPoint]) -> ProjectState:
    """Return the project with those points in a lane, none: without its envelope. Raises UserError for too many."""
    if len(points) > MOST_POINTS:
        raise UserError(f"that are {len(points)} points of {lane.name}", f"{MOST_POINTS} at most; automation thin")
    new = (Automation(owner=lane.owner, parameter=lane.key, points=tuple(points)),) if points else ()

    def moved(there: tuple[Automation, ...]) -> tuple[Automation, ...]:
        return (*(one for one in there if one.key != (lane.owner, lane.key)), *new)

    if lane.clip is not None:
        return project.with_clip(lane.clip, lambda clip: clip.evolve(automation=moved(clip.automation)))
    return project.with_track(lane.track, lambda track: track.evolve(automation=moved(track.automation)))


def put(project: ProjectState, lane: Lane, point: AutomationPoint) -> ProjectState:
    """Return the project with a point in a lane; one at its tick is replaced. Raises UserError out of range."""
    there = envelope(project, lane)
    _ensure(project, lane, point)
    return with_points(project, lane, envelopes.merged(there.points if there else (), (point,)))


def _ensure(project: ProjectState, lane: Lane, point: AutomationPoint) -> None:
    parameter = lane.parameter
    if not parameter.low <= point.value <= parameter.high:
        span = f"{parameter.low:g} to {parameter.high:g} {parameter.unit}".rstrip()
        raise UserError(f"{lane.name} {point.value:g} is out of range", span)
    if point.tick >= length_ticks(project, lane):
        raise UserError(f"{lane.name}: the clip ends before that")


def existing(project: ProjectState, lane: Lane) -> Automation:
    """Return the envelope of a lane. Raises UserError where nothing moves it."""
    there = envelope(project, lane)
    if there is None:
        raise UserError(f"{lane.name} does not move there", "automation list shows what does")
    return there


def at(project: ProjectState, lane: Lane, tick: int) -> AutomationPoint:
    """Return the point at a tick, or the one at most a 64th note away. Raises UserError where there is none."""
    points = existing(project, lane).points
    near = min(points, key=lambda point: abs(point.tick - tick))
    if abs(near.tick - tick) >= 120:
        where = project.meter_map.place(near.tick)
        raise UserError(f"{lane.name} has no point there", f"the nearest is at {where}")
    return near


def remove(project: ProjectState, lane: Lane, point: AutomationPoint) -> ProjectState:
    """Return the project without a point; with the last one the envelope goes."""
    return with_points(project, lane, [one for one in existing(project, lane).points if one.tick != point.tick])


def move(project: ProjectState, lane: Lane, point: AutomationPoint, tick: int, value: float) -> ProjectState:
    """Return the project with a point at another tick and value; it replaces one that is there. Raises UserError."""
    return put(remove(project, lane, point), lane, point.evolve(tick=tick, value=value))


def clear(project: ProjectState, lane: Lane, stretches: Sequence[Stretch] = ()) -> ProjectState:
    """Return the project without a lane's envelope, or with the parameter as it is set over stretches only."""
    there = existing(project, lane)
    if not stretches:
        return with_points(project, lane, ())
    for start, end in stretches:
        held = tuple(AutomationPoint(tick=tick, value=rest(project, lane)) for tick in sorted({start, end - 1}))
        there = there.evolve(points=_within(project, lane, envelopes.over(there, 0.0, start, end, held)))
    return with_points(project, lane, there.points)


def copy(project: ProjectState, lane: Lane, stretch: Stretch, to: Lane, tick: int) -> ProjectState:
    """Return the project with what a lane does over a stretch done by a lane (the same or another) from a tick on.

    Raises UserError where the other lane's range is another.
    """
    inside = envelopes.shifted(envelopes.stretch(existing(project, lane), *stretch), tick)
    size = min(stretch.end_ticks - stretch.start_ticks, length_ticks(project, to) - tick)
    inside = tuple(point for point in inside if point.tick < tick + size)
    for point in inside:
        _ensure(project, to, point)
    if not inside:
        raise UserError(f"{to.name}: the clip ends before that")
    points = envelopes.over(envelope(project, to), rest(project, to), tick, tick + size, inside)
    return with_points(project, to, _within(project, to, points))


def ramp(
    project: ProjectState,
    lane: Lane,
    stretch: Stretch,
    values: tuple[float, float],
    shape: Shape = "linear",
    bend: float = 0.0,
    drawn: Points | None = None,
) -> ProjectState:
    """Return the project with a lane going from one value to another over a stretch; around it nothing changes.

    drawn   the points of the way, where it is no ramp of a shape
    """
    start, end = stretch.start_ticks, min(stretch.end_ticks, length_ticks(project, lane))
    if end - start < 2:
        raise UserError(f"{lane.name}: there is no time to move in")
    inside = drawn or ramp_points(lane.parameter, Stretch(start, end), values, shape, bend)
    for point in inside:
        _ensure(project, lane, point)
    points = envelopes.over(envelope(project, lane), rest(project, lane), start, end, inside)
    return with_points(project, lane, _within(project, lane, points))


def ramp_points(
    parameter: Parameter, stretch: Stretch, values: tuple[float, float], shape: Shape = "linear", bend: float = 0.0
) -> Points:
    """Return the points of a ramp: an even one of a frequency or a time goes in even ratios, as it is heard."""
    (start, end), (low, high) = stretch, values
    if shape == "linear" and parameter.curve == "exp" and low != high and min(values) > 0:
        made = {start: low, end - 1: high}
        for share in (piece / _PIECES for piece in range(1, _PIECES)):
            made.setdefault(start + round((end - 1 - start) * share), float(f"{low * (high / low) ** share:.5g}"))
        return tuple(AutomationPoint(tick=tick, value=made[tick]) for tick in sorted(made))
    first = AutomationPoint(tick=start, value=low, shape=shape, bend=bend if shape == "curve" else 0.0)
    return first, AutomationPoint(tick=end - 1, value=high)


def thin(project: ProjectState, lane: Lane, share: float) -> ProjectState:
    """Return the project with the points of a lane left out that change it by less than a share (0–1) of its range."""
    near = share * (lane.parameter.high - lane.parameter.low)
    return with_points(project, lane, thinned(existing(project, lane).points, near))


def thinned(points: Sequence[AutomationPoint], near: float) -> Points:
    """Return the points without which an envelope would be more than `near` off, in order; the ends stay."""
    kept = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        a, b = points[first], points[last]
        away = [abs(points[at].value - a.towards(b, points[at].tick)) for at in range(first + 1, last)]
        bent = any(points[at].shape != "linear" for at in range(first, last))
        if away and (bent or max(away) > near):
            at = first + 1 + max(range(len(away)), key=away.__getitem__)
            kept.add(at)
            waiting += [(first, at), (at, last)]
    return tuple(points[at] for at in sorted(kept))


def _within(project: ProjectState, lane: Lane, points: Points) -> Points:
    """Return those points of a lane that its clip has room for."""
    length = length_ticks(project, lane)
    return tuple(point for point in points if point.tick < length)
