"""The music's time in the MIDI process: which tick is when, as the player last said; without music, at its tempo."""

import time
from collections.abc import Callable

from hardcore.music.tempo import TempoMap


class Ticker:
    """Ticks and seconds of the machine's steady clock. While the music stands, ticks run on from 0 at `rest`."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._tempo = TempoMap()
        self._tick, self._at_s = 0.0, steady()
        self.playing = False
        # Another number each time that the music begins, stops or is taken elsewhere; below 0 while it stands.
        self.epoch = -1
        self._laps = 0.0

    def follow(self, tempo: TempoMap) -> None:
        """Go on by these tempos, from where the music is."""
        if tempo is not self._tempo:
            now = self._steady()
            self._tick, self._at_s = self.tick_at(now), now
            self._tempo = tempo

    def heard(self, playing: bool, tick: float, at_s: float, epoch: int, laps: float = 0.0) -> None:
        """Take in where the player says that it is; `laps` are the ticks that its loop has gone back."""
        self._laps = laps
        if playing or self.playing:
            self._tick, self._at_s = tick, at_s
        self.epoch = epoch if playing else -epoch - 1
        self.playing = playing

    def rest(self, now_s: float) -> None:
        """Let ticks begin at 0 now; while the music runs nothing happens."""
        if not self.playing:
            self._tick, self._at_s = 0.0, now_s

    @property
    def reported(self) -> float:
        """Return the tick that the player said last."""
        return self._tick

    def tick_at(self, now_s: float) -> float:
        """Return the tick at a time."""
        return self._tempo.ticks(max(0.0, self._tempo.seconds(self._tick) + now_s - self._at_s))

    def bpm_at(self, now_s: float) -> float:
        """Return the tempo at a time."""
        return self._tempo.at(self.tick_at(now_s))

    def played_at(self, at_s: float) -> float | None:
        """Return the tick at a time, going on where the loop begins again; None while the music stands."""
        return self.tick_at(at_s) + self._laps if self.playing else None

    def time_of(self, tick: float) -> float:
        """Return the time of a tick."""
        return self._at_s + self._tempo.seconds(tick) - self._tempo.seconds(self._tick)
