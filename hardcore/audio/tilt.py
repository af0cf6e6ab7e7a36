"""A tilt of the spectrum: brighter by so many dB at the top, less and less below it, without a shift in time."""

import math
from collections.abc import Iterator

import numpy as np
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.samples import Audio, planar
from hardcore.checkpoint import checkpoint

# how the tilt rises from 0 Hz to half the rate: Timbre's masters have this curve
EXPONENT = 1.2
_TAPS = 1023
_SIZE = 1 << 15


def tilted(audio: Audio, tilt_db: float, *, loop: bool = False) -> Audio:
    """Return `audio` [channels, frames] with `tilt_db` at half its rate, and tilt_db · (share of that)^1.2 below.

    loop    the end goes on into the beginning; otherwise silence is around it
    """
    if not tilt_db:
        return audio
    half, frames = _TAPS // 2, audio.shape[1]
    around = np.pad(audio, ((0, 0), (half, half)), mode="wrap" if loop else "constant")
    response = fft.rfft(_kernel(tilt_db), _SIZE).astype(np.complex64)
    step = _SIZE - _TAPS + 1

    def filtered() -> Iterator[Audio]:
        for start in range(0, frames, step):
            checkpoint()
            part = fft.irfft(fft.rfft(around[:, start : start + _SIZE], _SIZE, axis=1) * response, _SIZE, axis=1)
            yield part[:, _TAPS - 1 :][:, : frames - start].T.astype(np.float32)

    return planar(filtered(), *audio.shape)


def _kernel(tilt_db: float) -> NDArray[np.float64]:
    """Return the impulse response: symmetric about its middle, so nothing moves."""
    size = 1 << math.ceil(math.log2(4 * _TAPS))
    share = np.arange(size // 2 + 1) / (size // 2)
    whole = fft.fftshift(fft.irfft(10 ** (tilt_db * share**EXPONENT / 20), size))
    middle = size // 2
    taps: NDArray[np.float64] = whole[middle - _TAPS // 2 : middle + _TAPS // 2 + 1] * np.hanning(_TAPS + 2)[1:-1]
    return taps
