"""Overload: whether the engine has more to do than it can, so that sound is lost or soon will be."""

from collections import deque

# An engine this busy, percent, for so long is overloaded; one that is calm for as long as QUIET_S no longer.
LIMIT_PERCENT, LASTS_S = 85.0, 1.5
CALM_PERCENT, QUIET_S = 70.0, 5.0
# So much sound lost within so long is overload too, where the engine itself is busy: else another program is.
DROPOUTS, WITHIN_S, BUSY_PERCENT = 3, 10.0, 50.0


class Overload:
    """Fed with what the engine says of itself; `on` says whether it is overloaded."""

    def __init__(self) -> None:
        self.on = False
        self._dropouts = 0
        self._lost_s: deque[float] = deque(maxlen=DROPOUTS)
        self._high_s: float | None = None
        self._low_s: float | None = None

    def take(self, load_percent: float, dropouts: int, now_s: float) -> None:
        """Note the load and how often sound was lost since the start, at a time in seconds."""
        self._lost_s.extend([now_s] * min(max(0, dropouts - self._dropouts), DROPOUTS))
        self._dropouts = dropouts
        self._high_s = (self._high_s or now_s) if load_percent >= LIMIT_PERCENT else None
        self._low_s = (self._low_s or now_s) if load_percent < CALM_PERCENT else None
        lost = len(self._lost_s) == DROPOUTS and now_s - self._lost_s[0] <= WITHIN_S
        if (self._high_s is not None and now_s - self._high_s >= LASTS_S) or (lost and load_percent >= BUSY_PERCENT):
            self.on = True
        elif self._low_s is not None and now_s - self._low_s >= QUIET_S and not lost:
            self.on = False
