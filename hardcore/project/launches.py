"""Launches written into the arrangement: which clip a track began to play when, until it played another or none."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hardcore.errors import UserError
from hardcore.project.blocks import SHORTEST, Held, put
from hardcore.project.placement import Placement
from hardcore.project.playback import Launched
from hardcore.project.state import ProjectState


class Launch(NamedTuple):
    """A clip that began to loop on a track at a tick; None: the track fell silent."""

    tick: int
    track: str
    clip: str | None


def changes(before: Mapping[str, Launched], after: Mapping[str, Launched]) -> list[Launch]:
    """Return the launches that lie between two states of a player."""
    return [Launch(one.tick, track, one.clip) for track, one in after.items() if before.get(track) != one]


def arranged(project: ProjectState, launches: Iterable[Launch], start: int, end: int) -> ProjectState:
    """Return the project with launches in its arrangement over [start, end), as they were heard.

    What was launched before the start is in the middle of its loop there. Tracks that were not launched stay as they
    are. Raises UserError when nothing was launched.
    """
    by_track: dict[str, list[Launch]] = {}
    known = {track.id: track.places for track in project.tracks}
    for one in sorted(launches, key=lambda one: one.tick):
        if one.track in known:
            by_track.setdefault(one.track, []).append(one)
    if not by_track or end <= start:
        raise UserError("nothing was launched", "/launch A starts a scene")
    for track, own in by_track.items():
        first = max(start, own[0].tick)
        placed = tuple(_placements(own, first, end, known[track]))
        if end > first:
            project = put(project, Held(end - first, {track: placed}), first)
    return project


def _placements(own: list[Launch], first: int, end: int, clips: Mapping[str, int]) -> Iterable[Placement]:
    """Yield what a track plays from `first` on, its times from there."""
    for one, after in zip(own, [*own[1:], None], strict=True):
        begins, ends = max(one.tick, first), min(end, after.tick if after is not None else end)
        if one.clip in clips and ends - begins >= SHORTEST:
            yield Placement(
                clip=one.clip or "",
                start_ticks=begins - first,
                length_ticks=ends - begins,
                offset_ticks=begins - one.tick,
            )
