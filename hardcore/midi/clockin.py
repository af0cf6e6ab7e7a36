"""MIDI clock that is followed: pulses of another machine become a steady tempo and a place in its music."""

from collections import deque
from collections.abc import Sequence

from hardcore.music.ticks import PPQ
from hardcore.project.hands import ClockSaid

PULSES = 24  # a beat
PULSE_TICKS = PPQ // PULSES
SIXTEENTH_PULSES = 6
CLOCK, START, CONTINUE, STOP, POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
# The tempo is the slope through the pulses of the last beats; a change of tempo is followed within as many.
WINDOW = 4 * PULSES + 1
TELL_PULSES = 12
# Without a pulse for so long the line through them begins anew.
GAP_S = 0.35
# Where the latest pulses are apart by so much more or less than all, the tempo has leapt: only they count.
LATEST, LEAP = 6, 0.08


class ClockIn:
    """Takes in system messages of one port; each returns what is worth telling, None for nothing."""

    def __init__(self) -> None:
        self._stamps: deque[float] = deque(maxlen=WINDOW)
        self._running = self._waiting = False
        self._pulse = 0
        self._count = 0

    def take(self, data: Sequence[int], at_s: float) -> ClockSaid | None:
        """Take in a message that came at a time of the steady clock."""
        if data[0] == CLOCK:
            return self._ticked(at_s)
        if data[0] == POSITION and len(data) == 3:
            self._pulse = (data[1] + 128 * data[2]) * SIXTEENTH_PULSES
            return self._said(at_s, "position")
        if data[0] in (START, CONTINUE):
            self._pulse = 0 if data[0] == START else self._pulse
            self._running = self._waiting = True
            return None  # the next pulse is its first
        if data[0] == STOP:
            self._running = self._waiting = False
            return self._said(at_s, "stop")
        return None

    def _ticked(self, at_s: float) -> ClockSaid | None:
        self._stamp(at_s)
        self._count += 1
        begun = self._waiting
        if self._waiting:
            self._waiting = False
        elif self._running:
            self._pulse += 1
        if begun:
            return self._said(at_s, "start" if self._pulse == 0 else "continue")
        return self._said(self._smooth(at_s), "") if self._count % TELL_PULSES == 0 else None

    def _stamp(self, at_s: float) -> None:
        stamps = self._stamps
        if stamps and at_s - stamps[-1] > GAP_S:
            stamps.clear()
        stamps.append(at_s)
        if len(stamps) > PULSES:
            late = list(stamps)[-LATEST - 1 :]
            pulse_s, now_s = (stamps[-1] - stamps[0]) / (len(stamps) - 1), (late[-1] - late[0]) / LATEST
            if abs(now_s / pulse_s - 1) > LEAP:
                self._stamps = deque(late, maxlen=WINDOW)

    def _line(self) -> tuple[float, float] | None:
        """Return seconds a pulse, and the time of the latest by the line through all; None for too few of them."""
        count = len(self._stamps)
        if count < SIXTEENTH_PULSES:
            return None
        mean_x, mean_s = (count - 1) / 2, sum(self._stamps) / count
        spread = sum((place - mean_x) ** 2 for place in range(count))
        slope = sum((place - mean_x) * (at - mean_s) for place, at in enumerate(self._stamps)) / spread
        return slope, mean_s + slope * (count - 1 - mean_x)

    def _smooth(self, at_s: float) -> float:
        line = self._line()
        return at_s if line is None else line[1]

    def _said(self, at_s: float, did: str) -> ClockSaid:
        line = self._line()
        bpm = None if line is None or line[0] <= 0 else 60 / (line[0] * PULSES)
        return ClockSaid(bpm, self._running, self._pulse * PULSE_TICKS, at_s, did)
