"""What is broken in a sound: clipping, DC, silence, samples that are not numbers, dropouts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardcore.audio.samples import Audio, mean_square, spans

# this many samples in a row at one channel's very peak are a flat top; a peak under this level is no clipping
CLIP_RUN, CLIP_LEVEL = 3, 0.5
# below full scale a few flat tops are a limiter's or chance: it takes this share of a channel's samples
FULL_SCALE, SHARE = 0.98, 0.001
DC_LIMIT = 0.003
SILENT_DB = -80.0
LONG_SILENCE_S = 0.5
# exact zeros for at least this long, cut out of something this loud
DROPOUT_S, DROPOUT_EDGE = 0.001, 0.02

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Fault:
    """Something broken: what, where it begins, how long (0 for a whole sound), how much in words."""

    kind: str
    at_s: float
    length_s: float
    said: str


def faults(audio: Audio, rate: int) -> list[Fault]:
    """Return what is broken in `audio`, worst first: not numbers, dropouts, clipping, DC, silences of half a second."""
    samples = np.atleast_2d(audio)
    if samples.shape[1] == 0:
        return [Fault("empty", 0.0, 0.0, "there is no sound at all")]
    broken = ~np.isfinite(samples)
    found: list[Fault] = []
    if broken.any():
        first = int(np.argmax(broken.any(axis=0)))
        count = int(broken.sum())
        found.append(
            Fault(
                "not a number",
                first / rate,
                0.0,
                f"{count} sample{'s are not numbers' if count > 1 else ' is not a number'}",
            )
        )
        samples = np.where(broken, np.float32(0.0), samples)
    return found + _dropouts(samples, rate, broken) + _clipping(samples, rate) + _dc(samples) + _silences(samples, rate)


def cut_short(length_s: float, lacking_bytes: int) -> Fault:
    """Return the fault of a file that ends after `length_s` before what its header says."""
    return Fault("cut short", length_s, 0.0, f"the file lacks {lacking_bytes:,} bytes that its header says")


def finite(audio: Audio) -> Audio:
    """Return `audio` with 0 for every sample that is not a number; itself where there is none."""
    if all(np.isfinite(part).all() for part in spans(np.atleast_2d(audio))):
        return audio
    return np.nan_to_num(audio, nan=0.0, posinf=0.0, neginf=0.0)


def _runs(flags: Flags) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where runs of True start and end."""
    none = np.zeros(1, np.int8)
    steps = np.diff(np.concatenate((none, flags.view(np.int8), none)))
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)


def _clipping(samples: Audio, rate: int) -> list[Fault]:
    places = []
    for channel in samples:
        for peak in (float(channel.max()), float(channel.min())):
            if abs(peak) >= CLIP_LEVEL:
                starts, ends = _runs(channel == np.float32(peak))
                long = ends - starts >= CLIP_RUN
                if abs(peak) >= FULL_SCALE or (ends - starts)[long].sum() >= SHARE * len(channel):
                    places += list(zip(starts[long], ends[long], strict=True))
    if not places:
        return []
    clipped = sum(int(end - start) for start, end in places)
    first = min(int(start) for start, _ in places)
    said = f"{len(places)} flat top{'s' * (len(places) > 1)}, {clipped} samples"
    return [Fault("clipping", first / rate, clipped / rate, said)]


def _dc(samples: Audio) -> list[Fault]:
    offsets = samples.mean(axis=1, dtype=np.float64)
    worst = float(offsets[int(np.argmax(np.abs(offsets)))])
    # a short sound's mean is not zero for other reasons: the offset must count against its level
    level = float(np.sqrt(mean_square(samples)))
    if abs(worst) < DC_LIMIT or abs(worst) < 0.05 * level:
        return []
    return [Fault("DC", 0.0, 0.0, f"the middle is off by {worst:+.3f} of full scale".replace("-", "−"))]


def _silences(samples: Audio, rate: int) -> list[Fault]:
    loud = np.concatenate([np.abs(part).max(axis=0) > 10 ** (SILENT_DB / 20) for part in spans(samples)])
    if not loud.any():
        return [Fault("silence", 0.0, samples.shape[1] / rate, "the whole sound is silent")]
    return [
        Fault("silence", start / rate, (end - start) / rate, f"{(end - start) / rate:.2f} s {where}")
        for start, end, where in _placed(*_runs(~loud), len(loud))
        if end - start >= LONG_SILENCE_S * rate
    ]


def _placed(starts: NDArray[np.int64], ends: NDArray[np.int64], length: int) -> Iterator[tuple[int, int, str]]:
    for start, end in zip(starts, ends, strict=True):
        yield int(start), int(end), "at the beginning" if start == 0 else "at the end" if end == length else "inside"


def _dropouts(samples: Audio, rate: int, broken: NDArray[np.bool_]) -> list[Fault]:
    """Return stretches of exact zero that begin and end with a jump out of, or into, sound."""
    zero = (samples == 0.0).all(axis=0) & ~broken.any(axis=0)
    starts, ends = _runs(zero)
    long = (ends - starts >= max(2, round(DROPOUT_S * rate))) & (starts > 0) & (ends < len(zero))
    starts, ends = starts[long], ends[long]
    # sound that fades out ends near zero, sound that is cut does not
    cut = np.abs(samples[:, starts - 1]).max(axis=0) > DROPOUT_EDGE
    cut |= np.abs(samples[:, np.minimum(ends, len(zero) - 1)]).max(axis=0) > 2.0 * DROPOUT_EDGE
    cut &= np.array([_level(samples, start, rate) > DROPOUT_EDGE for start in starts], bool)
    return [
        Fault("dropout", start / rate, (end - start) / rate, f"{(end - start) / rate * 1000:.1f} ms of nothing")
        for start, end in zip(starts[cut], ends[cut], strict=True)
    ]


def _level(samples: Audio, end: int, rate: int) -> float:
    before = samples[:, max(0, end - rate // 100) : end]
    return float(np.sqrt(np.mean(np.square(before, dtype=np.float64)))) if before.size else 0.0
