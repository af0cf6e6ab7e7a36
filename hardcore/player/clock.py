"""Clocks: which sample is now, and which time tag a sample has. The sample clock is the master of all time.

scsynth's own mapping of time tags to samples wanders by up to 20 ms after its start, so notes would drift against each
other. Probes (see `engine/synthdefs/clock.py`) tell at which exact sample the engine did what a time tag asked for; the
tag of a coming sample is read off a line through the latest of them.

The engine corrects its mapping a little at every callback, by how late that was: its errors add up like the steps of a
walk, and what is older than a few tenths of a second tells nothing of what comes. So the line is laid through the
latest probes by weights that fall off within FADES_S. Measured with a dozen busy processes on two cores, 0.12 s ahead:
93 % of notes on their sample and 99.1 % of their distances within one; a parabola through 2.5 s had 76 and 98.7 %.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from math import exp
from typing import Protocol

from hardcore.engine.server import now_s

COUNT_SAMPLES = 1 << 22
# How often a probe is sent while it plays; at rest half as often will do.
PROBE_S = 1 / 32
WINDOW = 24
FADES_S = 0.12
# A probe this far off the curve is no wandering: samples were lost or doubled between the engine and the card.
LEAP_SAMPLES = 8
DROPOUT_S = 0.001


class Clock(Protocol):
    """What keeps the time of a player, in samples since some beginning."""

    rate: int
    dropouts: int

    @property
    def settled(self) -> bool:
        """Return whether it is exact to the sample."""

    def now(self) -> float:
        """Return the sample that sounds now."""

    def tag(self, sample: float) -> float:
        """Return the time tag of a sample, seconds since 1900."""


class SilentClock:
    """Time without an engine: the machine's own steady clock. `steady` gives seconds."""

    def __init__(self, rate: int, steady: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._steady, self._start = rate, steady, steady()
        self.dropouts = 0
        self.settled = True

    def now(self) -> float:
        """Return the sample that would sound now."""
        return (self._steady() - self._start) * self.rate

    def tag(self, sample: float) -> float:
        """Return a time tag; nobody hears it."""
        return now_s()


class EngineClock:
    """The engine's samples. Feed it with probes: `asked(id, tag)` when one is sent, `heard(…)` when it answers."""

    def __init__(self, rate: int, wall: Callable[[], float] = now_s) -> None:
        self.rate, self._wall = rate, wall
        self._asked: dict[int, float] = {}
        self._pairs: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._origin = (0.0, 0.0)
        self._line = (0.0, 0.0)
        self.dropouts = 0

    @property
    def ready(self) -> bool:
        """Return whether a probe has answered: before, no sample has a time."""
        return bool(self._pairs)

    @property
    def settled(self) -> bool:
        """Return whether the line stands on enough probes to be exact to the sample."""
        return len(self._pairs) >= WINDOW

    def asked(self, number: int, tag: float) -> None:
        """Note that probe `number` was sent for `tag`."""
        self._asked[number] = tag
        for old in [key for key in self._asked if key < number - 64]:
            del self._asked[old]

    def heard(self, number: int, count: float, fraction: float) -> None:
        """Note that probe `number` began at the engine's `count`, `fraction` (0–1) into the sample."""
        tag = self._asked.pop(number, None)
        if tag is None:
            return
        # The engine rounds a time to the nearest sample and calls the rest, plus a half, the fraction.
        sample = count + fraction - 0.5
        if self._pairs:
            last_sample, last_tag = self._pairs[-1]
            expected = last_sample + (tag - last_tag) * self.rate
            sample += round((expected - sample) / COUNT_SAMPLES) * COUNT_SAMPLES
            self._bridge(sample - self._sample_at(tag))
        self._pairs.append((sample, tag))
        self._fit()

    def _bridge(self, miss: float) -> None:
        """Take what was heard before over a leap: when sound was lost, the engine's time goes on from elsewhere."""
        if abs(miss) > LEAP_SAMPLES and len(self._pairs) >= 4:
            self.dropouts += abs(miss) > DROPOUT_S * self.rate
            self._pairs = deque(((sample + miss, tag) for sample, tag in self._pairs), WINDOW)

    def _fit(self) -> None:
        """Lay a line through the pairs: how much later a sample's tag is than at the nominal rate, by seconds."""
        sample0, tag0 = self._origin = self._pairs[-1]
        xs = [(sample - sample0) / self.rate for sample, _ in self._pairs]
        ys = [tag - tag0 - x for (_, tag), x in zip(self._pairs, xs, strict=True)]
        self._line = weighted_line(xs, ys, [exp(x / FADES_S) for x in xs])

    def _late(self, x: float) -> float:
        a, b = self._line
        return a + b * x

    def now(self) -> float:
        """Return the sample that the engine computes now."""
        return self._sample_at(self._wall())

    def _sample_at(self, tag: float) -> float:
        sample0, tag0 = self._origin
        elapsed = tag - tag0
        return sample0 + (elapsed - self._late(elapsed)) * self.rate

    def tag(self, sample: float) -> float:
        """Return the time tag at which the engine will do something exactly at `sample`."""
        sample0, tag0 = self._origin
        x = (sample - sample0) / self.rate
        return tag0 + x + self._late(x)


def weighted_line(xs: Sequence[float], ys: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Return (a, b) of the line a + b·x with the least weighted squares; one point gives a level line."""
    total = sum(weights)
    x0 = sum(weight * x for weight, x in zip(weights, xs, strict=True)) / total
    y0 = sum(weight * y for weight, y in zip(weights, ys, strict=True)) / total
    spread = sum(weight * (x - x0) ** 2 for weight, x in zip(weights, xs, strict=True))
    if not spread:
        return y0, 0.0
    slope = sum(weight * (x - x0) * (y - y0) for weight, x, y in zip(weights, xs, ys, strict=True)) / spread
    return y0 - slope * x0, slope
