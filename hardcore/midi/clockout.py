"""MIDI clock that is sent: each pulse at the time of its own tick, so that nothing adds up; start, stop, position."""

import time
from collections.abc import Callable
from math import ceil

from hardcore.midi.clockin import CLOCK, CONTINUE, POSITION, PULSE_TICKS, SIXTEENTH_PULSES, START, STOP
from hardcore.midi.ticker import Ticker

# A machine that slept this long goes on from now instead of sending everything at once.
_ASLEEP_S = 0.2
MOST_POSITION = 1 << 14
# So late may be noticed that the music has begun.
GRACE_S = 0.05
Message = tuple[int, ...]


class ClockOut:
    """The clock of the music for other machines; `offset_s` moves it all, below 0 earlier."""

    def __init__(self, ticker: Ticker, steady: Callable[[], float] = time.monotonic) -> None:
        self._ticker, self._steady = ticker, steady
        self.offset_s = 0.0
        self._pulse: int | None = None
        self._epoch = ticker.epoch
        self._starts: tuple[int, list[Message]] | None = None

    def next_s(self) -> float:
        """Return when the next pulse is, in seconds of the steady clock."""
        return self._time_of(self._pulse or 0)

    def due(self) -> list[Message]:
        """Return the messages that are due now."""
        now = self._steady()
        found = self._moved(now)
        if self._pulse is None or self._time_of(self._pulse) < now - _ASLEEP_S:
            self._pulse = self._next(now)
        while self._time_of(self._pulse) <= now:
            if self._starts is not None and self._pulse >= self._starts[0]:
                found += self._starts[1]
                self._starts = None
            found.append((CLOCK,))
            self._pulse += 1
        return found

    def _moved(self, now_s: float) -> list[Message]:
        """Return what says that the music stopped; where it began or went elsewhere, that is said on its sixteenth."""
        if self._ticker.epoch == self._epoch:
            return []
        was_running, self._epoch = self._epoch >= 0, self._ticker.epoch
        # What began a moment ago is told from its beginning: many machines know no other place.
        begun = max(self._ticker.reported, self._ticker.tick_at(now_s - self.offset_s - GRACE_S))
        first_tick = min(begun, self._ticker.tick_at(now_s - self.offset_s))
        self._pulse, self._starts = ceil(first_tick / PULSE_TICKS - 1e-6), None
        if self._ticker.playing:
            first = -(-self._pulse // SIXTEENTH_PULSES)
            self._starts = (first * SIXTEENTH_PULSES, _begins(first))
        return [(STOP,)] if was_running else []

    def _next(self, now_s: float) -> int:
        return ceil(self._ticker.tick_at(now_s - self.offset_s) / PULSE_TICKS - 1e-6)

    def _time_of(self, pulse: int) -> float:
        return self._ticker.time_of(pulse * PULSE_TICKS) + self.offset_s


def _begins(sixteenth: int) -> list[Message]:
    """Return what lets another machine begin on a sixteenth of the music."""
    if sixteenth == 0:
        return [(START,)]
    place = sixteenth % MOST_POSITION
    return [(POSITION, place % 128, place // 128), (CONTINUE,)]
