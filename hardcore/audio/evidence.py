"""Whether there is anything in a sound that a key or a tempo could be told from.

One steady pitch is a note and no key, noise and drums have neither, and without repeated onsets there is no tempo:
where these say no, nothing is said.
"""

from math import log2

import numpy as np
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.samples import Audio

# onsets that a tempo is told from; under this confidence it is chance
LEAST_ONSETS, LEAST_TEMPO, LEAST_KEY = 4, 0.05, 0.03

_QUIET = 0.01
_SHORTEST_S, _SHORT_S = 0.35, 2.0
# of the spectrum's flatness: above it a sound is noise, a long one and a short one
_NOISE_DB, _SHORT_NOISE_DB = -4.0, -16.0
_FLAT_S, _FLAT_HZ = 3.0, (150.0, 4500.0)
# lines are gathered in bins of 10 cents; one counts from this share of the strongest
_BIN_CENTS, _LINE = 10, 0.08
# how far a partial may lie from its place: octaves and fifths of a chord lie there too, thirds and sevenths do not
_NEAR_CENTS, _FAR_CENTS, _PURE = 9.0, 22.0, (2, 3, 4, 6, 8)

Curve = NDArray[np.float64]


def is_tonal(low: Audio, rate: int, hz: Curve, height: Curve) -> bool:
    """Return whether a sound [channels, frames] has notes enough for a key; `hz` and `height` are its steady lines."""
    loud = np.abs(low).max(axis=0, initial=0.0)
    sounding = np.flatnonzero(loud > _QUIET * float(loud.max(initial=0.0)))
    if not len(sounding):
        return False
    first, last = int(sounding[0]), int(sounding[-1]) + 1
    seconds = (last - first) / rate
    if seconds < _SHORTEST_S:
        return False
    flat = flatness_db(low[:, first:last].mean(axis=0)[: round(_FLAT_S * rate)], rate)
    return flat <= (_SHORT_NOISE_DB if seconds < _SHORT_S else _NOISE_DB) and not _is_narrow(notes(hz, height))


def flatness_db(sound: Audio, rate: int) -> float:
    """Return the flatness of a channel's spectrum from 150 to 4500 Hz in dB: 0 is noise, below −30 a tone."""
    size = max(len(sound), 512)
    power = np.abs(fft.rfft(sound.astype(np.float64), size)) ** 2
    places = fft.rfftfreq(size, 1 / rate)
    part = power[(places > _FLAT_HZ[0]) & (places < _FLAT_HZ[1])]
    smooth = np.maximum(np.convolve(part, np.ones(5) / 5, "same"), 1e-12)
    return float(10 * np.log10(np.exp(np.log(smooth).mean()) / smooth.mean()))


def notes(hz: Curve, height: Curve) -> set[int]:
    """Return the pitch classes (C is 0) of the lines that are no partials of lower ones."""
    audible = hz > 20.0
    if not audible.any():
        return set()
    places = np.rint(1200 * np.log2(hz[audible] / 20.0) / _BIN_CENTS).astype(np.int64)
    gathered = np.convolve(np.bincount(places, weights=height[audible], minlength=8), np.ones(5), "same")
    sides = np.lib.stride_tricks.sliding_window_view(np.pad(gathered, 3), 7).max(axis=1)
    tops = np.flatnonzero((gathered >= sides) & (gathered > _LINE * float(gathered.max())))
    found: list[tuple[float, float]] = []
    for top in tops:
        cents, strength = float(top * _BIN_CENTS), float(gathered[top])
        if not any(_is_partial(cents - lower) and strength < 1.5 * weight for lower, weight in found):
            found.append((cents, strength))
    # 20 Hz lies 5352 cents under A4
    return {round((cents - 5351.3) / 100 + 69) % 12 for cents, _ in found}


def _is_partial(above_cents: float) -> bool:
    number = round(2 ** (above_cents / 1200))
    if number < 2:
        return False
    return abs(above_cents - 1200 * log2(number)) < (_FAR_CENTS if number in _PURE else _NEAR_CENTS)


def _is_narrow(classes: set[int]) -> bool:
    """Return whether pitch classes are one note, or the smear of one that falls: all within a whole tone."""
    if len(classes) < 2:
        return True
    return any(all((one - lowest) % 12 <= 2 for one in classes) for lowest in classes)
