"""Ramps of several parts along the song or in their clips, and sweeps: a filter that opens or closes over a stretch."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, NamedTuple

from hardcore.compose.edits.filters import passes
from hardcore.compose.edits.lanes import find_lane, stretches
from hardcore.compose.edits.outcome import Outcome
from hardcore.errors import UserError
from hardcore.project import lanes
from hardcore.project.clip import Clip, Shape
from hardcore.project.envelopes import Points
from hardcore.project.lanes import Lane
from hardcore.project.scope import Scope, Stretch
from hardcore.project.scopededits import scoped
from hardcore.project.state import ProjectState
from hardcore.project.track import Track
from hardcore.project.units import SAID

# a closed filter is three octaves below where it is set
_CLOSED = 8.0

Way = Literal["open", "close"]
# Returns the values at both ends from the lane, the value where it begins, and where it rests.
Ends = Callable[[Lane, float, float], tuple[float, float]]


# Returns the points between two values over a stretch.
Drawn = Callable[[Lane, Stretch, tuple[float, float]], Points]


class How(NamedTuple):
    """How a ramp goes from one end to the other."""

    shape: Shape = "linear"
    bend: float = 0.0


STRAIGHT = How()


def ramp(
    project: ProjectState,
    places: Sequence[str],
    parameter: str,
    over: str | None,
    ends: Ends,
    how: How = STRAIGHT,
    points: Drawn | None = None,
) -> Outcome:
    """Return the project with a parameter of parts or clips moving over a stretch; around it nothing changes.

    Along the song, clips that move the parameter themselves stop doing so in the stretch. `points` draws the way
    between the ends in place of `how`. Raises UserError when none of the places has the parameter.
    """
    found: list[Lane] = []
    failed: list[UserError] = []
    for where in places:
        try:
            found.append(find_lane(project, where, parameter))
        except UserError as error:
            failed.append(error)
    if not found and failed:
        raise failed[0]
    said: list[str] = []
    for lane in found:
        project, lines = _ramped(project, lane, over, ends, how, points)
        said += lines
    return Outcome(project, tuple(said), tuple(error.line() for error in failed))


def _ramped(
    project: ProjectState, lane: Lane, over: str | None, ends: Ends, how: How, points: Drawn | None = None
) -> tuple[ProjectState, list[str]]:
    there, rest, said = lanes.envelope(project, lane), lanes.rest(project, lane), []
    found = stretches(project, lane, over)
    for stretch in found:
        held = there.at(stretch.start_ticks) if there is not None else rest
        values = ends(lane, held, rest)
        inside = points(lane, stretch, values) if points is not None else None
        project = lanes.ramp(project, lane, stretch, values, how.shape, how.bend, inside)
        unit = SAID.get(lane.parameter.unit, lane.parameter.unit)
        first, last = (project.meter_map.bar_of(tick) + 1 for tick in (stretch.start_ticks, stretch.end_ticks - 1))
        bars = f"bar {first}" if first == last else f"bars {first} to {last}"
        said.append(f"{lane.name} {values[0]:g} → {values[1]:g} {unit}".rstrip() + f", {bars}")
    return freed(project, lane, found), said


def freed(project: ProjectState, lane: Lane, there: Sequence[Stretch]) -> ProjectState:
    """Return the project with clips no longer moving a lane's parameter where it moves along the song."""
    if lane.clip is not None or not _moved_there(project, lane, there):
        return project
    return scoped(project, Scope("", tuple(there)), partial(_still, lane=lane))


def _moved_there(project: ProjectState, lane: Lane, there: Sequence[Stretch]) -> bool:
    track = project.find_track(lane.track)
    moving = {clip.id for clip in track.clips if any(one.key == (lane.owner, lane.key) for one in clip.automation)}
    return any(
        one.clip in moving and one.start_ticks < end and one.end_ticks > start
        for one in track.placements
        for start, end in there
    )


def _still(window: ProjectState, lane: Lane) -> ProjectState:
    def still(clip: Clip) -> Clip:
        return clip.evolve(automation=tuple(one for one in clip.automation if one.key != (lane.owner, lane.key)))

    return window.with_track(lane.track, lambda track: track.evolve(clips=tuple(still(clip) for clip in track.clips)))


def sweep(project: ProjectState, tracks: Sequence[Track], way: Way, over: str | None) -> Outcome:
    """Return the project with the low-pass of parts opening to where it is set, or closing from there, over a stretch.

    Parts whose sound has none stay as they are. Raises UserError when no part has one.
    """

    said, failed = [], []
    for track in tracks:
        there = min(passes(track, "low"), key=lambda one: one.hz, default=None)
        if there is None:
            failed.append(f"{track.name}: no low-pass closes it")
            continue
        effect = None if there.owner == track.id else there.owner
        lane = find_lane(project, track.id, there.parameter.id, effect)
        project, lines = _ramped(project, lane, over, partial(_swept, way=way), STRAIGHT)
        said += lines
    if not said:
        raise UserError("; ".join(failed[:3]), "effect add bass filter puts one on")
    return Outcome(project, tuple(said), tuple(failed))


def _swept(lane: Lane, held: float, rest: float, way: Way) -> tuple[float, float]:
    closed = float(f"{max(lane.parameter.low, rest / _CLOSED):.3g}")
    return (closed, rest) if way == "open" else (held, closed)
