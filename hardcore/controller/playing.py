"""What the player says, as events: it does something else now, a beat was reached, a marker was reached."""

from collections.abc import Callable, Iterator

from hardcore.bugs import log_bug
from hardcore.controller.events import BeatReached, Event, Events, MarkerReached, PlaybackChanged
from hardcore.project.playback import Playback
from hardcore.project.state import ProjectState

# What changes all the time is no event.
_RESTLESS = ("tick", "at_s", "load_percent", "peaks_db", "rms_db")
# A player that is so many ticks from where it should be by now was told to go there.
_LEAP_TICKS = 480


class PlaybackEvents:
    """Compares what the player says with what it said before. `project` is what it plays."""

    def __init__(self, events: Events, project: Callable[[], ProjectState]) -> None:
        self._events, self._project = events, project
        self._before = Playback()

    def take(self, playback: Playback) -> None:
        """Tell what is new, in the thread that brings it. Never fails: that thread has more to do."""
        before, self._before = self._before, playback
        if any(getattr(playback, name) != getattr(before, name) for name in _CALM):
            self._events.tell(PlaybackChanged(playback=playback))
        try:
            for event in reached(self._project(), before, playback):
                self._events.tell(event)
        except Exception as error:
            log_bug(error)


_CALM = tuple(name for name in Playback.model_fields if name not in _RESTLESS)


def reached(project: ProjectState, before: Playback, now: Playback) -> Iterator[Event]:
    """Yield the beats and markers that the music came to between two reports, in order."""
    if not now.playing:
        return
    found: list[tuple[int, Event]] = []
    for start, end in _stretches(project, before, now):
        found += [(event.tick, event) for event in _beats(project, start, end)]
        found += [
            (marker.tick, MarkerReached(marker=marker.name, tick=marker.tick))
            for marker in project.markers
            if start < marker.tick <= end
        ]
        yield from (event for _, event in sorted(found, key=lambda entry: entry[0]))
        found.clear()


def _stretches(project: ProjectState, before: Playback, now: Playback) -> Iterator[tuple[float, float]]:
    """Yield the stretches (start, end] that were heard between two reports; two where a loop began again."""
    if not before.playing:
        yield min(now.start_tick, now.tick) - 1, now.tick
        return
    if abs(before.tick_at(project, now.at_s) - now.tick) > _LEAP_TICKS:
        yield now.tick - 1, now.tick
    elif now.tick >= before.tick:
        yield before.tick, now.tick
    elif before.loop is not None:
        yield before.tick, before.loop.end_ticks - 1
        yield before.loop.start_ticks - 1, now.tick


def _beats(project: ProjectState, start: float, end: float) -> Iterator[BeatReached]:
    """Yield the beats, as the meter counts them, in a stretch (start, end]."""
    meters = project.meter_map
    for bar in range(meters.bar_of(max(0, int(start))), meters.bar_of(max(0, int(end))) + 1):
        first = meters.bar_start(bar)
        unit = meters.at(first).unit_ticks
        for beat, tick in enumerate(range(first, meters.bar_start(bar + 1), unit), 1):
            if start < tick <= end:
                yield BeatReached(bar=bar + 1, beat=beat, tick=tick)
