"""Filters that hold at any sample rate: the engine's own, their frequency kept below the one where they break.

A filter of the engine whose frequency lies above half the sample rate does not let everything through: it resonates
or blows up (a hi-hat through a low-pass at 17 kHz came out 15 dB louder at 22,050 Hz).
"""

from typing import Any

import nanosynth
from nanosynth.synthdef import UGenOperable

from hardcore.engine.synthdefs.shared import Number, Signal

# Of the sample rate; just below half of it there are filters that ring without end.
HIGHEST = 0.45
# The same for frequency times 1/Q: these take the tangent of it, which turns over at a half.
BROADEST = 0.49
BROAD = ("BPF", "BRF", "RLPF", "RHPF")
# A frequency that is below the highest at the lowest rate there is, 8,000 Hz, needs no keeping.
ALWAYS_HZ = 3600.0
NAMES = (
    "LPF", "HPF", "BPF", "BRF", "RLPF", "RHPF", "MoogFF", "Ringz", "Resonz",
    "BLowPass", "BHiPass", "BAllPass", "BLowShelf", "BHiShelf", "BPeakEQ",
)  # fmt: skip


def kept(frequency_hz: Number, reciprocal_of_q: Number = 0.0) -> Number:
    """Return a filter's frequency, at most HIGHEST of the sample rate, less for a band that is very broad."""
    if isinstance(reciprocal_of_q, UGenOperable):
        share: Number = (BROADEST / reciprocal_of_q).min_(HIGHEST)
    else:
        share = min(HIGHEST, BROADEST / max(reciprocal_of_q, 0.01))
        if not isinstance(frequency_hz, UGenOperable) and frequency_hz <= ALWAYS_HZ * share / HIGHEST:
            return frequency_hz
    most: Signal = nanosynth.SampleRate.ir() * share
    return most.min_(frequency_hz)


class Filter:
    """A filter of the engine by name, its frequency kept; the other arguments are the engine's."""

    def __init__(self, name: str) -> None:
        self._made: Any = getattr(nanosynth, name)
        self._broad = name in BROAD

    def ar(self, *, source: Signal, frequency: Number, **others: Number) -> Signal:
        """Return the filtered signal."""
        most = kept(frequency, others.get("reciprocal_of_q", 1.0) if self._broad else 0.0)
        signal: Signal = self._made.ar(source=source, frequency=most, **others)
        return signal


LPF, HPF, BPF, BPeakEQ = Filter("LPF"), Filter("HPF"), Filter("BPF"), Filter("BPeakEQ")


class Units:
    """The engine's unit generators by name, the filters among them kept."""

    def __init__(self) -> None:
        self._filters = {name: Filter(name) for name in NAMES}

    def __getattr__(self, name: str) -> Any:
        return self._filters.get(name) or getattr(nanosynth, name)
