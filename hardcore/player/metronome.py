"""The metronome: a click on every beat of the meter, higher on the first, and the clicks that count in."""

from collections.abc import Iterator
from dataclasses import dataclass

from hardcore.engine.osc import message
from hardcore.music.meter import MeterMap
from hardcore.player.cue import MAIN, Place

HZ = {True: 1600.0, False: 1000.0}


@dataclass
class Metronome:
    """Whether it clicks while the music plays, and where it is heard."""

    on: bool = False
    place: Place = MAIN

    def clicks(self, meters: MeterMap, start: int, end: int, music: int) -> Iterator[tuple[int, bool]]:
        """Yield the ticks in [start, end) that click, and whether a bar begins there.

        music   the tick from which the music is heard: what lies before it is counted in, whether it is on or not
        """
        if not self.on and start >= music:
            return
        bar = meters.bar_of(start)
        while (first := meters.bar_start(bar)) < end:
            beat = meters.at(max(0, first)).unit_ticks
            for tick in range(first, meters.bar_start(bar + 1), beat):
                if start <= tick < end and (self.on or tick < music):
                    yield tick, tick == first
            bar += 1

    def request(self, begins_bar: bool) -> bytes:
        """Return the request for a click."""
        action, group, bus = self.place
        return message("/s_new", "click", -1, action, group, "out", bus, "freq", HZ[begins_bar])
