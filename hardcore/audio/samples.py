"""Float samples: in spans that keep what is made of them small, as whole numbers (rounding, dither), and as bytes.

All goes block by block, with a checkpoint at each.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hardcore.checkpoint import checkpoint

Audio = NDArray[np.float32]
ByteOrder = Literal["<", ">"]

DITHER_SEED = 1977
# A few milliseconds of work.
BLOCK = 1 << 16
_SPAN = 1 << 20


def blocks(audio: Audio, frames: int) -> Iterator[Audio]:
    """Yield `audio` [channels, frames] as interleaved blocks [≤ frames, channels]."""
    for start in range(0, audio.shape[1], frames):
        checkpoint()
        yield np.ascontiguousarray(audio[:, start : start + frames].T)


def spans(audio: Audio, over: int = 0) -> Iterator[Audio]:
    """Yield `audio` [channels, frames] in views of about a million frames, each with the first `over` of the next."""
    for start in range(0, audio.shape[1] - over, _SPAN):
        checkpoint()
        yield audio[:, start : start + _SPAN + over]


def planar(interleaved: Iterable[Audio], channels: int, frames: int) -> Audio:
    """Return blocks [any, channels], `frames` altogether, as one [channels, frames]."""
    whole = np.empty((channels, frames), np.float32)
    at = 0
    for block in interleaved:
        checkpoint()
        whole[:, at : at + len(block)] = block.T
        at += len(block)
    return whole


def scaled(audio: Audio, factor: float) -> Audio:
    """Return `audio` [channels, frames] times a factor."""
    return planar((block * np.float32(factor) for block in blocks(audio, BLOCK)), *audio.shape)


def peak(audio: Audio) -> float:
    """Return the largest sample of `audio` without its sign; 0 for none, and not a number where one is not."""
    return float(np.max([np.max(np.abs(part)) for part in spans(audio)], initial=0.0))


def mean_square(audio: Audio) -> float:
    """Return the mean power of `audio`, 0 for none."""
    total = sum(float(np.square(part, dtype=np.float64).sum()) for part in spans(audio))
    return total / audio.size if audio.size else 0.0


class Quantizer:
    """Turns blocks of float samples into int32 of `bits`; 16 bits get triangular dither from a fixed seed.

    The dither runs on from block to block, so the block size does not change the result. Samples beyond ±1 are clipped
    and counted in `clipped`. 24 bits are rounded: their error is under any converter's noise.
    """

    def __init__(self, bits: int, dither: bool | None = None) -> None:
        self.bits = bits
        self.clipped = 0
        self._dither = np.random.PCG64(DITHER_SEED) if (bits == 16 if dither is None else dither) else None

    def quantize(self, block: Audio) -> NDArray[np.int32]:
        """Return `block` as whole numbers from −2^(bits−1) to 2^(bits−1) − 1."""
        top = 1 << (self.bits - 1)
        self.clipped += int(np.count_nonzero(np.abs(block) > 1.0))
        scaled = block.astype(np.float64) * top
        if self._dither is not None:
            scaled += self._triangle(block.size).reshape(block.shape)
        return np.clip(np.rint(scaled), -top, top - 1).astype(np.int32)

    def _triangle(self, count: int) -> NDArray[np.float64]:
        # raw bits of a named generator: numpy promises this stream, not the one of its distributions
        assert self._dither is not None
        raw = self._dither.random_raw(count)
        high, low = raw >> np.uint64(32), raw & np.uint64(0xFFFFFFFF)
        return (high.astype(np.float64) - low.astype(np.float64)) / 2.0**32


def pack(values: NDArray[np.int32], bits: int, order: ByteOrder = "<") -> bytes:
    """Return int32 samples as bytes of 16 or 24 bits each, little-endian or big-endian (`>`)."""
    if bits == 16:
        return values.astype(f"{order}i2").tobytes()
    used = slice(None, 3) if order == "<" else slice(1, None)
    return values.astype(f"{order}i4").reshape(-1).view(np.uint8).reshape(-1, 4)[:, used].tobytes()


def floats(block: Audio, order: ByteOrder) -> bytes:
    """Return float samples as bytes of 32 bits each."""
    return block.astype(f"{order}f4").tobytes()
