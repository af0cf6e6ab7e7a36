"""The timeline: which clip sounds on which track from when to when. What `events` plays."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hardcore.project.clip import Clip
from hardcore.project.lyrics import looped
from hardcore.project.scene import Scene
from hardcore.project.state import ProjectState


class Playing(NamedTuple):
    """A clip that loops on a track over [start, end) ticks; at `start` it is `offset_ticks` into itself."""

    track_id: str
    clip: Clip
    start_ticks: int
    end_ticks: int
    offset_ticks: int = 0


def scene_length(project: ProjectState, scene: Scene) -> int:
    """Return how long a scene lasts: its longest clip rounded up to whole bars, 0 when it is empty."""
    clips = {clip.id: clip for _, clip in project.clips()}
    longest = max((clips[clip_id].length_ticks for clip_id in scene.slots.values()), default=0)
    if not longest:
        return 0
    bar = project.meter_map.bar_of(longest)
    start = project.meter_map.bar_start(bar)
    return longest if start == longest else project.meter_map.bar_start(bar + 1)


def of_scene(project: ProjectState, scene: Scene, start_ticks: int, length_ticks: int) -> list[Playing]:
    """Return the scene's clips looping from `start_ticks` for `length_ticks`."""
    by_id = {clip.id: clip for _, clip in project.clips()}
    return [
        Playing(track.id, by_id[scene.slots[track.id]], start_ticks, start_ticks + length_ticks)
        for track in project.tracks
        if track.id in scene.slots
    ]


def timeline(project: ProjectState, scene: Scene | None = None, bars: int | None = None) -> list[Playing]:
    """Return what a render plays: the scene that is given, else the arrangement, else every scene once in order.

    `bars` cuts it, or loops the last scene, to that many bars. Empty when there is nothing to play.
    """
    limit = project.meter_map.bar_start(bars) if bars is not None else None
    if scene is None and project.arrangement:
        by_id = {clip.id: clip for _, clip in project.clips()}
        placed = [
            Playing(p.track, by_id[p.clip], p.start_ticks, p.start_ticks + p.length_ticks, p.offset_ticks)
            for p in project.arrangement
        ]
        return _cut(placed, limit)
    scenes = [scene] if scene else [s for s in project.scenes if s.slots]
    playing: list[Playing] = []
    now = 0
    for number, each in enumerate(scenes):
        length = scene_length(project, each)
        if limit is not None and number == len(scenes) - 1:
            length = max(length, limit - now) if length else 0
        playing += of_scene(project, each, now, length)
        now += length
    return _cut(playing, limit)


def _cut(playing: list[Playing], limit: int | None) -> list[Playing]:
    if limit is None:
        return playing
    return [p._replace(end_ticks=min(p.end_ticks, limit)) for p in playing if p.start_ticks < limit]


def bars_of(project: ProjectState, playing: Sequence[Playing]) -> int:
    """Return in how many bars of the project the timeline ends, at least one."""
    return project.meter_map.bar_of(max(0, end_ticks(playing) - 1)) + 1


def end_ticks(playing: Sequence[Playing]) -> int:
    """Return where the timeline ends, in ticks."""
    return max((p.end_ticks for p in playing), default=0)


def sung(playing: Iterable[Playing], track_id: str) -> Iterator[tuple[int, str]]:
    """Yield the syllables of a track on the timeline: tick and text."""
    for item in playing:
        if item.track_id == track_id and item.clip.lyrics:
            size = item.end_ticks - item.start_ticks
            for one in looped(item.clip.lyrics, item.clip.length_ticks, item.offset_ticks, size):
                yield item.start_ticks + one.tick, one.text
