"""How loud a sound is: LUFS, true peak, peak, length. None stands for −∞ and for what is too short to say."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyloudnorm  # type: ignore[import-untyped]
import soxr  # type: ignore[import-untyped]

from hardcore.audio.files import read
from hardcore.audio.samples import Audio
from hardcore.errors import EngineError, UserError

WINDOW_S = 0.4
HOP_S = 0.1
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
