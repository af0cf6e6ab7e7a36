"""The time base: how musical time runs over samples, from one point on. A tempo edit or a jump begins a new one."""

from typing import NamedTuple

from hardcore.music.tempo import TempoMap


class Course(NamedTuple):
    """From `sample` on, where the music is at `tick`, it follows the tempo map. Both may have fractions."""

    sample: float
    tick: float
    tempo: TempoMap
    rate: int

    def sample_of(self, tick: float) -> float:
        """Return the sample of a tick, with its fraction."""
        return self.sample + (self.tempo.seconds(tick) - self.tempo.seconds(self.tick)) * self.rate

    def tick_at(self, sample: float) -> float:
        """Return the tick that sounds at a sample."""
        return self.tempo.ticks(self.tempo.seconds(self.tick) + (sample - self.sample) / self.rate)
