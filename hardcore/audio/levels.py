"""What a mix is judged by: the loudness, bands and low end of the whole, the loudness and bands of each part."""

from functools import cache
from typing import Any

import numpy as np
from numpy import fft
from numpy.typing import NDArray

from hardcore.audio.features import BANDS_HZ, SILENCE_DB, bands, crest_db, tilt_db_per_octave
from hardcore.audio.loudness import (
    CUT_HZ,
    CUT_Q,
    SHELF_BAND,
    SHELF_DB,
    SHELF_HZ,
    SHELF_Q,
    WINDOW_S,
    gated_lufs,
    measure,
    measured,
)
from hardcore.audio.samples import Audio
from hardcore.audio.stereo import LOW_HZ

Floats = NDArray[np.float64]
Figures = dict[str, Any]

_WINDOW, _HOP = 4096, 2048
_MOST = 1000.0
# frames transformed at once: bounds the memory of a long take
_BATCH = 256


def whole(audio: Audio, rate: int) -> Figures:
    """Return the figures of a mix [2, frames]: `lufs`, `true_peak_dbtp`, `bands_db`, `low_sides_db` …

    bands_db      of the whole's energy, as features.bands
    low_sides_db, sides_db   as `sides`
    crest_db      how far its peak stands above its mean level
    The first two are None in silence.
    """
    loud = measure(audio, rate)
    low_sides_db, sides_db = sides(audio, rate)
    return {
        "lufs": loud.integrated_lufs,
        "true_peak_dbtp": loud.true_peak_dbtp,
        "bands_db": bands(audio, rate),
        "low_sides_db": low_sides_db,
        "sides_db": sides_db,
        "crest_db": crest_db(audio),
    }


def overall(audio: Audio, rate: int) -> Figures:
    """Return the figures of `whole` with those that a mix is compared by: `tilt_db_per_octave` and `range_lu`.

    One channel [1, frames] counts as the same on both sides.
    """
    both = audio if audio.shape[0] > 1 else np.vstack([audio, audio])
    return {
        **whole(both[:2], rate),
        "tilt_db_per_octave": tilt_db_per_octave(both, rate),
        "range_lu": measured(both[:2], rate)[1].range_lu,
    }


def sides(audio: Audio, rate: int) -> tuple[float, float]:
    """Return the sides of [2, frames] against their middle, dB, below 120 Hz and in all; −120 where there are none."""
    middle, side = (_powers(((audio[:1] + sign * audio[1:2]) / 2).astype(np.float32)) for sign in (1, -1))
    low = _hz(rate) <= LOW_HZ
    powers = [(float(side[:, some].sum()), float(middle[:, some].sum())) for some in (low, slice(None))]
    low_db, all_db = (max(_db(out) - _db(centre), SILENCE_DB) for out, centre in powers)
    return low_db, all_db


def part(audio: Audio, rate: int) -> Figures:
    """Return the figures of a part [2, frames]: `lufs` (None in silence) and `bands_db`, the mean square of each band.

    The loudness is that of BS.1770 to about 0.5 LU, from one short-time transform that serves both.
    """
    # before the master's guard a part may hold anything; what is no sound is left out, what is absurd is loud
    powers = _powers(np.clip(np.nan_to_num(audio, posinf=0.0, neginf=0.0), -_MOST, _MOST))
    hz = _hz(rate)
    mean = powers.mean(axis=0)
    levels = {
        name: _db(float(mean[(hz >= low) & (hz < high)].sum())) for name, (low, high) in BANDS_HZ.items()
    }  # fmt: skip
    return {"lufs": _gated(powers @ weights(rate), max(1, round(WINDOW_S * rate / _HOP))), "bands_db": levels}


def _gated(powers: Floats, block: int) -> float | None:
    """Return the loudness of frames' weighted powers, gated twice over blocks of frames."""
    block = min(block, len(powers))
    return gated_lufs(np.convolve(powers, np.ones(block) / block, "valid"))


def _powers(audio: Audio) -> Floats:
    """Return the mean square in each bin of each frame, added up over channels: [frames, bins]."""
    shape = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    short = max(0, _WINDOW - audio.shape[1])
    scale = 2.0 / (_WINDOW * float(np.square(shape).sum()))
    total: Floats | None = None
    for channel in np.pad(audio, ((0, 0), (0, short))).astype(np.float32):
        views = np.lib.stride_tricks.sliding_window_view(channel, _WINDOW)[::_HOP]
        found = np.empty((len(views), _WINDOW // 2 + 1))
        for at in range(0, len(views), _BATCH):
            spectra = fft.rfft(views[at : at + _BATCH] * shape, axis=1)
            found[at : at + _BATCH] = (spectra.real**2 + spectra.imag**2) * scale
        total = found if total is None else total + found
    assert total is not None
    return total


def _hz(rate: int) -> Floats:
    return np.arange(_WINDOW // 2 + 1, dtype=np.float64) * rate / _WINDOW


@cache
def weights(rate: int) -> Floats:
    """Return the K-weighting of BS.1770 as power, for each bin of a transform at `rate`.

    From the analogue prototypes of its two filters (a shelf of 4 dB at 1682 Hz, a high-pass at 38 Hz), so it holds at
    any rate.
    """
    s = 1j * _hz(rate)
    gain = 10 ** (SHELF_DB / 20)
    band = gain**SHELF_BAND
    shelf = (gain * s**2 + band * SHELF_HZ / SHELF_Q * s + SHELF_HZ**2) / (s**2 + SHELF_HZ / SHELF_Q * s + SHELF_HZ**2)
    cut = s**2 / (s**2 + CUT_HZ / CUT_Q * s + CUT_HZ**2)
    weighted: Floats = np.square(np.abs(shelf * cut)).astype(np.float64)
    return weighted


def _db(power: float) -> float:
    return 10 * float(np.log10(max(power, 1e-12)))
