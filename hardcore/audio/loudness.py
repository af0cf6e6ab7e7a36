"""How loud a sound is: LUFS, true peak, peak, length. None stands for −∞ and for what is too short to say."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.reader import OURS, read
from hardcore.audio.samples import Audio, mean_square, peak
from hardcore.audio.spectra import fast_length
from hardcore.checkpoint import carried, checkpoint
from hardcore.errors import EngineError, UserError

WINDOW_S = 0.4
HOP_S = 0.1
SHORT_TERM_S = 3.0
OVERSAMPLING = 4
# the absolute gate of BS.1770: under it a meter shows silence
FLOOR_LUFS = -70.0
# left, right, centre and the two behind
_WEIGHTS = (1.0, 1.0, 1.0, 1.41, 1.41)
MAX_CHANNELS = len(_WEIGHTS)
_GATE_LU = 10.0
# the K-weighting of BS.1770 as De Man has it, "Evaluation of implementations of R128" (2018): a shelf and a high-pass
SHELF_DB, SHELF_HZ, SHELF_Q, SHELF_BAND = 3.999843853973347, 1681.974450955533, 0.7071752369554196, 0.4996667741545416
CUT_HZ, CUT_Q = 38.13547087602444, 0.5003270373238773
# after that the filters are silent by more than 200 dB
_RING_S = 0.15

_BLOCK = 1 << 17

Powers = NDArray[np.float64]


@dataclass(frozen=True)
class Loudness:
    """What was measured. Levels are None in silence; `integrated_lufs` also in sounds shorter than 400 ms.

    `rms_dbfs`: the mean power of all channels, 0 for full scale.
    """

    integrated_lufs: float | None
    momentary_max_lufs: float | None
    true_peak_dbtp: float | None
    peak_dbfs: float | None
    length_s: float
    frames: int
    rate: int
    rms_dbfs: float | None = None

    @property
    def crest_db(self) -> float | None:
        """Return how far the true peak stands above the mean power, dB; None in silence."""
        return None if self.true_peak_dbtp is None or self.rms_dbfs is None else self.true_peak_dbtp - self.rms_dbfs

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
            loud = f"{signed(self.integrated_lufs)} LUFS"
        else:
            loud = "too short for LUFS" if self.length_s < WINDOW_S else "too quiet for LUFS"
        if self.momentary_max_lufs is not None:
            loud += f" (momentary max {signed(self.momentary_max_lufs)})"
        return f"{loud}, true peak {signed(self.true_peak_dbtp)} dBTP, peak {signed(self.peak_dbfs)} dBFS, {length}"


def measure(audio: Audio, rate: int) -> Loudness:
    """Return the loudness of `audio` [channels, frames] or one channel, by ITU-R BS.1770-4.

    Integrated: gated twice. Momentary max: the loudest of the 400 ms windows, a hop of 100 ms apart; a shorter sound is
    followed by silence, as a running meter hears it. Peaks: the largest sample, and of ×4 oversampling.
    Raises UserError for more channels than the standard weighs, and EngineError for samples that are not finite.
    """
    return measured(audio, rate)[0]


def measured(audio: Audio, rate: int) -> tuple[Loudness, "Course"]:
    """Return what `measure` and `course` do, having filtered once. Raises UserError and EngineError."""
    samples = np.atleast_2d(np.asarray(audio, np.float32))
    channels, frames = samples.shape
    if channels > MAX_CHANNELS:
        raise UserError(f"the loudness of {channels} channels is not defined", f"at most {MAX_CHANNELS}")
    top = peak(samples)
    if not math.isfinite(top):
        raise EngineError("the sound has samples that are not numbers")
    if top == 0.0:
        return Loudness(None, None, None, None, frames / rate, frames, rate), Course(None, None)
    # Both are native code that lets go of the interpreter: side by side they take half the time on two cores.
    with ThreadPoolExecutor(1) as beside:
        true_peak = beside.submit(carried(true_peak_dbtp), samples, rate)
        hops = _hop_powers(samples, rate)
        integrated, momentary = _lufs(hops, frames, rate)
    rms = _db(math.sqrt(mean_square(samples)))
    loud = Loudness(integrated, momentary, true_peak.result(), _db(top), frames / rate, frames, rate, rms)
    return loud, _course(hops, frames, rate)


def integrated_lufs(audio: Audio, rate: int) -> float | None:
    """Return the integrated loudness of `audio` [channels, frames] alone; None in silence and under 400 ms."""
    return _lufs(_hop_powers(audio, rate), audio.shape[1], rate)[0]


def measure_file(path: str | os.PathLike[str]) -> Loudness:
    """Return the loudness of a sound file that we wrote, as it reads back. Raises UserError."""
    return measure(*read(path, OURS))


def _lufs(hops: Powers, frames: int, rate: int) -> tuple[float | None, float | None]:
    """Return integrated and highest momentary loudness from the powers of every 100 ms, by BS.1770-4."""
    each = round(WINDOW_S / HOP_S)
    # a last window of which more than half a hop is missing does not count; one that is short counts as if silence came
    count = max(1, round((frames / rate - WINDOW_S) / HOP_S) + 1)
    padded = np.concatenate((hops, np.zeros(max(0, count + each - 1 - len(hops)))))
    powers = np.convolve(padded, np.ones(each) / each, "valid")[:count]
    integrated = gated_lufs(powers)
    if integrated is None:
        return None, None
    momentary = -0.691 + 10.0 * math.log10(float(powers.max()))
    is_long = frames >= math.ceil(WINDOW_S * rate)
    return integrated if is_long and integrated >= FLOOR_LUFS else None, momentary


def gated_lufs(powers: Powers) -> float | None:
    """Return the loudness of windows' K-weighted powers, gated twice as BS.1770-4 has it; None where all are silent."""
    loud = -0.691 + 10.0 * np.log10(np.maximum(powers, 1e-20))
    over = powers[loud >= FLOOR_LUFS]
    if not len(over):
        return None
    gate = -0.691 + 10.0 * math.log10(float(over.mean())) - _GATE_LU
    held = powers[(loud >= FLOOR_LUFS) & (loud > gate)]
    return -0.691 + 10.0 * math.log10(float(held.mean()))


