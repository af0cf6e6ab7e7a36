"""How wide a sound is: correlation, width, balance, and what mono would lose."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.samples import Audio
from hardcore.audio.spectra import fast_length, parts

# the low end should be mono up to here
LOW_HZ = 120.0
_WINDOW_S = 0.4
# windows this far under the loudest say nothing
_QUIET_DB = 40.0
# windows handled at once: bounds the memory of a long file
_BATCH = 64


@dataclass(frozen=True)
class Stereo:
    """The relation of left and right.

    correlation      1 mono, 0 unrelated, −1 opposite; the lowest is of any 400 ms, `low_correlation` below 120 Hz
    width            side / (mid + side) by level: 0 mono, 0.5 unrelated sides, 1 opposite
    balance_db       right over left
    mono_change_db   the power of (left + right) / 2 over the mean of both sides': 0 in mono, −3 unrelated, −96 opposite
    """

    correlation: float
    lowest_correlation: float
    low_correlation: float
    width: float
    balance_db: float
    mono_change_db: float


def stereo(audio: Audio, rate: int) -> Stereo | None:
    """Return the relation of the first two channels of `audio`; None for one channel and for silence."""
    samples = np.atleast_2d(audio)
    if samples.shape[0] < 2 or samples.shape[1] == 0:
        return None
    left, right = samples[0], samples[1]
    powers = _powers(left, right, max(1, round(_WINDOW_S * rate)))
    ll, rr, lr = (float(part.sum()) for part in powers)
    if ll + rr <= 0.0:
        return None
    mid, side = (max(ll + rr + sign * 2.0 * lr, 0.0) for sign in (1, -1))
    return Stereo(
        correlation=_correlation(ll, rr, lr),
        lowest_correlation=_lowest(*powers),
        low_correlation=_correlation(*_low_powers(samples[:2], rate)),
        width=float(np.sqrt(side) / (np.sqrt(mid) + np.sqrt(side))),
        balance_db=_ratio_db(rr, ll),
        mono_change_db=_ratio_db(mid / 4.0, (ll + rr) / 2.0),
    )


def _low_powers(sides: Audio, rate: int) -> tuple[float, float, float]:
    """Return what `_powers` does of all that is below 120 Hz, 12 dB an octave, from transforms (Parseval)."""
    one, two, both = np.sum([_low_power(part, rate) for part in parts(sides)], axis=0)
    return float(one), float(two), float(both)


def _low_power(sides: Audio, rate: int) -> tuple[float, float, float]:
    size = fast_length(sides.shape[1])
    # four octaves above nothing is left of it
    heard = min(int(16 * LOW_HZ * size / rate), size // 2) + 1
    left, right = (fft.rfft(side, size)[:heard] for side in sides)
    hz = np.minimum(np.arange(heard) * (rate / size), rate * 0.499)
    edge = np.tan(np.pi * min(LOW_HZ, rate * 0.4) / rate)
    passed = 1.0 / (1.0 + (np.tan(np.pi * hz / rate) / edge) ** 4)
    pairs = ((left, left), (right, right), (left, right))
    one, two, both = (float((passed * (a * b.conj()).real).sum(dtype=np.float64)) for a, b in pairs)
    return one, two, both


def _powers(left: Audio, right: Audio, window: int) -> tuple[Audio, Audio, Audio]:
    pairs = ((left, left), (right, right), (left, right))
    one, two, both = (np.concatenate(list(_sums(a, b, window))) for a, b in pairs)
    return one, two, both


def _sums(a: Audio, b: Audio, window: int) -> Iterator[NDArray[np.float64]]:
    """Yield the sums of a · b over each window, some windows at a time."""
    for at in range(0, len(a), window * _BATCH):
        products = a[at : at + window * _BATCH] * b[at : at + window * _BATCH]
        yield np.add.reduceat(products, np.arange(0, len(products), window), dtype=np.float64)


def _correlation(ll: float, rr: float, lr: float) -> float:
    # one side alone is neither like nor unlike the other
    return float(np.clip(lr / np.sqrt(ll * rr), -1.0, 1.0)) if ll > 0.0 and rr > 0.0 else 0.0


def _lowest(ll: Audio, rr: Audio, lr: Audio) -> float:
    heard = ll + rr > float((ll + rr).max()) * 10 ** (-_QUIET_DB / 10)
    values = [
        _correlation(float(a), float(b), float(c)) for a, b, c in zip(ll[heard], rr[heard], lr[heard], strict=True)
    ]
    return min(values)


def _ratio_db(over: float, under: float) -> float:
    return float(np.clip(10.0 * np.log10(max(over, 1e-20) / max(under, 1e-20)), -96.0, 96.0))
