"""The agenda: when rules that go by the time of the music are due. Pure: a project in, ticks out.

A rule on every so many beats is found by its divisor, so that a beat costs what there are divisors, not rules.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from math import ceil, inf
from typing import NamedTuple

from hardcore.music.tempo import PPQ
from hardcore.project.playback import Playback
from hardcore.project.rule import BeatTrigger, MarkerTrigger, Rule, SectionTrigger
from hardcore.project.section import starts
from hardcore.project.state import ProjectState

TIMED = (BeatTrigger, MarkerTrigger, SectionTrigger)
# So many laps of a loop are looked ahead at most: one may be shorter than a beat.
MOST_LAPS = 64


class Due(NamedTuple):
    """A rule that is due at a tick."""

    tick: int
    rule: Rule


class Stretch(NamedTuple):
    """Music to come, [start, end) ticks, in which every tick comes once; its start sounds at `at_s`."""

    start: int
    end: int
    epoch: int
    lap: int
    at_s: float


def ahead(project: ProjectState, playback: Playback, seconds: float) -> Iterator[Stretch]:
    """Yield what will be played in so many seconds, as far as it is known; of music that stands, once it goes on.

    Where a loop begins again, another stretch begins.
    """
    tempo, loop = project.tempo_map, playback.loop
    tick, epoch, lap, at_s = playback.tick, playback.epoch, playback.lap, playback.at_s
    if not playback.playing:
        epoch, lap = epoch + 1, 0
    for _ in range(MOST_LAPS):
        wraps = loop.end_ticks if loop is not None and tick < loop.end_ticks else inf
        end = min(ceil(tempo.ticks(tempo.seconds(tick) + seconds)), wraps)
        yield Stretch(ceil(tick), int(end), epoch, lap, at_s)
        if end < wraps or loop is None:
            return
        played_s = tempo.seconds(end) - tempo.seconds(tick)
        seconds, at_s = seconds - played_s, at_s + played_s
        tick, epoch, lap = loop.start_ticks, epoch + 1, lap + 1


class Agenda:
    """Those of some rules that are due at ticks of a project."""

    def __init__(self, project: ProjectState, rules: Iterable[Rule]) -> None:
        self._meters = project.meter_map
        self._places: dict[str, int] = {}
        self._beats: dict[int, list[Rule]] = {}
        self._bars: dict[int, list[Rule]] = {}
        fixed: list[Due] = []
        for place, rule in enumerate(rule for rule in rules if isinstance(rule.trigger, TIMED)):
            self._places[rule.id] = place
            trigger = rule.trigger
            if isinstance(trigger, BeatTrigger):
                by_divisor = self._beats if trigger.unit == "beats" else self._bars
                by_divisor.setdefault(trigger.divisor, []).append(rule)
            else:
                fixed += [Due(tick, rule) for tick in _ticks(project, rule)]
        self._fixed = sorted(fixed, key=lambda due: due.tick)
        self._ticks = [due.tick for due in self._fixed]
        self._kept: dict[tuple[str, int], list[Rule]] = {}

    def __bool__(self) -> bool:
        return bool(self._places)

    def due(self, start: int, end: int) -> list[Due]:
        """Return what is due in [start, end) ticks, by time, at one time by priority and by place in the list."""
        found = self._fixed[bisect_left(self._ticks, start) : bisect_left(self._ticks, end)]
        if self._beats:
            for beat in range(-(-start // PPQ), -(-end // PPQ)):
                found += [Due(beat * PPQ, rule) for rule in self._on("beat", beat, self._beats)]
        if self._bars and end > start:
            for bar in range(self._meters.bar_of(max(0, start)), self._meters.bar_of(max(0, end - 1)) + 1):
                if start <= (tick := self._meters.bar_start(bar)) < end:
                    found += [Due(tick, rule) for rule in self._on("bar", bar, self._bars)]
        return sorted(found, key=lambda due: (due.tick, due.rule.rank, self._places[due.rule.id]))

    def _on(self, unit: str, number: int, by_divisor: dict[int, list[Rule]]) -> list[Rule]:
        """Return the rules of a beat or bar; those of the last few are kept, since they are asked for again."""
        key = (unit, number)
        if key not in self._kept:
            while len(self._kept) > 64:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = [rule for divisor in by_divisor if not number % divisor for rule in by_divisor[divisor]]
        return self._kept[key]


def _ticks(project: ProjectState, rule: Rule) -> list[int]:
    """Return the ticks at which a rule is due that is not on every so many beats."""
    trigger = rule.trigger
    if isinstance(trigger, MarkerTrigger):
        return [marker.tick for marker in project.markers if marker.name.casefold() == trigger.name.casefold()]
    if isinstance(trigger, SectionTrigger):
        bars, wanted = starts(project.sections), trigger.name.casefold()
        named = zip(bars, project.sections, strict=False)
        return [project.meter_map.bar_start(bar) for bar, one in named if not wanted or one.name.casefold() == wanted]
    return []
