"""How loud a sound is: LUFS, true peak, peak, length. None stands for −∞ and for what is too short to say."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyloudnorm  # type: ignore[import-untyped]
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy import signal  # type: ignore[import-untyped]

from hardcore.audio.files import read
from hardcore.audio.samples import Audio
from hardcore.errors import EngineError, UserError

WINDOW_S = 0.4
HOP_S = 0.1
SHORT_TERM_S = 3.0
OVERSAMPLING = 4
# the absolute gate of BS.1770: under it a meter shows silence
FLOOR_LUFS = -70.0
# pyloudnorm knows the channel gains of BS.1770 up to here
MAX_CHANNELS = 5

_BLOCK = 1 << 17


@dataclass(frozen=True)
class Loudness:
    """What was measured. Levels are None in silence; `integrated_lufs` also in sounds shorter than 400 ms."""

    integrated_lufs: float | None
    momentary_max_lufs: float | None
    true_peak_dbtp: float | None
    peak_dbfs: float | None
    length_s: float
    frames: int
    rate: int

    @property
    def is_silent(self) -> bool:
        """Return whether every sample is zero."""
        return self.peak_dbfs is None

    def words(self) -> str:
        """Return the measurement as one line for people."""
        length = f"{self.length_s:.2f} s"
        if self.is_silent:
            return f"silent, {length}"
        if self.integrated_lufs is not None:
            loud = f"{_signed(self.integrated_lufs)} LUFS"
        else:
            loud = "too short for LUFS" if self.length_s < WINDOW_S else "too quiet for LUFS"
        if self.momentary_max_lufs is not None:
            loud += f" (momentary max {_signed(self.momentary_max_lufs)})"
        return f"{loud}, true peak {_signed(self.true_peak_dbtp)} dBTP, peak {_signed(self.peak_dbfs)} dBFS, {length}"


def measure(audio: Audio, rate: int) -> Loudness:
    """Return the loudness of `audio` [channels, frames] or one channel, by ITU-R BS.1770-4.

    Integrated: gated twice. Momentary max: the loudest of the 400 ms windows, a hop of 100 ms apart; a shorter sound is
    followed by silence, as a running meter hears it. Peaks: the largest sample, and of ×4 oversampling.
    Raises UserError for more channels than the standard weighs, and EngineError for samples that are not finite.
    """
    samples = np.atleast_2d(np.asarray(audio, np.float32))
    channels, frames = samples.shape
    if channels > MAX_CHANNELS:
        raise UserError(f"the loudness of {channels} channels is not defined", f"at most {MAX_CHANNELS}")
    peak = float(np.max(np.abs(samples), initial=0.0))
    if not math.isfinite(peak):
        raise EngineError("the sound has samples that are not numbers")
    if peak == 0.0:
        return Loudness(None, None, None, None, frames / rate, frames, rate)
    # Both are native code that lets go of the interpreter: side by side they take half the time on two cores.
    with ThreadPoolExecutor(1) as beside:
        true_peak = beside.submit(true_peak_dbtp, samples, rate)
        integrated, momentary = _lufs(samples, rate)
    return Loudness(integrated, momentary, true_peak.result(), _db(peak), frames / rate, frames, rate)


def measure_file(path: str | os.PathLike[str]) -> Loudness:
    """Return the loudness of a sound file, as it reads back. Raises UserError."""
    return measure(*read(path))


def _lufs(samples: Audio, rate: int) -> tuple[float | None, float | None]:
    # "DeMan" reads −22.993 where BS.1770 says −23.0; pyloudnorm's other filters are off at rates besides 48 kHz
    meter = pyloudnorm.Meter(rate, filter_class="DeMan", block_size=WINDOW_S, overlap=1.0 - HOP_S / WINDOW_S)
    shortest = math.ceil(WINDOW_S * rate)
    frames = samples.shape[1]
    # pyloudnorm refuses a window or less
    padding = max(0, shortest + 1 - frames)
    integrated = float(meter.integrated_loudness(np.pad(samples, ((0, 0), (0, padding))).T))
    momentary = float(max(meter.blockwise_loudness))
    gated = integrated if integrated >= FLOOR_LUFS and frames >= shortest else None
    return gated, momentary if momentary >= FLOOR_LUFS else None


@dataclass(frozen=True)
class Course:
    """How loudness moves: the loudest 3 s, and the range of EBU Tech 3342; None in silence and what is too short."""

    short_term_max_lufs: float | None
    range_lu: float | None


def course(audio: Audio, rate: int) -> Course:
    """Return how the loudness of `audio` [channels, frames] moves, from windows of 3 s that begin 100 ms apart."""
    hops = _hop_powers(np.atleast_2d(audio), rate)
    count = round(SHORT_TERM_S / HOP_S)
    if len(hops) < count:
        return Course(None, None)
    powers = np.convolve(hops, np.ones(count) / count, "valid")
    loud = -0.691 + 10.0 * np.log10(np.maximum(powers, 1e-12))
    if float(loud.max()) < FLOOR_LUFS:
        return Course(None, None)
    # the gates and percentiles of EBU Tech 3342
    over = powers[loud >= FLOOR_LUFS]
    gate = 10.0 * math.log10(float(over.mean())) - 0.691 - 20.0
    low, high = np.percentile(loud[(loud >= FLOOR_LUFS) & (loud >= gate)], (10, 95))
    return Course(float(loud.max()), float(high - low))


def _hop_powers(samples: Audio, rate: int) -> NDArray[np.float64]:
    """Return the mean K-weighted power of each whole 100 ms, added up over channels (front ones, weight 1)."""
    hop = round(HOP_S * rate)
    count = samples.shape[1] // hop
    if count == 0:
        return np.zeros(0)
    weighted = signal.sosfilt(_k_weighting(rate), samples, axis=1)
    squares = np.square(weighted[:, : count * hop]).reshape(len(samples), count, hop)
    powers: NDArray[np.float64] = squares.mean(axis=2).sum(axis=0)
    return powers


def _k_weighting(rate: int) -> NDArray[np.float64]:
    """Return the two filters of BS.1770 at any rate, by De Man, "Evaluation of implementations of R128" (2018)."""
    k, q = math.tan(math.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10.0 ** (3.999843853973347 / 20.0)
    band = high**0.4996667741545416
    a0 = 1.0 + k / q + k * k
    shelf = (high + band * k / q + k * k, 2.0 * (k * k - high), high - band * k / q + k * k)
    rest = (2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0)
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    b0 = 1.0 + k / q + k * k
    low_cut = (1.0, -2.0, 1.0, 1.0, 2.0 * (k * k - 1.0) / b0, (1.0 - k / q + k * k) / b0)
    return np.array(((*(part / a0 for part in shelf), 1.0, *rest), low_cut))


def true_peak_dbtp(audio: Audio, rate: int) -> float | None:
    """Return the true peak of `audio` [channels, frames] in dBTP, by ×4 oversampling; None for silence."""
    samples = np.atleast_2d(np.asarray(audio, np.float32))
    with ThreadPoolExecutor() as beside:
        oversampled = list(beside.map(lambda side: _oversampled_peak(side[np.newaxis], rate), samples))
    peak = max(float(np.max(np.abs(samples), initial=0.0)), *oversampled)
    return _db(peak) if peak > 0.0 else None


def _oversampled_peak(samples: Audio, rate: int) -> float:
    # block by block: an hour at ×4 would not fit in memory
    channels, frames = samples.shape
    stream = soxr.ResampleStream(rate, rate * OVERSAMPLING, channels, dtype="float32")
    peak = 0.0
    for start in range(0, frames, _BLOCK):
        block = np.ascontiguousarray(samples[:, start : start + _BLOCK].T)
        moved = stream.resample_chunk(block, last=start + _BLOCK >= frames)
        peak = max(peak, float(np.max(np.abs(moved), initial=0.0)))
    return peak


def _db(value: float) -> float:
    return 20.0 * math.log10(value)


def _signed(value: float | None) -> str:
    return "−∞" if value is None else f"{value:.1f}".replace("-", "−")