@dataclass(frozen=True)
class Course:
    """How loudness moves: the loudest 3 s, and the range of EBU Tech 3342; None in silence and what is too short."""

    short_term_max_lufs: float | None
    range_lu: float | None


def course(audio: Audio, rate: int) -> Course:
    """Return how the loudness of `audio` [channels, frames] moves, from windows of 3 s that begin 100 ms apart."""
    samples = np.atleast_2d(audio)
    return _course(_hop_powers(samples, rate), samples.shape[1], rate)


def _course(hops: Powers, frames: int, rate: int) -> Course:
    hops = hops[: int(frames / rate / HOP_S + 1e-6)]
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


def _hop_powers(samples: Audio, rate: int) -> Powers:
    """Return the mean K-weighted power of each 100 ms, channels added up by their weights; the last may be short.

    Filtered by transforms of overlapping blocks: what the filters' ring lasts is cut off each block's beginning.
    """
    channels, frames = samples.shape
    edges = np.rint(np.arange(int(frames / rate / HOP_S) + 2) * HOP_S * rate).astype(np.int64)
    edges = edges[edges < frames]
    ring = math.ceil(_RING_S * rate)
    size = fast_length(max(8 * ring, 1 << 14))
    response = _k_response(size, rate)
    sums = np.zeros(len(edges))
    for start in range(0, frames, size - ring):
        checkpoint()
        part = samples[:, max(0, start - ring) : start + size - ring]
        part = np.pad(part, ((0, 0), (ring - min(start, ring), 0)))
        weighted = fft.irfft(fft.rfft(part, size, axis=1) * response, size, axis=1)[:, ring : part.shape[1]]
        power = np.asarray(_WEIGHTS[:channels]) @ np.square(weighted, dtype=np.float64)
        inside = np.flatnonzero((edges > start) & (edges < start + len(power)))
        first = int(np.searchsorted(edges, start, "right")) - 1
        totals = np.add.reduceat(power, np.concatenate(([0], edges[inside] - start)))
        sums[first : first + len(totals)] += totals
    powers: Powers = sums / (HOP_S * rate)
    return powers


def _k_response(size: int, rate: int) -> NDArray[np.complex64]:
    """Return what the two filters of BS.1770 do to each bin of a transform, at any rate."""
    k, q = math.tan(math.pi * SHELF_HZ / rate), SHELF_Q
    high = 10.0 ** (SHELF_DB / 20.0)
    band = high**SHELF_BAND
    a0 = 1.0 + k / q + k * k
    above = ((high + band * k / q + k * k) / a0, 2.0 * (k * k - high) / a0, (high - band * k / q + k * k) / a0)
    below = (1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0)
    k, q = math.tan(math.pi * CUT_HZ / rate), CUT_Q
    b0 = 1.0 + k / q + k * k
    cut = (1.0, 2.0 * (k * k - 1.0) / b0, (1.0 - k / q + k * k) / b0)
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    powers = np.stack((np.ones_like(z), z, z * z))
    shelf, low_cut = (above @ powers) / (below @ powers), (np.array((1.0, -2.0, 1.0)) @ powers) / (cut @ powers)
    response: NDArray[np.complex64] = (shelf * low_cut).astype(np.complex64)
    return response


def true_peak_dbtp(audio: Audio, rate: int) -> float | None:
    """Return the true peak of `audio` [channels, frames] in dBTP, by ×4 oversampling; None for silence."""
    samples = np.atleast_2d(np.asarray(audio, np.float32))
    measured_by = carried(_oversampled_peak)
    with ThreadPoolExecutor() as beside:
        oversampled = list(beside.map(lambda side: measured_by(side[np.newaxis], rate), samples))
    top = max(peak(samples), *oversampled)
    return _db(top) if top > 0.0 else None


def _oversampled_peak(samples: Audio, rate: int) -> float:
    # block by block: an hour at ×4 would not fit in memory
    channels, frames = samples.shape
    stream = soxr.ResampleStream(rate, rate * OVERSAMPLING, channels, dtype="float32")
    top = 0.0
    for start in range(0, frames, _BLOCK):
        checkpoint()
        block = np.ascontiguousarray(samples[:, start : start + _BLOCK].T)
        moved = stream.resample_chunk(block, last=start + _BLOCK >= frames)
        top = max(top, float(np.max(np.abs(moved), initial=0.0)))
    return top


def _db(value: float) -> float:
    return 20.0 * math.log10(value)


def signed(value: float | None) -> str:
    """Return a level with its sign; −∞ for None."""
    return "−∞" if value is None else f"{value:.1f}".replace("-", "−")
