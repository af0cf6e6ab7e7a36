"""Short-time spectra: the one transform that features and pictures are made of."""

import numpy as np
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.samples import Audio

Floats = NDArray[np.float32]

# frames transformed at once: bounds the memory of a long file
_BATCH = 512
# what is longer, a minute and a half, is transformed in parts; what that leaks into other bands is 60 dB down
_LONGEST = 1 << 22


def fast_length(least: int) -> int:
    """Return the smallest length from `least` up that a transform is fast at: 2, 3 and 5 are its only prime factors."""
    best = 1 << max(least - 1, 0).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            rest = -(-least // three)
            best = min(best, three << max(rest - 1, 0).bit_length())
            three *= 3
        five *= 5
    return best


def parts(audio: Audio) -> list[Audio]:
    """Return `audio` [channels, frames] in equal views that are short enough to be transformed whole."""
    return np.array_split(audio, max(1, -(-audio.shape[1] // _LONGEST)), axis=1)


def power_spectra(audio: Audio, window: int, hop: float, count: int | None = None) -> Floats:
    """Return the power spectra [frames, window // 2 + 1] of `audio`, averaged over channels.

    Frame i is centred on sample i·hop (hop may have a fraction); a full-scale sine at a bin's centre reads 1.0.
    """
    samples = np.atleast_2d(audio)
    shape = np.hanning(window + 1)[:-1].astype(np.float32)
    frames = int(samples.shape[1] / hop) + 1 if count is None else count
    starts = np.minimum((np.arange(frames) * hop).astype(np.int64), samples.shape[1] + window // 2)
    spectra = np.zeros((frames, window // 2 + 1), np.float32)
    for channel in samples:
        views = np.lib.stride_tricks.sliding_window_view(np.pad(channel, (window // 2, window)), window)
        for at in range(0, frames, _BATCH):
            part = fft.rfft(views[starts[at : at + _BATCH]] * shape, axis=1)
            spectra[at : at + _BATCH] += part.real**2 + part.imag**2
    spectra *= np.float32((2.0 / float(shape.sum())) ** 2 / len(samples))
    return spectra
