"""The controller of mode m4: hears each bar, leans the next toward the targets, and rescues a session that falls."""

from array import array

from hardcore.rhythm.config import Rhythm
from hardcore.rhythm.metrics import entrainment, tiers
from hardcore.rhythm.steered import Leaning

# How strongly an error moves a leaning, and the most it moves in a bar.
GAIN, CAP = 0.6, 0.05


class Control:
    """Hears the union of all layers' hits, bar by bar.

    lean    0–1, raised while syncopation is below its band and lowered while it is above
    repeat  −1–1, raised while entrainment is below its target and lowered while it is above
    """

    def __init__(self, rhythm: Rhythm) -> None:
        targets = rhythm.targets
        self._steps, self._beat = rhythm.grid_steps, 1920 // rhythm.grid_ticks
        self._full = (1 << self._steps) - 1
        _, self._half, self._rest = tiers(self._steps, self._beat)
        self._e_target, self._min_e = targets.E_target, rhythm.guard.min_E
        self._band: tuple[float, float] | None = None
        if targets.S_low is not None or targets.S_high is not None:
            top = 0.65 if targets.S_high is None else targets.S_high
            self._band = (targets.S_low or 0.0, max(top, targets.S_low or 0.0))
        self._lean = 0.5 if self._band else 0.0
        self._repeat, self._rescue, self._error = 0.0, False, 0.0
        self.E, self.S, self.lean = array("d"), array("d"), array("d")
        self.rescues: list[int] = []

    @property
    def error(self) -> float:
        """Return the error of syncopation in the last bar: above 0 more is wanted."""
        return self._error

    def carry_on(self, before: "Control") -> None:
        """Go on with what another control has heard; a leaning that nothing asks for any more is dropped."""
        self.E, self.S, self.lean = before.E[:], before.S[:], before.lean[:]
        self.rescues, self._rescue = list(before.rescues), before._rescue
        if self._band and before._band:
            self._lean = before._lean
        if self._e_target is not None:
            self._repeat = before._repeat

    def leaning(self) -> Leaning:
        """Return how the next bar is steered."""
        return Leaning(self._lean, self._repeat, self._rescue)

    def hear(self, union: int) -> None:
        """Take in a bar: all hits, as bits of the grid."""
        hits = union.bit_count()
        e = entrainment(union, self._steps, self._beat)
        s = (0.40 * (union & self._half).bit_count() + 0.65 * (union & self._rest).bit_count()) / hits if hits else 0.0
        if self._rescue:
            self.rescues.append(len(self.E))
        self.E.append(e)
        self.S.append(s)
        self.lean.append(self._lean)
        self._rescue = e < self._min_e
        self._error = self._off_band(s)
        self._lean = _moved(self._lean, 0.0 if self._rescue else self._error * GAIN, 0.0, 1.0)
        if self._e_target is not None:
            self._repeat = _moved(self._repeat, (self._e_target - e) * GAIN, -1.0, 1.0)

    def _off_band(self, s: float) -> float:
        """Return how far S is from its band; inside, a quarter of the way to the middle keeps it off the edges."""
        if self._band is None:
            return 0.0
        low, high = self._band
        if s < low:
            return low - s
        return high - s if s > high else 0.25 * ((low + high) / 2 - s)


def _moved(value: float, by: float, low: float, high: float) -> float:
    return min(high, max(low, value + min(CAP, max(-CAP, by))))
