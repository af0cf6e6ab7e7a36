"""A look-ahead true-peak limiter: how much a sound is turned down from frame to frame so that none is over a ceiling.

The attenuation rises before a peak and falls off after it in a straight line of decibels, the same for all channels.
"""

import math
from collections.abc import Iterator
from itertools import chain

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from hardcore.audio.samples import BLOCK, Audio, blocks, planar
from hardcore.checkpoint import checkpoint

OVERSAMPLING = 4
# how long before a peak it begins to turn down, and how fast it lets go: slower pumps less, faster loses less loudness
LOOKAHEAD_S = 0.005
RELEASE_DB_S = 60.0
# what counts as silence in a table of decibels
_FLOOR = 1e-9

Decibels = NDArray[np.float32]


def peaks_db(audio: Audio, rate: int) -> Decibels:
    """Return the true peak around each frame of `audio` [channels, frames], of all channels, in dB."""
    channels, frames = audio.shape
    stream = soxr.ResampleStream(rate, rate * OVERSAMPLING, channels, dtype="float32")
    top = np.zeros(frames, np.float32)
    rest, at = np.zeros(0, np.float32), 0
    for block in chain(blocks(audio, BLOCK), [np.zeros((0, channels), np.float32)]):
        moved = np.abs(stream.resample_chunk(block, last=not len(block))).max(axis=1, initial=0.0)
        rest = np.concatenate((rest, moved))
        count = min(len(rest) // OVERSAMPLING, frames - at)
        whole, rest = np.split(rest, [count * OVERSAMPLING])
        top[at : at + count] = whole.reshape(count, OVERSAMPLING).max(axis=1, initial=0.0)
        at += count
    top = np.maximum(top, np.abs(audio).max(axis=0))
    decibels: Decibels = (20 * np.log10(np.maximum(top, _FLOOR))).astype(np.float32)
    return decibels


def attenuation_db(peaks: Decibels, over_db: float, rate: int, *, loop: bool = False) -> Decibels:
    """Return how many dB each frame is to be turned down (≥ 0) so that no peak is over −`over_db` dB.

    loop    the end goes on into the beginning
    """
    over: Decibels = np.maximum(peaks + np.float32(over_db), 0)
    if not over.any():
        return over
    window = _window(rate)
    down: Decibels = _smoothed(_held(_released(np.tile(over, 3) if loop else over, rate), window), window)
    return down[len(over) : 2 * len(over)] if loop else down


def limited(audio: Audio, gain_db: float, attenuation: Decibels) -> Audio:
    """Return `audio` [channels, frames] amplified by `gain_db` and turned down frame by frame."""

    def turned() -> Iterator[Audio]:
        for number, block in enumerate(blocks(audio, BLOCK)):
            part = attenuation[number * BLOCK : number * BLOCK + len(block), np.newaxis]
            yield block * 10 ** ((np.float32(gain_db) - part) / np.float32(20))

    return planar(turned(), *audio.shape)


def _window(rate: int) -> int:
    """Return the frames of the look-ahead: a power of two."""
    return 1 << max(2, round(math.log2(LOOKAHEAD_S * rate)))


def _released(over: Decibels, rate: int) -> Decibels:
    """Return the attenuation with its slow end: it falls by RELEASE_DB_S and rises at once."""
    out = np.empty_like(over)
    ramp = np.arange(BLOCK, dtype=np.float64) * (RELEASE_DB_S / rate)
    carry = 0.0
    for start in range(0, len(over), BLOCK):
        checkpoint()
        part = over[start : start + BLOCK].astype(np.float64)
        fall = ramp[: len(part)]
        part[0] = max(part[0], carry)
        part = np.maximum.accumulate(part + fall) - fall
        out[start : start + BLOCK] = part
        carry = max(0.0, part[-1] - RELEASE_DB_S / rate)
    return out


def _held(values: Decibels, window: int) -> Decibels:
    """Return for each frame the largest of it and the `window` − 1 after it."""
    held = values.copy()
    reach = 1
    while reach < window:
        checkpoint()
        held[:-reach] = np.maximum(held[:-reach], held[reach:])
        reach *= 2
    return held


def _smoothed(values: Decibels, window: int) -> Decibels:
    """Return the values averaged twice over the half window before each: never under what `_held` was made for.

    Before the first frame stands the first value.
    """
    half = window // 2
    for _ in range(2):
        checkpoint()
        padded = np.concatenate((np.full(half, values[0], np.float64), values))
        sums = np.cumsum(padded)
        values = ((sums[half:] - sums[:-half]) / half).astype(np.float32)
    return values
